#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
#
# Installs what is missing, builds everything and runs the tests.
#
#   sh tests/run.sh [--sanitize] [arguments for `meson test`, such as core/tensor or --suite unit]
#
# --sanitize builds the unit tests with clang++ under the address and undefined-behaviour sanitizers, in a folder of their
# own; those of the folders that LAYERS names, such as "core ops", where it is set. BUILD_DIR chooses the build folder
# (build); CXX the compiler of a new one.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tools/setup.sh"
need g++ meson ninja-build pkg-config cmake python3 libeigen3-dev doctest-dev rapidjson-dev

build=${BUILD_DIR:-$root/build}
if [ "${1-}" = --sanitize ]; then
  shift
  build=$build-sanitize
  need clang
  if [ "$debian" = yes ]; then need libclang-rt-dev; fi
  # Half the time of g++ to compile.
  export CXX="${CXX:-clang++}"
  configure "$build" -Dtests=enabled -Dexamples=disabled -Dbenchmarks=disabled -Dopenmp=disabled \
    -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=0 \
    -Dcpp_args="-g1 -fsanitize-ignorelist=$root/tests/support/sanitizers_ignore.txt"
  targets=
  for layer in ${LAYERS-}; do
    targets="$targets tests/test_$layer"
    set -- --suite "$layer" "$@"
  done
  # shellcheck disable=SC2086
  compile "$build" $targets
  if [ -z "$targets" ]; then set -- --suite unit "$@"; fi
  export ASAN_OPTIONS="${ASAN_OPTIONS:-halt_on_error=1:allocator_may_return_null=1}"
  export UBSAN_OPTIONS="${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}"
  set -- --timeout-multiplier 5 "$@"
else
  configure "$build" -Dtests=enabled -Dexamples=enabled -Dbenchmarks=enabled
  compile "$build"
fi
# Tests run side by side: threads that wait asleep leave the cores to the others.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"
exec meson test -C "$build" --no-rebuild --print-errorlogs "$@"
