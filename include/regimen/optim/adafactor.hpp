// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/adafactor.hpp"
#include "regimen/optim/part_states.hpp"

namespace regimen {

struct AdafactorOptions {
  /// The relative step rho; the default is the paper's min(0.01, 1 / sqrt(t)).
  Schedule lr = [](std::int64_t step) {
    const double slow = 1 / std::sqrt(static_cast<double>(step) + 1);
    return slow < 1e-2 ? slow : 1e-2;
  };
  bool scale_parameter = true;   ///< times max(epsilon2, RMS(p)); false makes lr absolute
  double decay_power = 0.8;      ///< beta2 = 1 - t^-decay_power; in (0, 1]
  double beta1 = 0;              ///< in [0, 1); 0 keeps no momentum
  double clip = 1;               ///< d, the largest RMS of an update before its rate
  double epsilon1 = 1e-30;       ///< added to the squared gradient
  double epsilon2 = 1e-3;        ///< the least size of a parameter in the rate
  double weight_decay = 0;       ///< decoupled, times lr, as AdamW's
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// Adafactor: a second moment that for matrices is kept as its row and column means alone. With
/// beta2 = 1 - t^-decay_power and RMS the root mean square over a parameter:
///
///   G = g^2 + epsilon1
///   matrices:  R <- beta2 R + (1 - beta2) mean over columns of G     C <- beta2 C + (1 - beta2) mean over rows of G
///              V = R C^T / mean(R)
///   others:    V <- beta2 V + (1 - beta2) G
///   U = g / sqrt(V)     U <- U / max(1, RMS(U) / clip)     with beta1:  M <- beta1 M + (1 - beta1) U,  U = M
///   p <- p - lr max(epsilon2, RMS(p)) U - lr weight_decay p
///
/// A matrix is a parameter of two axes or more, its leading axis against all others. State: rows + columns numbers a
/// matrix, with beta1 one array more. Throws Error for options outside their ranges.
///
/// N. Shazeer and M. Stern, Adafactor: adaptive learning rates with sublinear memory cost, 2018, algorithms 4 and 5.
template <class T = float, class Device = Cpu>
class Adafactor {
 public:
  explicit Adafactor(const AdafactorOptions& options) : options_(options), state_("adafactor") {
    detail::check_option(options.decay_power > 0 && options.decay_power <= 1, "adafactor", "decay_power",
                         options.decay_power, "in (0, 1]");
    detail::check_decay("adafactor", "beta1", options.beta1);
    detail::check_positive("adafactor", "clip", options.clip);
    detail::check_not_negative("adafactor", "epsilon1", options.epsilon1);
    detail::check_not_negative("adafactor", "epsilon2", options.epsilon2);
    detail::check_not_negative("adafactor", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("adafactor", options_.lr, progress);
    const auto number = static_cast<double>(
        state_.begin(parameters, [&](const detail::Part& part) { return shapes(part, options_.beta1 != 0); }));
    const T beta2 = static_cast<T>(1 - std::pow(number, -options_.decay_power));
    const T epsilon = static_cast<T>(options_.epsilon1);
    std::size_t i = 0;
    detail::each_parameter(parameters, [&](const detail::Part& part) {
      auto& state = state_.of(i++);
      const T* g = parameters.gradients().data() + part.offset;
      T* p = parameters.values().mutable_data() + part.offset;
      auto direction = Tensor<T, Device>::empty({part.size});
      T* u = direction.mutable_data();
      if (part.is_matrix())
        kernel::adafactor_matrix<T>(Device{}, part.rows(), part.columns(), beta2, epsilon, g, state[0].mutable_data(),
                                    state[1].mutable_data(), u);
      else
        kernel::adafactor_vector<T>(Device{}, part.size, beta2, epsilon, g, state[0].mutable_data(), u);
      const double excess = root_mean_square(part.size, u) / options_.clip;
      if (excess > 1) kernel::scale<T>(Device{}, part.size, static_cast<T>(1 / excess), u);
      if (options_.beta1 != 0) {
        T* m = state.back().mutable_data();
        kernel::ema<T>(Device{}, part.size, static_cast<T>(options_.beta1), u, m);
        u = m;
      }
      double rate = lr;
      if (options_.scale_parameter) {
        const double size = root_mean_square(part.size, p);
        rate *= size > options_.epsilon2 ? size : options_.epsilon2;
      }
      detail::decay(part, lr, options_.weight_decay, options_.decay_mask, parameters);
      kernel::add_scaled<T>(Device{}, part.size, static_cast<T>(-rate), u, p);
    });
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  static std::vector<Shape> shapes(const detail::Part& part, bool momentum) {
    std::vector<Shape> result;
    if (part.is_matrix())
      result = {{part.rows()}, {part.columns()}};
    else
      result = {{part.size}};
    if (momentum) result.push_back({part.size});
    return result;
  }
  static double root_mean_square(std::int64_t n, const T* x) {
    return std::sqrt(kernel::sum_of_squares<T>(Device{}, n, x) / static_cast<double>(n));
  }

  AdafactorOptions options_;
  detail::PartStates<T, Device> state_;
};

/// adafactor({}), or with an absolute rate adafactor({.lr = 1e-3, .scale_parameter = false})
template <class T = float, class Device = Cpu>
Adafactor<T, Device> adafactor(const AdafactorOptions& options) {
  return Adafactor<T, Device>(options);
}

}  // namespace regimen
