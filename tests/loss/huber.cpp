// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/huber.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE("huber is a square near the target and a line beyond") {
  const auto p = variable(Tensor<double>::from({0, 0.25, -0.5, 2, -3})), t = Tensor<double>::zeros({5});
  const auto y = huber(p, t, {.delta = 0.5, .reduction = Reduction::none});
  CHECK(distance(y, Tensor<double>::from({0, 0.03125, 0.125, 0.875, 1.375})) < 1e-15);
  CHECK(distance(grad(sum(y), {p})[0], Tensor<double>::from({0, 0.25, -0.5, 0.5, -0.5})) < 1e-15);
}

TEST_CASE("huber with a large delta is half of the square") {
  Rng rng(1);
  const auto p = rng.normal<double>({6, 2}), t = rng.normal<double>({6, 2});
  const auto d = p - t;
  CHECK(huber(p, t, {.delta = 100}).item() == doctest::Approx(mean(d * d).item() / 2));
}

TEST_CASE("huber refuses other shapes and a delta that is not positive") {
  CHECK(fails_with([] { huber(Tensor<>::zeros({3, 1}), Tensor<>::zeros({3})); }, "huber", "[3, 1]", "[3]"));
  CHECK(fails_with([] { huber(Tensor<>::zeros({3}), Tensor<>::zeros({3}), {.delta = 0}); }, "delta is 0"));
}

TEST_CASE_TEMPLATE("huber agrees with PyTorch, also with its smooth L1 times delta", T, float, double) {
  const Oracle oracle("loss");
  for (const bool separate : {false, true}) {
    const HuberOptions options{.delta = 0.6, .reduction = separate ? Reduction::none : Reduction::mean};
    const std::string suffix = separate ? ".none" : ".mean";
    oracle.check_case<T>("huber" + suffix, {"predictions", "targets"},
                         [=](const std::vector<Tensor<T>>& in) { return huber(in[0], in[1], options); });
    oracle.check_case<T>("smooth_l1" + suffix, {"predictions", "targets"},
                         [=](const std::vector<Tensor<T>>& in) { return huber(in[0], in[1], options) / 0.6; });
  }
}
