// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of ops/.
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/conv.hpp"
#include "regimen/ops/cross_entropy.hpp"
#include "regimen/ops/dropout.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/linear.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/norm.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/pool.hpp"
#include "regimen/ops/pow.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/softmax.hpp"
#include "regimen/ops/unary.hpp"
#include "regimen/ops/window.hpp"
