# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Conditioning and vision: mixtures of experts, networks of images and coordinates."""
import torch
import torch.nn.functional as F

from nn_b_transformer import SIZES, put, put_block, randomised


def film(x, condition, weight, bias):
    gamma, beta = F.linear(condition, weight, bias).chunk(2, 1)
    shape = list(gamma.shape) + [1] * (x.dim() - 2)
    return (1 + gamma.view(shape)) * x + beta.view(shape)


def put_film(golden):
    for name, rest in [("vector", ()), ("sequence", (4,)), ("image", (2, 3))]:
        golden.case(f"film.{name}", film, x=golden.normal(2, 3, *rest), condition=golden.normal(2, 5),
                    weight=golden.normal(6, 5), bias=golden.normal(6))


def moe(gates):
    """gates(logits): [tokens, experts], 0 where not chosen. The output, the load-balance loss and the z-loss in a row."""
    def f(x, router, w0, b0, w1, b1, w2, b2):
        z = x @ router.T
        g = gates(z)
        out = sum(g[:, e:e + 1] * torch.tanh(x @ w.T + b) for e, (w, b) in enumerate([(w0, b0), (w1, b1), (w2, b2)]))
        fraction = torch.stack([(g.argmax(1) == e).double().mean() for e in range(3)])
        balance = 3 * (fraction * z.softmax(1).mean(0)).sum()
        return torch.cat([out.flatten(), balance.view(1), z.logsumexp(1).square().mean().view(1)])
    return f


def keep_top(values, k):
    return torch.zeros_like(values).scatter(1, values.topk(k, 1).indices, 1.0)


def switch(z):
    return z.softmax(1) * keep_top(z, 1)


def top2(z):
    p = z.softmax(1) * keep_top(z, 2)
    return p / p.sum(1, keepdim=True)


def dense_to_sparse(z):
    p = (z / 1.5).softmax(1)
    return p * (p > 0.25)


def put_moe(golden):
    for name, gates in [("switch", switch), ("top2", top2), ("dense_to_sparse", dense_to_sparse)]:
        golden.case(f"moe.{name}", moe(gates), x=golden.normal(6, 4), router=golden.normal(3, 4),
                    **{f"{kind}{e}": golden.normal(*shape) for e in range(3) for kind, shape in [("w", (2, 4)), ("b", (2,))]})


def put_named(golden, name, **parameters):
    for key, value in parameters.items():
        golden.put(f"{name}.{key.replace('__', '.')}", value)


def put_resnet(golden):
    x = golden.normal(2, 3, 5, 4)
    w = [golden.normal(4, 3, 3, 3), golden.normal(4, 4, 3, 3), golden.normal(4, 3, 1, 1)]
    n = [golden.normal(2, 4) for _ in range(3)]
    put_named(golden, "resnet.basic.model", convs__0__weight=w[0], convs__1__weight=w[1], shortcut_conv__0__weight=w[2],
              norms__0__weight=n[0][0], norms__0__bias=n[0][1], norms__1__weight=n[1][0], norms__1__bias=n[1][1],
              shortcut_norm__0__weight=n[2][0], shortcut_norm__0__bias=n[2][1])

    def batch(x, wb):
        return F.batch_norm(x, None, None, *wb, training=True)

    def basic(x):
        y = F.relu(batch(F.conv2d(x, w[0], stride=2, padding=1), n[0]))
        y = batch(F.conv2d(y, w[1], padding=1), n[1])
        return F.relu(y + batch(F.conv2d(x, w[2], stride=2), n[2]))

    golden.case("resnet.basic", basic, x=x)

    v = [golden.normal(2, 4, 1, 1), golden.normal(2, 2, 3, 3), golden.normal(4, 2, 1, 1)]
    m = [golden.normal(2, 2), golden.normal(2, 2), golden.normal(2, 4)]
    put_named(golden, "resnet.bottleneck.model", **{f"convs__{i}__weight": v[i] for i in range(3)},
              **{f"norms__{i}__weight": m[i][0] for i in range(3)}, **{f"norms__{i}__bias": m[i][1] for i in range(3)})

    def bottleneck(x):
        y = F.relu(F.group_norm(F.conv2d(x, v[0]), 2, *m[0]))
        y = F.relu(F.group_norm(F.conv2d(y, v[1], padding=1), 2, *m[1]))
        return F.relu(F.group_norm(F.conv2d(y, v[2]), 2, *m[2]) + x)

    golden.case("resnet.bottleneck", bottleneck, x=golden.normal(2, 4, 4, 3))


def put_vit(golden):
    golden.case("patch_embedding", lambda x, weight, bias: F.conv2d(x, weight, bias, stride=(2, 3)).flatten(2).transpose(1, 2),
                x=golden.normal(2, 2, 4, 6), weight=golden.normal(5, 2, 2, 3), bias=golden.normal(5))
    for name, tokens in [("vit.token", 1), ("vit.mean", 0)]:
        block = randomised(golden, torch.nn.TransformerEncoderLayer(norm_first=True, **SIZES))
        norm = randomised(golden, torch.nn.LayerNorm(4))
        model = f"{name}.model"
        put_block(golden, f"{model}.blocks.0", block)
        put(golden, f"{model}.norm", norm)
        w, b = golden.normal(4, 1, 2, 2), golden.normal(4)
        head, bias = golden.normal(3, 4), golden.normal(3)
        position, token = golden.normal(4 + tokens, 4), golden.normal(1, 1, 4)
        put_named(golden, model, embedding__conv__weight=w, embedding__conv__bias=b, head__weight=head, head__bias=bias,
                  position=position)
        if tokens:
            golden.put(f"{model}.class_token", token)

        def vit(x):
            y = F.conv2d(x, w, b, stride=2).flatten(2).transpose(1, 2)
            y = torch.cat([token.expand(len(x), 1, 4)] * tokens + [y], 1) + position
            y = norm(block(y))
            return F.linear(y[:, 0] if tokens else y.mean(1), head, bias)

        golden.case(name, vit, x=golden.normal(2, 1, 4, 4))


