#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Walks the include graph of include/regimen and kernels/regimen and fails on an arrow that points upward.

A header includes only headers of its own layer and of layers before it in LAYERS; a family includes any layer and, where
that makes no cycle between families, another family. Umbrellas (regimen.hpp and regimen/<layer>.hpp) are for users only, and
complete.
First it plants one fault of each kind in a small tree of its own and sees each caught.
"""
import pathlib
import re
import sys
import tempfile

LAYERS = ["core", "io", "cpu", "cuda", "autodiff", "ops", "nn", "loss", "optim", "data", "metrics", "text", "train", "dist"]
FAMILIES = ["curriculum", "distill", "continual", "adapt", "align", "rl", "compress", "generative", "longtail", "local",
            "dynamics", "scale", "physics", "multimodal", "reasoning"]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<(regimen/[^>]+)>)', re.MULTILINE)


def graph(root):
    """{header: headers that it includes}, both as "core/tensor.hpp", and what is wrong with the lines themselves."""
    edges, problems = {}, []
    for base in (root / "include" / "regimen", root / "kernels" / "regimen"):
        for path in sorted(p for p in base.rglob("*") if p.is_file()):
            name = path.relative_to(base).as_posix()
            edges[name] = []
            for quoted, angled in INCLUDE.findall(path.read_text(encoding="utf-8")):
                target = quoted or angled
                if angled or not target.startswith("regimen/"):
                    problems.append(f'{name}: includes are written "regimen/...", not {target}')
                else:
                    edges[name].append(target[len("regimen/"):])
    for name, targets in edges.items():
        problems += [f"{name}: there is no regimen/{target}" for target in targets if target not in edges]
    return edges, problems


def cycle(edges):
    """One cycle of the graph as a list of names, or None."""
    state = {}

    def visit(name, trail):
        state[name] = "open"
        for target in edges.get(name, []):
            if state.get(target) == "open":
                return trail[trail.index(target):] + [target]
            if target not in state:
                found = visit(target, trail + [target])
                if found:
                    return found
        state[name] = "done"
        return None

    for name in edges:
        if name not in state:
            found = visit(name, [name])
            if found:
                return found
    return None


def rank(folder):
    return LAYERS.index(folder) if folder in LAYERS else len(LAYERS)


def check(root):
    """What is wrong with the tree, one line a fault."""
    edges, problems = graph(root)
    between_families = {}
    for name, targets in edges.items():
        folder = name.split("/")[0] if "/" in name else None
        if folder is None:
            umbrella = name.rpartition(".")[0]
            # A program of the host's sees no CUDA: regimen.hpp has the .hpp umbrellas alone.
            whole = [other for other in edges if ("/" not in other and other != name and other.endswith(".hpp")
                                                  if umbrella == "regimen" else other.startswith(umbrella + "/"))]
            problems += [f"{name}: does not include {other}" for other in sorted(set(whole) - set(targets))]
            if umbrella == "regimen":
                continue
            if umbrella not in LAYERS + FAMILIES:
                problems.append(f"{name}: headers live in a layer's folder; only umbrellas stand here")
            problems += [f"{name}: an umbrella includes only its own folder, not {target}" for target in targets
                         if not target.startswith(umbrella + "/")]
            continue
        if folder not in LAYERS + FAMILIES:
            problems.append(f"{name}: {folder} is no layer (tests/layering.py lists them)")
            continue
        for target in targets:
            other = target.split("/")[0]
            if "/" not in target:
                problems.append(f"{name}: includes the umbrella {target}; include the headers that it needs")
            elif rank(other) > rank(folder):
                problems.append(f"{name}: includes {target}, but {other} stands above {folder}")
            elif other != folder and folder in FAMILIES and other in FAMILIES:
                between_families.setdefault(folder, []).append(other)
    for kind, edge_set in (("headers", edges), ("families", between_families)):
        found = cycle(edge_set)
        if found:
            problems.append(f"{kind} in a cycle: " + " -> ".join(found))
    return problems


def self_test():
    good = {
        "regimen.hpp": ["core.hpp", "distill.hpp"],
        "core.hpp": ["core/shape.hpp"],
        "distill.hpp": ["distill/kd.hpp"],
        "core/shape.hpp": [],
        "cpu/gemm.hpp": ["core/shape.hpp"],
        "cpu/pack.hpp": ["cpu/gemm.hpp"],
        "data/read/idx.hpp": ["io/npy.hpp"],
        "io/npy.hpp": ["core/shape.hpp"],
        "distill/kd.hpp": ["cpu/gemm.hpp"],
        "curriculum/pace.hpp": ["distill/kd.hpp"],
    }
    faults = {
        "upward": ({"core/shape.hpp": ["cpu/gemm.hpp"]}, "cpu stands above core"),
        "layer to family": ({"data/read/idx.hpp": ["distill/kd.hpp"]}, "distill stands above data"),
        "umbrella from a layer": ({"cpu/gemm.hpp": ["core.hpp"]}, "includes the umbrella core.hpp"),
        "incomplete umbrella": ({"core/device.hpp": []}, "core.hpp: does not include core/device.hpp"),
        "incomplete umbrella of all": ({"optim.hpp": ["optim/sgd.hpp"], "optim/sgd.hpp": []}, "regimen.hpp: does not include optim.hpp"),
        "umbrella of another folder": ({"distill.hpp": ["core/shape.hpp"]}, "only its own folder"),
        "unknown folder": ({"misc/util.hpp": []}, "misc is no layer"),
        "stray header": ({"util.hpp": []}, "only umbrellas"),
        "missing": ({"cpu/gemm.hpp": ["core/none.hpp"]}, "there is no regimen/core/none.hpp"),
        "cycle of headers": ({"cpu/gemm.hpp": ["cpu/pack.hpp"]}, "headers in a cycle"),
        "cycle of families": ({"distill/more.hpp": ["curriculum/pace.hpp"]}, "families in a cycle"),
    }
    for name, (change, expected) in {"none": ({}, None), **faults}.items():
        with tempfile.TemporaryDirectory() as folder:
            for header, targets in {**good, **change}.items():
                path = pathlib.Path(folder, "include", "regimen", header)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("#pragma once\n" + "".join(f'#include "regimen/{t}"\n' for t in targets))
            problems = check(pathlib.Path(folder))
            if (expected is None) != (not problems) or (expected and not any(expected in p for p in problems)):
                sys.exit(f"self-test, planted fault '{name}': expected {expected!r}, got {problems}")


if __name__ == "__main__":
    self_test()
    root = pathlib.Path(__file__).resolve().parent.parent
    problems = check(root)
    for problem in problems:
        print(problem)
    print(f"{len(graph(root)[0])} headers, {len(problems)} faults")
    sys.exit(1 if problems else 0)
