# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Scans and sorts: ops/scan.hpp and ops/sort.hpp."""
import math

import torch


def generate(golden):
    for axis in (0, 1, 2):
        golden.case(f"cumsum{axis}", lambda input: torch.cumsum(input, axis), input=golden.normal(3, 5, 4))
        golden.case(f"cumprod{axis}", lambda input: torch.cumprod(input, axis), input=golden.normal(3, 5, 4))
    zeros = golden.normal(3, 6)
    zeros[0, 2] = zeros[1, 1] = zeros[1, 4] = zeros[2, 0] = 0
    golden.case("cumprod_zeros", lambda input: torch.cumprod(input, 1), input=zeros)

    special = torch.tensor([[1.0, math.nan, -math.inf, 3, 3, -2], [math.inf, 0, 0, math.nan, 1, math.nan]])
    golden.put("special", special)
    for descending in (False, True):
        name = "descending" if descending else "ascending"
        for axis in (0, 1, 2):
            x = golden.normal(3, 5, 4)
            golden.case(f"sort_{name}{axis}", lambda input: torch.sort(input, dim=axis, descending=descending, stable=True)[0], input=x)
            golden.put(f"argsort_{name}{axis}", torch.sort(x, dim=axis, descending=descending, stable=True)[1])
            golden.case(f"topk_{name}{axis}", lambda input: torch.topk(input, 2, axis, descending)[0], input=x)
            golden.put(f"argtopk_{name}{axis}", torch.topk(x, 2, axis, descending)[1])
        values, indices = torch.sort(special, dim=1, descending=descending, stable=True)
        golden.put(f"special_{name}", values)
        golden.put(f"special_arg_{name}", indices)
