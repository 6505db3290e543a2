#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Compiles README.md's first C++ program exactly as printed and runs it, then compiles it with the second block in it.
Before that it sees that README.md's table of names is what tools/contents.py writes.

  readme.py                 compile and run
  readme.py --extract FILE  only write the program to FILE
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


INCLUDES = ["regimen/train/checkpoint.hpp", "regimen/train/observer/progress_bar.hpp", "regimen/train/program.hpp"]


def blocks():
    found = re.findall(r"^```cpp\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    if len(found) != 2:
        sys.exit(f"README.md has {len(found)} ```cpp blocks, not the program and what stands in its place in phases")
    return found


def program():
    return blocks()[0]


def program_in_phases():
    """The program, which the second block goes on from before its last line."""
    head, last = program().rsplit("  std::printf", 1)
    return "".join(f'#include "{header}"\n' for header in INCLUDES) + head + blocks()[1] + "  std::printf" + last


def compile_and_run():
    eigen = subprocess.run(["pkg-config", "--cflags", "eigen3"], capture_output=True, text=True, check=True).stdout.split()
    with tempfile.TemporaryDirectory() as folder:
        source, binary = pathlib.Path(folder, "readme.cpp"), pathlib.Path(folder, "readme")
        source.write_text(program(), encoding="utf-8")
        command = ["g++", "-std=c++20", "-O2", "-I", "include", "-I", "kernels", *eigen, str(source), "-o", str(binary)]
        print(shlex.join(command))
        subprocess.run(command, cwd=ROOT, check=True)
        source.write_text(program_in_phases(), encoding="utf-8")
        subprocess.run([*command[:-3], "-Wall", "-Wextra", "-fsyntax-only", str(source)], cwd=ROOT, check=True)
        print(subprocess.run([binary], cwd=ROOT, check=True, capture_output=True, text=True, timeout=300).stdout, end="")


if __name__ == "__main__":
    if not (ROOT / "README.md").exists():
        sys.exit("there is no README.md")
    if len(sys.argv) == 3 and sys.argv[1] == "--extract":
        pathlib.Path(sys.argv[2]).write_text(program(), encoding="utf-8")
    elif len(sys.argv) == 1:
        try:
            subprocess.run([sys.executable, ROOT / "tools" / "contents.py", "--check"], check=True)
            compile_and_run()
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            sys.exit(f"{error}\n{error.stderr or ''}")
    else:
        sys.exit(__doc__)
