// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "regimen/data/dataset.hpp"
#include "regimen/data/sampler.hpp"
#include "regimen/optim/optimizer.hpp"
#include "regimen/train/step.hpp"
#include "regimen/train/transition.hpp"
#include "regimen/train/until.hpp"

namespace regimen {

/// One optimizer's part of a step: its own objective, parameters and updates. A phase with several turns trains, for
/// example, a generator and a discriminator, or an actor and a critic.
template <class T = float, class Device = Cpu>
struct Turn {
  std::string name = {};
  Objective<T, Device> objective = {};
  std::string trainable = "*";  ///< pattern of the parameters that this turn updates; all others are constants in it
  Optimizer<T, Device> optimizer = {};
  std::int64_t updates = 1;  ///< updates in a row, each on a batch of its own
  std::int64_t every = 1;    ///< in every so manieth step, from the first on
};

/// Which model a phase ends with: that of the evaluation with the best value of a metric.
struct KeepBest {
  std::string metric = {};  ///< "" keeps the last
  bool maximise = true;
};

/// One stage of training. Required are name, until, and either objective and optimizer or turns.
///
///   Phase<> warm_up{.name = "warm-up", .objective = on(train, [&](const Batch<>& b) { return cross_entropy(...); }),
///                   .sampler = ShuffledSampler(n, rng, {.batch_size = 64}), .trainable = "student.*",
///                   .optimizer = adamw({.lr = 1e-3}), .until = epochs(5)};
template <class T = float, class Device = Cpu>
struct Phase {
  std::string name = {};
  Objective<T, Device> objective = {};
  Sampler sampler = {};         ///< may be left out where the objective needs no samples
  std::string trainable = "*";  ///< pattern of the parameters that are trained; all others are constants
  Optimizer<T, Device> optimizer = {};
  Until until = {};
  std::vector<Turn<T, Device>> turns = {};  ///< instead of objective, trainable and optimizer

  /// Surgery on the model before the first step: freeze, replace a part, initialise it anew. Also done, before the
  /// saved values are loaded, on the way to a resumed phase.
  std::vector<Transition<Device>> before = {};
  /// Called when the phase begins, in evaluation mode and unrecorded, and again when a run is resumed in it: computes
  /// what the phase needs besides the model, such as a frozen teacher's outputs, and may set this phase's sampler, such
  /// as one in the order of the teacher's losses. It must depend only on what the phase does not train, and draw from
  /// copies of random numbers.
  std::function<void(Phase&)> prepare = {};

  /// Measures the model, which is in evaluation mode, unrecorded: every `evaluate_every` steps and after the last.
  std::function<Metrics()> evaluate = {};
  std::int64_t evaluate_every = 0;  ///< 0: after the last step alone
  KeepBest keep_best = {};
};

/// The objective f(batch) on the samples that the sampler chose.
template <class T, class F>
Objective<T, Cpu> on(const Dataset<T>& dataset, F f) {
  return [dataset, f](const Step& step) -> Tensor<T> {
    if (!step.indices.defined())
      detail::fail("on(dataset, f)", "the phase has no sampler",
                   "give it one, such as ShuffledSampler(dataset.size(), rng)");
    return f(gather(dataset, step.indices));
  };
}

}  // namespace regimen
