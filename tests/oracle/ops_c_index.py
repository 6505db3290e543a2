# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Layout and indexing: ops/diagonal.hpp, einsum.hpp, rearrange.hpp, scatter.hpp, segment.hpp and trapezoid.hpp."""
import torch


def diagonal(golden):
    for axis1, axis2, offset in ((0, 1, -2), (2, 0, 1), (1, 2, 0)):
        golden.case(f"diagonal{axis1}{axis2}_{offset}", lambda input: torch.diagonal(input, offset, axis1, axis2),
                    input=golden.normal(3, 4, 2))
    for offset in (-1, 0, 2):
        golden.case(f"diag_embed_{offset}", lambda input: torch.diag_embed(input, offset), input=golden.normal(2, 3))
        golden.case(f"tril_{offset}", lambda input: torch.tril(input, offset), input=golden.normal(2, 4, 3))
        golden.case(f"triu_{offset}", lambda input: torch.triu(input, offset), input=golden.normal(2, 3, 4))
    golden.case("diag_vector", lambda input: torch.diag(input, -1), input=golden.normal(3))
    golden.case("diag_matrix", lambda input: torch.diag(input, 2), input=golden.normal(3, 4))
    golden.case("trace", torch.trace, input=golden.normal(3, 4))


def rearrange(golden):
    golden.case("flip", lambda input: torch.flip(input, (0, 2)), input=golden.normal(2, 3, 4))
    golden.case("flip_middle", lambda input: torch.flip(input, (-2,)), input=golden.normal(2, 3, 4))
    golden.case("roll", lambda input: torch.roll(input, (1, -5), (0, 2)), input=golden.normal(2, 3, 4))
    golden.case("roll_middle", lambda input: torch.roll(input, 2, 1), input=golden.normal(2, 3, 4))
    for axis in (0, 1):
        golden.case(f"repeat_interleave{axis}", lambda input: torch.repeat_interleave(input, 2, axis),
                    input=golden.normal(3, 2))
    golden.case("repeat_counts", lambda input, counts: torch.repeat_interleave(input, counts, 1),
                input=golden.normal(2, 4), counts=torch.tensor([2, 0, 1, 3]))
    golden.case("tile", lambda input: input.repeat(3, 1, 2), input=golden.normal(2, 3))
    golden.case("tile_short", lambda input: torch.tile(input, (2,)), input=golden.normal(2, 3))


EQUATIONS = {
    "matmul": ("ij,jk->ik", (2, 3), (3, 4)),
    "transposed": ("ij,kj->ki", (2, 3), (4, 3)),
    "attention": ("bqhd,bkhd->bhqk", (2, 3, 2, 4), (2, 2, 2, 4)),
    "bilinear": ("bi,oij,bj->bo", (2, 3), (2, 3, 4), (2, 4)),
    "outer": ("i,j->ji", (2,), (3,)),
    "dot": ("bi,bi->b", (2, 3), (2, 3)),
    "scale": ("bci,bc->bci", (2, 3, 2), (2, 3)),
    "trace": ("bii->b", (2, 3, 3)),
    "diagonal": ("iji,ki->jk", (3, 2, 3), (2, 3)),
    "sum": ("ijk->k", (2, 3, 2)),
    "alone": ("ij,k->i", (2, 3), (2,)),
    "implicit": ("ba,Bb", (2, 3), (3, 2)),
    "implicit_ellipsis": ("b...a,a...", (2, 3, 2), (2, 1)),
    "ellipsis": ("...ij,...jk->...ik", (2, 1, 2, 3), (3, 3, 2)),
    "ellipsis_sum": ("...i,...i->i", (2, 3, 2), (3, 2)),
    "broadcast": ("ij,ij->i", (3, 1), (1, 4)),
    "chain": ("ab,bc,cd,da->", (2, 3), (3, 2), (2, 2), (2, 2)),
}


def einsum(golden):
    for name, (equation, *shapes) in EQUATIONS.items():
        golden.case(f"einsum_{name}", lambda **inputs: torch.einsum(equation, *inputs.values()),
                    **{"abcd"[i]: golden.normal(*shape) for i, shape in enumerate(shapes)})


def scatter(golden):
    for axis in (0, 1, 2):
        order = torch.stack([torch.randperm(4, generator=golden.random) for _ in range(6)])
        index = order[:, :3].reshape(2, 3, 3).movedim(2, axis).contiguous()
        shape = list(index.shape)
        shape[axis] = 4
        golden.case(f"scatter{axis}", lambda x, index, source: torch.scatter(x, axis, index, source),
                    x=golden.normal(*shape), index=index, source=golden.normal(*index.shape))
    golden.case("scatter_value", lambda x, index: torch.scatter(x, 1, index, -2.5),
                x=golden.normal(2, 4), index=golden.integers(4, 2, 3))


def segment(golden):
    ids = torch.tensor([3, 0, 3, 4, 0, 3])  # none of 1 and 2
    index = ids[:, None].expand(6, 3)
    ties = 1.0 + golden.integers(2, 6, 3)  # not 0: PyTorch gives the zeros that it starts from a part of the gradient
    for name, values in (("sum", golden.normal(6, 3)), ("mean", golden.normal(6, 3)), ("amax", golden.normal(6, 3)),
                         ("amax_ties", ties)):
        golden.case(f"segment_{name}", lambda values: torch.scatter_reduce(
            torch.zeros(5, 3), 0, index, values, name.split("_")[0], include_self=False), values=values)


def trapezoid(golden):
    for name, of in (("trapezoid", torch.trapezoid), ("cumulative_trapezoid", torch.cumulative_trapezoid)):
        golden.case(f"{name}_dx", lambda y: of(y, dx=0.3, dim=0), y=golden.normal(3, 4))
        for axis in (0, 1, 2):
            golden.case(f"{name}_x{axis}", lambda y, x: of(y, x, dim=axis),
                        y=golden.normal(2, 3, 4), x=golden.normal((2, 3, 4)[axis]))
        golden.case(f"{name}_points", lambda y, x: of(y, x, dim=-1), y=golden.normal(2, 3), x=golden.normal(2, 3))


def generate(golden):
    scatter(golden)
    segment(golden)
    trapezoid(golden)
    einsum(golden)
    diagonal(golden)
    rearrange(golden)
