# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Metrics, each written from its definition by another way than the library's."""
import itertools
import math

import torch
import torch.nn.functional as F


def auc(scores, positive):
    """The area of the curve itself, by the trapezoidal rule over all thresholds."""
    points = [(0.0, 0.0)]
    for t in sorted(set(scores.tolist()), reverse=True):
        above = scores >= t
        points.append(((above & ~positive).sum().item() / (~positive).sum().item(),
                       (above & positive).sum().item() / positive.sum().item()))
    return sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(points, points[1:]))


def calibration(p, labels, edges):
    confidence, found = p.max(1)
    gaps = []
    for low, high in edges:
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            right = (found == labels)[inside].double().mean()
            gaps.append((inside.double().mean() * (right - confidence[inside].mean()).abs(),
                         (right - confidence[inside].mean()).abs()))
    return torch.stack([sum(g[0] for g in gaps), max(g[1] for g in gaps)])


def ssim(x, y, size=11, sigma=1.5, peak=1.0):
    t = torch.arange(size) - size // 2
    window = torch.exp(-(t[:, None] ** 2 + t[None, :] ** 2) / (2 * sigma ** 2))
    window = (window / window.sum()).expand(x.shape[1], 1, size, size)
    blur = lambda image: F.conv2d(image, window, groups=x.shape[1])
    mx, my = blur(x), blur(y)
    sx, sy, sxy = blur(x * x) - mx ** 2, blur(y * y) - my ** 2, blur(x * y) - mx * my
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    return ((2 * mx * my + c1) * (2 * sxy + c2) / ((mx ** 2 + my ** 2 + c1) * (sx + sy + c2))).mean()


def frechet(x, y):
    sx, sy = torch.cov(x.T), torch.cov(y.T)
    roots = torch.linalg.eigvals(sx @ sy).real.clamp(min=0).sqrt()  # of the product itself, which is not symmetric
    return ((x.mean(0) - y.mean(0)) ** 2).sum() + torch.trace(sx) + torch.trace(sy) - 2 * roots.sum()


def alignment(k, l):
    n = len(k)
    h = torch.eye(n) - torch.ones(n, n) / n
    hsic = lambda a, b: torch.trace(a @ h @ b @ h)
    return hsic(k, l) / torch.sqrt(hsic(k, k) * hsic(l, l))


def rbf(x, fraction):
    d = torch.stack([torch.stack([((a - b) ** 2).sum() for b in x]) for a in x])
    pairs = torch.stack([d[i, j] for i, j in itertools.combinations(range(len(x)), 2)])
    return torch.exp(-d / (2 * fraction ** 2 * torch.median(pairs)))


def kraskov(x, y, k):
    distance = lambda z: (z[:, None] - z[None]).abs().amax(-1)
    dx, dy = distance(x), distance(y)
    radius = torch.maximum(dx, dy).sort(1)[0][:, k]  # entry 0 is the sample itself
    near = lambda d: (d < radius[:, None]).sum(1) - 1
    psi = lambda v: torch.digamma(torch.as_tensor(v, dtype=torch.float64))
    return psi(k) + psi(len(x)) - (psi(near(dx) + 1) + psi(near(dy) + 1)).mean()


def generate(golden):
    scores, labels = golden.normal(40, 5), golden.integers(5, 40)
    scores[torch.arange(40), labels] += 1
    golden.put("scores", scores)
    golden.put("labels", labels)
    for k in (1, 2, 4):
        golden.put(f"topk.{k}", (scores.topk(k, 1)[1] == labels[:, None]).any(1).double().mean())

    found = scores.argmax(1)
    precision = torch.stack([(labels[found == c] == c).double().mean() for c in range(5)])
    recall = torch.stack([(found[labels == c] == c).double().mean() for c in range(5)])
    f1 = 2 / (1 / precision + 1 / recall)
    support = torch.bincount(labels, minlength=5) / 40
    golden.put("precision", precision)
    golden.put("recall", recall)
    golden.put("f1", f1)
    golden.put("f1.macro", f1.mean())
    golden.put("f1.weighted", (f1 * support).sum())

    ties = (scores * 2).round()  # many equal scores
    areas = torch.tensor([auc(ties[:, c], labels == c) for c in range(5)])
    golden.put("auc.binary", areas[0])
    golden.put("auc.macro", areas.mean())
    golden.put("auc.weighted", (areas * support).sum())
    golden.put("auc.micro", torch.tensor(auc(ties.flatten(), F.one_hot(labels, 5).bool().flatten())))

    p = (3 * scores).softmax(1)
    golden.put("calibration.width", calibration(p, labels, [(b / 10, (b + 1) / 10) for b in range(10)]))
    order = p.max(1)[0].sort()[0]
    cuts = [0.0] + [order[8 * b - 1].item() for b in range(1, 6)]
    golden.put("calibration.mass", calibration(p, labels, list(zip(cuts, cuts[1:]))))
    golden.put("brier", ((p - F.one_hot(labels, 5)) ** 2).sum(1).mean())
    golden.put("perplexity", F.cross_entropy(scores, labels).exp())

    x = golden.uniform(2, 2, 13, 15)
    y = (x + 0.1 * golden.normal(2, 2, 13, 15)).clamp(0, 1)
    golden.put("image.x", x)
    golden.put("image.y", y)
    golden.put("psnr", 10 * torch.log10(1 / F.mse_loss(x, y)))
    golden.put("ssim", ssim(x, y))
    golden.put("ssim.other", ssim(x, y, 7, 0.8, 2.0))

    a, b = golden.normal(30, 4), golden.normal(30, 6)
    b[:, :4] += a
    golden.put("features.a", a)
    golden.put("features.b", b)
    c = a @ golden.normal(4, 4) + 1
    golden.put("features.c", c)
    golden.put("frechet", frechet(a, c))
    golden.put("cka", alignment(a @ a.T, b @ b.T))
    golden.put("cka.wide", alignment(a[:5] @ a[:5].T, b[:5] @ b[:5].T))
    golden.put("cka.rbf", alignment(rbf(a, 0.5), rbf(b, 0.5)))
    golden.put("cka.rbf_wide", alignment(rbf(a, 2.0), rbf(b, 2.0)))
    for k in (1, 4):
        golden.put(f"mutual_information.{k}", kraskov(a[:, :2], b[:, :1], k))
    s = torch.linalg.svdvals(b)
    golden.put("effective_rank", torch.exp(torch.distributions.Categorical(probs=s / s.sum()).entropy()))
