#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
#
# Fuzzes the readers with libFuzzer under the address and undefined-behaviour sanitizers.
#
#   sh tests/fuzz.sh [seconds for each target, 60] [target...]
#
# A target is a file tests/fuzz/NAME.cpp; all are run without a name. Each starts from tests/fuzz/corpus/NAME. The bytes
# that made one fail are kept in BUILD_DIR (build-fuzz). A leak is not looked for, and shows where it grows to the limit
# of memory. The last line is `fuzz: ok=K total=N`; the status 0 if K = N.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tools/setup.sh"
need clang pkg-config libeigen3-dev rapidjson-dev
if [ "$debian" = yes ]; then need libclang-rt-dev; fi

seconds=60
case ${1-} in
  '' | *[!0-9]*) ;;
  *) seconds=$1 && shift ;;
esac
if [ $# = 0 ]; then
  for file in "$root"/tests/fuzz/*.cpp; do set -- "$@" "$(basename "$file" .cpp)"; done
fi
for target in "$@"; do
  if [ ! -e "$root/tests/fuzz/$target.cpp" ]; then
    echo "there is no tests/fuzz/$target.cpp" >&2
    exit 1
  fi
done

build=${BUILD_DIR:-$root/build-fuzz}
mkdir -p "$build"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
eigen=$(pkg-config --cflags eigen3)

ok=0
number=0
for target in "$@"; do
  number=$((number + 1))
  left=$(((($# - number + 1) * (seconds + 20) + 59) / 60))
  echo "[$number/$#] $target, $seconds s, all done in about $left min"
  # shellcheck disable=SC2086
  clang++ -std=c++20 -O1 -g1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
    -fsanitize-ignorelist="$root/tests/fuzz/ignored.txt" \
    -I "$root/include" -I "$root/tests" $eigen "$root/tests/fuzz/$target.cpp" -o "$work/$target"
  mkdir -p "$work/found" "$root/tests/fuzz/corpus/$target"
  begin=$(date +%s)
  if "$work/$target" -max_total_time="$seconds" -max_len=4096 -rss_limit_mb=2048 -malloc_limit_mb=256 -timeout=10 \
    -print_final_stats=1 -artifact_prefix="$build/$target-" \
    "$work/found" "$root/tests/fuzz/corpus/$target" >"$work/log" 2>&1; then
    verdict=ok
    ok=$((ok + 1))
  else
    verdict=CRASH
    tail -n 60 "$work/log"
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log" | tail -n 1)
  echo "fuzz: $target runs=${runs:-0} seconds=$(($(date +%s) - begin)) $verdict"
  rm -rf "$work/found" "$work/$target"
done
echo "fuzz: ok=$ok total=$#"
[ "$ok" = $# ]
