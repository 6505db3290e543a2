#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Writes a source that includes several tests, each in a namespace of its own: what they share is compiled once.

usage: unity.py OUTPUT TEST...

All headers are included before, outside these namespaces; in the tests their #include lines then have no effect. A test
that replaces operator new, which no namespace can hold, is in none.
"""
import pathlib
import re
import sys


def main():
    output, *tests = sys.argv[1:]
    headers, parts, plain = {}, [], []
    for test in map(pathlib.Path, tests):
        text = test.read_text(encoding="utf-8")
        headers.update(dict.fromkeys(re.findall(r"^#include .*$", text, re.MULTILINE)))
        part = f'#include "{test.resolve()}"\n'
        if re.search(r"^[^ ].*\bvoid\* operator new\(", text, re.MULTILINE):
            plain.append(part)
        else:
            parts.append(f"namespace test_of_{re.sub(r'[^A-Za-z0-9]', '_', test.stem)} {{\n{part}}}\n")
    content = "\n".join([*headers, "", *parts, *plain])
    unit = pathlib.Path(output)
    if not unit.exists() or unit.read_text(encoding="utf-8") != content:  # what is the same is not compiled again
        unit.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
