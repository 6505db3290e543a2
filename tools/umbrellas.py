#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Writes the umbrella headers anew: regimen/<folder>.hpp for every folder, and regimen.hpp for all of them.

usage: umbrellas.py   (after adding or removing a header; tests/layering.py says when they are out of date)
"""
import pathlib

include = pathlib.Path(__file__).resolve().parent.parent / "include" / "regimen"
HEAD = "// SPDX-License-Identifier: MIT\n// Copyright (c) 2026 The Regimen developers\n#pragma once\n\n"


def write(path, what, targets):
    lines = "".join(f'#include "regimen/{target}"\n' for target in sorted(targets))
    path.write_text(f"{HEAD}/// {what}\n{lines}", encoding="utf-8")


folders = sorted(path.name for path in include.iterdir() if path.is_dir())
for folder in folders:
    headers = [path.relative_to(include).as_posix() for path in (include / folder).rglob("*.hpp")]
    write(include / f"{folder}.hpp", f"All of {folder}/.", headers)
write(include / "regimen.hpp", "All of Regimen. Including the headers that a file needs compiles faster.",
      [f"{folder}.hpp" for folder in folders])
