// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/hinge.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE("hinge counts what is missing to the margin") {
  const auto s = Tensor<>::from({2, 0.5f, -1, -3}), t = Tensor<>::from({1, 1, 1, -1});
  CHECK(same_bits(hinge(s, t, {.reduction = Reduction::none}), Tensor<>::from({0, 0.5f, 2, 0})));
  CHECK(same_bits(hinge(s, t, {.margin = 3, .reduction = Reduction::none}), Tensor<>::from({1, 2.5f, 4, 0})));
  CHECK(same_bits(hinge(s, t, {.squared = true, .reduction = Reduction::none}), Tensor<>::from({0, 0.25f, 4, 0})));
}

TEST_CASE("crammer_singer_hinge counts the best wrong class, multi_margin_hinge all of them") {
  Rng rng(1);
  const auto s = rng.normal<double>({40, 5});
  auto y = Tensor<std::int64_t>::empty({40});
  for (int i = 0; i < 40; ++i) y.mutable_data()[i] = rng.below(5);
  for (const bool squared : {false, true}) {
    const HingeOptions options{.margin = 0.8, .squared = squared, .reduction = Reduction::none};
    const auto best = crammer_singer_hinge(s, y, options), all = multi_margin_hinge(s, y, options);
    for (int i = 0; i < 40; ++i) {
      double worst = 0, total = 0;
      for (int j = 0; j < 5; ++j) {
        if (j == y(i)) continue;
        const double term = std::fmax(0, 0.8 + s(i, j) - s(i, y(i)));
        worst = std::fmax(worst, term);
        total += squared ? term * term : term;
      }
      CHECK(best(i) == doctest::Approx(squared ? worst * worst : worst));
      CHECK(all(i) == doctest::Approx(total / 5));
    }
  }
}

TEST_CASE("hinges of a separated sample have no gradient") {
  const auto s = variable(Tensor<>::from({5, 0, 1}, {1, 3}));
  const auto y = Tensor<std::int64_t>::from({0});
  for (const float v : grad(crammer_singer_hinge(s, y), {s})[0].span()) CHECK(v == 0);
  for (const float v : grad(multi_margin_hinge(s, y), {s})[0].span()) CHECK(v == 0);
}

TEST_CASE("hinges refuse shapes, labels and options that do not fit") {
  const auto y = Tensor<std::int64_t>::from({0, 3});
  CHECK(fails_with([] { hinge(Tensor<>::ones({3, 1}), Tensor<>::ones({3})); }, "hinge", "[3, 1]", "[3]"));
  CHECK(fails_with([] { hinge(Tensor<>::ones({3}), Tensor<>::zeros({3})); }, "target is 0"));
  CHECK(fails_with([] { hinge(Tensor<>::ones({3}), Tensor<>::ones({3}), {.margin = 0}); }, "margin is 0"));
  CHECK(fails_with([&] { crammer_singer_hinge(Tensor<>::ones({3, 4}), y); }, "crammer_singer_hinge", "[3, 4]", "[2]"));
  CHECK(fails_with([&] { multi_margin_hinge(Tensor<>::ones({3, 4}), y); }, "multi_margin_hinge", "[3, 4]", "[2]"));
  CHECK(fails_with([&] { multi_margin_hinge(Tensor<>::ones({2, 3}), y); }, "3"));
}

TEST_CASE_TEMPLATE("hinges agree with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  const auto signs = oracle.get<T>("signs");
  oracle.check_case<T>("hinge", {"scores"}, [&](const std::vector<Tensor<T>>& in) {
    return hinge(in[0], signs, {.margin = 1.5, .reduction = Reduction::none});
  });
  for (const bool squared : {false, true}) {
    const std::string name = squared ? "multi_margin.2" : "multi_margin.1";
    const auto y = oracle.get<std::int64_t>(name + ".in.labels");
    oracle.check_case<T>(name, {"scores"}, [&](const std::vector<Tensor<T>>& in) {
      return multi_margin_hinge(in[0], y, {.margin = 0.8, .squared = squared});
    });
  }
}
