#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Plants bugs in kernels and sees that the harness catches each, and nothing in its good twin.

  bugs.py          the race check, and lazy streams; the last line is `bugs: caught=K total=N`
  bugs.py all      also plain in three orders, and the address sanitizer; which catches what, in a table

The status is 0 if each bug is caught in some mode and no twin in any.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OPTIONS = ["-std=c++20", "-DREGIMEN_SIMT", "-I", str(HERE / "include"), "-I", str(ROOT / "include"),
           "-I", str(ROOT / "kernels"), "-pthread"]
RACE = ["-O1", "-g1", "-fsanitize=thread,undefined", "-fno-sanitize-recover=undefined"]
ADDRESS = ["-O1", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
# mode: (options of the harness, of the kernels, of the linker)
BUILDS = {"plain": (["-O2"], ["-O2"], []),
          "race": (["-O2"], RACE, ["-fsanitize=undefined", "-ldl"]),
          "address": (ADDRESS, ADDRESS, ADDRESS)}
RUNS = {"race": ("race", {}),
        "lazy": ("plain", {"REGIMEN_SIMT_STREAMS": "lazy:0"}),
        "forward": ("plain", {}),
        "reverse": ("plain", {"REGIMEN_SIMT_ORDER": "reverse"}),
        "random": ("plain", {"REGIMEN_SIMT_ORDER": "random:1"}),
        "address": ("address", {"ASAN_OPTIONS": "detect_leaks=0"})}
VERDICTS = [("AddressSanitizer", "address"), ("runtime error", "undefined")]


def build(folder, name):
    harness, kernels, linker = BUILDS[name]
    objects = []
    for source in (HERE / "engine.cpp", HERE / "runtime.cpp", HERE / "race.cpp", HERE / "bugs" / "bugs.cpp"):
        options = kernels if source.stem == "bugs" else harness
        objects.append(f"{folder}/{source.stem}{''.join(options)}.o")
        if not os.path.exists(objects[-1]):
            subprocess.run(["g++", *OPTIONS, *options, "-c", str(source), "-o", objects[-1]], check=True)
    program = f"{folder}/{name}"
    subprocess.run(["g++", *objects, *linker, "-pthread", "-o", program], check=True)
    return program


def run(program, environment, *arguments):
    """What was noticed, "" if nothing, and the program's words."""
    try:
        result = subprocess.run([program, *arguments], env={**os.environ, **environment}, capture_output=True,
                                text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return "hangs", ""
    for words, verdict in VERDICTS:
        if words in result.stderr:
            return verdict, result.stderr
    return {0: "", 1: "result", 2: "check", -11: "fault"}.get(result.returncode, f"{result.returncode}"), result.stderr


def main(everything):
    runs = RUNS if everything else {name: RUNS[name] for name in ("race", "lazy")}
    with tempfile.TemporaryDirectory() as folder:
        programs = {name: build(folder, name) for name in sorted({build for build, _ in runs.values()})}
        bugs = subprocess.run([programs["plain"]], capture_output=True, text=True, check=True).stdout.split()
        print(f"{'bug':20}" + "".join(f"{name:11}" for name in runs))
        caught, alarms = 0, []
        for bug in bugs:
            row = {}
            for name, (program, environment) in runs.items():
                row[name], _ = run(programs[program], environment, bug)
                verdict, words = run(programs[program], environment, bug, "good")
                if verdict:
                    alarms.append(f"{bug}, {name}: the good twin gives {verdict}\n{words}")
            caught += any(row.values())
            print(f"{bug:20}" + "".join(f"{verdict or '-':11}" for verdict in row.values()), flush=True)
    print("\n".join(alarms))
    print(f"bugs: caught={caught} total={len(bugs)}")
    return 0 if caught == len(bugs) and not alarms else 1


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["all"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:] == ["all"]))
