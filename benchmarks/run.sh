#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
#
# Installs what is missing, builds a benchmark and runs it. BUILD_DIR chooses the build folder (build-benchmarks).
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tools/setup.sh"
build=${BUILD_DIR:-$root/build-benchmarks}

usage() {
  cat <<'TEXT'
usage: sh benchmarks/run.sh NAME [arguments]
  gemm       matrix products beside OpenBLAS, one thread
  compile    CPU seconds to compile the README's program, the quickstart and Eigen's own matrix products
  tiny_step  instructions of one training step of a tiny net, counted by callgrind
  mlp        one training step of a multilayer perceptron, and the share of its matrix products, one thread
TEXT
}

# build_program FILE PACKAGE...: builds benchmarks/FILE.cpp; its program is $build/benchmarks/NAME.
build_program() {
  if [ ! -e "$root/benchmarks/$1.cpp" ]; then
    echo "benchmarks/$1.cpp is not in this tree" >&2
    exit 1
  fi
  name=$(basename "$1")
  shift
  need g++ meson ninja-build pkg-config python3 libeigen3-dev "$@"
  configure "$build" -Dtests=disabled -Dexamples=disabled -Dbenchmarks=enabled
  compile "$build" "benchmarks/$name"
  program=$build/benchmarks/$name
}

# Instructions of a run of $program with the given arguments.
instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" 2>&1 >/dev/null |
    sed -n 's/^==[0-9]*== Collected : \([0-9]*\).*/\1/p'
}

case ${1-} in
  gemm)
    shift
    build_program gemm libopenblas-dev
    exec env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 "$program" "$@"
    ;;
  compile)
    need g++ pkg-config python3 libeigen3-dev rapidjson-dev
    exec python3 "$root/benchmarks/compile.py"
    ;;
  tiny_step)
    build_program micro/tiny_step valgrind
    many=$(instructions 3000)
    few=$(instructions 1000)
    if [ -z "$many" ] || [ -z "$few" ]; then
      echo "callgrind gave no count: does $program run with one argument, the number of steps?" >&2
      exit 1
    fi
    echo "tiny_step: instructions=$(((many - few) / 2000))"
    ;;
  mlp)
    shift
    build_program micro/mlp_step
    exec env OMP_NUM_THREADS=1 "$program" "$@"
    ;;
  "")
    usage
    ;;
  *)
    echo "there is no benchmark '$1'" >&2
    usage >&2
    exit 1
    ;;
esac
