// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/shampoo.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"

using namespace test;

TEST_CASE("shampoo options outside their ranges, and gradients without a number, are errors") {
  CHECK(message([] { shampoo({.momentum = 1}); }) == "shampoo: momentum is 1; momentum must be in [0, 1)");
  CHECK(message([] { shampoo({.epsilon = 0}); }) == "shampoo: epsilon is 0; epsilon must be positive and finite");
  CHECK_THROWS_AS(shampoo({.every = 0}), Error);
  CHECK_THROWS_AS(shampoo({.block = 0}), Error);
  CHECK_THROWS_AS(shampoo({.weight_decay = -1}), Error);
  auto parameters = parts<float>();
  parameters.gradients().fill(NAN);
  auto optimizer = shampoo({});
  CHECK_THROWS_AS(optimizer.update(parameters, Progress{}), Error);
}

TEST_CASE_TEMPLATE("twenty steps of shampoo are those of the paper's formula", T, float, double) {
  check_oracle<T>("shampoo", shampoo<T>({.epsilon = 1e-2}), "optim_b");
  check_oracle<T>("shampoo_all",
                  shampoo<T>({.momentum = 0.5, .epsilon = 1e-2, .every = 3, .block = 8, .weight_decay = 0.1}),
                  "optim_b");
}

TEST_CASE("inverse roots are those of the eigenvalues, and eigenvalues below the floor count as it") {
  const auto s = Tensor<double>::from({2, 1, 1, 2}, {2, 2});  // eigenvalues 1 and 3
  const auto root = detail::inverse_root(s, 0.5, 1e-3);
  CHECK(relative_error(matmul(matmul(root, root), s), Tensor<double>::from({1, 0, 0, 1}, {2, 2})) < 1e-14);
  const auto floored = detail::inverse_root(Tensor<double>::from({-1e-9, 0, 0, 16}, {2, 2}), 0.25, 1e-4);
  CHECK(floored(0, 0) == doctest::Approx(10));
  CHECK(floored(1, 1) == doctest::Approx(0.5));
}

TEST_CASE("the first step of a matrix is orthogonal to rounding by epsilon, as G (G^T G)^-1/2 is") {
  HiddenPart<double> model{variable(Tensor<double>::zeros({2, 2})), variable(Tensor<double>::zeros({1}))};
  auto packed = parameters<double>(model);
  const double g[] = {3, 1, -1, 2, 4};
  std::copy(g, g + 5, packed.gradients().mutable_data());
  auto optimizer = shampoo<double>({.lr = 1, .epsilon = 1e-12});
  optimizer.update(packed, Progress{});
  const auto u = packed.values().view(0, {2, 2});
  const auto product = matmul(u, u, {.transpose_b = true});
  CHECK(product(0, 0) == doctest::Approx(1));
  CHECK(product(0, 1) == doctest::Approx(0));
  CHECK(product(1, 1) == doctest::Approx(1));
  CHECK(packed.values()(4) == doctest::Approx(-1));
}

TEST_CASE("blocks of one are Adagrad with both factors") {
  auto parameters = parts<double>();
  const auto before = values(parameters);
  parameters.gradients().fill(3);
  auto optimizer = shampoo<double>({.lr = 0.5, .epsilon = 1, .block = 1, .decay_mask = "none"});
  optimizer.update(parameters, Progress{});
  for (std::size_t i = 0; i < 112; ++i)
    CHECK(values(parameters)[i] == doctest::Approx(before[i] - 0.5 * 3 / std::sqrt(10.0)));
  optimizer.update(parameters, Progress{1});
  for (std::size_t i = 0; i < 112; ++i)
    CHECK(values(parameters)[i] == doctest::Approx(before[i] - 0.5 * 3 / std::sqrt(10.0) - 0.5 * 3 / std::sqrt(19.0)));
}

TEST_CASE("decay is the masked parameters' alone") {
  auto parameters = parts<double>();
  parameters.values().fill(2);
  parameters.gradients().fill(0);
  auto optimizer = shampoo<double>({.lr = 0.5, .weight_decay = 0.5, .decay_mask = "out.*"});
  optimizer.update(parameters, Progress{});
  CHECK(values(parameters)[0] == 2);
  CHECK(values(parameters)[100] == 1.5);
}
