// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// Tensors and kernels on NVIDIA GPUs. Include this before any other header of the library: operations find the kernels
/// of the devices that they have seen by then.

#include "regimen/cuda/block.cuh"
#include "regimen/cuda/broadcast.cuh"
#include "regimen/cuda/context.cuh"
#include "regimen/cuda/cross_entropy.cuh"
#include "regimen/cuda/elementwise.cuh"
#include "regimen/cuda/embedding.cuh"
#include "regimen/cuda/gemm.cuh"
#include "regimen/cuda/permute.cuh"
#include "regimen/cuda/platform.cuh"
#include "regimen/cuda/reduce.cuh"
#include "regimen/cuda/scratch.cuh"
#include "regimen/cuda/softmax.cuh"
#include "regimen/cuda/storage.cuh"
