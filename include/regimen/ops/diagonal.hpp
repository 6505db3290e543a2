// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/permute.hpp"
#include "regimen/cpu/triangle.hpp"
#include "regimen/ops/reduce.hpp"

/// Diagonals and triangles of matrices. The diagonal of offset k has the elements (i, i + k): above the main one for
/// k > 0, below it for k < 0. Differentiable to any order.
namespace regimen {

struct DiagonalOptions {
  std::int64_t offset = 0;
  int axis1 = -2, axis2 = -1;  ///< the rows and the columns
};

namespace detail {

/// Where the elements of a diagonal are in a tensor of shape `whole`, and in the result of diagonal().
struct DiagonalLayout {
  Shape shape;  // of the result
  std::int64_t first = 0, in_whole[Shape::max_rank] = {}, in_result[Shape::max_rank] = {};

  DiagonalLayout(const Shape& whole, int rows, int columns, std::int64_t offset) {
    std::int64_t stride[Shape::max_rank], step = 1;
    for (int axis = whole.rank() - 1; axis >= 0; --axis) {
      stride[axis] = step;
      step *= whole[axis];
    }
    for (int axis = 0; axis < whole.rank(); ++axis) {
      if (axis == rows || axis == columns) continue;
      in_whole[shape.rank()] = stride[axis];
      shape.append(whole[axis]);
    }
    const std::int64_t length =
        offset < 0 ? std::min(whole[rows] + offset, whole[columns]) : std::min(whole[rows], whole[columns] - offset);
    in_whole[shape.rank()] = stride[rows] + stride[columns];
    shape.append(std::max<std::int64_t>(length, 0));
    if (shape.size() != 0) first = offset < 0 ? -offset * stride[rows] : offset * stride[columns];
    step = 1;
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
      in_result[axis] = step;
      step *= shape[axis];
    }
  }
};

template <class T, class Device>
Tensor<T, Device> diagonal_placed(const Tensor<T, Device>& x, const Shape& whole, int rows, int columns,
                                  std::int64_t offset);

template <class T, class Device>
Tensor<T, Device> diagonal_of(const Tensor<T, Device>& x, int rows, int columns, std::int64_t offset) {
  const DiagonalLayout at(x.shape(), rows, columns, offset);
  const auto y = Tensor<T, Device>::empty(at.shape);
  if (y.size() != 0)
    kernel::strided_copy(Device{}, y.rank(), at.shape.begin(), x.data() + at.first, at.in_whole, y.mutable_data(),
                         at.in_result);
  if (!is_recorded(x)) return y;
  return record(
      "diagonal", y,
      [whole = x.shape(), rows, columns, offset](const auto& backward) {
        backward.add(0, diagonal_placed(backward.gradient(), whole, rows, columns, offset));
      },
      x);
}

/// Zeros of shape `whole` with x as that diagonal: the gradient of diagonal_of.
template <class T, class Device>
Tensor<T, Device> diagonal_placed(const Tensor<T, Device>& x, const Shape& whole, int rows, int columns,
                                  std::int64_t offset) {
  const DiagonalLayout at(whole, rows, columns, offset);
  const auto y = Tensor<T, Device>::zeros(whole);
  if (x.size() != 0)
    kernel::strided_copy(Device{}, x.rank(), at.shape.begin(), x.data(), at.in_result, y.mutable_data() + at.first,
                         at.in_whole);
  if (!is_recorded(x)) return y;
  return record(
      "diag_embed", y,
      [rows, columns, offset](const auto& backward) {
        backward.add(0, diagonal_of(backward.gradient(), rows, columns, offset));
      },
      x);
}

template <class T, class Device>
Tensor<T, Device> triangle(const char* operation, const Tensor<T, Device>& x, std::int64_t offset, bool upper) {
  if (x.rank() < 2) fail(operation, {"x is ", x.shape()}, "give a matrix or a batch of them: [..., rows, columns]");
  const std::int64_t rows = x.size(-2), columns = x.size(-1);
  const auto y = Tensor<T, Device>::empty(x.shape());
  kernel::triangle(Device{}, x.shape().sub(0, x.rank() - 2).size(), rows, columns, offset, upper, x.data(),
                   y.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      operation, y,
      [operation, offset, upper](const auto& backward) {
        backward.add(0, triangle(operation, backward.gradient(), offset, upper));
      },
      x);
}

}  // namespace detail

