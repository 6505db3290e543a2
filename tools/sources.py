#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Lists the files under a folder that end in one of the given suffixes, one relative path a line, sorted.

usage: sources.py FOLDER SUFFIX... [--not TOP_FOLDER...]
"""
import pathlib
import sys

arguments = sys.argv[1:]
skipped = set()
if "--not" in arguments:
    at = arguments.index("--not")
    arguments, skipped = arguments[:at], set(arguments[at + 1:])
folder = pathlib.Path(arguments[0])
for path in sorted(folder.rglob("*")):
    name = path.relative_to(folder)
    if path.suffix in arguments[1:] and name.parts[0] not in skipped:
        print(name.as_posix())
