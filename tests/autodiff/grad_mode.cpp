// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/autodiff/grad_mode.hpp"

#include <doctest/doctest.h>

#include "regimen/autodiff/grad.hpp"
#include "regimen/ops/arithmetic.hpp"

using namespace regimen;

TEST_CASE("nothing is recorded within NoGrad, and recording comes back after it, also by an exception") {
  const auto x = variable(Tensor<>::from({1, 2}));
  CHECK((x * x).requires_grad());
  try {
    const NoGrad guard;
    CHECK(!(x * x).requires_grad());
    CHECK(!is_recorded(x));
    {
      const GradMode on(true);
      CHECK((x * x).requires_grad());
    }
    CHECK(!(x * x).requires_grad());
    throw 1;
  } catch (int) {
  }
  CHECK(is_recorded(x));
}

TEST_CASE("stop_gradient makes a constant of the same elements") {
  const auto x = variable(Tensor<>::from({3}));
  const auto y = stop_gradient(x);
  CHECK(y.data() == x.data());
  CHECK(!y.requires_grad());
  CHECK(grad(x * stop_gradient(x), {x})[0].item() == 3);
}

TEST_CASE("an operation on constants is not recorded") {
  const auto x = Tensor<>::from({3});
  CHECK(!is_recorded(x, x));
  CHECK(is_recorded(x, variable(x)));
  CHECK(!is_recorded(Tensor<>()));
}
