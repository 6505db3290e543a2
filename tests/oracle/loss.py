# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Losses of loss/ that PyTorch has too. None of the cases is a mean of PyTorch's that divides otherwise than ours."""
import torch
import torch.nn.functional as F


def labels(golden, classes, *shape):
    """Integers as a constant of the case, stored by Golden.case as NAME.in.labels."""
    return golden.integers(classes, *shape)


def cross_entropies(golden):
    weights = torch.tensor([0.5, 2.0, 1.0, 0.0])
    golden.put("class_weights", weights)
    for reduction in ("mean", "sum", "none"):
        golden.case(f"cross_entropy.{reduction}",
                    lambda logits, labels, r=reduction: F.cross_entropy(logits, labels, reduction=r),
                    logits=3 * golden.normal(6, 4), labels=labels(golden, 4, 6))
        golden.case(f"cross_entropy.weighted.{reduction}",
                    lambda logits, labels, r=reduction: F.cross_entropy(logits, labels, weights, label_smoothing=0.2,
                                                                        reduction=r),
                    logits=3 * golden.normal(6, 4), labels=labels(golden, 3, 6))
        golden.case(f"cross_entropy.soft.{reduction}",
                    lambda logits, targets, r=reduction: F.cross_entropy(logits, targets, weights, label_smoothing=0.1,
                                                                         reduction=r),
                    logits=3 * golden.normal(6, 4), targets=torch.softmax(golden.normal(6, 4), -1))
    golden.case("cross_entropy.smoothed", lambda logits, labels: F.cross_entropy(logits, labels, label_smoothing=0.3),
                logits=3 * golden.normal(6, 4), labels=labels(golden, 4, 6))
    golden.case("cross_entropy.sequences",
                lambda logits, labels: F.cross_entropy(logits.transpose(1, 2), labels), logits=3 * golden.normal(3, 5, 4),
                labels=labels(golden, 4, 3, 5))


def regressions(golden):
    def pair(*shape):
        return {"predictions": golden.normal(*shape), "targets": golden.normal(*shape)}

    for reduction in ("mean", "none"):
        def call(function, r=reduction, **options):
            if r == "mean":
                return lambda predictions, targets: function(predictions, targets, **options)
            return lambda predictions, targets: function(predictions, targets, reduction="none", **options).mean(1)

        golden.case(f"mse.{reduction}", call(F.mse_loss), **pair(7, 3))
        golden.case(f"l1.{reduction}", call(F.l1_loss), **pair(7, 3))
        golden.case(f"huber.{reduction}", call(F.huber_loss, delta=0.6), **pair(7, 3))
        golden.case(f"smooth_l1.{reduction}", call(F.smooth_l1_loss, beta=0.6), **pair(7, 3))


def binaries(golden):
    weights = torch.tensor([0.5, 3.0, 1.0])
    golden.put("pos_weight", weights)
    for reduction in ("mean", "sum"):
        golden.case(f"bce_with_logits.{reduction}",
                    lambda logits, targets, r=reduction: F.binary_cross_entropy_with_logits(logits, targets, reduction=r)
                    / (3 if r == "sum" else 1),
                    logits=4 * golden.normal(5, 3), targets=golden.uniform(5, 3))
        golden.case(f"bce_with_logits.weighted.{reduction}",
                    lambda logits, targets, r=reduction: F.binary_cross_entropy_with_logits(
                        logits, targets, pos_weight=weights, reduction=r) / (3 if r == "sum" else 1),
                    logits=4 * golden.normal(5, 3), targets=golden.uniform(5, 3))


def divergences(golden):
    golden.case("kl_divergence", lambda logits, targets: F.kl_div(torch.log_softmax(logits, -1), targets,
                                                                  reduction="batchmean"),
                logits=2 * golden.normal(5, 4), targets=torch.softmax(2 * golden.normal(5, 4), -1))
    golden.case("kl_divergence.none",
                lambda logits, targets: F.kl_div(torch.log_softmax(logits, -1), targets, reduction="none").sum(-1).mean(1),
                logits=2 * golden.normal(2, 3, 4), targets=torch.softmax(2 * golden.normal(2, 3, 4), -1))
    golden.case("kl_from_logits",
                lambda logits, targets: F.kl_div(torch.log_softmax(logits / 2.5, -1), torch.log_softmax(targets / 2.5, -1),
                                                 reduction="batchmean", log_target=True),
                logits=4 * golden.normal(5, 4), targets=4 * golden.normal(5, 4))
    golden.case("reverse_kl",
                lambda logits, targets: F.kl_div(torch.log_softmax(targets / 2, -1), torch.log_softmax(logits / 2, -1),
                                                 reduction="batchmean", log_target=True),
                logits=4 * golden.normal(5, 4), targets=4 * golden.normal(5, 4))


