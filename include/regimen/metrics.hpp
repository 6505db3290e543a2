// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of metrics/.
#include "regimen/metrics/accuracy.hpp"
#include "regimen/metrics/average.hpp"
#include "regimen/metrics/calibration.hpp"
#include "regimen/metrics/checks.hpp"
#include "regimen/metrics/churn.hpp"
#include "regimen/metrics/cka.hpp"
#include "regimen/metrics/confusion.hpp"
#include "regimen/metrics/effective_rank.hpp"
#include "regimen/metrics/frechet_distance.hpp"
#include "regimen/metrics/mutual_information.hpp"
#include "regimen/metrics/perplexity.hpp"
#include "regimen/metrics/psnr.hpp"
#include "regimen/metrics/roc_auc.hpp"
#include "regimen/metrics/ssim.hpp"
#include "regimen/metrics/topk_accuracy.hpp"
