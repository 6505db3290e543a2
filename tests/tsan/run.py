#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Runs independent trainings on several threads under the thread sanitizer, then sees it find a race that is planted.

Without OpenMP: its run-time library synchronises by means that the sanitizer does not see."""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
REPORT = "WARNING: ThreadSanitizer: data race"


def main():
    found = subprocess.run(["pkg-config", "--cflags-only-I", "eigen3"], capture_output=True, text=True, check=True)
    eigen = [word for path in found.stdout.split() for word in ("-isystem", path[2:])]
    command = ["g++", "-std=c++20", "-O1", "-g1", "-fsanitize=thread", "-pthread", "-I", str(ROOT / "include"),
               "-I", str(ROOT / "kernels"), *eigen, str(HERE / "trainings.cpp")]
    environment = {**os.environ, "TSAN_OPTIONS": "exitcode=66"}
    with tempfile.TemporaryDirectory() as folder:
        for options, race in (([], False), (["-DRACE"], True)):
            program = f"{folder}/trainings"
            subprocess.run([*command, *options, "-o", program], check=True)
            result = subprocess.run([program], env=environment, capture_output=True, text=True, timeout=600)
            if race and (result.returncode == 0 or REPORT not in result.stderr):
                return f"the planted race was not found\n{result.stdout}{result.stderr}"
            if not race and result.returncode != 0:
                return f"exit status {result.returncode}\n{result.stdout}{result.stderr}"
    return None


if __name__ == "__main__":
    fault = main()
    print(fault or "independent trainings race with none, and the planted race is found")
    sys.exit(1 if fault else 0)
