// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of data/.
#include "regimen/data/augment/crop.hpp"
#include "regimen/data/augment/cutmix.hpp"
#include "regimen/data/augment/erase.hpp"
#include "regimen/data/augment/flip.hpp"
#include "regimen/data/augment/images.hpp"
#include "regimen/data/augment/mix.hpp"
#include "regimen/data/augment/mixup.hpp"
#include "regimen/data/augment/rotate.hpp"
#include "regimen/data/class_balanced_sampler.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/data/distributions.hpp"
#include "regimen/data/epoch_sampler.hpp"
#include "regimen/data/mixture.hpp"
#include "regimen/data/read/columns.hpp"
#include "regimen/data/read/csv.hpp"
#include "regimen/data/read/digits.hpp"
#include "regimen/data/read/idx.hpp"
#include "regimen/data/sampler.hpp"
#include "regimen/data/split.hpp"
#include "regimen/data/standardise.hpp"
