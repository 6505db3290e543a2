#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
#
# Installs what is missing, builds the quickstart and runs it.
#
#   sh examples/run.sh [arguments of the quickstart]
#
# BUILD_DIR chooses the build folder (build-examples); CXX the compiler of a new one.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tools/setup.sh"
need g++ meson ninja-build pkg-config python3 libeigen3-dev rapidjson-dev

build=${BUILD_DIR:-$root/build-examples}
configure "$build" -Dtests=disabled -Dexamples=enabled -Dbenchmarks=disabled
compile "$build" examples/quickstart
cd "$root"
# Threads that wait asleep do not slow a machine on which other programs run.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"
exec "$build/examples/quickstart" "$@"
