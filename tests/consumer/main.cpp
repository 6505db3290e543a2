// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// The program of the outside projects: it must compile against the installed headers and say `ok`.
#include <cstdio>

#include "regimen/core/error.hpp"

int main() {
  try {
    regimen::detail::fail("consumer", "a problem", "a remedy");
  } catch (const regimen::Error& error) {
    std::puts(error.what());
    std::puts("ok");
    return 0;
  }
  return 1;
}
