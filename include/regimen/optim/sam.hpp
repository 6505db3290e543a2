// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <type_traits>
#include <utility>

#include "regimen/cpu/adaptive.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/optim/clip.hpp"

namespace regimen {

struct SamOptions {
  double rho = 0.05;      ///< radius of the neighbourhood
  bool adaptive = false;  ///< ASAM: the radius in units of each |p|; rho about ten times as large
};

namespace detail {

inline void check_sam(const SamOptions& options) { check_positive("sam", "rho", options.rho); }

}  // namespace detail

/// Sharpness-aware minimisation's way up: moves the trainable parameters from p to where the loss is worst nearby, by
/// their gradients g, and returns what sam_restore() needs.
///
///   p <- p + rho g / |g|          adaptive, with t = |p| element by element:  p <- p + rho t^2 g / |t g|
///
/// |.| is the norm over all of them together; where it is 0 nothing moves. The gradients stay. Throws Error for a rho
/// that is not positive, and for a gradient that is not finite.
///
/// P. Foret et al., Sharpness-aware minimization for efficiently improving generalization, 2021, equation 2; adaptive:
/// J. Kwon et al., ASAM, 2021.
template <class T, class Device>
Tensor<T, Device> sam_perturb(Parameters<T, Device>& parameters, const SamOptions& options = {}) {
  detail::check_sam(options);
  Tensor<T, Device> home = parameters.values().clone();
  const T* g = parameters.gradients().data();
  double norm = 0;
  auto scaled = Tensor<T, Device>();
  if (options.adaptive) {
    scaled = Tensor<T, Device>::empty(parameters.gradients().shape());
    T* tg = scaled.mutable_data();
    for (const auto& run : parameters.runs()) {
      kernel::multiply_absolute<T>(Device{}, run.end - run.begin, home.data() + run.begin, g + run.begin,
                                   tg + run.begin);
      norm += kernel::sum_of_squares<T>(Device{}, run.end - run.begin, tg + run.begin);
      kernel::multiply_absolute<T>(Device{}, run.end - run.begin, home.data() + run.begin, tg + run.begin,
                                   tg + run.begin);
    }
    norm = std::sqrt(norm);
    g = tg;
  } else {
    norm = global_norm(parameters);
  }
  if (!std::isfinite(norm)) [[unlikely]]
    detail::fail("sam", {"the gradient's norm is ", detail::number_text(norm)},
                 "lower the learning rate, or look for the operation that overflowed");
  if (norm == 0) return home;
  T* p = parameters.values().mutable_data();
  for (const auto& run : parameters.runs())
    kernel::add_scaled<T>(Device{}, run.end - run.begin, static_cast<T>(options.rho / norm), g + run.begin,
                          p + run.begin);
  return home;
}

/// Puts the values from before sam_perturb() back, with the same bits.
template <class T, class Device>
void sam_restore(Parameters<T, Device>& parameters, const Tensor<T, Device>& home) {
  parameters.values().assign(home);
}

/// The objective f made sharpness-aware: the loss is f's at p, its gradient f's at the perturbed p.
///
///   const auto robust = sharpness_aware(objective, parameters(model), {.rho = 0.05});
///   backward(robust(batch), parameters);  // or, with f(const Step&), a Phase's objective
///   optimizer.update(parameters, progress);
///
/// Each call evaluates and differentiates f(arguments...) twice, so what f does on the way, such as a batch norm's
/// running statistics or random draws, happens twice. f gives a scalar, or one value a sample, of which the mean is
/// minimised. `parameters` must be all that is trained. The gradient is of first order alone: the perturbation is a
/// constant in it, as in the paper. Errors as sam_perturb's.
template <class F, class T, class Device>
auto sharpness_aware(F f, Parameters<T, Device> parameters, const SamOptions& options = {}) {
  detail::check_sam(options);
  return [f = std::move(f), parameters = std::move(parameters), options](const auto&... arguments) mutable {
    const Tensor<T, Device> loss = f(arguments...);
    backward(mean(loss), parameters);
    const Tensor<T, Device> home = sam_perturb(parameters, options);
    try {
      backward(mean(Tensor<T, Device>(f(arguments...))), parameters);
    } catch (...) {
      sam_restore(parameters, home);
      throw;
    }
    sam_restore(parameters, home);
    // Of value 0, with the gradient at the perturbed point.
    Tensor<T, Device> carrier;
    for (const auto& entry : parameters.entries()) {
      if (!entry.trainable) continue;
      const auto gradient = parameters.gradients().view(entry.offset, entry.value.shape()).clone();
      const auto product = sum(entry.value * gradient);
      carrier = carrier.defined() ? carrier + product : product;
    }
    return loss.detach() + (carrier - carrier.detach());
  };
}

}  // namespace regimen
