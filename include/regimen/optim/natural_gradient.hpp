// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "regimen/autodiff/grad_mode.hpp"
#include "regimen/cpu/cholesky_solve.hpp"
#include "regimen/cpu/optimizer.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {
namespace detail {

/// (a + damping I)^-1 b for a symmetric a [n, n] and b [n, columns], in the name of `operation`.
template <class T, class Device>
Tensor<T, Device> damped_solve(const char* operation, const Tensor<T, Device>& a, double damping,
                               const Tensor<T, Device>& b) {
  const std::int64_t n = a.size(0);
  const auto damped = a.clone(), x = b.clone();
  T* values = damped.mutable_data();
  for (std::int64_t i = 0; i < n; ++i) values[i * n + i] += static_cast<T>(damping);
  if (n > 0 && !kernel::cholesky_solve<T>(Device{}, n, b.size() / n, damped.data(), b.data(), x.mutable_data()))
    fail(operation, {"the matrix ", a.shape(), " with damping ", number_text(damping), " is not positive definite"},
         "raise the damping, and look for NaN");
  return x;
}

}  // namespace detail

/// The gradients of each of `values` [n, ...], with respect to all trainable parameters one after the other: [values'
/// number, trainable_size()]. One backward pass a value. Of per-sample losses they are per-sample gradients, of a
/// network's outputs its Jacobian. Throws Error where the values do not depend on a trainable parameter.
template <class T, class Device>
Tensor<T, Device> parameter_jacobian(const Tensor<T, Device>& values, const Parameters<T, Device>& parameters) {
  const std::int64_t n = values.size(), size = parameters.trainable_size();
  std::vector<Tensor<T, Device>> variables;
  for (const auto& entry : parameters.entries())
    if (entry.trainable) variables.push_back(entry.value);
  if (!values.requires_grad())
    detail::fail("parameter_jacobian", "the values do not depend on any trainable parameter",
                 "compute them from the model's parameters, outside of NoGrad");
  const auto result = Tensor<T, Device>::empty({n, size});
  T* out = result.mutable_data();
  for (std::int64_t i = 0; i < n; ++i) {
    const auto seed = Tensor<T, Device>::zeros(values.shape());
    seed.mutable_data()[i] = T(1);
    for (const auto& gradient : grad(values, variables, {.allow_unused = true}, seed)) {
      kernel::scaled<T>(Device{}, gradient.size(), T(1), gradient.data(), out);
      out += gradient.size();
    }
  }
  return result;
}

/// The Fisher matrix J^T J / n [d, d], for J [n, d], the gradients of log-likelihoods (or losses -log p) of n samples:
/// the true one for labels drawn from the model, the empirical one for those of the data.
template <class T, class Device>
Tensor<T, Device> fisher(const Tensor<T, Device>& j) {
  if (j.rank() != 2 || j.size(0) == 0) detail::fail("fisher", {"j is ", j.shape()}, "give [n, d], n at least 1");
  return matmul(j, j, {.transpose_a = true}) / static_cast<T>(j.size(0));
}

/// The Gauss-Newton matrix sum_i J_i^T H_i J_i / n [d, d], for the Jacobian J [n, k, d] of the outputs and the Hessians
/// H [n, k, k] of the losses in the outputs; H undefined stands for the identity, of half the squared error. For losses
/// -log p of an exponential family in its natural parameters (softmax: H = diag(p) - p p^T) it is the true Fisher
/// matrix.
template <class T, class Device>
Tensor<T, Device> gauss_newton(const Tensor<T, Device>& j, const std::type_identity_t<Tensor<T, Device>>& h = {}) {
  if (j.rank() != 3 || j.size(0) == 0)
    detail::fail("gauss_newton", {"j is ", j.shape()}, "give [n, k, d], n at least 1");
  if (h.defined() && !(h.shape() == Shape{j.size(0), j.size(1), j.size(1)}))
    detail::fail("gauss_newton", {"j is ", j.shape(), " and h is ", h.shape()}, "h is [n, k, k] for j [n, k, d]");
  const auto hj = h.defined() ? matmul(h, j) : j;
  const Shape flat{j.size(0) * j.size(1), j.size(2)};
  return matmul(reshape(j, flat), reshape(hj, flat), {.transpose_a = true}) / static_cast<T>(j.size(0));
}

struct NaturalGradientOptions {
  double damping = 1e-3;  ///< not negative; 0 needs a matrix that is positive definite
};

/// The exact natural gradient, for small models, as a link of a chain: the gradients g of the trainable parameters
/// become
///
///   (F + damping I)^-1 g
///
/// by Cholesky's decomposition, for the matrix F [d, d] that `metric(parameters)` returns, d = trainable_size():
///
///   chain(natural_gradient({.damping = 1e-3}, [&](Parameters<>& p) { return fisher(parameter_jacobian(losses(model),
///   p)); }),
///         sgd({.lr = 0.1}))
///
/// It has no state. Memory d^2, cost d^3 a step. Throws Error for a negative damping, an F of another shape, and where
/// F + damping I is not positive definite; the gradients are then as before.
///
/// S. Amari, Natural gradient works efficiently in learning, 1998; Gauss-Newton: N. N. Schraudolph, Fast curvature
/// matrix-vector products for second-order gradient descent, 2002.
template <class T, class Device, class Metric>
class NaturalGradient {
 public:
  NaturalGradient(const NaturalGradientOptions& options, Metric metric)
      : options_(options), metric_(std::move(metric)) {
    detail::check_not_negative("natural_gradient", "damping", options.damping);
  }

  void update(Parameters<T, Device>& parameters, const Progress&) {
    const std::int64_t size = parameters.trainable_size();
    const Tensor<T, Device> f = metric_(parameters).detach();
    if (!(f.shape() == Shape{size, size}))
      detail::fail("natural_gradient", {"the metric is ", f.shape(), " for ", size, " trainable elements"},
                   "return a square matrix of that size");
    const auto g = Tensor<T, Device>::empty({size, 1});
    copy(parameters, [&](std::int64_t n, T* buffer, std::int64_t at) {
      kernel::scaled<T>(Device{}, n, T(1), buffer, g.mutable_data() + at);
    });
    const auto x = detail::damped_solve("natural_gradient", f, options_.damping, g);
    copy(parameters, [&](std::int64_t n, T* buffer, std::int64_t at) {
      kernel::scaled<T>(Device{}, n, T(1), x.data() + at, buffer);
    });
  }

  void save(State&) const {}
  void load(const State&) {}

 private:
  template <class F>
  static void copy(Parameters<T, Device>& parameters, const F& f) {
    std::int64_t at = 0;
    for (const auto& run : parameters.runs()) {
      f(run.end - run.begin, parameters.gradients().mutable_data() + run.begin, at);
      at += run.end - run.begin;
    }
  }

  NaturalGradientOptions options_;
  Metric metric_;
};

/// natural_gradient({.damping = 1e-3}, metric); with T other than float, natural_gradient<double>(...).
template <class T = float, class Device = Cpu, class Metric>
requires std::is_invocable_r_v<Tensor<T, Device>, Metric&, Parameters<T, Device>&> NaturalGradient<T, Device, Metric>
natural_gradient(const NaturalGradientOptions& options, Metric metric) {
  return NaturalGradient<T, Device, Metric>(options, std::move(metric));
}

}  // namespace regimen
