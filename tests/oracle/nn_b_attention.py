# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Attention: ops/attention.hpp and nn/attention.hpp."""
import math

import torch
import torch.nn.functional as F


def attend(q, k, v, mask=None, scale=None):
    groups = q.shape[1] // k.shape[1]
    k, v = k.repeat_interleave(groups, dim=1), v.repeat_interleave(groups, dim=1)
    scores = torch.einsum("bhid,bhjd->bhij", q, k) * (scale or 1 / math.sqrt(q.shape[-1]))
    if mask is not None:
        scores = scores + mask
    return torch.einsum("bhij,bhjd->bhid", F.softmax(scores, dim=-1), v)


def operation(golden):
    q, k, v = golden.normal(2, 4, 5, 3), golden.normal(2, 2, 5, 3), golden.normal(2, 2, 5, 4)
    golden.case("plain", attend, q=q, k=k, v=v)
    causal = torch.full((5, 5), -math.inf).triu(1)
    golden.case("causal", lambda q, k, v: attend(q, k, v, causal), q=q, k=k, v=v)
    golden.case("bias", lambda q, k, v, bias: attend(q, k, v, bias, 0.7), q=q, k=k, v=v, bias=golden.normal(4, 5, 5))
    padding = torch.tensor([[0, 0, 0, 1, 1], [1, 0, 0, 0, 0]], dtype=torch.bool)
    golden.put("padding", padding)
    mask = torch.zeros(2, 1, 1, 5).masked_fill(padding[:, None, None, :], -math.inf)
    golden.case("padding", lambda q, k, v: attend(q, k, v, mask), q=q, k=k, v=v)


def module(golden):
    """MultiheadAttention of width 6 with 2 heads: its parameters, then outputs in several modes."""
    torch.manual_seed(1)
    layer = torch.nn.MultiheadAttention(6, 2, batch_first=True)
    for parameter in layer.parameters():
        parameter.data = 0.4 * golden.normal(*parameter.shape)
    for i, name in enumerate(["query", "key", "value"]):
        golden.put(f"module.{name}.weight", layer.in_proj_weight[6 * i:6 * i + 6])
        golden.put(f"module.{name}.bias", layer.in_proj_bias[6 * i:6 * i + 6])
    golden.put("module.out.weight", layer.out_proj.weight)
    golden.put("module.out.bias", layer.out_proj.bias)
    x, context = golden.normal(2, 4, 6), golden.normal(2, 5, 6)
    padding = torch.tensor([[0, 0, 0, 1, 1], [1, 0, 0, 0, 0]], dtype=torch.bool)
    causal = torch.ones(4, 4, dtype=torch.bool).triu(1)
    golden.case("self", lambda x: layer(x, x, x)[0], x=x)
    golden.case("self_causal", lambda x: layer(x, x, x, attn_mask=causal)[0], x=x)
    golden.case("cross", lambda x, context: layer(x, context, context, key_padding_mask=padding)[0], x=x,
                context=context)


def generate(golden):
    operation(golden)
    module(golden)
