# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Decompositions: ops/qr.hpp and ops/svd.hpp. The signs of PyTorch's vectors are changed to those of the library."""
import torch


def generate(golden):
    def qr(a):
        q, r = torch.linalg.qr(a)
        sign = torch.sign(torch.diagonal(r, dim1=-2, dim2=-1)).detach()
        return q * sign[..., None, :], r * sign[..., :, None]

    def svd(a):
        u, s, vh = torch.linalg.svd(a, full_matrices=False)
        sign = torch.sign(torch.gather(u, -2, u.abs().argmax(-2, keepdim=True))).detach()
        return u * sign, s, vh.transpose(-2, -1) * sign

    for name, shape in (("tall", (5, 3)), ("square", (3, 3)), ("wide", (3, 5)), ("batch", (2, 4, 3))):
        # PyTorch has no gradient for a wide QR: the first columns are decomposed there, and the others turned.
        m, n = shape[-2:]
        golden.case("qr_q_" + name, lambda a: qr(a[..., :m])[0], a=golden.normal(*shape))
        golden.case("qr_r_" + name, lambda a: qr(a[..., :m])[0].transpose(-2, -1) @ a, a=golden.normal(*shape))
        golden.case("svd_u_" + name, lambda a: svd(a)[0], a=golden.normal(*shape))
        golden.case("svd_s_" + name, lambda a: svd(a)[1], a=golden.normal(*shape))
        golden.case("svd_v_" + name, lambda a: svd(a)[2], a=golden.normal(*shape))
    golden.case("svd_power", lambda a: svd(a)[0] @ torch.diag(svd(a)[1] ** 0.5) @ svd(a)[2].T, a=golden.normal(4, 3))
    golden.case("lstsq", lambda a, b: torch.linalg.lstsq(a, b).solution, a=golden.normal(5, 3), b=golden.normal(5, 2))
    golden.case("lstsq_batch", lambda a, b: torch.linalg.pinv(a) @ b, a=golden.normal(2, 4, 3), b=golden.normal(2, 4, 1))
