// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/record.hpp"
#include "regimen/core/rng.hpp"

namespace regimen {

struct GradcheckOptions {
  int order = 1;            ///< 1: grad() of f; 2: also the gradient of that gradient
  double step = 1e-5;       ///< h of the central difference (L(x + h) - L(x - h)) / 2h
  double tolerance = 1e-6;  ///< on |analytic - numeric| / (1 + |numeric|)
  std::uint64_t seed = 1;   ///< of the random weights
};

struct GradcheckResult {
  bool ok = true;
  double worst = 0;     ///< largest |analytic - numeric| / (1 + |numeric|)
  std::string message;  ///< where that was: order, input, element, both values
  explicit operator bool() const { return ok; }
};

namespace detail {

/// <w, y> as one recorded number, from nothing but the two primitives here: the check must not lean on what it checks.
/// Its backward steps use no operation of ops/.
inline Tensor<double> weighted_sum(const Tensor<double>& w, const Tensor<double>& y);

/// s w for a recorded number s and a constant w.
inline Tensor<double> weighted(const Tensor<double>& w, const Tensor<double>& s) {
  const auto y = Tensor<double>::empty(w.shape());
  double* out = y.mutable_data();
  for (std::int64_t i = 0; i < y.size(); ++i) out[i] = s.data()[0] * w.data()[i];
  if (!is_recorded(s)) return y;
  return record(
      "weighted", y, [w](const auto& backward) { backward.add(0, weighted_sum(w, backward.gradient())); }, s);
}

inline Tensor<double> weighted_sum(const Tensor<double>& w, const Tensor<double>& y) {
  double total = 0;
  for (std::int64_t i = 0; i < y.size(); ++i) total += w.data()[i] * y.data()[i];
  const auto result = Tensor<double>::scalar(total);
  if (!is_recorded(y)) return result;
  return record(
      "weighted sum", result, [w](const auto& backward) { backward.add(0, weighted(w, backward.gradient())); }, y);
}

/// Compares `analytic` with central differences of `value` in every element of the inputs.
template <class Value>
void compare_differences(int order, std::span<const Tensor<double>> inputs, std::span<const Tensor<double>> analytic,
                         const Value& value, const GradcheckOptions& options, GradcheckResult& result) {
  for (std::size_t k = 0; k < inputs.size(); ++k)
    for (std::int64_t i = 0; i < inputs[k].size(); ++i) {
      const auto at = [&](double shift) {
        std::vector<Tensor<double>> moved;
        for (const auto& input : inputs) moved.push_back(input.clone());
        moved[k].mutable_data()[i] += shift;
        return value(std::span<const Tensor<double>>(moved));
      };
      const double h = options.step, numeric = (at(h) - at(-h)) / (2 * h), got = analytic[k].data()[i];
      const double error = std::abs(got - numeric) / (1 + std::abs(numeric));
      const bool is_bad = !(error <= options.tolerance);
      if (is_bad ? result.ok || !(error <= result.worst) : result.ok && error > result.worst) {
        std::int64_t index[Shape::max_rank], rest = i;
        for (int axis = inputs[k].rank(); axis-- > 0;) {
          index[axis] = rest % inputs[k].size(axis);
          rest /= inputs[k].size(axis);
        }
        result.worst = error;
        result.message = "order " + std::to_string(order) + ", input " + std::to_string(k) + " of shape " +
                         inputs[k].shape().to_string() + ", element " + Shape::text(index, inputs[k].rank()) +
                         ": analytic " + std::to_string(got) + ", numeric " + std::to_string(numeric);
      }
      if (is_bad) result.ok = false;
    }
}

inline std::vector<Tensor<double>> as_variables(std::span<const Tensor<double>> inputs) {
  std::vector<Tensor<double>> result;
  for (const auto& input : inputs) result.push_back(variable(input.clone()));
  return result;
}

}  // namespace detail

/// Whether grad() of f is right at the given inputs: compares the gradient of L = <w, f(inputs)>, w random and fixed,
/// with central differences of L; at order 2 also the gradient of M = sum <v_k, dL/dinput_k>, v random and fixed, with
/// central differences of M. f maps a std::span<const Tensor<double>> to a Tensor<double> of any shape, without chance.
/// The inputs should be away from points where f has a kink. Costs two evaluations of f, or of its gradient, an
/// element.
///
///   const auto check = gradcheck([](const auto& in) { return tanh(in[0]) * in[1]; }, {a, b}, {.order = 2});
///   if (!check) throw std::runtime_error(check.message);
template <class F>
GradcheckResult gradcheck(const F& f, std::span<const Tensor<double>> inputs, const GradcheckOptions& options = {}) {
  if (options.order != 1 && options.order != 2)
    detail::fail("gradcheck", "order " + std::to_string(options.order), "order is 1 or 2");
  if (inputs.empty()) detail::fail("gradcheck", "there are no inputs");
  Rng rng(options.seed);
  GradcheckResult result;
  const GradMode mode(true);
  const auto variables = detail::as_variables(inputs);
  const Tensor<double> y = f(std::span<const Tensor<double>>(variables));
  const auto w = rng.uniform<double>(y.shape(), 0.5, 1.5);
  const auto loss = [&](std::span<const Tensor<double>> at) { return detail::weighted_sum(w, f(at)); };
  const auto first =
      grad(detail::weighted_sum(w, y), variables, {.create_graph = options.order == 2, .allow_unused = true});
  for (std::size_t k = 0; k < first.size(); ++k)
    if (!(first[k].shape() == inputs[k].shape())) {
      result.ok = false;
      result.message = "order 1, input " + std::to_string(k) + " of shape " + inputs[k].shape().to_string() +
                       ": the gradient has shape " + first[k].shape().to_string();
      return result;
    }
  const auto value = [&](std::span<const Tensor<double>> at) {
    const NoGrad guard;
    return loss(at).item();
  };
  detail::compare_differences(1, inputs, first, value, options, result);
  if (options.order == 1 || !result.ok) return result;

  std::vector<Tensor<double>> v;
  for (const auto& input : inputs) v.push_back(rng.uniform<double>(input.shape(), 0.5, 1.5));
  std::vector<Tensor<double>> second;
  for (const auto& input : inputs) second.push_back(Tensor<double>::zeros(input.shape()));
  for (std::size_t k = 0; k < first.size(); ++k) {
    if (!first[k].requires_grad()) continue;
    const auto part = grad(detail::weighted_sum(v[k], first[k]), variables, {.allow_unused = true});
    for (std::size_t j = 0; j < second.size(); ++j)
      for (std::int64_t i = 0; i < second[j].size(); ++i) second[j].mutable_data()[i] += part[j].data()[i];
  }
  const auto slope = [&](std::span<const Tensor<double>> at) {
    const auto moved = detail::as_variables(at);
    const auto gradients = grad(loss(moved), moved, {.allow_unused = true});
    double total = 0;
    for (std::size_t k = 0; k < gradients.size(); ++k)
      total += detail::weighted_sum(v[k], gradients[k].detach()).item();
    return total;
  };
  detail::compare_differences(2, inputs, second, slope, options, result);
  return result;
}

template <class F>
GradcheckResult gradcheck(const F& f, std::initializer_list<Tensor<double>> inputs,
                          const GradcheckOptions& options = {}) {
  return gradcheck(f, std::span<const Tensor<double>>(inputs.begin(), inputs.size()), options);
}

template <class F>
GradcheckResult gradcheck(const F& f, const std::vector<Tensor<double>>& inputs, const GradcheckOptions& options = {}) {
  return gradcheck(f, std::span<const Tensor<double>>(inputs), options);
}

}  // namespace regimen
