# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Twenty steps of optimizers that PyTorch 1.13 has not, written from their papers, on quadratics as in optim.py; PyTorch's
L-BFGS; natural gradients."""
import torch

import optim


def quadratic(*shapes):
    """Parameters, minima and curvatures, as in optim.model()."""
    sizes = [torch.Size(shape).numel() for shape in shapes]
    index = torch.arange(sum(sizes))
    flat = ((index % 23) / 8 - 1, 0.5 + 0.25 * (index % 7), 0.5 + 0.125 * (index % 5))
    return [[part.reshape(shape).clone() for part, shape in zip(values.double().split(sizes), shapes)] for values in flat]


def train(step, *shapes, steps=20):
    """step(i, t, p, g, state) changes parameter i in update t, from 1; state is a dict of its own."""
    values, minima, curvatures = quadratic(*shapes)
    states = [{} for _ in values]
    for t in range(1, steps + 1):
        for i, (p, minimum, curvature) in enumerate(zip(values, minima, curvatures)):
            step(i, t, p, curvature * (p - minimum), states[i])
    return torch.cat([p.flatten() for p in values])


def newton_schulz(g, steps=5):
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g.mT if g.size(-2) > g.size(-1) else g
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        A = x @ x.mT
        x = a * x + (b * A + c * A @ A) @ x
    return x.mT if g.size(-2) > g.size(-1) else x


def adam(p, g, state, lr, b1, b2, eps, wd, t):
    p.mul_(1 - lr * wd).sub_(lr * adam_direction(g, state, b1, b2, eps, t))


def adam_direction(g, state, b1, b2, eps, t):
    m = state["m"] = b1 * state.get("m", torch.zeros_like(g)) + (1 - b1) * g
    v = state["v"] = b2 * state.get("v", torch.zeros_like(g)) + (1 - b2) * g * g
    return m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + eps)


def muon(nesterov, wd):
    def step(i, t, p, g, state):
        if p.dim() < 2:
            return adam(p, g, state, 0.05, 0.9, 0.95, 1e-8, 0.1, t)
        m = state["m"] = 0.9 * state.get("m", torch.zeros_like(g)) + 0.1 * g
        u = newton_schulz(0.1 * g + 0.9 * m if nesterov else m)
        p.mul_(1 - 0.02 * wd).sub_(0.02 * max(1, p.size(0) / p.size(1)) ** 0.5 * u)
    return step


def power(s, exponent):
    w, v = torch.linalg.eigh(s)
    return v @ torch.diag(w**exponent) @ v.mT


def shampoo(momentum, eps, every, block, wd):
    def step(i, t, p, g, state):
        if p.dim() < 2:
            s = state["s"] = state.get("s", eps * torch.ones_like(g)) + g * g
            u = g / s.sqrt()
        else:
            u = torch.empty_like(g)
            for r in range(0, g.size(0), block):
                for c in range(0, g.size(1), block):
                    tile = g[r:r + block, c:c + block]
                    L, R, _, _ = state.get((r, c), (eps * torch.eye(tile.size(0)), eps * torch.eye(tile.size(1)), 0, 0))
                    L, R = L + tile @ tile.mT, R + tile.mT @ tile
                    roots = (power(L, -0.25), power(R, -0.25)) if (t - 1) % every == 0 else state[r, c][2:]
                    state[r, c] = (L, R, *roots)
                    u[r:r + block, c:c + block] = roots[0] @ tile @ roots[1]
        m = state["momentum"] = momentum * state.get("momentum", torch.zeros_like(g)) + u
        p.mul_(1 - 0.1 * wd).sub_(0.1 * m)
    return step


def soap(every, limit):
    """m in the parameter's own axes, as in the paper's algorithm."""
    lr, b1, b2, eps, wd = 0.05, 0.9, 0.95, 1e-3, 0.1

    def step(i, t, p, g, state):
        if p.dim() < 2:
            return adam(p, g, state, lr, b1, b2, eps, wd, t - 1) if t > 1 else None
        sides = {name: gram for name, gram, size in [("L", g @ g.mT, g.size(0)), ("R", g.mT @ g, g.size(1))] if size <= limit}

        def turn(x, back=False):
            if "L" in sides:
                x = (state["QL"] if back else state["QL"].mT) @ x
            if "R" in sides:
                x = x @ (state["QR"].mT if back else state["QR"])
            return x
        if t > 1:
            m = state["m"] = b1 * state.get("m", torch.zeros_like(g)) + (1 - b1) * g
            v = state["v"] = b2 * state.get("v", torch.zeros_like(g)) + (1 - b2) * turn(g) ** 2
            u = turn(m) / (1 - b1**(t - 1)) / ((v / (1 - b2**(t - 1))).sqrt() + eps)
            p.mul_(1 - lr * wd).sub_(lr * turn(u, back=True))
        for name, gram in sides.items():
            s = state[name] = b2 * state.get(name, torch.zeros_like(gram)) + (1 - b2) * gram
            if t == 1:
                state["Q" + name] = torch.linalg.eigh(s)[1].flip(1)
            elif (t - 1) % every == 0:
                state["Q" + name] = torch.linalg.qr(s @ state["Q" + name])[0]
    return step


def galore(rank, every, scale):
    def step(i, t, p, g, state):
        lr, hyper = 0.1, (0.9, 0.99, 1e-3, t)
        if p.dim() < 2:
            return adam(p, g, state, lr, 0.9, 0.99, 1e-3, 0.1, t)
        wide = g.size(0) <= g.size(1)
        if (t - 1) % every == 0:
            u, _, vh = torch.linalg.svd(g)
            P = (u if wide else vh.mT)[:, :rank]
            state["P"] = P * P.gather(0, P.abs().argmax(0, keepdim=True)).sign()
        P = state["P"]
        u = P @ adam_direction(P.mT @ g, state, *hyper) if wide else adam_direction(g @ P, state, *hyper) @ P.mT
        p.mul_(1 - lr * 0.1).sub_(lr * scale * u)
    return step


def dynamic_code(signed):
    """bitsandbytes' create_dynamic_map, 7 exponent bits at most and 8 bits in all."""
    data = []
    for i in range(7):
        items = 2**i + 1 if signed else 2**(i + 1) + 1
        boundaries = torch.linspace(0.1, 1, items)
        means = (boundaries[:-1] + boundaries[1:]) / 2
        data += (10.0**(i - 6) * means).tolist()
        if signed:
            data += (-(10.0**(i - 6)) * means).tolist()
    return torch.tensor(sorted(data + [0, 1.0]))


