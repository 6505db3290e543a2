// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of train/.
#include "regimen/train/checkpoint.hpp"
#include "regimen/train/observer/json_lines.hpp"
#include "regimen/train/observer/observer.hpp"
#include "regimen/train/observer/progress_bar.hpp"
#include "regimen/train/phase.hpp"
#include "regimen/train/program.hpp"
#include "regimen/train/step.hpp"
#include "regimen/train/transition.hpp"
#include "regimen/train/until.hpp"
