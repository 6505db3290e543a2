// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of cpu/.
#include "regimen/cpu/activation.hpp"
#include "regimen/cpu/broadcast.hpp"
#include "regimen/cpu/conv.hpp"
#include "regimen/cpu/cross_entropy.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/embedding.hpp"
#include "regimen/cpu/gemm.hpp"
#include "regimen/cpu/gemm_tile.hpp"
#include "regimen/cpu/gemm_vector.hpp"
#include "regimen/cpu/math.hpp"
#include "regimen/cpu/norm.hpp"
#include "regimen/cpu/optimizer.hpp"
#include "regimen/cpu/permute.hpp"
#include "regimen/cpu/pool.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/cpu/scratch.hpp"
#include "regimen/cpu/softmax.hpp"
#include "regimen/cpu/strides.hpp"
#include "regimen/cpu/vector.hpp"
#include "regimen/cpu/window.hpp"
