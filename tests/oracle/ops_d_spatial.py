# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Operations of ops/unfold.hpp, ops/resize.hpp and ops/grid_sample.hpp."""
import torch
import torch.nn.functional as F


def generate(golden):
    options = {"kernel_size": (2, 3), "stride": (2, 1), "padding": (1, 2), "dilation": (1, 2)}
    golden.case("unfold", lambda input: F.unfold(input, **options), input=golden.normal(2, 2, 5, 4))
    golden.case("fold", lambda input: F.fold(input, (5, 4), **options), input=golden.normal(2, 12, 12))
    golden.case("frame", lambda input: input.unfold(-1, 3, 2), input=golden.normal(2, 3, 8))
    resize(golden)


def resize(golden):
    sizes = {"up": {"size": (5, 7)}, "down": {"size": (2, 3)}, "scale": {"scale_factor": 1.7}, "shrink": {"scale_factor": 0.6}}
    for name, options in sizes.items():
        def case(kind, **more):
            golden.case(f"{kind}_{name}", lambda input: F.interpolate(input, **options, **more), input=golden.normal(2, 1, 3, 4))
        case("nearest", mode="nearest")
        case("bilinear", mode="bilinear")
        case("aligned", mode="bilinear", align_corners=True)
    for name, more in {"nearest": {"mode": "nearest"}, "linear": {"mode": "linear"},
                       "aligned": {"mode": "linear", "align_corners": True}}.items():
        golden.case(f"{name}_1d", lambda input: F.interpolate(input, 7, **more), input=golden.normal(2, 2, 5))
    grid_sample(golden)


def grid_sample(golden):
    for align in [False, True]:
        suffix = "_aligned" if align else ""
        golden.case(f"affine_grid{suffix}", lambda theta: F.affine_grid(theta, (2, 1, 3, 4), align_corners=align),
                    theta=golden.normal(2, 2, 3))
        for mode, channels in [("bilinear", 2), ("nearest", 1)]:
            for padding in ["zeros", "border", "reflection"]:
                golden.case(f"{mode}_{padding}{suffix}", lambda input, grid: F.grid_sample(input, grid, mode, padding, align),
                            input=golden.normal(2, channels, 3, 3), grid=golden.uniform(2, 2, 3, 2, low=-3, high=3))
