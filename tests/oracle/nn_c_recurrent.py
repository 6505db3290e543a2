# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Recurrent layers: nn/rnn.hpp, nn/lstm.hpp and nn/gru.hpp. An output is the outputs and the final states below."""
import torch
import torch.nn as nn


def generate(golden):
    x = golden.normal(4, 2, 3)
    h, c = golden.normal(2, 2, 5), golden.normal(2, 2, 5)
    for name, kind in [("rnn", nn.RNN), ("lstm", nn.LSTM), ("gru", nn.GRU)]:
        layer = kind(3, 5, num_layers=2)
        for key, parameter in layer.named_parameters():
            parameter.data = 0.7 * golden.normal(*parameter.shape)
            golden.put(f"{name}.model.{key}", parameter)

        def run(x, state=None):
            y, final = layer(x, state)
            return torch.cat([y, *final] if name == "lstm" else [y, final])

        golden.case(f"{name}.zero", run, x=x)
        if name == "lstm":
            golden.case(f"{name}.given", lambda x, h, c: run(x, (h, c)), x=x, h=h, c=c)
        else:
            golden.case(f"{name}.given", run, x=x, state=h)
