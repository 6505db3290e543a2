// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/progress.hpp"

#include <doctest/doctest.h>

#include <type_traits>

using regimen::Progress;

TEST_CASE("training begins at step 0, and progress is a plain value") {
  static_assert(std::is_aggregate_v<Progress> && std::is_trivially_copyable_v<Progress>);
  CHECK(Progress{}.step == 0);
  CHECK(Progress{.step = 12}.step == 12);
}
