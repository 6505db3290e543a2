// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>

#include "regimen/autodiff/record.hpp"
#include "regimen/cpu/gemm.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

/// Which operands of matmul are transposed over their last two axes, without moving anything.
struct MatmulOptions {
  bool transpose_a = false, transpose_b = false;
};

namespace detail {

[[noreturn, gnu::cold, gnu::noinline]] inline void fail_matmul(const char* problem, const Shape& a, const Shape& b,
                                                               const MatmulOptions& options) {
  fail("matmul",
       std::string(problem) + ", a is " + a.to_string() + (options.transpose_a ? " transposed" : "") + " and b is " +
           b.to_string() + (options.transpose_b ? " transposed" : ""),
       "transpose an operand or check the layer's sizes");
}

/// The product of matrices in the last two axes of a and b, each of rank 2 or more.
template <class T, class Device>
Tensor<T, Device> matrix_products(const Tensor<T, Device>& a, const Tensor<T, Device>& b,
                                  const MatmulOptions& options) {
  const Shape &sa = a.shape(), &sb = b.shape();
  const std::int64_t m = sa[options.transpose_a ? -1 : -2], k = sa[options.transpose_a ? -2 : -1];
  const std::int64_t n = sb[options.transpose_b ? -2 : -1];
  if (sb[options.transpose_b ? -1 : -2] != k) fail_matmul("inner sizes differ", sa, sb, options);
  const Shape batch_a = sa.sub(0, sa.rank() - 2), batch_b = sb.sub(0, sb.rank() - 2);
  const Shape batch = broadcast(batch_a, batch_b, "matmul");
  Shape shape = batch;
  shape.append(m).append(n);
  const auto y = Tensor<T, Device>::empty(shape);
  T* out = y.mutable_data();
  const std::int64_t lda = sa[-1], ldb = sb[-1];
  const bool shares_b = batch_b.size() == 1 && batch_b.rank() <= batch_a.rank();
  if (shares_b && !options.transpose_a) {
    kernel::gemm<T>(Device{}, false, options.transpose_b, batch.size() * m, n, k, a.data(), lda, b.data(), ldb, out, n);
  } else if (batch_a.size() == batch.size() && (shares_b || batch_b.size() == batch.size())) {
    kernel::gemm_batched<T>(Device{}, options.transpose_a, options.transpose_b, m, n, k, a.data(), lda, m * k, b.data(),
                            ldb, shares_b ? 0 : k * n, out, n, m * n, batch.size());
  } else {
    std::int64_t strides_a[Shape::max_rank], strides_b[Shape::max_rank], index[Shape::max_rank] = {};
    spread_strides(repeated_axes(batch_a, batch), batch, strides_a);
    spread_strides(repeated_axes(batch_b, batch), batch, strides_b);
    std::int64_t at_a = 0, at_b = 0;
    for (std::int64_t i = 0; i < batch.size(); ++i) {
      kernel::gemm<T>(Device{}, options.transpose_a, options.transpose_b, m, n, k, a.data() + at_a * m * k, lda,
                      b.data() + at_b * k * n, ldb, out + i * m * n, n);
      for (int axis = batch.rank() - 1; axis >= 0; --axis) {
        at_a += strides_a[axis];
        at_b += strides_b[axis];
        if (++index[axis] < batch.begin()[axis]) break;
        at_a -= strides_a[axis] * batch.begin()[axis];
        at_b -= strides_b[axis] * batch.begin()[axis];
        index[axis] = 0;
      }
    }
  }
  if (!is_recorded(a, b)) return y;
  return record(
      "matmul", y,
      [options, shape_a = sa, shape_b = sb, a = Saved(b.requires_grad(), a),
       b = Saved(a.requires_grad(), b)](const auto& backward) {
        const Tensor<T, Device>& g = backward.gradient();
        const bool ta = options.transpose_a, tb = options.transpose_b;
        if (backward.needs(0))
          backward.add(0, sum_to(ta ? matrix_products(backward(b), g, {.transpose_a = tb, .transpose_b = true})
                                    : matrix_products(g, backward(b), {.transpose_b = !tb}),
                                 shape_a));
        if (backward.needs(1))
          backward.add(1, sum_to(tb ? matrix_products(g, backward(a), {.transpose_a = true, .transpose_b = ta})
                                    : matrix_products(backward(a), g, {.transpose_a = !ta}),
                                 shape_b));
      },
      a, b);
}

}  // namespace detail

/// The matrix product a b over the last two axes: a [..., m, k], b [..., k, n], result [..., m, n]; the leading axes
/// broadcast. A vector a [k] counts as one row and a vector b [k] as one column, and the result is without that axis.
/// Throws Error where the inner sizes differ or the leading axes do not broadcast.
template <class T, class Device>
Tensor<T, Device> matmul(const Tensor<T, Device>& a, const Tensor<T, Device>& b, const MatmulOptions& options = {}) {
  const int rank_a = a.rank(), rank_b = b.rank();
  if (rank_a == 0 || rank_b == 0) detail::fail_matmul("a scalar is no matrix", a.shape(), b.shape(), options);
  if ((rank_a == 1 && options.transpose_a) || (rank_b == 1 && options.transpose_b))
    detail::fail_matmul("a vector has no transpose", a.shape(), b.shape(), options);
  if (rank_a > 2 && rank_b == 2 && !options.transpose_a) {  // one tall product, also for the gradient of b
    const Shape rows = a.shape().sub(0, rank_a - 1);
    const auto product = detail::matrix_products(reshape(a, {rows.size(), a.size(-1)}), b, options);
    return reshape(product, Shape(rows).append(product.size(-1)));
  }
  if (rank_a > 1 && rank_b > 1) return detail::matrix_products(a, b, options);
  const auto product = detail::matrix_products(rank_a == 1 ? reshape(a, {1, a.size(0)}) : a,
                                               rank_b == 1 ? reshape(b, {b.size(0), 1}) : b, options);
  Shape shape = product.shape();
  if (rank_b == 1) shape = shape.without(-1);
  if (rank_a == 1) shape = shape.without(rank_b == 1 ? -1 : -2);
  return reshape(product, shape);
}

// Less special than that above: for tensors of two types.
template <class T, class Device, class U, class Other>
Tensor<T, Device> matmul(const Tensor<T, Device>& a, const Tensor<U, Other>&, const MatmulOptions& = {}) {
  return detail::reject_unlike<T, Device, U, Other>(a);
}

}  // namespace regimen
