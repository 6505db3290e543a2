// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

#include "regimen/core/device.hpp"
#include "regimen/core/eigen.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"

#include <unsupported/Eigen/CXX11/Tensor>

/// Tensors as Eigen tensors of a fixed rank, and the other way. Apart from core/eigen.hpp since Eigen's tensors cost
/// another 32,000 lines.
namespace regimen {

template <class T, int Rank>
using EigenTensor = Eigen::Tensor<T, Rank, Eigen::RowMajor>;

namespace detail {

/// The elements of x, from `data` on, as a tensor of Eigen's. Throws Error unless x has that rank.
template <int Rank, class Scalar, class T>
auto map_tensor(const Tensor<T>& x, Scalar* data) {
  using Map = std::conditional_t<std::is_const_v<Scalar>, const EigenTensor<T, Rank>, EigenTensor<T, Rank>>;
  if (x.rank() != Rank)
    fail("Tensor::eigen", "shape " + x.shape().to_string() + " is not of rank " + std::to_string(Rank));
  Eigen::DSizes<Eigen::Index, Rank> sizes;
  for (std::size_t i = 0; i < Rank; ++i) sizes[i] = x.shape().begin()[i];
  return Eigen::TensorMap<Map>(data, sizes);
}

}  // namespace detail

template <class T, class Device>
template <int Rank>
auto Tensor<T, Device>::eigen() const {
  static_assert(std::is_same_v<Device, Cpu>, "Eigen reads the host's memory");
  return detail::map_tensor<Rank>(*this, data());
}
template <class T, class Device>
template <int Rank>
auto Tensor<T, Device>::mutable_eigen() const {
  static_assert(std::is_same_v<Device, Cpu>, "Eigen reads the host's memory");
  return detail::map_tensor<Rank>(*this, mutable_data());
}

/// A tensor with the values of one of Eigen's tensors or tensor maps. Copies the memory where it is row-major and
/// transposes it where it is column-major.
template <class Derived>
requires requires(const Derived& x) { x.data(), x.dimensions(); }
auto from_eigen(const Eigen::TensorBase<Derived, Eigen::ReadOnlyAccessors>& tensor) {
  using T = std::remove_const_t<typename Derived::Scalar>;
  constexpr std::size_t rank = Derived::NumDimensions;
  const auto& source = static_cast<const Derived&>(tensor);
  const auto& sizes = source.dimensions();
  Shape shape;
  for (std::size_t i = 0; i < rank; ++i) shape.append(sizes[i]);
  if constexpr (static_cast<int>(Derived::Layout) == static_cast<int>(Eigen::RowMajor)) {
    return Tensor<T>::from(std::span<const T>(source.data(), static_cast<std::size_t>(shape.size())), shape);
  } else {
    auto result = Tensor<T>::empty(shape);
    T* out = result.mutable_data();
    const T* in = source.data();
    std::int64_t index[rank + 1] = {};
    for (std::int64_t i = 0; i < shape.size(); ++i) {
      *out++ = *in;
      std::int64_t stride = shape.size();  // of the axis at hand, from the innermost, which has the largest
      for (std::size_t axis = rank; axis-- > 0;) {
        stride /= sizes[axis];
        in += stride;
        if (++index[axis] < sizes[axis]) break;
        in -= stride * sizes[axis];
        index[axis] = 0;
      }
    }
    return result;
  }
}

}  // namespace regimen
