# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Layers of nn/ for sequences and graphs that PyTorch lacks: each is the paper's equation, step by step."""
import math

import torch
import torch.nn.functional as F


def s4d(x, log_dt, log_a_real, a_imag, c_real, c_imag, d, bilinear):
    """Gu et al. (2022): the recurrence in complex numbers."""
    dt, a, c = log_dt.exp()[:, None], torch.complex(-log_a_real.exp(), a_imag), torch.complex(c_real, c_imag)
    if bilinear:
        a_bar, b_bar = (1 + dt / 2 * a) / (1 - dt / 2 * a), dt / (1 - dt / 2 * a)
    else:
        a_bar = torch.exp(dt * a)
        b_bar = (a_bar - 1) / a
    state, outputs = 0, []
    for t in range(x.shape[1]):
        state = a_bar * state + b_bar * x[:, t, :, None]
        outputs.append(2 * (c * state).sum(-1).real + d * x[:, t])
    return torch.stack(outputs, 1)


def s4d_cases(golden):
    for bilinear in (False, True):
        golden.case(f"s4d.{'bilinear' if bilinear else 'zoh'}", lambda b=bilinear, **values: s4d(**values, bilinear=b),
                    x=golden.normal(2, 7, 3), log_dt=golden.uniform(3, low=-5, high=-1), log_a_real=golden.normal(3, 4),
                    a_imag=4 * golden.normal(3, 4), c_real=golden.normal(3, 4), c_imag=golden.normal(3, 4),
                    d=golden.normal(3))
    for order in (2, 8, 20):  # HiPPO-LegS, its normal part: A = -1/2 I + S
        p = torch.sqrt(torch.arange(order) + 0.5)
        a = -torch.tril(torch.outer(p, p), -1) + torch.triu(torch.outer(p, p), 1) - 0.5 * torch.eye(order)
        values = torch.linalg.eigvals(a)
        assert torch.allclose(values.real, torch.tensor(-0.5))
        golden.put(f"s4d.legs{order}", values.imag[values.imag > 0].sort()[0])


def selective_scan(x, delta, a, b, c, d):
    """Gu & Dao (2023), algorithm 2, step by step."""
    state, outputs = 0, []
    for t in range(x.shape[1]):
        dt = delta[:, t, :, None]
        state = torch.exp(dt * a) * state + dt * b[:, t, None, :] * x[:, t, :, None]
        outputs.append((state * c[:, t, None, :]).sum(-1) + d * x[:, t])
    return torch.stack(outputs, 1)


def ssd(x, dt, a, b, c, d):
    """Dao & Gu (2024): a head's state is a matrix [P, N], and its decay a number."""
    state, outputs = 0, []
    for t in range(x.shape[1]):
        added = torch.einsum("bh,bhp,bn->bhpn", dt[:, t], x[:, t], b[:, t])
        state = torch.exp(dt[:, t] * a)[:, :, None, None] * state + added
        outputs.append(torch.einsum("bhpn,bn->bhp", state, c[:, t]) + d[:, None] * x[:, t])
    return torch.stack(outputs, 1)


def causal_convolution(x, weight, bias):
    """Of [batch, T, channels], by shifted products, and silu."""
    kernel = weight.shape[-1]
    padded = F.pad(x, (0, 0, kernel - 1, 0))
    total = sum(padded[:, k:k + x.shape[1]] * weight[:, 0, k] for k in range(kernel))
    return F.silu(total + bias)


def mamba(x, in_weight, conv_weight, conv_bias, x_weight, dt_weight, dt_bias, a_log, d, out_weight):
    inner, states = a_log.shape
    u, z = (x @ in_weight.T).split(inner, -1)
    u = causal_convolution(u, conv_weight, conv_bias)
    r, b, c = (u @ x_weight.T).split([dt_weight.shape[1], states, states], -1)
    y = selective_scan(u, F.softplus(r @ dt_weight.T + dt_bias), -a_log.exp(), b, c, d)
    return (y * F.silu(z)) @ out_weight.T


