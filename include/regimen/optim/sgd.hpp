// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct SgdOptions {
  Schedule lr = 1e-2;
  double momentum = 0;   ///< in [0, 1)
  double dampening = 0;  ///< in [0, 1]
  bool nesterov = false;
  double weight_decay = 0;
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// Stochastic gradient descent with (heavy-ball or Nesterov's) momentum and L2 weight decay.
///
///   g' = g + weight_decay p       m <- momentum m + (1 - dampening) g'      (first update: m = g')
///   p <- p - lr m                 with Nesterov:  p <- p - lr (g' + momentum m)
///
/// The learning rate is outside m, as in PyTorch: a change of it acts at once. Sutskever et al. (2013) have it inside.
/// State: one array with momentum, none without. Throws Error for options outside their ranges, and for Nesterov
/// without momentum or with dampening.
template <class T = float, class Device = Cpu>
class Sgd {
 public:
  explicit Sgd(const SgdOptions& options)
      : options_(options), state_("sgd", names(options.momentum), options.decay_mask) {
    detail::check_decay("sgd", "momentum", options.momentum);
    detail::check_fraction("sgd", "dampening", options.dampening);
    detail::check_not_negative("sgd", "weight_decay", options.weight_decay);
    if (options.nesterov && (options.momentum == 0 || options.dampening != 0))
      detail::fail("sgd",
                   {"nesterov with momentum ", detail::number_text(options.momentum), " and dampening ",
                    detail::number_text(options.dampening)},
                   "it needs momentum and no dampening");
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const T lr = static_cast<T>(detail::learning_rate("sgd", options_.lr, progress));
    const bool first = state_.begin(parameters) == 1, plain = options_.momentum == 0;
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    T* m = plain ? nullptr : state_.array(0);
    for (const detail::Stretch& s : state_.stretches()) {
      const T decay = s.masked ? static_cast<T>(options_.weight_decay) : T(0);
      if (plain)
        kernel::sgd<T>(Device{}, s.count, lr, decay, g + s.parameter, p + s.parameter);
      else
        kernel::sgd<T>(Device{}, s.count,
                       {lr, static_cast<T>(options_.momentum), first ? T(0) : static_cast<T>(options_.dampening), decay,
                        options_.nesterov},
                       g + s.parameter, m + s.state, p + s.parameter);
    }
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  static std::vector<const char*> names(double momentum) {
    return momentum == 0 ? std::vector<const char*>{} : std::vector<const char*>{"momentum"};
  }

  SgdOptions options_;
  detail::OptimizerState<T, Device> state_;
};

/// sgd({.lr = 0.1, .momentum = 0.9})
template <class T = float, class Device = Cpu>
Sgd<T, Device> sgd(const SgdOptions& options) {
  return Sgd<T, Device>(options);
}

}  // namespace regimen
