#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Compiles all kernels with nvcc for each architecture: no warning, no spilled register, no local memory.

usage: nvcc.py

The exit status is 77 where there is no nvcc, which a test counts as skipped.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
ARCHITECTURES = (80, 90, 100, 120)
CHECKS = ["-Werror", "all-warnings", "-Xcompiler=-Wall,-Wextra,-Wconversion,-Werror",
          "-Xptxas=-warn-spills,-warn-lmem-usage,-Werror"]


def main():
    nvcc = shutil.which("nvcc") or shutil.which("nvcc", path="/usr/local/cuda/bin")
    if nvcc is None:
        print("there is no nvcc")
        return 77
    found = subprocess.run(["pkg-config", "--cflags-only-I", "eigen3"], capture_output=True, text=True, check=True)
    eigen = [word for path in found.stdout.split() for word in ("-isystem", path[2:])]
    code = [f"-gencode=arch=compute_{number},code=sm_{number}" for number in ARCHITECTURES]
    with tempfile.TemporaryDirectory() as folder:
        command = [nvcc, "-std=c++20", *code, *CHECKS, "-I", str(ROOT / "include"), "-I", str(ROOT / "kernels"), *eigen,
                   "--threads", "2", "-c", str(ROOT / "tests/cuda/instances.cu"), "-o", f"{folder}/instances.o"]
        result = subprocess.run(command, capture_output=True, text=True)
    print(result.stdout + result.stderr)
    print("sm_" + ", sm_".join(map(str, ARCHITECTURES)), "ok" if result.returncode == 0 else "failed")
    return min(result.returncode, 1)


if __name__ == "__main__":
    sys.exit(main())