def put_coordinates(golden):
    def sinusoidal(t):
        angles = t[..., None] * 50.0 ** (-torch.arange(3) / 3)
        return torch.cat([angles.sin(), angles.cos()], -1)

    golden.case("sinusoidal", sinusoidal, t=golden.normal(2, 3))
    frequencies = golden.normal(4, 3)
    golden.put("fourier.frequencies", frequencies)
    golden.case("fourier", lambda x: torch.cat([f(2 * torch.pi * x @ frequencies.T) for f in (torch.cos, torch.sin)], -1),
                x=golden.uniform(2, 3, 3))
    golden.case("siren", lambda x, w0, b0, w1, b1, w2, b2: F.linear(
        torch.sin(5 * F.linear(torch.sin(20 * F.linear(x, w0, b0)), w1, b1)), w2, b2), x=golden.uniform(4, 2),
        w0=golden.uniform(3, 2), b0=golden.uniform(3), w1=golden.normal(3, 3), b1=golden.normal(3),
        w2=golden.normal(2, 3), b2=golden.normal(2))


def put_blur(golden):
    rows = {2: [1, 1], 3: [1, 2, 1], 4: [1, 3, 3, 1], 5: [1, 4, 6, 4, 1]}
    for size, stride, shape in [(2, 2, (2, 3, 4, 5)), (3, 2, (2, 3, 6, 5)), (4, 1, (1, 2, 5, 3)), (5, 3, (1, 2, 7, 4))]:
        row = torch.tensor(rows[size], dtype=torch.float64)
        row /= row.sum()
        channels, before, after = shape[1], (size - 1) // 2, size // 2
        golden.case(f"blur.{size}", lambda x: F.conv2d(F.pad(x, (before, after, before, after), mode="reflect"),
                                                       torch.outer(row, row).expand(channels, 1, size, size),
                                                       stride=stride, groups=channels), x=golden.normal(*shape))


def put_weights(golden):
    def standardised(x, weight, bias):
        rows = weight.flatten(1)
        rows = (rows - rows.mean(1, keepdim=True)) / (rows.var(1, unbiased=False, keepdim=True) + 0.1).sqrt()
        return F.conv2d(x, rows.view_as(weight), bias, padding=1)

    golden.case("weight_standardisation", standardised, x=golden.normal(1, 2, 3, 2), weight=golden.normal(3, 2, 2, 2),
                bias=golden.normal(3))
    for name, layer, shape, iterations in [("linear", torch.nn.Linear(4, 3), (2, 4), 1),
                                           ("conv", torch.nn.Conv2d(2, 3, 2), (1, 2, 3, 3), 2),
                                           ("transpose", torch.nn.ConvTranspose1d(2, 3, 2), (1, 2, 3), 1)]:
        name = f"spectral.{name}"
        weight, bias = golden.normal(*layer.weight.shape), golden.normal(3)
        layer.weight.data = weight.clone()
        torch.nn.utils.parametrizations.spectral_norm(layer, n_power_iterations=iterations)
        norm = layer.parametrizations.weight[0]
        u, v = norm._u.clone(), norm._v.clone()
        golden.put(f"{name}.u", u)
        golden.put(f"{name}.v", v)

        def run(x, weight, bias):
            norm._u.copy_(u)
            norm._v.copy_(v)
            matrix = norm(weight)
            if isinstance(layer, torch.nn.Linear):
                return F.linear(x, matrix, bias)
            return (F.conv2d if isinstance(layer, torch.nn.Conv2d) else F.conv_transpose1d)(x, matrix, bias)

        golden.case(name, run, x=golden.normal(*shape), weight=weight, bias=bias)
        golden.put(f"{name}.u_after", norm._u)
        golden.put(f"{name}.v_after", norm._v)


def put_prompts(golden):
    def prompts(query, keys, prompts):
        cosines = F.cosine_similarity(query[:, None], keys[None], dim=2)
        best = cosines.topk(2, 1)
        pull = (1 - best.values).sum(1).mean()
        return torch.cat([prompts[best.indices].flatten(), pull.view(1)])

    golden.case("prompt_pool", prompts, query=golden.normal(3, 4), keys=golden.normal(5, 4), prompts=golden.normal(5, 2, 2))

    def hypernetwork(x, condition, w0, b0, w1, b1):
        w = F.linear(F.relu(F.linear(condition, w0, b0)), w1, b1)
        return F.linear(x, w[:6].view(2, 3), w[6:])

    golden.case("hypernetwork", hypernetwork, x=golden.normal(2, 3), condition=golden.normal(4), w0=golden.normal(5, 4),
                b0=golden.normal(5), w1=golden.normal(8, 5), b1=golden.normal(8))


def generate(golden):
    torch.manual_seed(1)
    put_film(golden)
    put_moe(golden)
    put_resnet(golden)
    put_vit(golden)
    put_coordinates(golden)
    put_blur(golden)
    put_weights(golden)
    put_prompts(golden)
