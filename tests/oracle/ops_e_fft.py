# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Fourier and cosine transforms: ops/fft.hpp, ops/fft_conv.hpp and ops/dct.hpp. A complex argument is the two inputs zr and
zi, a complex output the stack of its parts."""
import math

import torch


def generate(golden):
    def stacked(z):
        return torch.stack((z.real, z.imag))

    def complex_case(name, function, *shape):
        golden.case(name, lambda zr, zi: function(torch.complex(zr, zi)), zr=golden.normal(*shape), zi=golden.normal(*shape))

    for n in (1, 2, 3, 4, 5, 8, 12, 16, 17, 30, 64):
        complex_case(f"fft{n}", lambda z: stacked(torch.fft.fft(z)), n)
        golden.case(f"rfft{n}", lambda x: stacked(torch.fft.rfft(x)), x=golden.normal(n))
        complex_case(f"irfft{n}", lambda z: torch.fft.irfft(z, n), n // 2 + 1)
    for norm in ("backward", "ortho", "forward"):
        complex_case("fft_" + norm, lambda z: stacked(torch.fft.fft(z, dim=1, norm=norm)), 2, 3, 2)
        complex_case("ifft_" + norm, lambda z: stacked(torch.fft.ifft(z, dim=0, norm=norm)), 4, 3)
        golden.case("rfft_" + norm, lambda x: stacked(torch.fft.rfft(x, dim=0, norm=norm)), x=golden.normal(6, 2))
        complex_case("irfft_" + norm, lambda z: torch.fft.irfft(z, 5, dim=1, norm=norm), 2, 3, 2)
    complex_case("fft_2d", lambda z: stacked(torch.fft.fft2(z, norm="ortho")), 2, 3, 4)
    complex_case("ifft_2d", lambda z: stacked(torch.fft.ifft2(z)), 2, 3)

    def convolution(x, filter):  # y_t = sum_{s <= t} filter_s x_t-s, a term at a time
        n = x.shape[-1]
        return torch.stack([sum(filter[..., s] * x[..., t - s] for s in range(min(t + 1, filter.shape[-1])))
                            for t in range(n)], -1)

    def circular(x, filter):
        n = x.shape[-1]
        return torch.stack([sum(filter[..., s] * x[..., (t - s) % n] for s in range(n)) for t in range(n)], -1)

    golden.case("conv", convolution, x=golden.normal(2, 3, 5), filter=golden.normal(3, 5))
    golden.case("conv_short", convolution, x=golden.normal(2, 8), filter=golden.normal(3))
    golden.case("conv_long", convolution, x=golden.normal(5), filter=golden.normal(9))
    golden.case("circular", circular, x=golden.normal(2, 6), filter=golden.normal(6))

    def cosines(n, norm):  # y_k = s_k sum_j x_j cos(pi k (2 j + 1) / (2 n))
        k, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
        scale = {"backward": 2.0, "forward": 1.0 / n, "ortho": math.sqrt(2.0 / n)}[norm]
        matrix = scale * torch.cos(math.pi * k * (2 * j + 1) / (2 * n))
        if norm == "ortho":
            matrix[0] /= math.sqrt(2.0)
        return matrix

    for norm in ("backward", "ortho", "forward"):
        for n in (1, 5, 8):
            golden.case(f"dct{n}_{norm}", lambda x: cosines(n, norm) @ x, x=golden.normal(n))
        golden.case(f"idct_{norm}", lambda x: torch.linalg.inv(cosines(5, norm)) @ x, x=golden.normal(5, 2))
