// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/io/file.hpp"

namespace regimen::detail {

/// Whether T holds the number as it is; a floating T also takes any other floating number, rounded.
template <class T, class From>
bool holds(From value) {
  if constexpr (std::is_floating_point_v<From>) {
    return std::is_floating_point_v<T>;
  } else if constexpr (std::is_integral_v<T>) {
    return std::in_range<T>(value);
  } else {
    constexpr auto limit = std::int64_t{1} << std::numeric_limits<T>::digits;
    const auto wide = static_cast<std::int64_t>(value);
    return wide >= -limit && wide <= limit;  // beyond it, some are
  }
}

/// The value with its bytes in the other order.
template <class V>
V swap_bytes(V value) {
  auto* bytes = reinterpret_cast<unsigned char*>(&value);
  std::reverse(bytes, bytes + sizeof(V));
  return value;
}

/// The rest of a file as a tensor of T, whose elements stand there as values of `From`, in the other byte order where
/// `swap` says so. An Error where the rest is not as long as the shape, or T does not hold a value.
template <class T, class From>
Tensor<T> read_elements(FileReader& file, const Shape& shape, bool swap = false) {
  std::uint64_t bytes = 0;
  if (__builtin_mul_overflow(static_cast<std::uint64_t>(shape.size()), sizeof(From), &bytes) ||
      bytes != file.remaining())
    file.fail("shape " + shape.to_string() + " does not fit the " + std::to_string(file.remaining()) +
                  " bytes of its elements",
              "the file is truncated or corrupt");
  auto result = Tensor<T>::empty(shape);
  T* out = result.mutable_data();
  if (std::is_same_v<T, From> && !swap) {
    file.read(out, bytes, "elements");
    return result;
  }
  std::vector<From> part(static_cast<std::size_t>(std::min<std::int64_t>(shape.size(), 1 << 16)));
  for (std::int64_t done = 0; done < shape.size();) {
    const auto count = static_cast<std::size_t>(std::min<std::int64_t>(shape.size() - done, 1 << 16));
    file.read(part.data(), count * sizeof(From), "elements");
    for (std::size_t i = 0; i < count; ++i, ++done) {
      const From value = swap ? swap_bytes(part[i]) : part[i];
      if (!holds<T>(value))
        file.fail(
            "element " + std::to_string(done) + " is " + std::to_string(value) + ", which the tensor's type lacks",
            "read it as another type");
      out[done] = static_cast<T>(value);
    }
  }
  return result;
}

}  // namespace regimen::detail
