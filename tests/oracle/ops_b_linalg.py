# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Linear algebra: ops/solve.hpp and ops/cholesky.hpp."""
import torch


def generate(golden):
    def square(*shape):
        return golden.normal(*shape) + 2 * torch.eye(shape[-1])

    def symmetric(a):
        return a @ a.transpose(-2, -1) + torch.eye(a.shape[-1])

    for name, batch in (("", ()), ("_batch", (3,))):
        golden.case("solve" + name, lambda a, b: torch.linalg.solve(a, b), a=square(*batch, 4, 4), b=golden.normal(*batch, 4, 2))
        golden.case("inverse" + name, lambda a: torch.linalg.inv(a), a=square(*batch, 4, 4))
        golden.case("logdet" + name, lambda a: torch.logdet(symmetric(a)), a=square(*batch, 4, 4))
        golden.case("slogdet" + name, lambda a: torch.linalg.slogdet(a)[1], a=golden.normal(*batch, 4, 4))
        golden.put("slogdet_sign" + name, torch.linalg.slogdet(golden.tensors[f"slogdet{name}.in.a"])[0])
        golden.case("cholesky" + name, lambda a: torch.linalg.cholesky(symmetric(a)), a=golden.normal(*batch, 4, 4))
    golden.case("solve_vector", lambda a, b: torch.linalg.solve(a, b), a=square(4, 4), b=golden.normal(4))
