# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""nn/unet.hpp."""
import torch
import torch.nn.functional as F

from nn_d_vision import film


def generate(golden):
    """Two levels of 2 and 4 channels in groups of 2; dimensions 1 has a condition of size 3."""
    for name, conv, shape, size in [("unet1d", F.conv1d, (2, 1, 6), 3), ("unet2d", F.conv2d, (1, 1, 4, 2), 0)]:
        axes = len(shape) - 2
        parameters = {}

        def parameter(key, *shape):
            if key not in parameters:
                parameters[key] = 0.7 * golden.normal(*shape)
            return parameters[key]

        def convolve(x, key, out, kernel=3, stride=1):
            weight = parameter(f"{key}.weight", out, x.shape[1], *[kernel] * axes)
            return conv(x, weight, parameter(f"{key}.bias", out), stride=stride, padding=kernel // 2)

        def norm(x, key):
            return F.group_norm(x, 2, parameter(f"{key}.weight", x.shape[1]), parameter(f"{key}.bias", x.shape[1]))

        def block(x, key, out, condition):
            y = norm(convolve(F.silu(norm(x, f"{key}.norm1")), f"{key}.conv1", out), f"{key}.norm2")
            if condition is not None:
                y = film(y, condition, parameter(f"{key}.film.0.map.weight", 2 * out, size),
                         parameter(f"{key}.film.0.map.bias", 2 * out))
            y = convolve(F.silu(y), f"{key}.conv2", out)
            return y + (x if x.shape[1] == out else convolve(x, f"{key}.shortcut.0", out, 1))

        def unet(x, condition=None):
            s0 = block(convolve(x, "first", 2), "down_blocks.0", 2, condition)
            s1 = block(convolve(s0, "downs.0", 4, stride=2), "down_blocks.1", 4, condition)
            u = block(s1, "middle", 4, condition)
            u = block(torch.cat([u, s1], 1), "up_blocks.1", 4, condition)
            u = convolve(F.interpolate(u, scale_factor=2, mode="nearest"), "ups.0", 2)
            u = block(torch.cat([u, s0], 1), "up_blocks.0", 2, condition)
            return convolve(F.silu(norm(u, "norm")), "last", 1)

        golden.case(name, unet, x=golden.normal(*shape), **({"condition": golden.normal(2, size)} if size else {}))
        for key, value in parameters.items():
            golden.put(f"{name}.model.{key}", value)
