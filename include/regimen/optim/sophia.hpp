// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "regimen/cpu/sophia.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct SophiaOptions {
  Schedule lr = 6e-4;
  double beta1 = 0.965;
  double beta2 = 0.99;           ///< of the curvature, over its estimates
  double gamma = 0.05;           ///< positive; larger clips less
  double epsilon = 1e-12;        ///< positive
  double weight_decay = 0.1;     ///< decoupled, times lr
  std::string decay_mask = "*";  ///< names of the parameters that decay
  std::int64_t every = 10;       ///< k, updates between two estimates of the curvature; at least 1
};

/// Sophia-G: steps by the momentum over a diagonal curvature, each element's limited to lr.
///
///   m <- beta1 m + (1 - beta1) g     every k-th update, the first too:  h <- beta2 h + (1 - beta2) B gg^2
///   p <- p - lr (clip(m / max(gamma h, epsilon), 1) + weight_decay p)
///
/// gg is the gradient of the mean loss over B samples with labels drawn from the model itself: the
/// Gauss-Newton-Bartlett estimate of the Hessian's diagonal. `estimate(parameters)` writes it into
/// parameters.gradients() and returns B; the gradients are put back after it. For a classifier:
///
///   sophia({.lr = 1e-3}, [&](Parameters<>& parameters) {
///     const auto logits = model(x);
///     backward(cross_entropy(logits, draw(softmax(logits), rng)), parameters);   // draw: one label a row
///     return x.size(0);
///   })
///
/// State: two arrays; what the estimate uses, such as an Rng, is its own to save. Throws Error for options outside
/// their ranges and B < 1.
///
/// H. Liu et al., Sophia: a scalable stochastic second-order optimizer for language model pre-training, 2023,
/// algorithms 2 and 3.
template <class T, class Device, class Estimate>
class Sophia {
 public:
  Sophia(const SophiaOptions& options, Estimate estimate)
      : options_(options), estimate_(std::move(estimate)), state_("sophia", {"m", "h"}, options.decay_mask) {
    detail::check_decay("sophia", "beta1", options.beta1);
    detail::check_decay("sophia", "beta2", options.beta2);
    detail::check_positive("sophia", "gamma", options.gamma);
    detail::check_positive("sophia", "epsilon", options.epsilon);
    detail::check_not_negative("sophia", "weight_decay", options.weight_decay);
    detail::check_count("sophia", "every", options.every, 1);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("sophia", options_.lr, progress);
    state_.match(parameters);
    std::int64_t samples = 0;
    Tensor<T, Device> estimated;
    if (state_.updates() % options_.every == 0) {
      const auto kept = parameters.gradients().clone();
      samples = estimate_(parameters);
      estimated = parameters.gradients().clone();
      parameters.gradients().assign(kept);
      if (samples < 1) detail::fail("sophia", {"the estimate is of ", samples, " samples"}, "return the batch's size");
    }
    state_.begin(parameters);
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    T *m = state_.array(0), *h = state_.array(1);
    for (const detail::Stretch& s : state_.stretches()) {
      if (samples > 0)
        kernel::sophia_curvature<T>(Device{}, s.count, static_cast<T>(options_.beta2), static_cast<T>(samples),
                                    estimated.data() + s.parameter, h + s.state);
      kernel::sophia<T>(Device{}, s.count,
                        {static_cast<T>(lr), static_cast<T>(options_.beta1), static_cast<T>(options_.gamma),
                         static_cast<T>(options_.epsilon), s.masked ? static_cast<T>(options_.weight_decay) : T(0)},
                        g + s.parameter, h + s.state, m + s.state, p + s.parameter);
    }
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  SophiaOptions options_;
  Estimate estimate_;
  detail::OptimizerState<T, Device> state_;
};

/// sophia({.lr = 1e-3}, estimate); with T other than float, sophia<double>(...).
template <class T = float, class Device = Cpu, class Estimate>
requires std::is_invocable_r_v < std::int64_t, Estimate&, Parameters<T, Device>
& > Sophia<T, Device, Estimate> sophia(const SophiaOptions& options, Estimate estimate) {
  return Sophia<T, Device, Estimate>(options, std::move(estimate));
}

}  // namespace regimen
