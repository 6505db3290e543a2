#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Installs Regimen into a temporary prefix, then builds and runs outside projects that use it.

plain       g++ -I PREFIX/include
meson       Meson, which finds Regimen through pkg-config
cmake       CMake's find_package(regimen), target regimen::regimen
subproject  Meson with the source tree under subprojects/, nothing installed

All are copied out of the tree first, and the prefix is moved after the installation where the project can follow.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def run(*command, cwd, **environment):
    result = subprocess.run([str(word) for word in command], cwd=cwd, env={**os.environ, **environment},
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        sys.exit(f"{cwd}$ {' '.join(map(str, command))}\n{result.stdout}")
    return result.stdout


def project(name, folder):
    copy = folder / name
    shutil.copytree(HERE / name, copy)
    shutil.copy(HERE / "main.cpp", copy)
    return copy


def expect_ok(program, cwd):
    if not run(program, cwd=cwd).endswith("ok\n"):
        sys.exit(f"{program} does not end with ok")
    print(f"{cwd.name}: ok")


def main(folder):
    prefix = folder / "prefix"
    off = ["-Dtests=disabled", "-Dexamples=disabled", "-Dbenchmarks=disabled"]
    run("meson", "setup", folder / "build", ROOT, "--prefix", prefix, *off, cwd=folder)
    run("meson", "install", "-C", folder / "build", cwd=folder)
    for part in ("include/regimen/core/config.hpp", "share/pkgconfig/regimen.pc", "share/cmake/regimen/regimenConfig.cmake"):
        if not (prefix / part).exists():
            sys.exit(f"meson install does not put {part} in place")

    at = project("meson", folder)
    run("meson", "setup", "build", cwd=at, PKG_CONFIG_PATH=str(prefix / "share" / "pkgconfig"))
    run("meson", "compile", "-C", "build", cwd=at)
    expect_ok(at / "build" / "app", at)

    at = project("subproject", folder)
    (at / "subprojects").mkdir()
    (at / "subprojects" / "regimen").symlink_to(ROOT)
    run("meson", "setup", "build", cwd=at, PKG_CONFIG_PATH="")
    run("meson", "compile", "-C", "build", cwd=at)
    if list((at / "build").rglob("test_*")):
        sys.exit("a subproject builds Regimen's tests")
    expect_ok(at / "build" / "app", at)

    moved = folder / "moved"
    prefix.rename(moved)
    at = project("plain", folder)
    eigen = run("pkg-config", "--cflags-only-I", "eigen3", cwd=at).split()[0][2:]
    run("sh", "build.sh", cwd=at, PREFIX=str(moved), EIGEN=eigen)
    expect_ok(at / "app", at)

    at = project("cmake", folder)
    run("cmake", "-G", "Ninja", "-S", ".", "-B", "build", f"-DCMAKE_PREFIX_PATH={moved}", cwd=at)
    run("cmake", "--build", "build", cwd=at)
    expect_ok(at / "build" / "app", at)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(pathlib.Path(temporary))