def hinges(golden):
    signs = 2.0 * golden.integers(2, 8) - 1
    golden.put("signs", signs)
    golden.case("hinge", lambda scores: F.relu(1.5 - scores * signs), scores=golden.normal(8))
    for p in (1, 2):
        golden.case(f"multi_margin.{p}",
                    lambda scores, labels, p=p: F.multi_margin_loss(scores, labels, p=p, margin=0.8),
                    scores=golden.normal(6, 4), labels=labels(golden, 4, 6))


def imbalance(golden):
    weights, priors = torch.tensor([0.5, 2.0, 1.0, 0.7]), torch.log(torch.tensor([0.6, 0.25, 0.1, 0.05]))
    golden.put("focal_weights", weights)
    golden.put("log_priors", priors)

    def focal(logits, labels, gamma, weights):
        log_p = torch.log_softmax(logits, -1).gather(-1, labels.unsqueeze(-1)).squeeze(-1)
        return (weights[labels] * (1 - log_p.exp()) ** gamma * -log_p).mean()

    for gamma in (0, 0.5, 2):
        golden.case(f"focal.{gamma}", lambda logits, labels, g=gamma: focal(logits, labels, g, weights),
                    logits=3 * golden.normal(6, 4), labels=labels(golden, 4, 6))
    golden.case("focal.sequences", lambda logits, labels: focal(logits, labels, 2, torch.ones(4)),
                logits=3 * golden.normal(3, 2, 4), labels=labels(golden, 4, 3, 2))

    def sigmoid_focal(logits, targets, alpha, gamma):  # as torchvision.ops.sigmoid_focal_loss
        p = torch.sigmoid(logits)
        p_t = p * targets + (1 - p) * (1 - targets)
        loss = F.binary_cross_entropy_with_logits(logits, targets, reduction="none") * (1 - p_t) ** gamma
        return ((alpha * targets + (1 - alpha) * (1 - targets)) * loss).mean()

    targets = golden.integers(2, 5, 3).double()
    golden.put("binary_targets", targets)
    golden.case("binary_focal", lambda logits: sigmoid_focal(logits, targets, 0.3, 1.5), logits=3 * golden.normal(5, 3))
    golden.case("logit_adjusted", lambda logits, labels: F.cross_entropy(logits + 1.5 * priors, labels),
                logits=3 * golden.normal(6, 4), labels=labels(golden, 4, 6))
    golden.case("symmetric_cross_entropy",
                lambda logits, labels: 0.3 * F.cross_entropy(logits, labels)
                - 0.8 * (torch.softmax(logits, -1) * torch.where(F.one_hot(labels, 4) > 0, 0.0, -6.0)).sum(-1).mean(),
                logits=3 * golden.normal(6, 4), labels=labels(golden, 4, 6))


def likelihoods(golden):
    golden.case("bce", F.binary_cross_entropy, input=golden.uniform(5, 3), target=golden.uniform(5, 3))
    for full in (False, True):
        golden.case(f"gaussian_nll.{full}",
                    lambda input, target, var, f=full: F.gaussian_nll_loss(input, target, var, full=f, eps=0.3),
                    input=golden.normal(5, 3), target=golden.normal(5, 3), var=golden.uniform(5, 3, low=0.05, high=2))
        golden.case(f"poisson_nll.{full}",
                    lambda input, target, f=full: F.poisson_nll_loss(input, target, full=f),
                    input=golden.normal(5, 3), target=golden.uniform(5, 3, high=6))
        golden.case(f"poisson_nll.rates.{full}",
                    lambda input, target, f=full: F.poisson_nll_loss(input, target, log_input=False, full=f, eps=1e-3),
                    input=golden.uniform(5, 3, low=0.1, high=5), target=golden.uniform(5, 3, high=6))
    golden.case("gaussian_nll.shared", lambda input, target, var: F.gaussian_nll_loss(input, target, var),
                input=golden.normal(5, 3), target=golden.normal(5, 3), var=golden.uniform(5, 1, low=0.05, high=2))
    counts = golden.integers(9, 5, 3).double()
    golden.put("counts", counts)
    golden.case("negative_binomial_nll",
                lambda logits, total: -torch.distributions.NegativeBinomial(total, logits=logits).log_prob(counts).mean(),
                logits=golden.normal(5, 3), total=golden.uniform(5, 3, low=0.2, high=4))


