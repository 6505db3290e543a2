#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Checks of each public header by itself.

  check.py alone            each compiles alone and included twice, without a warning, by g++; and all of them, included
                            twice, in one unit by clang++ if found
  check.py link             two translation units that include all of them link into one program
  check.py budget           each is within its number of preprocessed lines in budget.txt (g++ -E -P | wc -l)
  check.py budget --update  writes budget.txt anew
"""
import concurrent.futures
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUDGET = HERE / "budget.txt"
CEILINGS = {"regimen/core/tensor.hpp": 25000}  # whatever budget.txt says
SLACK = 100  # lines that a small header may grow by
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"]
JOBS = 2


def flags():
    found = subprocess.run(["pkg-config", "--cflags-only-I", "eigen3"], capture_output=True, text=True, check=True)
    eigen = [word for path in found.stdout.split() for word in ("-isystem", path[2:])]
    return ["-std=c++20", "-I", str(ROOT / "include"), "-I", str(ROOT / "kernels"), *eigen]


def headers():
    include = ROOT / "include"
    return [path.relative_to(include).as_posix() for path in sorted(include.rglob("*.hpp"))]


def run(command, source):
    return subprocess.run(command, input=source, capture_output=True, text=True)


def for_each(items, work):
    """work(item) for every item, a few at a time; the results that are not None, in order."""
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return [result for result in pool.map(work, items) if result is not None]


def alone():
    compilers = [name for name in ("g++", "clang++") if shutil.which(name)]
    options = flags()

    def compile_one(item):
        compiler, included = item
        source = "".join(f'#include "{header}"\n' for header in included) * 2
        result = run([compiler, *options, *WARNINGS, "-fsyntax-only", "-x", "c++", "-"], source)
        return None if result.returncode == 0 else f"{compiler}: {', '.join(included[:3])}\n{result.stderr}"

    # What stands alone for one compiler does so for the other, with the same standard library: the second looks for
    # warnings of its own.
    items = [(compilers[-1], headers())] if len(compilers) > 1 else []
    faults = for_each(items + [(compiler, [header]) for compiler in compilers[:1] for header in headers()], compile_one)
    print(f"{len(headers())} headers, compilers: {', '.join(compilers)}")
    return faults if compilers else ["no compiler found"]


def link():
    everything = "".join(f'#include "{header}"\n' for header in headers())
    sources = {"first": everything + "int second();\nint main() { return second(); }\n",
               "second": everything + "int second();\nint second() { return 0; }\n"}
    with tempfile.TemporaryDirectory() as folder:
        def compile_one(name):
            result = run(["g++", *flags(), "-O0", "-c", "-x", "c++", "-", "-o", f"{folder}/{name}.o"], sources[name])
            return None if result.returncode == 0 else result.stderr

        faults = for_each(sources, compile_one)
        if not faults:
            result = run(["g++", f"{folder}/first.o", f"{folder}/second.o", "-o", f"{folder}/program"], None)
            faults = [result.stderr] if result.returncode else []
        if not faults and subprocess.run([f"{folder}/program"]).returncode != 0:
            faults = ["the program of two units does not return 0"]
    return faults


def toolchain():
    compiler = run(["g++", "-dumpfullversion"], None).stdout.strip()
    eigen = run(["pkg-config", "--modversion", "eigen3"], None).stdout.strip()
    return f"# preprocessed lines of each public header, g++ {compiler}, Eigen {eigen}"


def budget(update):
    options = flags()

    def count(header):
        result = run(["g++", *options, "-E", "-P", "-x", "c++", "-"], f'#include "{header}"\n')
        return header, result.stdout.count("\n") if result.returncode == 0 else None

    lines = dict(for_each(headers(), count))
    faults = [f"{header} does not preprocess" for header, n in lines.items() if n is None]
    lines = {header: n for header, n in lines.items() if n is not None}
    faults += [f"{header}: {lines[header]} lines, and never more than {most}" for header, most in CEILINGS.items()
               if lines.get(header, 0) > most]
    if update:
        rows = [f"{n:7d} {header}" for header, n in lines.items()]
        BUDGET.write_text("\n".join([toolchain(), *rows]) + "\n")
        return faults
    title, *rows = BUDGET.read_text().splitlines() if BUDGET.exists() else [toolchain()]
    if title != toolchain():
        print(f"note: {BUDGET.name} was written by another toolchain\n  {title}\n  {toolchain()}")
    allowed = {header: int(n) for n, header in (row.split() for row in rows if row.strip() and row[0] != "#")}
    for header, n in lines.items():
        if header not in allowed:
            faults.append(f"not in {BUDGET.name}; add the line:\n{n:7d} {header}")
        elif n > max(allowed[header] * 1.05, allowed[header] + SLACK):
            faults.append(f"{header}: {n} lines, the budget is {allowed[header]}; find the include that costs, "
                          f"or put this line in {BUDGET.name}:\n{n:7d} {header}")
    faults += [f"{header} is in {BUDGET.name} but not under include/" for header in allowed if header not in lines]
    print(f"{len(lines)} headers, the longest {max(lines.values(), default=0)} lines")
    return faults


if __name__ == "__main__":
    checks = {("alone",): alone, ("link",): link, ("budget",): lambda: budget(False),
              ("budget", "--update"): lambda: budget(True)}
    check = checks.get(tuple(sys.argv[1:]))
    if check is None:
        sys.exit(__doc__)
    found = check()
    print("\n".join(found))
    sys.exit(1 if found else 0)