def adam8bit(block):
    codes = {"m": dynamic_code(True), "v": dynamic_code(False)}

    def round_to(x, code):
        out = x.flatten().clone()
        for part in out.split(block):
            scale = part.abs().max()
            part.copy_(code[(part[:, None] / scale - code[None, :]).abs().argmin(1)] * scale)
        return out.reshape(x.shape)

    def step(i, t, p, g, state):
        adam(p, g, state, 0.05, 0.9, 0.95, 1e-3, 0.1, t)
        for name, code in codes.items():
            state[name] = round_to(state[name], code)
    return step


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def lbfgs(start, iterations, function, **options):
    """The points after each iteration."""
    x = torch.nn.Parameter(torch.tensor(start))
    optimizer = torch.optim.LBFGS([x], max_iter=1, line_search_fn="strong_wolfe", **options)

    def closure():
        optimizer.zero_grad()
        loss = function(x)
        loss.backward()
        return loss
    points = []
    for _ in range(iterations):
        optimizer.step(closure)
        points.append(x.detach().clone())
    return torch.stack(points)


def softmax_natural(golden):
    """The natural gradient of softmax regression: the true Fisher matrix, as the mean over labels, of W [3, 4] with b [3]."""
    x, w, b = golden.normal(6, 4), golden.normal(3, 4), golden.normal(3)
    labels = golden.integers(3, 6)
    for name, value in [("x", x), ("w", w), ("b", b), ("labels", labels)]:
        golden.put("natural.in." + name, value)
    F, total = torch.zeros(15, 15), torch.zeros(15)
    for i in range(6):
        p = torch.softmax(w @ x[i] + b, 0)
        for k in range(3):
            e = p - torch.eye(3)[k]  # the gradient of -log p_k in the logits
            g = torch.cat([torch.outer(e, x[i]).flatten(), e])
            F += p[k] * torch.outer(g, g) / 6
            total += g / 6 * (labels[i] == k)
    golden.put("natural.fisher", F)
    golden.put("natural.gradient", total)
    golden.put("natural.out", torch.linalg.solve(F + 0.05 * torch.eye(15), total))


