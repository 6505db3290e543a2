#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
#
# Changes one place of a header at a time and counts how many of the changes a test notices.
#
#   sh tests/mutation.sh [--count N] [--seed S] [--jobs J] [--list]
#
# N places (150) are drawn by seed S (0) from include/regimen/{ops,loss,optim}, and J of them (as many as cores) are tried
# at once. --list only prints the places that would be drawn. The last line is `mutation: killed=K total=N`.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tools/setup.sh"
need g++ pkg-config python3 libeigen3-dev doctest-dev rapidjson-dev
exec python3 "$root/tests/mutation.py" "$@"
