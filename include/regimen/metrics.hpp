// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of metrics/.
#include "regimen/metrics/accuracy.hpp"
