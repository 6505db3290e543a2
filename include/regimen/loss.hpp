// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of loss/.
#include "regimen/loss/bce_with_logits.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/loss/hinge.hpp"
#include "regimen/loss/huber.hpp"
#include "regimen/loss/kl.hpp"
#include "regimen/loss/l1.hpp"
#include "regimen/loss/mse.hpp"
#include "regimen/loss/reduction.hpp"
