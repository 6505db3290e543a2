// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <initializer_list>
#include <type_traits>

#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/atan2.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/linear.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/unary.hpp"

/// Rotations of space: quaternions [..., 4] as (w, x, y, z) = w + x i + y j + z k, rotation matrices [..., 3, 3],
/// vectors
/// [..., 3] along an axis whose length is the angle, and 6 numbers [..., 6]. The leading axes broadcast. Differentiable
/// to any order. All throw Error where the inner axes have other sizes.
namespace regimen {
namespace detail {

template <class T, class Device>
void check_inner(const char* operation, const Tensor<T, Device>& x, std::initializer_list<std::int64_t> sizes) {
  const Shape inner(sizes);
  if (x.rank() < inner.rank() || !(x.shape().sub(x.rank() - inner.rank(), x.rank()) == inner))
    fail(operation, {"x is ", x.shape()}, {"the inner axes must be ", inner});
}

/// weight (a b^T) for each pair of vectors a [..., n] and b [..., m], weight [out, n m] of constants.
template <class T, class Device>
Tensor<T, Device> bilinear_form(const Tensor<T, Device>& a, const Tensor<T, Device>& b,
                                std::initializer_list<std::type_identity_t<T>> weight) {
  const std::int64_t size = a.size(-1) * b.size(-1);
  const auto outer = unsqueeze(a, -1) * unsqueeze(b, -2);
  const auto constants = Tensor<T, Device>::from(weight, {static_cast<std::int64_t>(weight.size()) / size, size});
  return linear(reshape(outer, Shape(outer.shape().sub(0, outer.rank() - 2)).append(size)), constants, {});
}

/// sum_k c_k u^k.
template <class T, class Device>
Tensor<T, Device> power_series(const Tensor<T, Device>& u, std::initializer_list<double> coefficients) {
  auto y = Tensor<T, Device>::zeros(u.shape());
  for (const double* c = coefficients.end(); c != coefficients.begin();) y = y * u + *--c;
  return y;
}

}  // namespace detail

/// The product a b: of unit quaternions, first the rotation b, then a.
template <class T, class Device>
Tensor<T, Device> quaternion_product(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  detail::check_inner("quaternion_product", a, {4});
  detail::check_inner("quaternion_product", b, {4});
  return detail::bilinear_form(a, b, {1, 0, 0, 0, 0, -1, 0, 0,  0, 0,  -1, 0, 0, 0, 0,  -1,  //
                                      0, 1, 0, 0, 1, 0,  0, 0,  0, 0,  0,  1, 0, 0, -1, 0,   //
                                      0, 0, 1, 0, 0, 0,  0, -1, 1, 0,  0,  0, 0, 1, 0,  0,   //
                                      0, 0, 0, 1, 0, 0,  1, 0,  0, -1, 0,  0, 1, 0, 0,  0});
}

/// w - x i - y j - z k: the inverse of a unit quaternion.
template <class T, class Device>
Tensor<T, Device> quaternion_conjugate(const Tensor<T, Device>& q) {
  detail::check_inner("quaternion_conjugate", q, {4});
  return q * Tensor<T, Device>::from({1, -1, -1, -1});
}

/// q / |q|; NaN for 0.
template <class T, class Device>
Tensor<T, Device> quaternion_normalise(const Tensor<T, Device>& q) {
  detail::check_inner("quaternion_normalise", q, {4});
  return q / norm(q, -1, {.keepdim = true});
}

/// The rotation matrix of a unit quaternion; of any q, the matrix of v -> q v q*, which is |q|^2 times a rotation.
template <class T, class Device>
Tensor<T, Device> quaternion_to_matrix(const Tensor<T, Device>& q) {
  detail::check_inner("quaternion_to_matrix", q, {4});
  const auto m = detail::bilinear_form(q, q, {1, 0,  0,  0,  0,  1,  0, 0, 0,  0, -1, 0, 0,  0, 0, -1,  //
                                              0, 0,  0,  -1, 0,  0,  1, 0, 0,  1, 0,  0, -1, 0, 0, 0,   //
                                              0, 0,  1,  0,  0,  0,  0, 1, 1,  0, 0,  0, 0,  1, 0, 0,   //
                                              0, 0,  0,  1,  0,  0,  1, 0, 0,  1, 0,  0, 1,  0, 0, 0,   //
                                              1, 0,  0,  0,  0,  -1, 0, 0, 0,  0, 1,  0, 0,  0, 0, -1,  //
                                              0, -1, 0,  0,  -1, 0,  0, 0, 0,  0, 0,  1, 0,  0, 1, 0,   //
                                              0, 0,  -1, 0,  0,  0,  0, 1, -1, 0, 0,  0, 0,  1, 0, 0,   //
                                              0, 1,  0,  0,  1,  0,  0, 0, 0,  0, 0,  1, 0,  0, 1, 0,   //
                                              1, 0,  0,  0,  0,  -1, 0, 0, 0,  0, -1, 0, 0,  0, 0, 1});
  return reshape(m, Shape(q.shape().sub(0, q.rank() - 1)).append(3).append(3));
}

/// q v q*: v [..., 3] rotated by a unit quaternion.
template <class T, class Device>
Tensor<T, Device> quaternion_rotate(const Tensor<T, Device>& q, const Tensor<T, Device>& v) {
  detail::check_inner("quaternion_rotate", v, {3});
  return sum(quaternion_to_matrix(q) * unsqueeze(v, -2), -1);
}

/// The unit quaternion of a rotation matrix, the one with w >= 0. Its largest component is divided by, so that no
/// rotation is badly conditioned (Shepperd 1978).
template <class T, class Device>
Tensor<T, Device> matrix_to_quaternion(const Tensor<T, Device>& r) {
  detail::check_inner("matrix_to_quaternion", r, {3, 3});
  // 4 q q^T, which is linear in the matrix.
  const auto weight = Tensor<T, Device>::from({1,  0,  0, 0, 1, 0,  0,  0, 1,  0,  0,  0, 0, 0,  -1, 0, 1, 0,   //
                                               0,  0,  1, 0, 0, 0,  -1, 0, 0,  0,  -1, 0, 1, 0,  0,  0, 0, 0,   //
                                               0,  0,  0, 0, 0, -1, 0,  1, 0,  1,  0,  0, 0, -1, 0,  0, 0, -1,  //
                                               0,  1,  0, 1, 0, 0,  0,  0, 0,  0,  0,  1, 0, 0,  0,  1, 0, 0,   //
                                               0,  0,  1, 0, 0, 0,  -1, 0, 0,  0,  1,  0, 1, 0,  0,  0, 0, 0,   //
                                               -1, 0,  0, 0, 1, 0,  0,  0, -1, 0,  0,  0, 0, 0,  1,  0, 1, 0,   //
                                               0,  -1, 0, 1, 0, 0,  0,  0, 0,  0,  0,  1, 0, 0,  0,  1, 0, 0,   //
                                               0,  0,  0, 0, 0, 1,  0,  1, 0,  -1, 0,  0, 0, -1, 0,  0, 0, 1},
                                              {16, 9});
  const auto bias = Tensor<T, Device>::from({1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
  const Shape outer = r.shape().sub(0, r.rank() - 2);
  const std::int64_t count = outer.size();
  const auto k = reshape(linear(reshape(r, Shape{count, 9}), weight, bias), Shape{count * 4, 4});
  // Row i of 4 q q^T for the i of the largest component.
  const auto rows = Tensor<std::int64_t, Device>::empty({count}),
             diagonal = Tensor<std::int64_t, Device>::empty({count, 1});
  for (std::int64_t n = 0; n < count; ++n) {
    std::int64_t best = 0;
    for (std::int64_t i = 1; i < 4; ++i)
      if (k.data()[n * 16 + i * 5] > k.data()[n * 16 + best * 5]) best = i;
    rows.mutable_data()[n] = n * 4 + best;
    diagonal.mutable_data()[n] = best;
  }
  const auto row = index_select(k, 0, rows);
  const auto q = row / (sqrt(gather(row, 1, diagonal)) * T{2});
  return reshape(where(less(slice(q, 1, 0, 1), T{0}), -q, q), Shape(outer).append(4));
}

/// The unit quaternion of the rotation by |v| about v, (cos |v| / 2, sin |v| / 2 v / |v|).
template <class T, class Device>
Tensor<T, Device> quaternion_exp(const Tensor<T, Device>& v) {
  detail::check_inner("quaternion_exp", v, {3});
  // cos h and sin h / h of half the angle h are functions of u = h^2, at small ones by their series.
  const auto u = sum(square(v), -1, {.keepdim = true}) * T{0.25};
  const auto little = less(u, T(0.05)), one = Tensor<T, Device>::scalar(T{1}), zero = Tensor<T, Device>::scalar(T{0});
  const auto near = where(little, u, zero), h = sqrt(where(little, one, u));
  const auto cosine = where(
      little, detail::power_series(near, {1, -1. / 2, 1. / 24, -1. / 720, 1. / 40320, -1. / 3628800, 1. / 479001600}),
      cos(h));
  const auto share = where(
      little,
      detail::power_series(near, {1, -1. / 6, 1. / 120, -1. / 5040, 1. / 362880, -1. / 39916800, 1. / 6227020800}),
      sin(h) / h);
  return concat({cosine, v * share * T{0.5}}, -1);
}

/// The vector along the axis of a unit quaternion's rotation, whose length is the angle in [0, pi]: the inverse of
/// quaternion_exp. q and -q have the same.
template <class T, class Device>
Tensor<T, Device> quaternion_log(const Tensor<T, Device>& q) {
  detail::check_inner("quaternion_log", q, {4});
  const auto sign = Tensor<T, Device>::scalar(T{1}) - less(slice(q, -1, 0, 1), T{0}) * T{2};
  const auto w = slice(q, -1, 0, 1) * sign, v = slice(q, -1, 1, 4) * sign;
  // angle / |v| = 2 atan(|v| / w) / |v|, at small angles by the series in u = (|v| / w)^2.
  const auto square_of_v = sum(square(v), -1, {.keepdim = true});
  const auto little = less(square_of_v, square(w) * T(0.0025));
  const auto one = Tensor<T, Device>::scalar(T{1}), zero = Tensor<T, Device>::scalar(T{0});
  const auto safe = where(little, w, one), near = where(little, square_of_v, zero) / square(safe);
  const auto length = sqrt(where(little, one, square_of_v));
  const auto series = detail::power_series(near, {1, -1. / 3, 1. / 5, -1. / 7, 1. / 9, -1. / 11, 1. / 13}) / safe;
  return v * where(little, series, atan2(length, w) / length) * T{2};
}

/// The shorter way from the unit quaternion a (t = 0) to b or -b (t = 1) at constant speed: a (a* b)^t. t [...] has the
/// leading axes' shape or broadcasts with it. The sign of the result is a's.
///
/// Source: Shoemake (1985), Animating rotation with quaternion curves.
template <class T, class Device>
Tensor<T, Device> slerp(const Tensor<T, Device>& a, const Tensor<T, Device>& b, const Tensor<T, Device>& t) {
  const auto turn = quaternion_log(quaternion_product(quaternion_conjugate(a), b));
  return quaternion_product(a, quaternion_exp(turn * unsqueeze(t, -1)));
}
template <class T, class Device>
Tensor<T, Device> slerp(const Tensor<T, Device>& a, const Tensor<T, Device>& b, double t) {
  return slerp(a, b, Tensor<T, Device>::scalar(static_cast<T>(t)));
}

/// The rotation matrix exp([v]x) by |v| about v.
template <class T, class Device>
Tensor<T, Device> so3_exp(const Tensor<T, Device>& v) {
  return quaternion_to_matrix(quaternion_exp(v));
}

/// The inverse of so3_exp: the vector of a rotation matrix, with the angle in [0, pi].
template <class T, class Device>
Tensor<T, Device> so3_log(const Tensor<T, Device>& r) {
  return quaternion_log(matrix_to_quaternion(r));
}

/// The rotation matrix whose first two columns come from a1 = x[..., 0:3] and a2 = x[..., 3:6] by Gram-Schmidt, and the
/// third is their cross product: a representation without jumps. NaN where a1 and a2 lie on a line.
///
/// Source: Zhou et al. (2019), On the continuity of rotation representations in neural networks, equation 15.
template <class T, class Device>
Tensor<T, Device> rotation_6d_to_matrix(const Tensor<T, Device>& x) {
  detail::check_inner("rotation_6d_to_matrix", x, {6});
  const auto unit = [](const Tensor<T, Device>& v) { return v / norm(v, -1, {.keepdim = true}); };
  const auto first = unit(slice(x, -1, 0, 3)), a = slice(x, -1, 3, 6);
  const auto second = unit(a - first * sum(first * a, -1, {.keepdim = true}));
  const auto third = detail::bilinear_form(first, second, {0, 0, 0,  0,  0, 1, 0, -1, 0,    //
                                                           0, 0, -1, 0,  0, 0, 1, 0,  0,    //
                                                           0, 1, 0,  -1, 0, 0, 0, 0,  0});  // the cross product
  return stack({first, second, third}, -1);
}

/// The first two columns of a rotation matrix, one after the other.
template <class T, class Device>
Tensor<T, Device> matrix_to_rotation_6d(const Tensor<T, Device>& r) {
  detail::check_inner("matrix_to_rotation_6d", r, {3, 3});
  return flatten(slice(transpose(r, -1, -2), -2, 0, 2), -2);
}

}  // namespace regimen
