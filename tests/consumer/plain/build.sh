#!/bin/sh
# The compiler alone. PREFIX is where Regimen was installed.
set -eu
${CXX:-g++} -std=c++20 -O2 -Wall -Wextra -Werror -I "$PREFIX/include" -isystem "$EIGEN" main.cpp -o app
