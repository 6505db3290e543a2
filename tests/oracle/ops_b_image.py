# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Operations on images: ops/pixel_shuffle.hpp."""
import torch


def generate(golden):
    golden.case("pixel_shuffle", lambda input: torch.nn.functional.pixel_shuffle(input, 2), input=golden.normal(2, 8, 2, 3))
    golden.case("pixel_unshuffle", lambda input: torch.nn.functional.pixel_unshuffle(input, 3), input=golden.normal(2, 2, 3, 6))
