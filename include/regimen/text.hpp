// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// All of text/.
#include "regimen/text/bpe.hpp"
#include "regimen/text/byte_tokenizer.hpp"
#include "regimen/text/masking.hpp"
#include "regimen/text/packing.hpp"
#include "regimen/text/sampling.hpp"
#include "regimen/text/special_tokens.hpp"
#include "regimen/text/train_bpe.hpp"
#include "regimen/text/words.hpp"
