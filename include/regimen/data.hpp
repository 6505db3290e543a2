// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of data/.
#include "regimen/data/dataset.hpp"
#include "regimen/data/epoch_sampler.hpp"
#include "regimen/data/read/columns.hpp"
#include "regimen/data/read/csv.hpp"
#include "regimen/data/read/digits.hpp"
#include "regimen/data/read/idx.hpp"
#include "regimen/data/sampler.hpp"
#include "regimen/data/split.hpp"
#include "regimen/data/standardise.hpp"
