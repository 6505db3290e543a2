// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

namespace regimen {

/// Where a training run stands: what schedules and optimizers are evaluated at.
struct Progress {
  std::int64_t step = 0;  ///< number of updates done before this one
};

}  // namespace regimen
