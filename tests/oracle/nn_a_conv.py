# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Convolutions: grouped, depthwise, of sequences, transposed."""
import torch.nn.functional as F

CONV2D = {  # x, w, options
    "conv2d.grouped": ((2, 4, 6, 5), (6, 2, 3, 2), dict(stride=(2, 1), padding=(1, 0), groups=2)),
    "conv2d.dilated": ((2, 3, 7, 8), (2, 3, 3, 2), dict(stride=1, padding=(2, 1), dilation=(2, 3))),
    "conv2d.depthwise": ((2, 5, 6, 19), (5, 1, 3, 3), dict(padding=1, groups=5)),
    "conv2d.depthwise_strided": ((2, 3, 9, 21), (6, 1, 5, 3), dict(stride=(2, 3), padding=2, dilation=(1, 2), groups=3)),
}
CONV1D = {
    "conv1d.plain": ((2, 3, 11), (4, 3, 3), dict()),
    "conv1d.options": ((2, 4, 12), (6, 2, 4), dict(stride=2, padding=3, dilation=2, groups=2)),
    "conv1d.depthwise": ((2, 3, 20), (3, 1, 5), dict(padding=2, groups=3)),
}
TRANSPOSE2D = {
    "conv_transpose2d.plain": ((2, 3, 3, 4), (3, 2, 3, 2), dict()),
    "conv_transpose2d.options": ((2, 4, 3, 4), (4, 2, 3, 4),
                                 dict(stride=(2, 3), padding=(1, 2), output_padding=(1, 2), dilation=(2, 1), groups=2)),
    "conv_transpose2d.depthwise": ((1, 3, 4, 5), (3, 1, 2, 2), dict(stride=2, groups=3)),
}
TRANSPOSE1D = {
    "conv_transpose1d.plain": ((2, 3, 5), (3, 2, 4), dict()),
    "conv_transpose1d.options": ((2, 4, 5), (4, 3, 5), dict(stride=3, padding=2, output_padding=1, dilation=2, groups=2)),
}


def generate(golden):
    for function, cases, biases in ((F.conv2d, CONV2D, lambda w, groups: w[0]),
                                    (F.conv1d, CONV1D, lambda w, groups: w[0]),
                                    (F.conv_transpose2d, TRANSPOSE2D, lambda w, groups: w[1] * groups),
                                    (F.conv_transpose1d, TRANSPOSE1D, lambda w, groups: w[1] * groups)):
        for name, (x, w, options) in cases.items():
            golden.case(name, lambda x, w, bias: function(x, w, bias, **options), x=golden.normal(*x),
                        w=golden.normal(*w), bias=golden.normal(biases(w, options.get("groups", 1))))
