// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of Regimen. Including the headers that a file needs compiles faster.
#include "regimen/autodiff.hpp"
#include "regimen/core.hpp"
#include "regimen/cpu.hpp"
#include "regimen/curriculum.hpp"
#include "regimen/data.hpp"
#include "regimen/distill.hpp"
#include "regimen/io.hpp"
#include "regimen/loss.hpp"
#include "regimen/metrics.hpp"
#include "regimen/nn.hpp"
#include "regimen/ops.hpp"
#include "regimen/optim.hpp"
#include "regimen/text.hpp"
#include "regimen/train.hpp"