def kfac(golden):
    """Five steps of K-FAC on a net of two layers, the second without bias, with half the squared error."""
    x, target = golden.normal(6, 3), golden.normal(6, 2)
    w1, b1, w2 = golden.normal(4, 3), golden.normal(4), golden.normal(2, 4)
    for name, value in [("x", x), ("target", target), ("w1", w1), ("b1", b1), ("w2", w2)]:
        golden.put("kfac.in." + name, value)
    damping, factors, inverses, estimates = 0.1, {}, {}, 0
    for t in range(5):
        h = torch.tanh(x @ w1.mT + b1)
        error = h @ w2.mT - target
        inner = (error @ w2) * (1 - h * h)
        ones = torch.ones(6, 1)
        layers = {"1": (torch.cat([x, ones], 1), inner), "2": (h, error)}
        if t % 2 == 0:
            estimates += 1
            keep = min(1 - 1 / estimates, 0.6)
            for name, (a, g) in layers.items():
                old = factors.get(name, (0, 0))
                A, G = [keep * o + (1 - keep) * s.mT @ s / 6 for o, s in zip(old, (a, g))]
                factors[name] = (A, G)
                pi = ((A.trace() / len(A)) / (G.trace() / len(G))).sqrt()
                inverses[name] = (torch.linalg.inv(A + pi * damping**0.5 * torch.eye(len(A))),
                                  torch.linalg.inv(G + damping**0.5 / pi * torch.eye(len(G))))
        steps = {name: inverses[name][1] @ (g.mT @ a / 6) @ inverses[name][0] for name, (a, g) in layers.items()}
        w1, b1, w2 = w1 - 0.5 * steps["1"][:, :3], b1 - 0.5 * steps["1"][:, 3], w2 - 0.5 * steps["2"]
    golden.put("kfac.out", torch.cat([w1.flatten(), b1, w2.flatten()]))


def generate(golden):
    golden.case("newton_schulz_wide", newton_schulz, g=golden.normal(3, 7))
    golden.case("newton_schulz_tall", lambda g: newton_schulz(g, 2), g=golden.normal(5, 2))
    golden.put("muon", train(muon(True, 0.1), *optim.SHAPES))
    golden.put("muon_heavy_ball", train(muon(False, 0), *optim.SHAPES))
    golden.put("shampoo", train(shampoo(0, 1e-2, 1, 512, 0), *optim.SHAPES))
    golden.put("shampoo_all", train(shampoo(0.5, 1e-2, 3, 8, 0.1), *optim.SHAPES))
    golden.put("soap", train(soap(4, 10000), (3, 3), (2,)))
    golden.put("soap_left", train(soap(1, 3), (3, 4), (2,)))
    golden.put("soap_right", train(soap(1, 3), (4, 3), (2,)))
    golden.put("galore_tall", train(galore(2, 7, 0.5), *optim.SHAPES))
    golden.put("galore_wide", train(galore(1, 3, 0.25), (3, 4), (2,)))
    golden.put("dynamic_code_signed", dynamic_code(True))
    golden.put("dynamic_code", dynamic_code(False))
    golden.put("adam8bit", train(adam8bit(16), *optim.SHAPES))
    golden.put("lbfgs_rosenbrock", lbfgs([-1.2, 1.0], 30, rosenbrock, history_size=5))
    golden.put("lbfgs_rosenbrock_6", lbfgs([-1.2, 1.0, 0.5, -0.5, 0.25, 2.0], 30, rosenbrock, history_size=3, lr=0.5))
    softmax_natural(golden)
    kfac(golden)
