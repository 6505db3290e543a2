# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Twenty steps of optimizers on the quadratic of tests/optim/model.hpp, and the first steps of learning-rate schedules."""
import torch

SHAPES = [(17, 4), (3,), (1,), (40,)]


def model():
    """Parameters, minima and curvatures, as parts(), minimum() and curvature() have them."""
    index = torch.arange(sum(torch.Size(shape).numel() for shape in SHAPES))
    flat = ((index % 23) / 8 - 1, 0.5 + 0.25 * (index % 7), 0.5 + 0.125 * (index % 5))
    sizes = [torch.Size(shape).numel() for shape in SHAPES]
    return [[part.reshape(shape).clone() for part, shape in zip(values.double().split(sizes), SHAPES)] for values in flat]


def train(make, steps=20):
    values, minima, curvatures = model()
    parameters = [torch.nn.Parameter(value) for value in values]
    optimizer = make(parameters)
    for _ in range(steps):
        for parameter, minimum, curvature in zip(parameters, minima, curvatures):
            parameter.grad = curvature * (parameter.detach() - minimum)
        optimizer.step()
    return torch.cat([parameter.detach().flatten() for parameter in parameters])


# NAdam: without foreach, PyTorch 1.13 has mu_t twice in the product of the momenta.
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "sgd_momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, dampening=0.25, weight_decay=0.01),
    "sgd_nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.1),
    "adam": lambda p: torch.optim.Adam(p, lr=0.1),
    "adam_decay": lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.1),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.05, betas=(0.9, 0.95), weight_decay=0.1),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.9, eps=1e-3),
    "rmsprop_centered": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=0.1, centered=True),
    "rmsprop_momentum": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-3, momentum=0.5),
    "rmsprop_all": lambda p: torch.optim.RMSprop(p, lr=5e-3, alpha=0.9, eps=0.1, momentum=0.5, centered=True, weight_decay=0.1),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.5),
    "adagrad_decay": lambda p: torch.optim.Adagrad(p, lr=0.5, eps=0.01, weight_decay=0.1),
    "adadelta": lambda p: torch.optim.Adadelta(p, lr=1.0),
    "adadelta_decay": lambda p: torch.optim.Adadelta(p, lr=0.5, rho=0.8, eps=1e-3, weight_decay=0.1),
    "adamax": lambda p: torch.optim.Adamax(p, lr=0.1),
    "adamax_decay": lambda p: torch.optim.Adamax(p, lr=0.05, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.1),
    "nadam": lambda p: torch.optim.NAdam(p, lr=0.1, foreach=True),
    "nadam_decay": lambda p: torch.optim.NAdam(
        p, lr=0.05, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.1, momentum_decay=0.1, foreach=True),
    "radam": lambda p: torch.optim.RAdam(p, lr=0.1),
    "radam_decay": lambda p: torch.optim.RAdam(p, lr=0.05, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.1),
}


def rates(make, steps=30, lr=0.5):
    """The learning rates of the first steps, from step 0 on."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr, momentum=0.9)
    schedule = make(optimizer)
    values = []
    for _ in range(steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return torch.tensor(values)


def generate(golden):
    for name, make in OPTIMIZERS.items():
        golden.put(name, train(make))
    s = torch.optim.lr_scheduler
    for name, steps, make in [
        ("cosine", 21, lambda o: s.CosineAnnealingLR(o, T_max=20, eta_min=0.1)),
        ("cosine_restarts", 40, lambda o: s.CosineAnnealingWarmRestarts(o, T_0=5, T_mult=2, eta_min=0.1)),
        ("step", 30, lambda o: s.StepLR(o, step_size=7, gamma=0.3)),
        ("multi_step", 30, lambda o: s.MultiStepLR(o, milestones=[5, 6, 20], gamma=0.5)),
        ("exponential", 30, lambda o: s.ExponentialLR(o, gamma=0.9)),
        ("linear", 30, lambda o: s.LinearLR(o, start_factor=0.25, end_factor=0.75, total_iters=12)),
        ("polynomial", 30, lambda o: s.PolynomialLR(o, total_iters=20, power=2.5)),
        ("cyclic", 30, lambda o: s.CyclicLR(o, base_lr=0.1, max_lr=0.9, step_size_up=4)),
        ("cyclic_halved", 30, lambda o: s.CyclicLR(o, base_lr=0.1, max_lr=0.9, step_size_up=4, mode="triangular2")),
        ("cyclic_range", 30, lambda o: s.CyclicLR(o, base_lr=0.1, max_lr=0.9, step_size_up=4, mode="exp_range", gamma=0.95)),
        ("one_cycle", 21, lambda o: s.OneCycleLR(o, max_lr=0.5, total_steps=21, pct_start=6 / 21)),
        ("one_cycle_linear", 21, lambda o: s.OneCycleLR(o, max_lr=0.5, total_steps=21, pct_start=6 / 21, anneal_strategy="linear")),
    ]:
        golden.put("schedule." + name, rates(make, steps))
