// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/rnn.hpp"

#include <doctest/doctest.h>

#include "nn/recurrent_checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("Rnn agrees with PyTorch, with a state that is given and without", T, float, double) {
  check_golden<T, Rnn>("rnn");
}

TEST_CASE("Rnn has gradients to second order, goes on from its state and names sizes that do not fit") {
  check_recurrent<Rnn>("Rnn", [](const auto& result) { return all_of(result); });
}
