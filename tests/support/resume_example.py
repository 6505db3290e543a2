#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""resume_example.py PROGRAM: kills an example that has --resume and --out, goes on, and compares what it leaves, byte by
byte, with what an undisturbed run leaves."""
import pathlib
import subprocess
import sys
import tempfile
import time


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        whole, broken = pathlib.Path(folder, "whole"), pathlib.Path(folder, "broken")
        whole.mkdir()
        broken.mkdir()
        begin = time.monotonic()
        subprocess.run([program, "--smoke", "--out", whole], check=True, timeout=100, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - begin
        command, kills = [program, "--smoke", "--resume", "--out", broken], 0
        for part in (0.5, 0.7, 0.3):
            try:
                subprocess.run(command, timeout=part * seconds, stdout=subprocess.DEVNULL)  # which kills it then
            except subprocess.TimeoutExpired:
                kills += 1
        if kills == 0:
            sys.exit("no kill hit the program")
        subprocess.run(command, check=True, timeout=100, stdout=subprocess.DEVNULL)
        names = sorted(path.name for path in whole.iterdir())
        for name in names:
            if (whole / name).read_bytes() != (broken / name).read_bytes():
                sys.exit(f"after {kills} kills, {name} is not what an undisturbed run leaves")
        if not any(name.endswith(".safetensors") for name in names):
            sys.exit("the program leaves no model")
        print(f"{kills} kills, {len(names)} files are the same")


main(sys.argv[1])
