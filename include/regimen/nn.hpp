// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of nn/.
#include "regimen/nn/activation.hpp"
#include "regimen/nn/batch_norm.hpp"
#include "regimen/nn/conv2d.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/embedding.hpp"
#include "regimen/nn/flatten.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/layer_norm.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/nn/module_state.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/nn/pattern.hpp"
#include "regimen/nn/pool.hpp"
#include "regimen/nn/sequential.hpp"
