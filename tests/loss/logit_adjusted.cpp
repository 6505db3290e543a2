// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/logit_adjusted.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("logit_adjusted agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  const auto priors = oracle.get<T>("log_priors");
  const auto y = oracle.get<std::int64_t>("logit_adjusted.in.labels");
  oracle.check_case<T>("logit_adjusted", {"logits"}, [&](const std::vector<Tensor<T>>& in) {
    return logit_adjusted(in[0], y, priors, {.tau = 1.5});
  });
}

TEST_CASE_TEMPLATE("logits that do not depend on the input are best equal", T, float, double) {
  const auto counts = Tensor<std::int64_t>::from({6, 3, 1});
  const auto priors = class_log_priors<T>(counts);
  CHECK(distance(priors, Tensor<double>::from({std::log(0.6), std::log(0.3), std::log(0.1)}).to<T>()) < 1e-7);
  const auto x = variable(Tensor<T>::zeros({10, 3}));
  const auto y = Tensor<std::int64_t>::from({0, 0, 0, 0, 0, 0, 1, 1, 1, 2});
  const auto dx = sum(grad(logit_adjusted(x, y, priors), {x})[0], 0);
  for (const T v : dx.span()) CHECK(v == doctest::Approx(0).epsilon(1e-6));
}

TEST_CASE("logit_adjusted refuses what does not fit") {
  const auto y = Tensor<std::int64_t>::from({0, 1});
  CHECK(fails_with(
      [&] {
        logit_adjusted(Tensor<>::zeros({2, 3}), y, Tensor<>::zeros({2}));
      },
      "logit_adjusted", "[2]", "[2, 3]"));
  CHECK(fails_with([] { class_log_priors(Tensor<std::int64_t>::from({3, 0})); }, "a count is 0"));
  CHECK(fails_with([] { class_log_priors(Tensor<std::int64_t>::scalar(3)); }, "[]"));
}