/// The diagonal of each matrix of two axes, as a new last axis; empty where the offset is outside the matrix. A copy.
/// Deviation: PyTorch's default axes are 0 and 1, ours (as those of torch.linalg.diagonal) the last two. Throws Error
/// where the axes are one.
///
///   diagonal(covariances)  // [batch, n, n] to [batch, n]
template <class T, class Device>
Tensor<T, Device> diagonal(const Tensor<T, Device>& x, const DiagonalOptions& options = {}) {
  const int rows = x.shape().normalize(options.axis1, "diagonal");
  const int columns = x.shape().normalize(options.axis2, "diagonal");
  if (rows == columns)
    detail::fail("diagonal", {"axes ", options.axis1, " and ", options.axis2, " of shape ", x.shape(), " are the same"},
                 "name two axes");
  return detail::diagonal_of(x, rows, columns, options.offset);
}

/// Square matrices with the vectors of x's last axis as their diagonal, and 0 elsewhere: [..., n] to [..., m, m] with
/// m = n + |offset|. Throws Error for a scalar.
template <class T, class Device>
Tensor<T, Device> diag_embed(const Tensor<T, Device>& x, std::int64_t offset = 0) {
  if (x.rank() == 0) detail::fail("diag_embed", {"x is ", x.shape()}, "give vectors: [..., n]");
  std::int64_t side = 0;
  if (offset < 0 ? __builtin_sub_overflow(x.size(-1), offset, &side)
                 : __builtin_add_overflow(x.size(-1), offset, &side))
    detail::fail("diag_embed", {"offset ", offset, " for x of ", x.shape()}, "the matrix would be too large");
  const Shape whole = x.shape().without(-1).append(side).append(side);
  return detail::diagonal_placed(x, whole, x.rank() - 1, x.rank(), offset);
}

/// The identity matrix [n, n].
template <class T = float, class Device = Cpu>
Tensor<T, Device> eye(std::int64_t n) {
  return diag_embed(Tensor<T, Device>::ones({n}));
}

/// The diagonal of a matrix, or the matrix of a diagonal: diagonal() of rank 2, diag_embed() of rank 1. Throws Error
/// for another rank.
template <class T, class Device>
Tensor<T, Device> diag(const Tensor<T, Device>& x, std::int64_t offset = 0) {
  if (x.rank() != 1 && x.rank() != 2)
    detail::fail("diag", {"x is ", x.shape()}, "give a vector or a matrix; diagonal() and diag_embed() take batches");
  return x.rank() == 1 ? diag_embed(x, offset) : diagonal(x, {.offset = offset});
}

/// The sum of the diagonal of each matrix [..., rows, columns].
template <class T, class Device>
Tensor<T, Device> trace(const Tensor<T, Device>& x) {
  return sum(diagonal(x), -1);
}

/// The matrices [..., rows, columns] with 0 above the diagonal of the given offset. What is cut off need not be finite.
/// Throws Error for a rank below 2.
template <class T, class Device>
Tensor<T, Device> tril(const Tensor<T, Device>& x, std::int64_t offset = 0) {
  return detail::triangle("tril", x, offset, false);
}

/// The matrices [..., rows, columns] with 0 below the diagonal of the given offset; as tril().
template <class T, class Device>
Tensor<T, Device> triu(const Tensor<T, Device>& x, std::int64_t offset = 0) {
  return detail::triangle("triu", x, offset, true);
}

}  // namespace regimen
