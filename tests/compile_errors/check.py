#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Compiles each program here as it is, which is wrong, and sees the compilers' first error say what its line `// says:`
says; then with RIGHT defined, where it must compile: nothing else is wrong with it."""
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def flags():
    found = subprocess.run(["pkg-config", "--cflags-only-I", "eigen3"], capture_output=True, text=True, check=True)
    eigen = [word for path in found.stdout.split() for word in ("-isystem", path[2:])]
    return ["-std=c++20", "-fsyntax-only", "-I", str(ROOT / "include"), "-I", str(ROOT / "kernels"), *eigen]


def check(item):
    compiler, path = item
    wanted = re.search(r"^// says: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)[1]
    command = [compiler, *flags(), str(path)]
    right = subprocess.run([*command, "-DRIGHT"], capture_output=True, text=True)
    if right.returncode != 0:
        return f"{compiler}: {path.name} does not compile with RIGHT either\n{right.stderr}"
    wrong = subprocess.run(command, capture_output=True, text=True)
    errors = re.findall(r"^.*\berror: .*$", wrong.stderr, re.MULTILINE)
    if not errors:
        return f"{compiler}: {path.name} compiles"
    if wanted not in errors[0]:
        return f"{compiler}: {path.name}\n  wanted: {wanted}\n  got:    {errors[0]}"
    return None


if __name__ == "__main__":
    compilers = [name for name in ("g++", "clang++") if shutil.which(name)]
    programs = sorted(HERE.glob("*.cpp"))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        faults = [fault for fault in pool.map(check, [(c, p) for p in programs for c in compilers]) if fault]
    print("\n".join([*faults, f"{len(programs)} programs, compilers: {', '.join(compilers)}, {len(faults)} faults"]))
    sys.exit(1 if faults or not programs or not compilers else 0)
