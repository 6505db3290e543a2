# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Normalisations: groups, instances, root mean square, ghost batches."""
import torch
import torch.nn.functional as F


def rms_norm(x, weight, epsilon=1e-6):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + epsilon) * weight


def ghost_batch_norm(x, weight, bias, sizes, running=None):
    parts = []
    for part in x.split(sizes):
        mean, variance = running if running else (None, None)
        parts.append(F.batch_norm(part, mean, variance, weight, bias, training=True, momentum=0.1))
    return torch.cat(parts)


def generate(golden):
    golden.case("group_norm.images", lambda x, weight, bias: F.group_norm(x, 3, weight, bias),
                x=golden.normal(2, 6, 3, 4) + 1, weight=golden.normal(6), bias=golden.normal(6))
    golden.case("group_norm.vectors", lambda x, weight, bias: F.group_norm(x, 2, weight, bias, eps=0.1),
                x=golden.normal(3, 8), weight=golden.normal(8), bias=golden.normal(8))
    golden.case("instance_norm", lambda x: F.instance_norm(x), x=golden.normal(2, 3, 7))
    golden.case("rms_norm", rms_norm, x=golden.normal(3, 2, 19), weight=golden.normal(19))
    for name, shape, sizes in (("whole", (8, 3), [4, 4]), ("rest", (10, 2, 3, 2), [4, 4, 2]), ("single", (9, 3, 2), [4, 5])):
        x, weight, bias = golden.normal(*shape), golden.normal(shape[1]), golden.normal(shape[1])
        golden.case(f"ghost_batch_norm.{name}", lambda x, weight, bias: ghost_batch_norm(x, weight, bias, sizes),
                    x=x, weight=weight, bias=bias)
        running = torch.zeros(shape[1]), torch.ones(shape[1])
        ghost_batch_norm(x, weight, bias, sizes, running)
        golden.put(f"ghost_batch_norm.{name}.running_mean", running[0])
        golden.put(f"ghost_batch_norm.{name}.running_variance", running[1])
