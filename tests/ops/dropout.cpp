// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/dropout.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"

#include "cpu/reference.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;

TEST_CASE("dropout zeroes with probability p and keeps the mean") {
  for (const double p : {0.1, 0.5, 0.9}) {
    Rng rng(3);
    const auto x = Tensor<float>::ones({100000});
    const auto y = dropout(x, p, rng);
    double kept = 0;
    for (const float v : y.span()) {
      if (v != 0) CHECK(v == doctest::Approx(1 / (1 - p)));
      kept += v != 0;
    }
    CHECK(std::abs(kept / 1e5 - (1 - p)) < 4 * std::sqrt(p * (1 - p) / 1e5));
  }
}

TEST_CASE("dropout with p = 0 is the identity and with p = 1 zero, without draws") {
  Rng rng(3);
  const auto x = random({4, 3});
  CHECK(dropout(x, 0, rng).data() == x.data());
  for (const double v : dropout(Tensor<double>::full({3}, INFINITY), 1, rng).span()) CHECK(v == 0);
  const auto v = variable(x);
  for (const double g : grad(sum(dropout(v, 1, rng)), {v})[0].span()) CHECK(g == 0);
  CHECK(rng.state() == Rng(3).state());
  CHECK(dropout(random({0, 2}), 0.5, rng).shape() == Shape{0, 2});
}

TEST_CASE("the gradient of dropout is its mask, to any order") {
  for (const Shape& shape : {Shape{4, 5}, Shape{1}, Shape{0, 3}})
    for (const double p : {0.0, 0.4, 1.0})
      CHECK(structure::check(
          [p](const auto& v) {
            Rng rng(5);
            const auto y = dropout(v[0] * v[0], p, rng);
            return y * y;
          },
          {random(shape)}));
}

TEST_CASE("dropout has the same bits on any number of threads") {
  CHECK(reference::same_at_any_thread_count([] {
    Rng rng(1);
    const auto y = dropout(Tensor<float>::ones({100001}), 0.3, rng);
    return std::vector<float>(y.data(), y.data() + y.size());
  }));
}

TEST_CASE("dropout refuses a p outside [0, 1]") {
  Rng rng(1);
  CHECK(has(message([&] { dropout(random({2, 3}), 1.5, rng); }), "p is 1.500000 for x of shape [2, 3]"));
  CHECK_THROWS_AS(dropout(random({2}), -0.1, rng), Error);
  CHECK_THROWS_AS(dropout(random({2}), NAN, rng), Error);
}
