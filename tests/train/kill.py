#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Kills killed_program at random moments until it has ended, and compares what it leaves with that of a run in peace."""
import pathlib
import random
import subprocess
import sys
import tempfile
import time

KILLS = 20  # that must have hit a running process
FILES = ["checkpoint", "log", "model"]


def main():
    program = pathlib.Path(sys.argv[1], "killed_program")
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        peace, war = pathlib.Path(folder, "peace"), pathlib.Path(folder, "war")
        peace.mkdir()
        war.mkdir()
        begin = time.monotonic()
        subprocess.run([program, peace], check=True, timeout=120)
        whole = time.monotonic() - begin

        # A life ends when the log has grown by a random part of what it will be, so that the number of lives does not
        # depend on the speed of the machine, and a random moment later; some end without that, also before they begin.
        size = (peace / "log").stat().st_size
        log, kills, lives = war / "log", 0, 0
        while True:
            lives += 1
            if lives > 1000:
                sys.exit("the program does not get on")
            grown = log.stat().st_size if log.exists() else 0
            target = 0 if chance.random() < 0.2 else grown + chance.uniform(0, size / 25)
            process = subprocess.Popen([program, war])
            deadline = time.monotonic() + 60
            while process.poll() is None and (log.stat().st_size if log.exists() else 0) < target:
                time.sleep(0.0005)
                if time.monotonic() > deadline:
                    process.kill()
                    sys.exit("the program hangs")
            time.sleep(chance.uniform(0, 0.01 if target > 0 else 0.05))
            process.kill()
            status = process.wait()
            if status == 0:
                break
            if status != -9:
                sys.exit(f"the program failed with status {status}")
            kills += 1

        for name in FILES:
            if (peace / name).read_bytes() != (war / name).read_bytes():
                sys.exit(f"after {kills} kills, {name} is not what a run in peace leaves")
        if kills < KILLS:
            sys.exit(f"only {kills} kills hit the program; make its work longer")
        print(f"{kills} kills, {whole:.2f} s of work, {time.monotonic() - begin:.1f} s in all")


main()
