#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Mutation check: changes one place of a header at a time, and sees whether a test fails.

usage: mutation.py [--count N] [--seed S] [--jobs J] [--list]

A place is an operator, a number or a term in the code of include/regimen/{ops,loss,optim}. Left out, because no result
depends on them: what is no code that runs (comments, texts, preprocessor lines, template headers, static_assert, requires,
decltype, attributes), the texts of errors (calls of fail), and hints of cost (the grain of parallel_for, reserve, the
declared size of an array, anything named grain). A change that does not compile is replaced by the next draw.

A changed header is tried on the test of its path, and, while that passes, on the other tests of its layer that include it.
"""
import argparse
import collections
import concurrent.futures
import contextlib
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAYERS = ["ops", "loss", "optim"]
# Without optimisation: the tests run in less time than it takes to optimise them.
FLAGS = ["-std=c++20", "-O0", "-D_GLIBCXX_ASSERTIONS", "-w"]
COMMON = ["doctest/doctest.h", "algorithm", "cmath", "cstdint", "functional", "limits", "map", "string", "vector"]
MEMORY = 4 << 30  # that a test may take
SLOWER = 10       # times that a test may take longer than without a change

TOKEN = re.compile(r"""
    (?P<skip> \s+ | //[^\n]* | /\*.*?\*/ | ^[ \t]*\#(?:[^\n]*\\\n)*[^\n]* )
  | (?P<text> "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)+' )
  | (?P<number> 0[xX][0-9a-fA-F'.pP+-]+ | (?:\d[\d']*\.?[\d']*|\.\d+)(?:[eE][+-]?\d+)?[uUlLfF]* )
  | (?P<name> [A-Za-z_]\w* )
  | (?P<symbol> <=> | <<= | >>= | -> | :: | \+\+ | -- | << | >> | && | \|\| | [-+*/%&|^<>=!]= | . )
""", re.VERBOSE | re.DOTALL | re.MULTILINE)
Token = collections.namedtuple("Token", "kind text begin end")
Place = collections.namedtuple("Place", "header begin end new kind")

SWAPPED = {"+": ("sign", "-"), "-": ("sign", "+"), "+=": ("sign", "-="), "-=": ("sign", "+="),
           "*": ("factor", "/"), "/": ("factor", "*"), "*=": ("factor", "/="), "/=": ("factor", "*="),
           "<": ("comparison", "<="), "<=": ("comparison", "<"), ">": ("comparison", ">="), ">=": ("comparison", ">"),
           "==": ("comparison", "!="), "!=": ("comparison", "=="), "&&": ("logic", "||"), "||": ("logic", "&&")}
OPEN, CLOSE = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}
PRODUCTS = {"*", "/", "%"}
KEYWORDS = {"return", "case", "else", "do", "throw", "co_return"}
NOT_RUN = {"static_assert", "decltype", "noexcept", "alignas", "sizeof", "refuse", "reserve"}


class Code:
    """The tokens of a header, and which of them are to be left alone."""

    def __init__(self, text):
        self.text = text
        self.tokens = [Token(m.lastgroup, m.group(), m.start(), m.end()) for m in TOKEN.finditer(text)
                       if m.lastgroup != "skip"]
        self.fixed = [False] * len(self.tokens)
        for i, token in enumerate(self.tokens):
            self.leave_alone(i, token)

    def kind(self, i):
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else ""

    def at(self, i):
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def binary(self, i):
        """Whether an operator stands between two operands: those have blanks around them, as clang-format writes them."""
        token = self.tokens[i]
        return self.text[token.begin - 1].isspace() and self.text[token.end:token.end + 1].isspace()

    def angle(self, i):
        """+1 or -1 (-2) where an angle bracket of a template's arguments opens or closes."""
        if self.at(i) in ("<", ">", ">>") and not self.binary(i):
            return 1 if self.at(i) == "<" else -len(self.at(i))
        return 0

    def closing(self, i):
        """The number of the token that closes the bracket which opens at token i."""
        depth = 0
        for j in range(i, len(self.tokens)):
            depth += (self.at(j) in OPEN) - (self.at(j) in CLOSE)
            if depth == 0:
                return j
        return len(self.tokens) - 1

    def fix(self, begin, end):
        for j in range(begin, end):
            self.fixed[j] = True

    def arguments(self, i):
        """The ranges of the arguments of a call whose bracket opens at token i."""
        end, begin, depth, found = self.closing(i), i + 1, 0, []
        for j in range(i + 1, end + 1):
            if depth == 0 and (self.at(j) == "," or j == end):
                found.append((begin, j))
                begin = j + 1
            depth += (self.at(j) in OPEN) - (self.at(j) in CLOSE) + self.angle(j)
        return found

    def leave_alone(self, i, token):
        after = self.at(i + 1)
        if token.kind == "text":
            self.fix(i, i + 1)
        elif token.text == "template" and after == "<":
            depth = 1
            end = i + 2
            while depth > 0 and end < len(self.tokens):
                depth += self.angle(end)
                end += 1
            self.fix(i, end)
        elif (token.text in NOT_RUN or token.text.startswith("fail")) and after == "(":
            self.fix(i, self.closing(i + 1) + 1)
        elif token.text == "requires":
            end = i
            while self.at(end) not in ("", "{", ";"):
                end += 1
            self.fix(i, end)
        elif token.text == "[" and after == "[":
            self.fix(i, self.closing(i) + 1)
        elif token.text == "parallel_for" and after == "(":
            self.fix(*self.arguments(i + 1)[1])
        elif token.kind == "name" and "grain" in token.text and after == "=":
            end = i
            while self.at(end) not in ("", ",", ";"):
                end += 1
            self.fix(i, end)
        elif token.kind == "name" and after == "[" and i > 0 and self.declares(i):
            self.fix(i + 1, self.closing(i + 1) + 1)

    def declares(self, i):
        before = self.tokens[i - 1]
        if before.kind == "name":
            return before.text not in KEYWORDS
        return before.text in ("*", "&", ">") and not self.binary(i - 1)

    def operand_end(self, i, operator):
        """The number of the token after the right operand of the operator at token i."""
        part_of_it = PRODUCTS if operator in "+-" else set()
        depth, j = 0, i + 1
        while j < len(self.tokens):
            text = self.at(j)
            if depth == 0 and j > i + 1:
                spaced = self.binary(j) or text in ("?", ":")
                if text in CLOSE or text in (",", ";") or (spaced and text not in part_of_it):
                    return j
            depth += (text in OPEN) - (text in CLOSE) + self.angle(j)
            j += 1
        return j


def number(text):
    """Another number; None where there is no use in one."""
    match = re.fullmatch(r"([\d'.]+(?:[eE][+-]?\d+)?)([uUlLfF]*)", text)
    if match is None:
        return None
    digits, suffix = match.group(1).replace("'", ""), match.group(2)
    if re.fullmatch(r"\d+", digits):
        return str(int(digits) + 1) + suffix
    return repr(float(digits) / 2 if float(digits) else 1.0) + suffix


class Tree:
    """A copy of the headers and the tests, so that it stays the same while others work on them."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder, "tree")
        self.include, self.tests = self.root / "include", self.root / "tests"
        for name in ("include", "kernels", "tests"):
            if (ROOT / name).exists():
                shutil.copytree(ROOT / name, self.root / name)
        (self.root / "examples").symlink_to(ROOT / "examples")
        self.headers = [path.relative_to(self.include).as_posix() for layer in LAYERS
                        for path in sorted((self.include / "regimen" / layer).rglob("*.hpp"))]

    def text(self, header):
        return (self.include / header).read_text(encoding="utf-8")

    def places(self, header):
        code = Code(self.text(header))
        found = []

        def add(begin, end, new, kind):
            found.append(Place(header, begin, end, new, kind))

        for i, token in enumerate(code.tokens):
            if code.fixed[i]:
                continue
            if token.kind == "number" and number(token.text):
                add(token.begin, token.end, number(token.text), "constant")
            if token.kind != "symbol" or "text" in (code.kind(i - 1), code.kind(i + 1)):
                continue
            if token.text in SWAPPED and code.binary(i):
                kind, new = SWAPPED[token.text]
                add(token.begin, token.end, new, kind)
                if token.text in "+-*/":
                    end = code.operand_end(i, token.text)
                    add(code.tokens[i - 1].end, code.tokens[end - 1].end, "", "term")
            elif token.text == "-" and code.at(i - 1) != "operator" and not code.text[token.end].isspace():
                add(token.begin, token.end, "", "sign")
        return found

    def included(self, path):
        """What a test includes of the library, itself or through the headers of the tests."""
        found = set()
        for name in re.findall(r'^#include "([^"]+)"', path.read_text(encoding="utf-8"), re.MULTILINE):
            if name.startswith("regimen/"):
                found.add(name)
            elif (self.tests / name).exists():
                found |= self.included(self.tests / name)
        return found

    def tests_by_header(self):
        """{header: its tests, the one of its path first}"""
        tests = {}
        for layer in LAYERS:
            files = [path for path in sorted((self.tests / layer).rglob("*.cpp")) if not path.stem.endswith("_program")]
            included = {path: self.included(path) for path in files}
            for header in self.headers:
                if header.startswith(f"regimen/{layer}/"):
                    own = self.tests / pathlib.Path(header).relative_to("regimen").with_suffix(".cpp")
                    others = [path for path in files if path != own and header in included[path]]
                    tests[header] = [own] * (own in files) + others
        for header in tests:  # one that no test includes by name: the tests of the headers that include it
            if not tests[header]:
                users = [other for other in tests if f'"{header}"' in self.text(other)]
                tests[header] = list(dict.fromkeys(test for user in users for test in tests[user]))
        return tests

    def mutated(self, place):
        text = self.text(place.header)
        return text[:place.begin] + place.new + text[place.end:]

    def difference(self, place):
        """The changed lines, as - and + lines under their place."""
        old, new = self.text(place.header).splitlines(), self.mutated(place).splitlines()
        same = rest = 0
        while old[same] == new[same]:
            same += 1
        while rest < min(len(old), len(new)) - same and old[-1 - rest] == new[-1 - rest]:
            rest += 1
        return [f"  - {line}" for line in old[same:len(old) - rest]] + [f"  + {line}" for line in new[same:len(new) - rest]]

    def describe(self, place):
        text = self.text(place.header)
        begin = len(text) - len(text[place.begin:].lstrip())
        return f"include/{place.header}:{text.count(chr(10), 0, begin) + 1} {place.kind}"


class Stopped(Exception):
    pass


class Runner:
    """Compiles and runs the tests of a tree, in a folder."""

    def __init__(self, tree, folder):
        self.tree, self.folder = tree, pathlib.Path(folder)
        self.children, self.lock, self.stopping = set(), threading.Lock(), False
        self.baselines = {}
        eigen = subprocess.run(["pkg-config", "--cflags-only-I", "eigen3"], capture_output=True, text=True, check=True)
        system = [word for path in eigen.stdout.split() for word in ("-isystem", path[2:])]
        self.after = ["-I", str(tree.include), "-I", str(tree.root / "kernels"), "-I", str(tree.tests), *system]
        common = self.folder / "common.hpp"
        common.write_text("".join(f"#include <{name}>\n" for name in COMMON))
        # clang++ compiles the tests in half the time of g++.
        self.compiler = "clang++" if shutil.which("clang++") else "g++"
        compiled = f"{common}.pch" if self.compiler == "clang++" else f"{common}.gch"
        for command in (["-x", "c++-header", str(common), "-o", compiled],
                        ["-c", str(tree.tests / "main.cpp"), "-o", str(self.folder / "main.o")]):
            subprocess.run([self.compiler, *FLAGS, *command], check=True)

    def call(self, command, timeout):
        """The exit status; None where it took too long."""
        environment = {**os.environ, "TMPDIR": str(self.folder), "OMP_NUM_THREADS": "1"}
        with self.lock:
            if self.stopping:
                raise Stopped
            child = subprocess.Popen(command, cwd=self.tree.root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL, env=environment, start_new_session=True)
            self.children.add(child)
        resource.prlimit(child.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.prlimit(child.pid, resource.RLIMIT_CORE, (0, 0))
        try:
            return child.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            return None
        finally:
            with self.lock:
                self.children.discard(child)
            if self.stopping:
                raise Stopped

    def stop(self):
        with self.lock:
            self.stopping = True
            for child in self.children:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)

    def build(self, test, program, first=()):
        return self.call([self.compiler, *FLAGS, *first, *self.after, "-include", str(self.folder / "common.hpp"), str(test),
                          str(self.folder / "main.o"), "-o", str(program)], 900) == 0

    def baseline(self, test):
        """Seconds that a test takes without a change; None where it does not pass."""
        with self.lock:
            entry = self.baselines.setdefault(test, [threading.Lock(), False, None])
        with entry[0]:
            if not entry[1]:
                with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                    program = pathlib.Path(folder, "test")
                    passed, begin = self.build(test, program), time.monotonic()
                    passed = passed and self.call([str(program)], 600) == 0
                    entry[1:] = True, time.monotonic() - begin if passed else None
                if not passed:
                    print(f"note: {test.relative_to(self.tree.root)} does not pass as it is, and is left out", flush=True)
            return entry[2]

    def try_out(self, place, tests):
        """"killed", "survived", or None where the change does not compile."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            changed = pathlib.Path(folder, place.header)
            changed.parent.mkdir(parents=True)
            changed.write_text(self.tree.mutated(place), encoding="utf-8")
            outcome = None
            for test in tests:
                seconds = self.baseline(test)
                if seconds is None:
                    continue
                program = pathlib.Path(folder, "test")
                if not self.build(test, program, ["-I", folder]):
                    return None
                outcome = "survived"
                if self.call([str(program), "--abort-after=1"], 10 + SLOWER * seconds) != 0:
                    return "killed"
            return outcome


def duration(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def check(runner, draws, tests, count, jobs):
    """Tries the draws in order until `count` of them compiled; [(place, outcome)] in the order of the draws."""
    results, pending, taken, dropped, begin = {}, {}, 0, 0, time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        try:
            while True:
                while taken < len(draws) and taken - dropped < count and len(pending) < jobs:
                    pending[pool.submit(runner.try_out, draws[taken], tests[draws[taken].header])] = taken
                    taken += 1
                if not pending:
                    break
                done, _ = concurrent.futures.wait(pending, return_when=concurrent.futures.FIRST_COMPLETED)
                for future in done:
                    i = pending.pop(future)
                    outcome = future.result()
                    if outcome is None:
                        dropped += 1
                        continue
                    results[i] = outcome
                    passed = time.monotonic() - begin
                    left = passed / len(results) * (count - len(results))
                    print(f"[{len(results):{len(str(count))}}/{count}] {runner.tree.describe(draws[i])} {outcome}"
                          f" ({len(results) * 100 // count}%, {duration(left)} left)", flush=True)
        except BaseException:
            runner.stop()
            raise
    return [(draws[i], results[i]) for i in sorted(results)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="mutation.") as folder:
        tree = Tree(folder)
        tests = tree.tests_by_header()
        draws = [place for header in tree.headers if tests[header] for place in tree.places(header)]
        random.Random(options.seed).shuffle(draws)
        for header in tree.headers:
            if not tests[header]:
                print(f"note: no test includes {header}")
        print(f"{len(draws)} places in {len(tree.headers)} headers, seed {options.seed}", flush=True)
        if options.list:
            for place in draws[:options.count]:
                print("\n".join([tree.describe(place), *tree.difference(place)]))
            return
        results = check(Runner(tree, folder), draws, tests, options.count, options.jobs)
        survivors = [place for place, outcome in results if outcome == "survived"]
        if survivors:
            print("survivors:")
        for place in survivors:
            print("\n".join([tree.describe(place), *tree.difference(place)]))
        print(f"mutation: killed={len(results) - len(survivors)} total={len(results)}")


if __name__ == "__main__":
    def interrupt(*_):
        raise KeyboardInterrupt

    for number_of_signal in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number_of_signal, interrupt)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("interrupted")
