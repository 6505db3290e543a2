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

# Builds a target and runs it; leaves $work/NAME/ok where nothing was found.
fuzz() {
  mkdir -p "$work/$1/found" "$root/tests/fuzz/corpus/$1"
  # shellcheck disable=SC2086
  clang++ -std=c++20 -O1 -g1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
    -fsanitize-ignorelist="$root/tests/support/sanitizers_ignore.txt" \
    -I "$root/include" -I "$root/tests" $eigen "$root/tests/fuzz/$1.cpp" -o "$work/$1/run"
  verdict=ok
  "$work/$1/run" -max_total_time="$seconds" -max_len=4096 -rss_limit_mb=2048 -malloc_limit_mb=256 -timeout=10 \
    -print_final_stats=1 -artifact_prefix="$build/$1-" \
    "$work/$1/found" "$root/tests/fuzz/corpus/$1" >"$work/$1/log" 2>&1 || verdict=CRASH
  if [ $verdict = ok ]; then touch "$work/$1/ok"; else tail -n 60 "$work/$1/log"; fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$1/log" | tail -n 1)
  echo "fuzz: $1 runs=${runs:-0} $verdict"
}

echo "$# targets, $seconds s each, two at a time: about $(((($# + 1) / 2 * (seconds + 30) + 59) / 60)) min"
beside=no
for target in "$@"; do
  fuzz "$target" &
  if [ $beside = yes ]; then wait; beside=no; else beside=yes; fi
done
wait
ok=$(find "$work" -name ok | wc -l)
echo "fuzz: ok=$ok total=$#"
[ "$ok" = $# ]
