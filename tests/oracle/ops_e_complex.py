# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Complex tensors: ops/atan2.hpp and ops/complex*.hpp. A complex argument z is the two inputs zr and zi, a complex output
the stack of its parts."""
import torch
import torch.nn.functional as F


def generate(golden):
    def stacked(z):
        return torch.stack((z.real, z.imag))

    def pair(shape_a, shape_b):
        return dict(ar=golden.normal(*shape_a), ai=golden.normal(*shape_a), br=golden.normal(*shape_b),
                    bi=golden.normal(*shape_b))

    def binary(name, function, shape_a, shape_b):
        golden.case(name, lambda ar, ai, br, bi: stacked(function(torch.complex(ar, ai), torch.complex(br, bi))),
                    **pair(shape_a, shape_b))

    for name, function in (("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("div", torch.div)):
        binary(name, function, (2, 3), (3,))
        golden.case(name + "_real", lambda zr, zi, x: stacked(function(torch.complex(zr, zi), x)), zr=golden.normal(3),
                    zi=golden.normal(3), x=golden.normal(2, 3))
        golden.case("real_" + name, lambda zr, zi, x: stacked(function(x, torch.complex(zr, zi))), zr=golden.normal(3),
                    zi=golden.normal(3), x=golden.normal(2, 3))
    for name, function in (("conj", lambda z: torch.conj(z).resolve_conj()), ("exp", torch.exp),
                           ("reciprocal", torch.reciprocal)):
        golden.case(name, lambda zr, zi: stacked(function(torch.complex(zr, zi))), zr=golden.normal(5), zi=golden.normal(5))
    zeros = torch.tensor([0.0, 0.0, -2.0, 3.0, 1.0, -1.0])
    others = torch.tensor([0.0, 1.5, 0.0, -1.0, 2.0, -0.5])
    golden.case("abs", lambda zr, zi: torch.abs(torch.complex(zr, zi)), zr=zeros, zi=others)
    golden.case("angle", lambda zr, zi: torch.angle(torch.complex(zr, zi)), zr=zeros, zi=others)
    golden.case("polar", lambda r, t: stacked(torch.polar(r, t)), r=golden.uniform(4), t=golden.normal(4))
    golden.case("atan2", lambda y, x: torch.atan2(y, x), y=golden.normal(4, 1), x=golden.normal(3))

    binary("matmul", torch.matmul, (2, 3, 4), (4, 2))
    binary("matmul_transposed", lambda a, b: torch.matmul(a.transpose(-2, -1), b.transpose(-2, -1)), (4, 3), (2, 4))

    def conv(name, function, x, w, filters):
        golden.case(name, lambda xr, xi, wr, wi, br, bi: stacked(
            function(torch.complex(xr, xi), torch.complex(wr, wi), torch.complex(br, bi))),
            xr=golden.normal(*x), xi=golden.normal(*x), wr=golden.normal(*w), wi=golden.normal(*w), br=golden.normal(filters),
            bi=golden.normal(filters))

    def complex_conv(real, **options):  # PyTorch 1.13 has no complex transposed convolution on the CPU
        def function(x, w, b):
            bias = torch.stack((b.real, b.imag)).reshape((2, 1, -1) + (1,) * (x.dim() - 2))
            return torch.complex(real(x.real, w.real, **options) - real(x.imag, w.imag, **options) + bias[0],
                                 real(x.real, w.imag, **options) + real(x.imag, w.real, **options) + bias[1])
        return function

    conv("conv1d", lambda x, w, b: F.conv1d(x, w, b, stride=2, padding=1), (2, 2, 7), (3, 2, 3), 3)
    conv("conv2d", lambda x, w, b: F.conv2d(x, w, b, padding=1, groups=2), (1, 4, 3, 4), (2, 2, 3, 2), 2)
    conv("conv_transpose1d", complex_conv(F.conv_transpose1d, stride=2, padding=1), (2, 2, 4), (2, 3, 3), 3)
    conv("conv_transpose2d", complex_conv(F.conv_transpose2d, stride=2), (1, 2, 2, 3), (2, 2, 2, 2), 2)

    # nn/complex_*.hpp
    golden.case("linear", lambda zr, zi, wr, wi, br, bi: stacked(F.linear(torch.complex(zr, zi), torch.complex(wr, wi)) +
                                                                 torch.complex(br, bi)),
                zr=golden.normal(3, 2), zi=golden.normal(3, 2), wr=golden.normal(4, 2), wi=golden.normal(4, 2),
                br=golden.normal(4), bi=golden.normal(4))

    def with_angle(z):
        return torch.abs(z), torch.angle(z)

    def modrelu(z, b):
        r, angle = with_angle(z)
        return torch.polar(torch.relu(r + b[:, None]), angle)

    def zrelu(z):
        angle = torch.angle(z)
        return torch.where((angle >= 0) & (angle <= torch.pi / 2), z, torch.zeros_like(z))

    def cardioid(z):
        return 0.5 * (1 + torch.cos(torch.angle(z))) * z

    golden.case("modrelu", lambda zr, zi, b: stacked(modrelu(torch.complex(zr, zi), b)), zr=golden.normal(2, 3, 4),
                zi=golden.normal(2, 3, 4), b=torch.tensor([-1.0, -0.3, 0.5]))
    for name, function in (("crelu", lambda z: torch.complex(torch.relu(z.real), torch.relu(z.imag))), ("zrelu", zrelu),
                           ("cardioid", cardioid)):
        golden.case(name, lambda zr, zi: stacked(function(torch.complex(zr, zi))), zr=golden.normal(12), zi=golden.normal(12))

    def whitened(x, mean, covariance, weight, bias):  # parts in axis 0 of x, [2, n, channels, length], and of mean and bias
        values, vectors = torch.linalg.eigh(covariance + 1e-5 * torch.eye(2))  # [channels, 2, 2]
        root = vectors @ torch.diag_embed(values ** -0.5) @ vectors.transpose(-2, -1)
        matrix = torch.stack((weight[0], weight[1], weight[1], weight[2]), -1).reshape(-1, 2, 2) @ root
        return torch.einsum("cij,jncl->incl", matrix, x - mean[:, None, :, None]) + bias[:, None, :, None]

    def covariance_of(x):
        centred = (x - x.mean((1, 3), keepdim=True)).permute(2, 0, 1, 3).flatten(2)
        return centred @ centred.transpose(-2, -1) / centred.shape[-1]

    def batch_norm(zr, zi, weight, br, bi):
        x = torch.stack((zr, zi))
        return whitened(x, x.mean((1, 3)), covariance_of(x), weight, torch.stack((br, bi)))

    mean, covariance = golden.normal(2, 2), torch.tensor([[2.0, 0.5], [0.3, -0.2], [1.0, 0.8]])  # rr, ri, ii of two channels
    golden.put("batch_norm.running_mean", mean)
    golden.put("batch_norm.running_covariance", covariance)

    def evaluated(zr, zi, weight, br, bi):
        matrix = torch.stack((covariance[0], covariance[1], covariance[1], covariance[2]), -1).reshape(-1, 2, 2)
        return whitened(torch.stack((zr, zi)), mean, matrix, weight, torch.stack((br, bi)))

    for name, function in (("batch_norm_training", batch_norm), ("batch_norm_evaluation", evaluated)):
        zr = golden.normal(3, 2, 4)
        golden.case(name, function, zr=zr, zi=0.6 * zr + golden.normal(3, 2, 4) + 1, weight=golden.normal(3, 2),
                    br=golden.normal(2), bi=golden.normal(2))
    x = torch.stack((golden.tensors["batch_norm_training.in.zr"], golden.tensors["batch_norm_training.in.zi"]))
    unbiased = covariance_of(x) * 12 / 11
    golden.put("batch_norm.mean_after", 0.75 * mean + 0.25 * x.mean((1, 3)))
    golden.put("batch_norm.covariance_after", 0.75 * covariance + 0.25 * torch.stack(
        (unbiased[:, 0, 0], unbiased[:, 0, 1], unbiased[:, 1, 1])))
