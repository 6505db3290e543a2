// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/config.hpp"
#include "regimen/core/functors.hpp"
#include "regimen/cpu/distance.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/unary.hpp"

/// Norms, angles and distances of vectors. Derivatives are 0 where a norm or distance is 0.
namespace regimen {

struct NormalizeOptions {
  double p = 2;  ///< of the norm, > 0; may be infinity
  int axis = -1;
  double epsilon = 1e-12;  ///< >= 0: what vectors that are shorter are divided by
};

struct CosineSimilarityOptions {
  int axis = -1;
  double epsilon = 1e-8;  ///< >= 0: what vectors that are shorter are divided by
};

struct PairwiseDistanceOptions {
  double p = 2;           ///< of the norm, > 0; may be infinity
  double epsilon = 1e-6;  ///< added to each difference, so that no distance is 0
  bool keepdim = false;
};

namespace detail {

/// v where it is positive and finite, else 1.
template <class T>
struct FinitePositiveOrOne {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    const V one = functor::all_lanes(v, T{1});
    return v - v == V{} ? (v > V{} ? v : one) : one;
  }
};

}  // namespace detail

/// The p-norm (sum |x_i|^p)^(1/p), the largest |x_i| for p = infinity; over all axes, one or several, as sum(). No
/// intermediate result overflows but for p = 2. An element that is 0 has derivative 0; equal largest ones share theirs.
/// Throws Error unless p > 0.
///
///   vector_norm(x, 3, -1, {.keepdim = true})
template <class T, class Device>
Tensor<T, Device> vector_norm(const Tensor<T, Device>& x, double p = 2, const Axes& axes = {},
                              const ReduceOptions& options = {}) {
  if (!(p > 0)) detail::fail("vector_norm", {"p is ", p}, "it must be positive, and may be infinity");
  if (std::isinf(p)) return max(abs(x), axes, options);
  if (p == 2) return norm(x, axes, options);
  const detail::Reducer r(x.shape(), axes, options.keepdim, "vector_norm");
  if (p == 1 || r.mask == 0 || r.count == 0) return sum(abs(x), axes, options);
  const auto y = [&] {
    const auto sizes = abs(x.detach());
    const auto scale = detail::map_values(max(sizes, axes, options), detail::FinitePositiveOrOne<T>{});
    const auto powers = pow(sizes / detail::spread(scale, r.mask, x.shape()), p);
    return pow(detail::sum_axes(powers, r.mask, r.result), 1 / p) * scale;
  }();
  if (!is_recorded(x)) return y;
  return record(
      "vector_norm", y,
      [p, mask = r.mask, x = Saved(x), y = save_output(y)](const auto& backward) {
        // dy/dx_i = sign(x_i) |x_i / y|^(p-1)
        const auto& v = backward(x);
        const auto value = backward.output(y);
        const auto ratio = abs(v / detail::spread(value + equal(value, T{0}), mask, v.shape()));
        const auto base = where(equal(v, T{0}), Tensor<T, Device>::scalar(T{1}), ratio);
        backward.add(0, detail::spread(backward.gradient(), mask, v.shape()) * sign(v) * pow(base, p - 1));
      },
      x);
}

/// x / max(|x|, epsilon): vectors of length 1 along an axis, and 0 where x is. As PyTorch's, but that the axis is the
/// last one by default. Throws Error unless p > 0 and epsilon >= 0.
///
///   normalize(features)
template <class T, class Device>
Tensor<T, Device> normalize(const Tensor<T, Device>& x, const NormalizeOptions& options = {}) {
  if (!(options.epsilon >= 0)) detail::fail("normalize", {"epsilon is ", options.epsilon}, "it must be >= 0");
  return x / maximum(vector_norm(x, options.p, options.axis, {.keepdim = true}), options.epsilon);
}