def embeddings(golden):
    def three(*shape):
        return {"anchor": golden.normal(*shape), "positive": golden.normal(*shape), "negative": golden.normal(*shape)}

    for p, swap in ((2, False), (2, True), (1, False), (3, True)):
        golden.case(f"triplet.{p}.{swap}",
                    lambda anchor, positive, negative, p=p, swap=swap: F.triplet_margin_loss(
                        anchor, positive, negative, margin=0.7, p=p, swap=swap),
                    **three(6, 3))
    signs = 2.0 * golden.integers(2, 8) - 1
    golden.put("cosine_signs", signs)
    golden.case("cosine_embedding", lambda a, b: F.cosine_embedding_loss(a, b, signs, margin=0.1),
                a=golden.normal(8, 3), b=golden.normal(8, 3))
    golden.case("info_nce",
                lambda queries, keys: F.cross_entropy(F.normalize(queries) @ F.normalize(keys).T / 0.2, torch.arange(4)),
                queries=golden.normal(4, 3), keys=golden.normal(6, 3))

    def others(z, temperature):
        z = F.normalize(z)
        return (z @ z.T / temperature).masked_fill(torch.eye(len(z), dtype=torch.bool), -torch.inf)

    golden.case("nt_xent", lambda a, b: F.cross_entropy(others(torch.cat([a, b]), 0.3), (torch.arange(8) + 4) % 8),
                a=golden.normal(4, 3), b=golden.normal(4, 3))

    def supervised(features, labels):
        log_p = torch.log_softmax(others(features, 0.4), -1)
        losses = []
        for i in range(len(labels)):
            partners = [j for j in range(len(labels)) if j != i and labels[j] == labels[i]]
            losses.append(-log_p[i][partners].mean() if partners else torch.tensor(0.0))
        return torch.stack(losses).mean()

    golden.case("supervised_contrastive", supervised, features=golden.normal(7, 3),
                labels=torch.tensor([0, 1, 0, 2, 1, 1, 5]))
    golden.case("bradley_terry", lambda chosen, rejected: -F.logsigmoid(chosen - rejected - 0.4).mean(),
                chosen=golden.normal(6), rejected=golden.normal(6))


def distributions(golden):
    def jensen_shannon(a, b):
        p, q = torch.softmax(a / 1.5, -1), torch.softmax(b / 1.5, -1)
        m = torch.log((p + q) / 2)
        return (F.kl_div(m, p, reduction="batchmean") + F.kl_div(m, q, reduction="batchmean")) / 2

    golden.case("jensen_shannon", jensen_shannon, a=3 * golden.normal(5, 4), b=3 * golden.normal(5, 4))

    def normal(mean, log_variance):
        return torch.distributions.Normal(mean, torch.exp(log_variance / 2))

    golden.case("gaussian_kl.standard",
                lambda mean, log_variance: torch.distributions.kl_divergence(
                    normal(mean, log_variance), torch.distributions.Normal(0.0, 1.0)).sum(-1).mean(),
                mean=golden.normal(5, 3), log_variance=golden.normal(5, 3))
    golden.case("gaussian_kl.prior",
                lambda mean, log_variance, prior_mean, prior_log_variance: torch.distributions.kl_divergence(
                    normal(mean, log_variance), normal(prior_mean, prior_log_variance)).sum(-1).mean(),
                mean=golden.normal(5, 3), log_variance=golden.normal(5, 3), prior_mean=golden.normal(5, 3),
                prior_log_variance=golden.normal(5, 3))

    def mmd(x, y, unbiased):
        def kernel(a, b):
            squares = ((a[:, None] - b[None]) ** 2).sum(-1)
            return sum(torch.exp(-squares / (2 * width ** 2)) for width in (0.5, 2.0))

        n, m = len(x), len(y)
        if not unbiased:
            return kernel(x, x).mean() + kernel(y, y).mean() - 2 * kernel(x, y).mean()
        off = lambda k: (k - torch.diag(torch.diag(k))).sum() / (len(k) * (len(k) - 1))
        return off(kernel(x, x)) + off(kernel(y, y)) - 2 * kernel(x, y).mean()

    for unbiased in (False, True):
        golden.case(f"mmd.{unbiased}", lambda x, y, u=unbiased: mmd(x, y, u), x=golden.normal(5, 2),
                    y=1 + golden.normal(4, 2))


def generate(golden):
    cross_entropies(golden)
    regressions(golden)
    binaries(golden)
    divergences(golden)
    hinges(golden)
    imbalance(golden)
    likelihoods(golden)
    embeddings(golden)
    distributions(golden)
