// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/gru.hpp"

#include <doctest/doctest.h>

#include "nn/recurrent_checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("Gru agrees with PyTorch, with a state that is given and without", T, float, double) {
  check_golden<T, Gru>("gru");
}

TEST_CASE("Gru has gradients to second order, goes on from its state and names sizes that do not fit") {
  check_recurrent<Gru>("Gru", [](const auto& result) { return all_of(result); });
}