def mamba2(x, in_weight, conv_weight, conv_bias, dt_bias, a_log, d, norm_weight, out_weight):
    inner, heads = norm_weight.shape[0], a_log.shape[0]
    states = (conv_weight.shape[0] - inner) // 2
    z, ubc, dt = (x @ in_weight.T).split([inner, inner + 2 * states, heads], -1)
    u, b, c = causal_convolution(ubc, conv_weight, conv_bias).split([inner, states, states], -1)
    y = ssd(u.unflatten(-1, (heads, -1)), F.softplus(dt + dt_bias), -a_log.exp(), b, c, d).flatten(2) * F.silu(z)
    y = y / torch.sqrt((y * y).mean(-1, keepdim=True) + 1e-5) * norm_weight
    return y @ out_weight.T


def state_space_cases(golden):
    golden.case("selective_scan", selective_scan, x=golden.normal(2, 6, 3), delta=golden.uniform(2, 6, 3),
                a=-golden.uniform(3, 4, high=2.0), b=golden.normal(2, 6, 4), c=golden.normal(2, 6, 4), d=golden.normal(3))
    golden.case("ssd", ssd, x=golden.normal(2, 7, 2, 3), dt=golden.uniform(2, 7, 2), a=-golden.uniform(2, high=2.0),
                b=golden.normal(2, 7, 4), c=golden.normal(2, 7, 4), d=golden.normal(2))
    golden.case("mamba", mamba, x=golden.normal(2, 5, 3), in_weight=golden.normal(12, 3), conv_weight=golden.normal(6, 1, 3),
                conv_bias=golden.normal(6), x_weight=golden.normal(2 + 2 * 4, 6), dt_weight=golden.normal(6, 2),
                dt_bias=golden.normal(6), a_log=0.5 * golden.normal(6, 4), d=golden.normal(6), out_weight=golden.normal(3, 6))
    golden.case("mamba2", mamba2, x=golden.normal(2, 5, 3), in_weight=golden.normal(2 * 6 + 2 * 4 + 2, 3),
                conv_weight=golden.normal(6 + 2 * 4, 1, 3), conv_bias=golden.normal(6 + 2 * 4), dt_bias=golden.normal(2),
                a_log=0.5 * golden.normal(2), d=golden.normal(2), norm_weight=golden.normal(6),
                out_weight=golden.normal(3, 6))


SURROGATES = {
    "fast_sigmoid": lambda v, k: 1 / (1 + k * v.abs()) ** 2,
    "arctan": lambda v, k: k / 2 / (1 + (torch.pi / 2 * k * v) ** 2),
    "rectangular": lambda v, k: k * (v.abs() < 1 / (2 * k)),
    "triangular": lambda v, k: k * (1 - k * v.abs()).clamp(min=0),
}


class Spike(torch.autograd.Function):
    @staticmethod
    def forward(context, v, surrogate, slope):
        context.save_for_backward(v)
        context.derivative = lambda x: SURROGATES[surrogate](x, slope)
        return (v >= 0).to(v.dtype)

    @staticmethod
    def backward(context, gradient):
        return gradient * context.derivative(context.saved_tensors[0]), None, None


def lif(x, u, decay, threshold, reset, detach, surrogate, slope):
    """The spikes, and the last potential below."""
    spikes = []
    for current in x:
        u = decay * u + current
        s = Spike.apply(u - threshold, surrogate, slope)
        spikes.append(s)
        r = s.detach() if detach else s
        u = {"subtract": u - threshold * r, "zero": u * (1 - r), "none": u}[reset]
    return torch.stack(spikes + [u])


def lif_cases(golden):
    x, u = 0.6 * golden.normal(6, 4) + 0.4, golden.normal(4)

    def case(name, *how):
        golden.case(f"lif.{name}", lambda x, u: lif(x, u, 0.8, 0.7, *how, 1.5), x=x, u=u)

    for surrogate in SURROGATES:
        case(f"subtract.{surrogate}", "subtract", False, surrogate)
    for reset in ("zero", "none"):
        case(f"{reset}.arctan", reset, False, "arctan")
    for reset in ("subtract", "zero"):
        case(f"{reset}.detached", reset, True, "arctan")


