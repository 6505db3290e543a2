// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/state.hpp"
#include "regimen/train/step.hpp"

namespace regimen {

/// What watches a Program. It changes nothing in it. Where it writes something, save() and load() see to it that a
/// resumed run leaves the same behind as one that never stopped.
///
///   struct PrintLoss : Observer {
///     void step(const StepReport& report) override { std::printf("%g\n", report.losses[0].second); }
///   };
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void phase_begins(const StepReport&) {}  ///< step is 0, or where a resumed run goes on
  virtual void step(const StepReport&) {}          ///< after each step
  virtual void phase_ends(const StepReport&) {}
  virtual void save(State&) {}
  virtual void load(const State&) {}
};

}  // namespace regimen
