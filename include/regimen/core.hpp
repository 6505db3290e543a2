// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of core/.
#include "regimen/core/activation.hpp"
#include "regimen/core/allocator.hpp"
#include "regimen/core/config.hpp"
#include "regimen/core/device.hpp"
#include "regimen/core/eigen.hpp"
#include "regimen/core/eigen_tensor.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/functors.hpp"
#include "regimen/core/math.hpp"
#include "regimen/core/node.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/core/philox.hpp"
#include "regimen/core/print.hpp"
#include "regimen/core/reductions.hpp"
#include "regimen/core/reference_count.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/special.hpp"
#include "regimen/core/state.hpp"
#include "regimen/core/storage.hpp"
#include "regimen/core/tensor.hpp"
