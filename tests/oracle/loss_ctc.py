# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""CTC of logits, by PyTorch: its gradient is right behind a log_softmax alone."""
import torch
import torch.nn.functional as F


def generate(golden):
    input_lengths = torch.tensor([7, 5, 3, 7])
    target_lengths = torch.tensor([3, 2, 0, 1])
    targets = torch.tensor([[1, 1, 4], [2, 3, 0], [0, 0, 0], [3, 0, 0]])  # what is behind a target is not looked at
    golden.put("input_lengths", input_lengths)
    golden.put("target_lengths", target_lengths)
    golden.put("targets", targets)
    for reduction in ("none", "mean", "sum"):
        golden.case(f"ctc.{reduction}",
                    lambda logits, r=reduction: F.ctc_loss(torch.log_softmax(logits, -1), targets, input_lengths,
                                                           target_lengths, reduction=r),
                    logits=3 * golden.normal(7, 4, 5))
    last = torch.tensor([[0, 0], [2, 3], [0, 0], [1, 0]])
    golden.put("last_targets", last)
    golden.case("ctc.last_blank",
                lambda logits: F.ctc_loss(torch.log_softmax(logits, -1), last, input_lengths, torch.tensor([2, 2, 0, 1]),
                                          blank=4, reduction="none"),
                logits=golden.normal(7, 4, 5))
    # Sample 0 has 3 labels, two of them equal, for 3 steps.
    short = torch.tensor([3, 4, 3, 1])
    golden.put("short_lengths", short)
    golden.case("ctc.zero_infinity",
                lambda logits: F.ctc_loss(torch.log_softmax(logits, -1), targets, short, target_lengths, reduction="none",
                                          zero_infinity=True),
                logits=golden.normal(7, 4, 5))
    lengths = torch.tensor([60, 45])
    golden.put("long_lengths", lengths)
    golden.put("long_targets", long := 1 + golden.integers(5, 2, 20))
    golden.case("ctc.long",
                lambda logits: F.ctc_loss(torch.log_softmax(logits, -1), long, lengths, torch.tensor([20, 14]), reduction="none"),
                logits=golden.normal(60, 2, 6))
