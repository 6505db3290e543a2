# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Transformers: nn/transformer.hpp, nn/transformer_decoder.hpp and nn/gpt.hpp."""
import torch
import torch.nn as nn

SIZES = dict(d_model=4, nhead=2, dim_feedforward=6, dropout=0.0, activation="gelu", batch_first=True)


def put_attention(golden, name, layer):
    width = layer.embed_dim
    for i, part in enumerate(["query", "key", "value"]):
        golden.put(f"{name}.{part}.weight", layer.in_proj_weight[width * i:width * (i + 1)])
        golden.put(f"{name}.{part}.bias", layer.in_proj_bias[width * i:width * (i + 1)])
    put(golden, f"{name}.out", layer.out_proj)


def put(golden, name, layer):
    golden.put(f"{name}.weight", layer.weight)
    golden.put(f"{name}.bias", layer.bias)


def put_block(golden, name, layer):
    put_attention(golden, f"{name}.attention", layer.self_attn)
    if hasattr(layer, "multihead_attn"):
        put_attention(golden, f"{name}.cross_attention", layer.multihead_attn)
        put(golden, f"{name}.norm3", layer.norm3)
    put(golden, f"{name}.mlp.up", layer.linear1)
    put(golden, f"{name}.mlp.down", layer.linear2)
    put(golden, f"{name}.norm1", layer.norm1)
    put(golden, f"{name}.norm2", layer.norm2)


def randomised(golden, layer):
    for parameter in layer.parameters():
        parameter.data = 0.5 * golden.normal(*parameter.shape)
    return layer.train()


def generate(golden):
    torch.manual_seed(1)
    x, context = golden.normal(2, 3, 4), golden.normal(2, 5, 4)
    causal = torch.ones(3, 3, dtype=torch.bool).triu(1)
    for name, pre in [("post", False), ("pre", True)]:
        layer = randomised(golden, nn.TransformerEncoderLayer(norm_first=pre, **SIZES))
        put_block(golden, f"{name}.model", layer)
        golden.case(name, lambda x: layer(x), x=x)
        layer = randomised(golden, nn.TransformerDecoderLayer(norm_first=pre, **SIZES))
        put_block(golden, f"decoder_{name}.model", layer)
        golden.case(f"decoder_{name}", lambda x, context: layer(x, context, tgt_mask=causal), x=x, context=context)

    model = randomised(golden, nn.Transformer(num_encoder_layers=2, num_decoder_layers=1, norm_first=True, **SIZES))
    for i, layer in enumerate(model.encoder.layers):
        put_block(golden, f"both.model.encoder.{i}", layer)
    put_block(golden, "both.model.decoder.0", model.decoder.layers[0])
    put(golden, "both.model.encoder_norm", model.encoder.norm)
    put(golden, "both.model.decoder_norm", model.decoder.norm)
    golden.case("both", lambda source, target: model(source, target, tgt_mask=causal), source=context, target=x)

    blocks = [randomised(golden, nn.TransformerEncoderLayer(norm_first=True, **SIZES)) for _ in range(2)]
    norm = randomised(golden, nn.LayerNorm(4))
    for i, block in enumerate(blocks):
        put_block(golden, f"gpt.model.blocks.{i}", block)
    put(golden, "gpt.model.norm", norm)
    tokens = golden.integers(7, 2, 3)

    def gpt(tokens, token, position):
        h = token[tokens] + position[:tokens.shape[1]]
        for block in blocks:
            h = block(h, src_mask=causal)
        return norm(h) @ token.T

    golden.case("gpt", gpt, tokens=tokens, token=golden.normal(7, 4), position=golden.normal(5, 4))
