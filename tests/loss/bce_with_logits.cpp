// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/bce_with_logits.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE("bce_with_logits is the cross-entropy of sigmoids") {
  const double x[] = {-3, -0.5, 0, 1, 2.5}, t[] = {0, 1, 0.25, 1, 0.5};
  const auto losses =
      bce_with_logits(Tensor<double>::from(x, {5}), Tensor<double>::from(t, {5}), {.reduction = Reduction::none});
  const auto weighted = bce_with_logits(Tensor<double>::from(x, {5}), Tensor<double>::from(t, {5}),
                                        {.pos_weight = Tensor<double>::scalar(3), .reduction = Reduction::none});
  for (int i = 0; i < 5; ++i) {
    const double p = 1 / (1 + std::exp(-x[i]));
    CHECK(losses(i) == doctest::Approx(-t[i] * std::log(p) - (1 - t[i]) * std::log(1 - p)));
    CHECK(weighted(i) == doctest::Approx(-3 * t[i] * std::log(p) - (1 - t[i]) * std::log(1 - p)));
  }
}

TEST_CASE("bce_with_logits keeps small losses and gradients of confident logits") {
  const auto x = variable(Tensor<>::from({-20, 20, -1e4f, 1e4f})), t = Tensor<>::from({0, 1, 1, 0});
  const auto y = bce_with_logits(x, t, {.reduction = Reduction::none});
  CHECK(y(0) == doctest::Approx(std::exp(-20.)).epsilon(1e-5));
  CHECK(y(1) == doctest::Approx(std::exp(-20.)).epsilon(1e-5));
  CHECK(y(2) == 1e4f);
  CHECK(y(3) == 1e4f);
  const auto dx = grad(sum(y), {x})[0];
  CHECK(dx(0) == doctest::Approx(std::exp(-20.)).epsilon(1e-5));
  CHECK(dx(1) == doctest::Approx(-std::exp(-20.)).epsilon(1e-5));
  CHECK(dx(2) == -1);
  CHECK(dx(3) == 1);
}

TEST_CASE("bce_with_logits refuses shapes that do not agree") {
  CHECK(fails_with([] { bce_with_logits(Tensor<>::zeros({3, 1}), Tensor<>::zeros({3})); }, "[3, 1]", "[3]"));
  CHECK(fails_with(
      [] {
        bce_with_logits(Tensor<>::zeros({3}), Tensor<>::zeros({3}), {.pos_weight = Tensor<>::ones({2, 1})});
      },
      "[2, 1]", "[3]"));
}

TEST_CASE_TEMPLATE("bce_with_logits agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  const auto w = oracle.get<T>("pos_weight");
  for (const bool adds : {false, true})
    for (const bool weighted : {false, true}) {
      const std::string name =
          std::string("bce_with_logits.") + (weighted ? "weighted." : "") + (adds ? "sum" : "mean");
      const BceOptions<T> options{.pos_weight = weighted ? w : Tensor<T>{},
                                  .reduction = adds ? Reduction::sum : Reduction::mean};
      oracle.check_case<T>(name, {"logits", "targets"},
                           [&](const std::vector<Tensor<T>>& in) { return bce_with_logits(in[0], in[1], options); });
    }
}
