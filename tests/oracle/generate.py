#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Writes the golden values of the tests from PyTorch, in double: golden/AREA.safetensors for each AREA.py beside this file.

  /usr/bin/python3 tests/oracle/generate.py [AREA...]      (Debian: python3-torch)

An AREA.py has one function, generate(golden), which adds cases to a Golden. The same PyTorch gives the same files.
"""
import importlib
import json
import pathlib
import struct
import sys

import torch

HERE = pathlib.Path(__file__).resolve().parent


class Golden:
    """Named tensors, and what it takes to make them."""

    def __init__(self, area):
        self.tensors = {}
        self.random = torch.Generator().manual_seed(sum(area.encode()))

    def normal(self, *shape):
        return torch.randn(shape, generator=self.random, dtype=torch.float64)

    def uniform(self, *shape, low=0.0, high=1.0):
        return low + (high - low) * torch.rand(shape, generator=self.random, dtype=torch.float64)

    def integers(self, high, *shape):
        return torch.randint(high, shape, generator=self.random)

    def put(self, name, tensor):
        assert name not in self.tensors, name
        tensor = tensor.detach().contiguous()
        self.tensors[name] = tensor.to(torch.int64 if tensor.dtype in (torch.int64, torch.int32, torch.bool) else torch.float64)

    def case(self, name, function, **inputs):
        """function(**inputs), one output: stores NAME.in.X, NAME.out, and, of sum(out * NAME.weight), NAME.grad.X for
        every input that is not of integers."""
        inputs = {key: value.clone().requires_grad_(value.is_floating_point()) for key, value in inputs.items()}
        out = function(**inputs)
        weight = self.normal(*out.shape)
        wanted = {key: value for key, value in inputs.items() if value.requires_grad}
        gradients = torch.autograd.grad((out * weight).sum(), list(wanted.values()), allow_unused=True)
        for key, value in inputs.items():
            self.put(f"{name}.in.{key}", value)
        self.put(f"{name}.out", out)
        self.put(f"{name}.weight", weight)
        for (key, value), gradient in zip(wanted.items(), gradients):
            self.put(f"{name}.grad.{key}", torch.zeros_like(value) if gradient is None else gradient)

    def write(self, path):
        header, offset, parts = {}, 0, []
        for name, tensor in self.tensors.items():
            data = tensor.numpy().tobytes()
            header[name] = {"dtype": "I64" if tensor.dtype == torch.int64 else "F64", "shape": list(tensor.shape),
                            "data_offsets": [offset, offset + len(data)]}
            offset += len(data)
            parts.append(data)
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    sys.path.insert(0, str(HERE))
    areas = sys.argv[1:] or sorted(p.stem for p in HERE.glob("*.py") if p.stem != "generate")
    for area in areas:
        golden = Golden(area)
        importlib.import_module(area).generate(golden)
        golden.write(HERE / "golden" / f"{area}.safetensors")
        print(f"{area}: {len(golden.tensors)} tensors")


if __name__ == "__main__":
    main()
