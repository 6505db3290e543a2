// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of curriculum/.
#include "regimen/curriculum/curriculum_sampler.hpp"
#include "regimen/curriculum/difficulty.hpp"
#include "regimen/curriculum/pacing.hpp"
#include "regimen/curriculum/scores.hpp"
