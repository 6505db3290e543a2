// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of autodiff/.
#include "regimen/autodiff/checkpoint.hpp"
#include "regimen/autodiff/custom_op.hpp"
#include "regimen/autodiff/engine.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/grad_mode.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/autodiff/record.hpp"
#include "regimen/autodiff/typed_node.hpp"
