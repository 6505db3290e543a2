// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/train/step.hpp"

#include <doctest/doctest.h>

using namespace regimen;

TEST_CASE("a metric is found by its whole name") {
  const Metrics metrics{{"loss", 1.5}, {"accuracy", 0.25}};
  REQUIRE(find_metric(metrics, "accuracy") != nullptr);
  CHECK(*find_metric(metrics, "accuracy") == 0.25);
  CHECK(find_metric(metrics, "acc") == nullptr);
  CHECK(find_metric({}, "loss") == nullptr);
}

TEST_CASE("a step before the first has no samples and no numbers") {
  CHECK_FALSE(Step{}.indices.defined());
  const StepReport report;
  CHECK(report.step == 0);
  CHECK(report.step_limit == 0);
  CHECK(report.losses.empty());
  CHECK_FALSE(report.phase_ends);
}
