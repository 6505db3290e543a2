// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/mse.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE("mse is the mean of squares") {
  const auto p = Tensor<>::from({1, 2, 3, 4}, {2, 2}), t = Tensor<>::from({0, 0, 5, 4}, {2, 2});
  CHECK(mse(p, t).item() == 2.25f);
  CHECK(mse(p, t, {.reduction = Reduction::sum}).item() == 4.5f);
  CHECK(same_bits(mse(p, t, {.reduction = Reduction::none}), Tensor<>::from({2.5f, 2})));
}

TEST_CASE("mse of a scalar is one square in every reduction") {
  const auto p = Tensor<>::scalar(3), t = Tensor<>::scalar(1);
  for (const Reduction r : {Reduction::none, Reduction::mean, Reduction::sum}) {
    const auto loss = mse(p, t, {.reduction = r});
    CHECK(loss.shape() == Shape{});
    CHECK(loss.item() == 4);
  }
}

TEST_CASE_TEMPLATE("mse's gradient is 2 (p - t) over the number of elements", T, float, double) {
  Rng rng(1);
  for (const Shape& shape : {Shape{32, 1}, Shape{7, 5, 3}, Shape{1}, Shape{1000, 100}}) {
    CAPTURE(shape.to_string());
    const auto p = variable(rng.normal<T>(shape)), t = variable(rng.normal<T>(shape));
    double loss = 0;
    for (std::int64_t i = 0; i < p.size(); ++i)
      loss += std::pow(static_cast<double>(p.data()[i]) - static_cast<double>(t.data()[i]), 2);
    const auto y = mse(p, t);
    const auto n = static_cast<double>(p.size());
    CHECK(y.item() == doctest::Approx(loss / n).epsilon(sizeof(T) == 4 ? 1e-5 : 1e-12));
    const auto g = grad(y, {p, t});
    for (std::int64_t i = 0; i < p.size(); i += 13) {
      const double want = 2 * (static_cast<double>(p.data()[i]) - static_cast<double>(t.data()[i])) / n;
      CHECK(g[0].data()[i] == doctest::Approx(want).epsilon(1e-5));
      CHECK(g[1].data()[i] == -g[0].data()[i]);
    }
  }
}

TEST_CASE("mse of each sample has each sample's gradient") {
  const auto p = variable(Tensor<double>::from({1, 2, 3, 4}, {2, 2})), t = Tensor<double>::from({0, 0, 0, 0}, {2, 2});
  const auto y = mse(p, t, {.reduction = Reduction::none});
  CHECK(same_bits(grad(y, {p}, {}, Tensor<double>::from({1, 10}))[0], Tensor<double>::from({1, 2, 30, 40}, {2, 2})));
}

TEST_CASE("mse's fused gradient is the recorded one") {
  Rng rng(2);
  const auto p = variable(rng.normal<double>({4, 3, 2})), t = variable(rng.normal<double>({4, 3, 2}));
  for (const Reduction r : {Reduction::none, Reduction::mean, Reduction::sum}) {
    const auto y = mse(p, t, {.reduction = r});
    const auto seed = rng.normal<double>(y.shape());
    const auto fused = grad(y, {p, t}, {}, seed), recorded = grad(y, {p, t}, {.create_graph = true}, seed);
    CHECK(distance(fused[0], recorded[0]) < 1e-15);
    CHECK(distance(fused[1], recorded[1]) < 1e-15);
  }
}

TEST_CASE("mse of other shapes names both") {
  CHECK(fails_with([] { mse(Tensor<>::zeros({3, 1}), Tensor<>::zeros({3})); }, "mse", "[3, 1]", "[3]"));
}

TEST_CASE_TEMPLATE("mse agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  for (const bool separate : {false, true})
    oracle.check_case<T>(separate ? "mse.none" : "mse.mean", {"predictions", "targets"},
                         [=](const std::vector<Tensor<T>>& in) {
                           return mse(in[0], in[1], {.reduction = separate ? Reduction::none : Reduction::mean});
                         });
}
