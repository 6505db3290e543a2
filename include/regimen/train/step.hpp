// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "regimen/core/tensor.hpp"

namespace regimen {

/// What an objective is given: the samples that the sampler chose, and how far the phase is.
struct Step {
  Tensor<std::int64_t> indices = {};  ///< [n], undefined in a phase without a sampler
  std::int64_t step = 0;              ///< steps that the phase has completed
  std::int64_t epoch = 0;             ///< epochs that the sampler had completed before this step
};

/// The loss of a step: a scalar, or one value a sample [n], of which the mean is minimised and which the sampler hears.
template <class T = float, class Device = Cpu>
using Objective = std::function<Tensor<T, Device>(const Step&)>;

/// Named numbers, in order.
using Metrics = std::vector<std::pair<std::string, double>>;

/// The value of a metric, or null.
inline const double* find_metric(const Metrics& metrics, const std::string& name) {
  for (const auto& [found, value] : metrics)
    if (found == name) return &value;
  return nullptr;
}

/// What has happened up to the end of a step.
struct StepReport {
  std::string phase = {};
  std::int64_t phase_index = 0;
  std::int64_t step = 0;        ///< steps that the phase has completed, this one included
  std::int64_t step_limit = 0;  ///< steps that the phase will take at most; 0 if unknown
  std::int64_t epoch = 0;       ///< epochs that the sampler has completed
  Metrics losses = {};          ///< of this step: "loss", or "<turn>.loss" of each turn's last update
  bool evaluated = false;       ///< whether `metrics` are of this step
  Metrics metrics = {};         ///< of the last evaluation
  bool phase_ends = false;      ///< whether this was the phase's last step
};

}  // namespace regimen
