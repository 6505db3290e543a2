#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Writes README.md's table of what is in the library, from the public declarations of the headers.

  contents.py           writes the table anew
  contents.py --check   fails where it is out of date
  contents.py --list    prints the names of each header
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include" / "regimen"
BEGIN, END = "<!-- contents: written by tools/contents.py -->\n", "<!-- /contents -->\n"
# What a folder is about, and the order of the rows.
FOLDERS = {
    "core": "tensors, errors, random numbers, state",
    "io": "files",
    "cpu": "kernels (namespace `kernel`)",
    "autodiff": "gradients of any order",
    "ops": "differentiable functions",
    "nn": "modules",
    "loss": "losses",
    "optim": "optimizers and what composes with them",
    "optim/schedule": "schedules",
    "data": "data sets, samplers",
    "data/augment": "augmentation",
    "data/read": "readers",
    "data/synth": "generated data",
    "metrics": "metrics",
    "text": "tokenizers, language-model data, decoding",
    "train": "phases and programs",
    "train/observer": "observers",
    "curriculum": "curricula",
    "distill": "distillation",
}
WORDS = r"(?:(?:inline|constexpr|static|\[\[[\w:, ]+\]\])\s+)*"
TYPE = re.compile(WORDS + r"(?:class|struct|enum class|concept|using)\s+(?:\[\[[\w:, ]+\]\]\s+)?(\w+)(?P<rest>[^\n]*)")
FUNCTION = re.compile(WORDS + r"[\w:<>,.&*\s]*?[\w>&*]\s[&*]*(operator\s*[^\s(]+|\w+)\(")


def without_template(text):
    """A declaration without its `template <...>` in front."""
    while text.startswith("template"):
        depth = 0
        for i, letter in enumerate(text):
            depth += (letter == "<") - (letter == ">" and text[i - 1] != "-")
            if letter == ">" and depth == 0 and text[i - 1] != "-":
                text = text[i + 1:].lstrip()
                break
        if text.startswith("requires"):
            text = text.partition("\n")[2]
    return text


def declared(path, namespace):
    """The names that a header declares in a namespace, in order: what stands at the beginning of a line."""
    spaces, names = [], []
    lines = path.read_text(encoding="utf-8").split("\n")
    for i, line in enumerate(lines):
        opened = re.fullmatch(r"(?:inline )?namespace ([\w:]*) ?\{", line)
        if opened:
            spaces.append(opened[1])
        elif re.match(r"\}  // namespace", line):
            spaces.pop()
        elif "::".join(spaces) == namespace and line and line[0] not in " }/#):" and not line.startswith(("requires", "using namespace")):
            if i > 0 and re.match(r"(template|requires|\[\[)", lines[i - 1]) and not line.startswith("template") and \
                    not lines[i - 1].endswith((";", "}")):
                continue  # the declaration has begun a line before
            text = without_template("\n".join(lines[i:i + 12])).replace("decltype(auto)", "auto")
            found = TYPE.match(text)
            if found and not found["rest"].startswith("<"):
                names.append(found[1])
            elif not found:
                found = FUNCTION.match(text)
                if found:
                    names.append(found[1])
        macro = re.match(r"#define (REGIMEN_\w+)\(", line)
        if macro and namespace == "regimen":
            names.append(macro[1])
    return list(dict.fromkeys(names))


def contents():
    """{folder: {header: names}}"""
    folders = {}
    for path in sorted(INCLUDE.rglob("*.hpp")):
        folder = path.parent.relative_to(INCLUDE).as_posix()
        if folder == ".":
            continue
        namespace = "regimen::kernel" if folder == "cpu" else "regimen"
        folders.setdefault(folder, {})[path.name] = declared(path, namespace)
    return folders


def table():
    folders = contents()
    unknown = set(folders) - set(FOLDERS)
    if unknown:
        sys.exit(f"say in tools/contents.py what is in {sorted(unknown)}")
    rows = ["| folder | | names |", "|---|---|---|"]
    for folder, about in FOLDERS.items():
        if folder not in folders:
            continue
        names = sorted(name for names in folders[folder].values() for name in names)
        names = {name.lower().replace("_", ""): name for name in names
                 if not name.endswith("Options") and "operator" not in name}  # adam for both Adam and adam
        shown = [names[key] for key in sorted(names)]
        rows.append(f"| `{folder}/` | {about} | {', '.join(shown)} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        for folder, headers in contents().items():
            for header, names in headers.items():
                print(f"{folder}/{header}: {' '.join(names)}")
        sys.exit()
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        sys.exit(f"README.md lacks the lines between which the table stands: {BEGIN.strip()} and {END.strip()}")
    head, rest = text.split(BEGIN)
    wanted = head + BEGIN + table() + END + rest.split(END)[1]
    if sys.argv[1:] == ["--check"]:
        if wanted != text:
            sys.exit("README.md's table is out of date: run python3 tools/contents.py")
    else:
        readme.write_text(wanted, encoding="utf-8")
