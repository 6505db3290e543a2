// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct EmaOptions {
  Schedule decay = 0.999;  ///< beta, in [0, 1] at every step
  bool warm_up = false;    ///< beta = min(decay, (1 + n) / (10 + n)) at update n = 0, 1, ...: young means forget faster
};

/// Exponential moving average of parameters:  d <- beta d + (1 - beta) p,  beginning with d = p at the first update.
/// All parameters are averaged, frozen ones too. Call update() after the optimizer's; a link of a chain cannot be
/// swapped in, so keep it beside:
///
///   Ema<> ema({.decay = 0.99});
///   ... optimizer.update(parameters, progress); ema.update(parameters, progress); ...
///   ema.swap(parameters);  // the model now has the mean
///   evaluate(model);
///   ema.swap(parameters);  // and now its own values again
///
/// Between the two calls of swap(), update() and save() are Errors. State: one array.
///
/// B. T. Polyak and A. B. Juditsky, Acceleration of stochastic approximation by averaging, 1992 (averaging itself).
template <class T = float, class Device = Cpu>
class Ema {
 public:
  explicit Ema(const EmaOptions& options = {}) : options_(options) {}
  Ema(const Ema& other)
      : options_(other.options_),
        mean_(other.mean_.defined() ? other.mean_.clone() : other.mean_),
        updates_(other.updates_),
        swapped_(other.swapped_) {}
  Ema(Ema&&) noexcept = default;
  Ema& operator=(Ema other) noexcept {
    options_ = std::move(other.options_);
    mean_ = std::move(other.mean_);
    updates_ = other.updates_;
    swapped_ = other.swapped_;
    return *this;
  }
  ~Ema() = default;

  /// Throws Error while swapped, for other parameters than before, and for a decay outside [0, 1].
  void update(const Parameters<T, Device>& parameters, const Progress& progress) {
    check_home("update");
    double beta = options_.decay(progress.step);
    detail::check_fraction("Ema", "decay", beta);
    const Tensor<T, Device>& values = parameters.values();
    if (updates_ == 0) {
      mean_ = values.clone();
    } else {
      check_size(values);
      const auto n = static_cast<double>(updates_);
      if (options_.warm_up && (1 + n) / (10 + n) < beta) beta = (1 + n) / (10 + n);
      kernel::ema<T>(Device{}, values.size(), static_cast<T>(beta), values.data(), mean_.mutable_data());
    }
    ++updates_;
  }

  /// Exchanges the parameters' values with the mean, and back at the next call. Throws Error before the first update.
  void swap(Parameters<T, Device>& parameters) {
    if (updates_ == 0) detail::fail("Ema::swap", "there is no mean yet", "call update() first");
    check_size(parameters.values());
    kernel::swap<T>(Device{}, mean_.size(), mean_.mutable_data(), parameters.values().mutable_data());
    swapped_ = !swapped_;
  }

  /// Number of updates done.
  std::int64_t updates() const { return updates_; }

  /// Whether the parameters have the mean at present.
  bool swapped() const { return swapped_; }

  void save(State& state) const {
    check_home("save");
    state.put("kind", "ema");
    state.put("updates", updates_);
    if (updates_ > 0) state.put("mean", mean_);
  }

  void load(const State& state) {
    check_home("load");
    detail::check_kind("ema", state);
    const auto updates = state.get_count("updates");
    if (updates == 0) {
      mean_ = Tensor<T, Device>();
    } else {
      const auto mean = state.get<Tensor<T, Device>>("mean");
      if (mean_.defined()) check_size(mean);
      mean_ = mean.clone();
    }
    updates_ = updates;
  }

 private:
  void check_home(const char* what) const {
    if (swapped_)
      detail::fail(std::string("Ema::") + what, "the parameters have the mean at present", "call swap() again first");
  }
  void check_size(const Tensor<T, Device>& values) const {
    if (!(values.shape() == mean_.shape()))
      detail::fail("Ema", {"the mean is of ", mean_.shape(), " and the parameters are ", values.shape()},
                   "begin with a new Ema after the model has changed");
  }

  EmaOptions options_;
  Tensor<T, Device> mean_;
  std::int64_t updates_ = 0;
  bool swapped_ = false;
};

}  // namespace regimen
