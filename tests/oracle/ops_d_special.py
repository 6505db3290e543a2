# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Functions of ops/special.hpp and ops/distance.hpp."""
import torch
import torch.nn.functional as F


def zeta(s, input):
    return torch.special.zeta(torch.tensor(float(s)), input)


def digamma(input):
    """With the gradient zeta(2, x), since that of torch.digamma is right to 1e-9 only."""
    at = input.detach()
    return torch.digamma(at) + zeta(2, at) * (input - at)


def generate(golden):
    for name, function in {"erfc": torch.special.erfc, "expm1": torch.expm1, "logsigmoid": F.logsigmoid}.items():
        golden.case(name, function, input=3 * golden.normal(3, 7))
    golden.case("softmin", lambda input: F.softmin(input, 1), input=3 * golden.normal(2, 4, 3))
    for name, function in {
        "lgamma": torch.lgamma, "digamma": digamma, "trigamma": lambda input: zeta(2, input),
        "polygamma3": lambda input: torch.polygamma(3, input),
    }.items():
        golden.case(name, function, input=golden.uniform(3, 7, low=0.05, high=15))
    for name, function in {"lgamma_below": torch.lgamma, "digamma_below": torch.digamma}.items():
        golden.case(name, function, input=-golden.integers(4, 8) - golden.uniform(8, low=0.1, high=0.9))
    distances(golden)


def distances(golden):
    inf = float("inf")
    norm = torch.linalg.vector_norm
    vectors = golden.normal(2, 3, 4)
    vectors[0, 1], vectors[1, 2, 0] = 0, 0
    for name, p, axes in [("1", 1, 2), ("2", 2, (0, 2)), ("3", 3, 1), ("1.5", 1.5, 2), ("half", 0.5, 2), ("inf", inf, 2)]:
        golden.case(f"norm_{name}", lambda input: norm(input, p, axes), input=vectors)
    golden.case("normalize_2", lambda input: F.normalize(input, dim=-1), input=vectors)
    golden.case("normalize_3", lambda input: F.normalize(input, 3, dim=1), input=golden.normal(2, 3, 4))
    golden.case("cosine", lambda a, b: F.cosine_similarity(a, b, 1), a=golden.normal(2, 3, 4), b=golden.normal(3, 1))
    for name, p in [("2", 2), ("1", 1), ("inf", inf)]:
        golden.case(f"pairwise_{name}", lambda a, b: F.pairwise_distance(a, b, p), a=golden.normal(3, 4), b=golden.normal(3, 4))
        golden.case(f"cdist_{name}", lambda a, b: torch.cdist(a, b, p), a=golden.normal(2, 3, 4), b=golden.normal(5, 4))
    golden.case("cdist_3", lambda a, b: torch.cdist(a, b, 3), a=golden.normal(3, 2), b=golden.normal(4, 2))
