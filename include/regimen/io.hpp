// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of io/.
#include "regimen/io/atomic_file.hpp"
#include "regimen/io/convert.hpp"
#include "regimen/io/file.hpp"
#include "regimen/io/json.hpp"
#include "regimen/io/npy.hpp"
#include "regimen/io/safetensors.hpp"
#include "regimen/io/state_file.hpp"
