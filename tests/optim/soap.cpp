// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/soap.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <type_traits>

#include "optim/model.hpp"
#include "optim/oracle.hpp"
#include "regimen/optim/adamw.hpp"

using namespace test;

TEST_CASE("soap options outside their ranges, and a first gradient without a number, are errors") {
  CHECK(message([] { soap({.beta1 = 1}); }) == "soap: beta1 is 1; beta1 must be in [0, 1)");
  CHECK(message([] { soap({.every = 0}); }) == "soap: every is 0; every must be at least 1 and at most 2^60");
  CHECK_THROWS_AS(soap({.beta2 = 1}), Error);
  CHECK_THROWS_AS(soap({.epsilon = -1}), Error);
  CHECK_THROWS_AS(soap({.limit = 0}), Error);
  CHECK_THROWS_AS(soap({.weight_decay = -1}), Error);
  auto parameters = parts<float>();
  parameters.gradients().fill(NAN);
  auto optimizer = soap({});
  CHECK_THROWS_AS(optimizer.update(parameters, Progress{}), Error);
}

TEST_CASE_TEMPLATE("twenty steps of soap are those of the paper's algorithm", T, float, double) {
  const double tolerance = std::is_same_v<T, float> ? 1e-3 : 1e-10;  // vectors of near eigenvalues are not exact
  SoapOptions options = {.lr = 0.05, .beta1 = 0.9, .epsilon = 1e-3, .every = 4, .weight_decay = 0.1};
  check_oracle<T>("soap", soap<T>(options), "optim_b", {3, 3}, {2}, tolerance);
  options.every = 1;
  options.limit = 3;
  check_oracle<T>("soap_left", soap<T>(options), "optim_b", {3, 4}, {2}, tolerance);
  check_oracle<T>("soap_right", soap<T>(options), "optim_b", {4, 3}, {2}, tolerance);
}

TEST_CASE("the first update moves nothing; without turned sides soap is then AdamW") {
  auto a = parts<double>(), b = parts<double>();
  auto still = soap<double>({.lr = 0.1, .limit = 1, .decay_mask = "*.weight"});
  auto plain = adamw<double>({.lr = 0.1, .beta1 = 0.95, .beta2 = 0.95, .decay_mask = "*.weight"});
  train(a, still, 0, 1);
  CHECK(values(a) == values(b));
  train(a, still, 1, 10);
  train(b, plain, 0, 10);
  for (std::size_t i = 0; i < 112; ++i) CHECK(values(a)[i] == doctest::Approx(values(b)[i]).epsilon(1e-12));
}

TEST_CASE("soap is the same in turned axes: rows and columns of the problem turned, so is the path") {
  const double c = 0.8, s = 0.6;
  const auto q = Tensor<double>::from({c, -s, s, c}, {2, 2});
  HiddenPart<double> model{variable(Tensor<double>::zeros({2, 2})), variable(Tensor<double>::zeros({1}))};
  HiddenPart<double> turned{variable(Tensor<double>::zeros({2, 2})), variable(Tensor<double>::zeros({1}))};
  auto a = parameters<double>(model), b = parameters<double>(turned);
  auto first = soap<double>({.lr = 0.1, .every = 2}), second = first;
  for (std::int64_t t = 0; t < 9; ++t) {
    const auto g = Tensor<double>::from(
        {1.0 + std::sin(static_cast<double>(t)), 0.5, -0.25, 2.0 - 0.1 * static_cast<double>(t)}, {2, 2});
    a.gradients().view(0, {2, 2}).assign(g);
    b.gradients().view(0, {2, 2}).assign(matmul(matmul(q, g), q));
    first.update(a, Progress{t});
    second.update(b, Progress{t});
  }
  CHECK(relative_error(b.values().view(0, {2, 2}), matmul(matmul(q, a.values().view(0, {2, 2})), q)) < 1e-6);
  CHECK(std::fabs(a.values()(0)) > 0.1);
}

TEST_CASE("the bases stay orthonormal, also of factors without full rank") {
  auto parameters = parts<double>();
  auto optimizer = soap<double>({.every = 1});
  train(parameters, optimizer, 0, 12);
  const State state = through_file(optimizer);
  for (const char* name : {"parameter0.3", "parameter0.5"}) {
    const auto q = state.get<Tensor<double>>(name);
    auto identity = Tensor<double>::zeros(q.shape());
    for (std::int64_t i = 0; i < q.size(0); ++i) identity.mutable_data()[i * q.size(0) + i] = 1;
    CHECK(relative_error(matmul(q, q, {.transpose_a = true}), identity) < 1e-13);
  }
  CHECK(state.get<Tensor<double>>("parameter0.3").shape() == Shape{17, 17});
}
