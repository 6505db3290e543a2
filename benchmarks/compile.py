#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""CPU seconds (user + system, median of three) that g++ -O2 needs for what a user writes first, next to Eigen's own."""
import pathlib
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUNS = 3


def cpu_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    eigen = subprocess.run(["pkg-config", "--cflags", "eigen3"], capture_output=True, text=True, check=True).stdout.split()
    base = ["g++", "-std=c++20", "-O2", "-I", "include", "-I", "kernels", *eigen]
    print(shlex.join(base))
    with tempfile.TemporaryDirectory() as folder:
        readme = pathlib.Path(folder, "readme.cpp")
        subprocess.run([sys.executable, ROOT / "tests" / "readme.py", "--extract", readme], check=True)
        programs = {"readme": readme, "quickstart": ROOT / "examples" / "quickstart.cpp",
                    "eigen": ROOT / "benchmarks" / "compile" / "eigen.cpp"}
        times = {name: [] for name in programs}
        for _ in range(RUNS):  # in turn, so that a busy moment falls on all
            for name, source in programs.items():
                times[name].append(cpu_seconds([*base, str(source), "-o", str(pathlib.Path(folder, name))]))
    print(f"{'program':<12}{'median s':>10}{'min s':>10}{'max s':>10}")
    for name, values in times.items():
        print(f"{name:<12}{statistics.median(values):>10.2f}{min(values):>10.2f}{max(values):>10.2f}")
    print("compile: " + " ".join(f"{name}={statistics.median(values):.2f}" for name, values in times.items()))


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error}")
