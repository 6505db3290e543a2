# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Elementwise functions of ops/unary.hpp."""
import torch
import torch.nn.functional as F


def generate(golden):
    for name, function in {
        "exp": torch.exp, "sin": torch.sin, "cos": torch.cos, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
        "relu": torch.relu, "gelu": F.gelu, "silu": F.silu, "softplus": F.softplus, "abs": torch.abs,
    }.items():
        golden.case(name, function, input=3 * golden.normal(4, 17))
    for name, function in {"log": torch.log, "sqrt": torch.sqrt, "rsqrt": torch.rsqrt}.items():
        golden.case(name, function, input=golden.uniform(4, 17, low=0.1, high=9))
