// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// g++ 12 takes the undefined registers of its own AVX-512 header, which Eigen inlines, for uninitialised variables.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpragmas"  // and clang++ does not know all of these names
#pragma GCC diagnostic ignored "-Wunknown-warning-option"
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <Eigen/Core>
#pragma GCC diagnostic pop

#include <cstdint>
#include <type_traits>

#include "regimen/core/device.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"

/// Tensors as Eigen matrices and arrays, and the other way. Includes Eigen/Core, so include it where Eigen is used.
///
///   Tensor<> covariance = from_eigen((x.matrix().transpose() * x.matrix()).eval());
///   w.mutable_array() *= 0.5f;
///
/// A map refers to the tensor's elements: it is valid as long as a handle on them lives.
namespace regimen {

template <class T>
using EigenMatrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using EigenArray = Eigen::Array<T, Eigen::Dynamic, 1>;

namespace detail {

/// The elements of x, from `data` on, as a matrix. Throws Error unless x has two axes.
template <class Scalar, class T>
auto map_matrix(const Tensor<T>& x, Scalar* data) {
  using Matrix = std::conditional_t<std::is_const_v<Scalar>, const EigenMatrix<T>, EigenMatrix<T>>;
  if (x.rank() != 2)
    fail("Tensor::matrix", "shape " + x.shape().to_string() + " has no rows and columns",
         "use reshaped({rows, columns})");
  return Eigen::Map<Matrix>(data, x.size(0), x.size(1));
}

}  // namespace detail

template <class T, class Device>
auto Tensor<T, Device>::matrix() const {
  static_assert(std::is_same_v<Device, Cpu>, "Eigen reads the host's memory");
  return detail::map_matrix(*this, data());
}
template <class T, class Device>
auto Tensor<T, Device>::mutable_matrix() const {
  static_assert(std::is_same_v<Device, Cpu>, "Eigen reads the host's memory");
  return detail::map_matrix(*this, mutable_data());
}

template <class T, class Device>
auto Tensor<T, Device>::array() const {
  static_assert(std::is_same_v<Device, Cpu>, "Eigen reads the host's memory");
  return Eigen::Map<const EigenArray<T>>(data(), size());
}
template <class T, class Device>
auto Tensor<T, Device>::mutable_array() const {
  static_assert(std::is_same_v<Device, Cpu>, "Eigen reads the host's memory");
  return Eigen::Map<EigenArray<T>>(mutable_data(), size());
}

/// A tensor with the values of an Eigen matrix, array or expression of them, which is evaluated into the tensor's own
/// memory: [rows, columns], or [size] where the type is a vector's.
template <class Derived>
Tensor<typename Derived::Scalar> from_eigen(const Eigen::DenseBase<Derived>& expression) {
  using T = typename Derived::Scalar;
  constexpr bool is_vector = Derived::IsVectorAtCompileTime;
  constexpr bool is_array = std::is_base_of_v<Eigen::ArrayBase<Derived>, Derived>;
  auto result = Tensor<T>::empty({expression.rows(), expression.cols()});
  auto to = result.mutable_matrix();
  if constexpr (is_array)
    to.array() = expression.derived();
  else
    to.noalias() = expression.derived();
  return is_vector ? result.reshaped({expression.size()}) : result;
}

}  // namespace regimen
