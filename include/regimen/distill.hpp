// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of distill/.
#include "regimen/distill/hint.hpp"
#include "regimen/distill/soft_targets.hpp"