/// a b / (max(|a|, epsilon) max(|b|, epsilon)) along an axis, which is left out; a and b broadcast. 0 for a vector of
/// zeros. As PyTorch's, but that the axis is the last one by default. Throws Error unless epsilon >= 0.
template <class T, class Device>
Tensor<T, Device> cosine_similarity(const Tensor<T, Device>& a, const Tensor<T, Device>& b,
                                    const CosineSimilarityOptions& options = {}) {
  if (!(options.epsilon >= 0)) detail::fail("cosine_similarity", {"epsilon is ", options.epsilon}, "it must be >= 0");
  const NormalizeOptions unit{.axis = options.axis, .epsilon = options.epsilon};
  const Shape shape = broadcast(a.shape(), b.shape(), "cosine_similarity");
  return sum(normalize(broadcast_to(a, shape), unit) * normalize(broadcast_to(b, shape), unit), options.axis);
}

/// The p-norm of a - b + epsilon along the last axis, which is left out; a and b broadcast. As PyTorch's. Throws Error
/// unless p > 0.
template <class T, class Device>
Tensor<T, Device> pairwise_distance(const Tensor<T, Device>& a, const Tensor<T, Device>& b,
                                    const PairwiseDistanceOptions& options = {}) {
  return vector_norm(a - b + options.epsilon, options.p, -1, {.keepdim = options.keepdim});
}

namespace detail {

/// The Euclidean distances of the rows of a [..., n, d] and b [..., m, d], whose leading axes agree: [..., n, m].
template <class T, class Device>
Tensor<T, Device> euclidean_distances(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  const std::int64_t n = a.size(-2), m = b.size(-2);
  const auto y = Tensor<T, Device>::empty(a.shape().with(-1, m));
  const std::int64_t batch = a.shape().sub(0, a.rank() - 2).size();
  kernel::distances(Device{}, batch, n, m, a.size(-1), a.data(), b.data(), y.mutable_data());
  if (!is_recorded(a, b)) return y;
  return record(
      "cdist", y,
      [a = Saved(a), b = Saved(b), y = save_output(y)](const auto& backward) {
        const auto value = backward.output(y);
        const auto same = equal(value, T{0});
        const auto share = where(same, Tensor<T, Device>::scalar(T{0}), backward.gradient() / (value + same));
        const auto &u = backward(a), &v = backward(b);
        if (backward.needs(0)) backward.add(0, u * sum(share, -1, {.keepdim = true}) - matmul(share, v));
        if (backward.needs(1))
          backward.add(1, v * unsqueeze(sum(share, -2), -1) - matmul(share, u, {.transpose_a = true}));
      },
      a, b);
}

}  // namespace detail

/// The distances of each row of a [..., n, d] from each of b [..., m, d]: [..., n, m], where the leading axes
/// broadcast.
///
///   y[i, j] = |a_i - b_j|_p
///
/// p = 2 takes a product of matrices, and its distances are exact also for points that are close together and far from
/// 0; another p takes memory for n m d elements. Throws Error unless p > 0 and the shapes agree.
template <class T, class Device>
Tensor<T, Device> cdist(const Tensor<T, Device>& a, const Tensor<T, Device>& b, double p = 2) {
  if (a.rank() < 2 || b.rank() < 2 || a.size(-1) != b.size(-1))
    detail::fail("cdist", {"a is ", a.shape(), " and b is ", b.shape()},
                 "they are [..., n, d] and [..., m, d], of points with d coordinates");
  if (p != 2) return vector_norm(unsqueeze(a, -2) - unsqueeze(b, -3), p, -1);
  const Shape batch = broadcast(a.shape().sub(0, a.rank() - 2), b.shape().sub(0, b.rank() - 2), "cdist");
  const auto repeated = [&](const Tensor<T, Device>& x) {
    return broadcast_to(x, Shape(batch).append(x.size(-2)).append(x.size(-1)));
  };
  // Distances from the middle of b are as good, and smaller numbers have smaller errors.
  const auto middle = detail::map_values(sum(b.detach(), -2, {.keepdim = true}) / (b.size(-2) == 0 ? 1 : b.size(-2)),
                                         functor::FiniteOrZero{});
  return detail::euclidean_distances(repeated(a - middle), repeated(b - middle));
}

/// y[i, j] = a[i] b[j] of two vectors. Throws Error for another rank.
template <class T, class Device>
Tensor<T, Device> outer(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  if (a.rank() != 1 || b.rank() != 1)
    detail::fail("outer", {"a is ", a.shape(), " and b is ", b.shape()}, "they must be vectors");
  return unsqueeze(a, 1) * b;
}

}  // namespace regimen
