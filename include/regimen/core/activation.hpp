// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/config.hpp"

namespace regimen {

/// Activations whose derivative is a function of their output, so that a kernel may fuse them with what comes before:
/// none y = z, relu y = max(z, 0), tanh y = tanh z, sigmoid y = 1 / (1 + exp(-z)).
enum class Activation { none, relu, tanh, sigmoid };

}  // namespace regimen