def disentangled_attention(x, heads, span, max_distance, query, query_bias, key, key_bias, value, value_bias, out, out_bias,
                           positions, position_key=None, position_query=None):
    """He et al. (2021), equations 3 and 4, pair by pair; the logarithmic positions are those of DeBERTa-v2."""
    def delta(i, j):
        distance, middle = i - j, span // 2
        if max_distance and abs(distance) > middle:
            far = middle + math.ceil(math.log(abs(distance) / middle) / math.log((max_distance - 1) / middle) * (middle - 1))
            distance = far if distance > 0 else -far
        return min(max(distance + span, 0), 2 * span - 1)

    def cut(rows):
        return rows.unflatten(-1, (heads, -1))  # [..., heads, d]

    q, k, v = cut(x @ query.T + query_bias), cut(x @ key.T + key_bias), cut(x @ value.T + value_bias)
    length, terms = x.shape[1], 1 + (position_key is not None) + (position_query is not None)
    rows = []
    for i in range(length):
        scores = []
        for j in range(length):
            score = (q[:, i] * k[:, j]).sum(-1)
            if position_key is not None:
                score = score + (q[:, i] * cut(positions[delta(i, j)] @ position_key.T)).sum(-1)
            if position_query is not None:
                score = score + (k[:, j] * cut(positions[delta(j, i)] @ position_query.T)).sum(-1)
            scores.append(score)
        weights = torch.softmax(torch.stack(scores, -1) / math.sqrt(terms * q.shape[-1]), -1)  # [batch, heads, j]
        rows.append(torch.einsum("bhj,bjhd->bhd", weights, v).flatten(1))
    return torch.stack(rows, 1) @ out.T + out_bias


def attention_cases(golden):
    content = dict(x=golden.normal(1, 6, 4))
    for name in ("query", "key", "value", "out"):
        content |= {name: golden.normal(4, 4), f"{name}_bias": golden.normal(4)}
    position = golden.normal(4, 4), golden.normal(4, 4)
    golden.case("disentangled.all", lambda x, **values: disentangled_attention(x, 2, 2, 0, **values), **content,
                positions=golden.normal(4, 4), position_key=position[0], position_query=position[1])
    golden.case("disentangled.p2c", lambda x, **values: disentangled_attention(x, 2, 4, 6, **values), **content,
                positions=golden.normal(8, 4), position_query=position[1])


def skew(v):
    x, y, z = v.unbind(-1)
    zero = torch.zeros_like(x)
    return torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).unflatten(-1, (3, 3))


def quaternion_product(a, b):
    """Hamilton's product from scalar and vector parts."""
    u, v = a[..., 1:], b[..., 1:]
    w = a[..., :1] * b[..., :1] - (u * v).sum(-1, keepdim=True)
    return torch.cat([w, a[..., :1] * v + b[..., :1] * u + torch.cross(u, v, dim=-1)], -1)


def quaternion_cases(golden):
    def unit(count):
        return F.normalize(golden.normal(count, 4), dim=-1)

    def rotated(q, v):
        pure = torch.cat([torch.zeros_like(v[..., :1]), v], -1)
        return quaternion_product(quaternion_product(q, pure), q * torch.tensor([1., -1, -1, -1]))[..., 1:]

    def slerp(a, b, t):
        a, b = F.normalize(a, dim=-1), F.normalize(b, dim=-1)
        cosine = (a * b).sum(-1, keepdim=True)
        b, angle = b * torch.sign(cosine), torch.acos(cosine.abs())
        t = t[:, None]
        return (torch.sin((1 - t) * angle) * a + torch.sin(t * angle) * b) / torch.sin(angle)

    def rotation_6d(x):
        first = F.normalize(x[..., :3], dim=-1)
        second = F.normalize(x[..., 3:] - (first * x[..., 3:]).sum(-1, keepdim=True) * first, dim=-1)
        return torch.stack([first, second, torch.cross(first, second, dim=-1)], -1)

    golden.case("quaternion.product", quaternion_product, a=golden.normal(3, 4), b=golden.normal(3, 4))
    golden.case("quaternion.rotate", rotated, q=golden.normal(3, 4), v=golden.normal(3, 3))
    golden.case("quaternion.slerp", slerp, a=unit(4), b=unit(4), t=golden.uniform(4))
    scales = torch.tensor([1.0, 3.0, 0.4, 1e-3, 0.0])  # on both sides of where the series is used
    golden.case("so3_exp", lambda v: torch.linalg.matrix_exp(skew(v)), v=golden.normal(5, 3) * scales[:, None])
    golden.case("rotation_6d", rotation_6d, x=golden.normal(3, 6))


def generate(golden):
    s4d_cases(golden)
    state_space_cases(golden)
    lif_cases(golden)
    attention_cases(golden)
    quaternion_cases(golden)
