// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/error.hpp"

#include <doctest/doctest.h>

TEST_CASE("an Error reads operation, problem, remedy") {
  const regimen::Error error("matmul", "inner sizes differ", "transpose an operand");
  CHECK(std::string(error.what()) == "matmul: inner sizes differ; transpose an operand");
  CHECK(error.operation() == "matmul");
  CHECK(error.problem() == "inner sizes differ");
  CHECK(error.remedy() == "transpose an operand");
  CHECK(std::string(regimen::Error("load", "no file").what()) == "load: no file");
}
