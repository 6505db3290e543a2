// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
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

/// How a file's elements are written.
enum class ElementType { u8, i8, i16, u16, i32, i64, f32, f64 };

template <class T>
inline constexpr ElementType element_type = std::is_same_v<T, float>          ? ElementType::f32
                                            : std::is_same_v<T, double>       ? ElementType::f64
                                            : std::is_same_v<T, std::int64_t> ? ElementType::i64
                                            : std::is_same_v<T, std::int32_t> ? ElementType::i32
                                                                              : ElementType::u8;

inline std::size_t element_bytes(ElementType type) {
  constexpr std::size_t bytes[] = {1, 1, 2, 2, 4, 8, 4, 8};
  return bytes[static_cast<std::size_t>(type)];
}

/// The first sizeof(V) bytes as a V.
template <class V>
V load_bytes(const unsigned char* bytes) {
  V value;
  std::memcpy(&value, bytes, sizeof(V));
  return value;
}

/// An element's value, in `integer` or, for floating types, in `number`.
inline void load_element(ElementType type, const unsigned char* bytes, std::int64_t& integer, double& number) {
  switch (type) {
    case ElementType::u8:
      integer = load_bytes<std::uint8_t>(bytes);
      break;
    case ElementType::i8:
      integer = load_bytes<std::int8_t>(bytes);
      break;
    case ElementType::i16:
      integer = load_bytes<std::int16_t>(bytes);
      break;
    case ElementType::u16:
      integer = load_bytes<std::uint16_t>(bytes);
      break;
    case ElementType::i32:
      integer = load_bytes<std::int32_t>(bytes);
      break;
    case ElementType::i64:
      integer = load_bytes<std::int64_t>(bytes);
      break;
    case ElementType::f32:
      number = static_cast<double>(load_bytes<float>(bytes));
      break;
    case ElementType::f64:
      number = load_bytes<double>(bytes);
      break;
  }
}

/// The rest of a file as a tensor of T, whose elements stand there as `type`, in the other byte order where `swap` says
/// so. An Error where the rest is not as long as the shape, or T does not hold a value.
template <class T>
Tensor<T> read_elements(FileReader& file, const Shape& shape, ElementType type, bool swap = false) {
  const std::size_t width = element_bytes(type);
  std::uint64_t bytes = 0;
  if (__builtin_mul_overflow(static_cast<std::uint64_t>(shape.size()), width, &bytes) || bytes != file.remaining())
    file.fail(text({"shape ", shape, " does not fit the ", file.remaining(), " bytes of its elements"}),
              "the file is truncated or corrupt");
  auto result = Tensor<T>::empty(shape);
  T* out = result.mutable_data();
  const bool floating = type == ElementType::f32 || type == ElementType::f64;
  if (type == element_type<T> && !swap) {
    file.read(out, bytes, "elements");
    return result;
  }
  std::vector<unsigned char> part(width << 16);
  for (std::int64_t done = 0; done < shape.size();) {
    const std::int64_t count = std::min<std::int64_t>(shape.size() - done, 1 << 16);
    file.read(part.data(), static_cast<std::uint64_t>(count) * width, "elements");
    for (unsigned char* element = part.data(); element != part.data() + count * static_cast<std::int64_t>(width);
         element += width, ++done) {
      if (swap) std::reverse(element, element + width);
      std::int64_t integer = 0;
      double number = 0;
      load_element(type, element, integer, number);
      if (floating ? !holds<T>(number) : !holds<T>(integer))
        file.fail(text({"element ", done, " is ", floating ? std::to_string(number) : std::to_string(integer),
                        ", which the tensor's type lacks"}),
                  "read it as another type");
      out[done] = floating ? static_cast<T>(number) : static_cast<T>(integer);
    }
  }
  return result;
}

}  // namespace regimen::detail
