// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct WeightDecayOptions {
  Schedule lr = 1.0;  ///< usually the optimizer's; 1 decays at a rate that no schedule changes
  double weight_decay = 1e-2;
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// Decoupled weight decay as a link of a chain, for any optimizer:  p <- (1 - lr weight_decay) p,  for the trainable
/// parameters whose names match. After an optimizer in a chain it shrinks the updated values, before it the old ones;
/// AdamW's formula has it before.
///
///   chain(weight_decay({.lr = lr, .weight_decay = 1e-4, .decay_mask = "*.weight"}), sgd({.lr = lr, .momentum = 0.9}))
///
/// I. Loshchilov and F. Hutter, Decoupled weight decay regularization, 2019.
class WeightDecay {
 public:
  /// Throws Error for a negative decay.
  explicit WeightDecay(const WeightDecayOptions& options)
      : options_(options), layout_("weight_decay", options.decay_mask) {
    detail::check_not_negative("weight_decay", "weight_decay", options.weight_decay);
  }

  template <class T, class Device>
  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("weight_decay", options_.lr, progress);
    layout_.match(parameters);
    T* p = parameters.values().mutable_data();
    for (const detail::Stretch& s : layout_.stretches())
      if (s.masked)
        kernel::scale<T>(Device{}, s.count, static_cast<T>(1 - lr * options_.weight_decay), p + s.parameter);
  }

  void save(State&) const {}
  void load(const State&) { layout_ = layout_.fresh(); }

 private:
  WeightDecayOptions options_;
  detail::Layout layout_;
};

inline WeightDecay weight_decay(const WeightDecayOptions& options) { return WeightDecay(options); }

}  // namespace regimen
