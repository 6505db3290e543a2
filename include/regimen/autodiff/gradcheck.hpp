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
  int order = 1;            ///< 1: grad() of f; 2: also the gradient of that gradient; 3: also the gradient of that
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

/// sum_k <w_k, y_k>.
inline Tensor<double> weighted_sum(const std::vector<Tensor<double>>& w, const std::vector<Tensor<double>>& y) {
  Tensor<double> total = weighted_sum(w[0], y[0]);
  for (std::size_t k = 1; k < y.size(); ++k) total = recorded_sum(total, weighted_sum(w[k], y[k]));
  return total;
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

/// Whether grad() of f is right at the given inputs: compares the gradient of L_1 = <w, f(inputs)>, w random and fixed,
/// with central differences of L_1; at order 2 also the gradient of L_2 = sum_k <v_k, dL_1/dinput_k>, v random and
/// fixed, with central differences of L_2; at order 3 also that of L_3, which comes from L_2 in the same way. f maps a
/// std::span<const Tensor<double>> to a Tensor<double> of any shape, without chance. The inputs should be away from
/// points where f has a kink. Costs two evaluations of f, or of its gradients, an element and order.
///
///   const auto check = gradcheck([](const auto& in) { return tanh(in[0]) * in[1]; }, {a, b}, {.order = 2});
///   if (!check) throw std::runtime_error(check.message);
template <class F>
GradcheckResult gradcheck(const F& f, std::span<const Tensor<double>> inputs, const GradcheckOptions& options = {}) {
  if (options.order < 1 || options.order > 3)
    detail::fail("gradcheck", {"order ", options.order}, "order is 1, 2 or 3");
  if (inputs.empty()) detail::fail("gradcheck", "there are no inputs", "give at least one");
  Rng rng(options.seed);
  GradcheckResult result;
  const GradMode mode(true);
  const auto variables = detail::as_variables(inputs);
  const Tensor<double> y = f(std::span<const Tensor<double>>(variables));
  const auto w = rng.uniform<double>(y.shape(), 0.5, 1.5);
  Tensor<double> value = detail::weighted_sum(w, y);
  std::vector<std::vector<Tensor<double>>> v;  // of each order but the last
  for (int order = 1; order <= options.order; ++order) {
    const auto gradients = grad(value, variables, {.create_graph = order < options.order, .allow_unused = true});
    for (std::size_t k = 0; k < gradients.size(); ++k)
      if (!(gradients[k].shape() == inputs[k].shape())) {
        result.ok = false;
        result.message = "order " + std::to_string(order) + ", input " + std::to_string(k) + " of shape " +
                         inputs[k].shape().to_string() + ": the gradient has shape " + gradients[k].shape().to_string();
        return result;
      }
    const auto value_at = [&](std::span<const Tensor<double>> at) {
      const GradMode recorded(order > 1);
      const auto moved = detail::as_variables(at);
      auto moved_value = detail::weighted_sum(w, f(std::span<const Tensor<double>>(moved)));
      for (int k = 1; k < order; ++k)
        moved_value =
            detail::weighted_sum(v[static_cast<std::size_t>(k - 1)],
                                 grad(moved_value, moved, {.create_graph = k + 1 < order, .allow_unused = true}));
      return moved_value.item();
    };
    detail::compare_differences(order, inputs, gradients, value_at, options, result);
    if (order == options.order || !result.ok) break;
    v.emplace_back();
    for (const auto& input : inputs) v.back().push_back(rng.uniform<double>(input.shape(), 0.5, 1.5));
    value = detail::weighted_sum(v.back(), gradients);
  }
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
