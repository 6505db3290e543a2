// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/rms_norm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "ops/table.hpp"
#include "regimen/ops/slice.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using table::closed;
using table::message;
using table::random;

TEST_CASE_TEMPLATE("rms_norm agrees with PyTorch", T, float, double) {
  test::Oracle("nn_a_norm").check_case<T>("rms_norm", {"x", "weight"}, [](const std::vector<Tensor<T>>& in) {
    return rms_norm(in[0], in[1]);
  });
}

TEST_CASE("gradients of rms_norm agree with differences to second order") {
  for (const Shape& shape : {Shape{7}, Shape{3, 5}, Shape{2, 3, 1}, Shape{2, 0}, Shape{0, 4}}) {
    CAPTURE(shape.to_string());
    const auto x = random(shape), gamma = random({shape[-1]}, 2);
    for (const int order : {1, 2}) {
      const auto both =
          gradcheck([](const auto& in) { return rms_norm(in[0], in[1], 0.1); }, {x, gamma}, {.order = order});
      CHECK_MESSAGE(both, both.message);
      const auto plain = gradcheck([](const auto& in) { return rms_norm(in[0], {}, 0.1); }, {x}, {.order = order});
      CHECK_MESSAGE(plain, plain.message);
      const auto factor = gradcheck([&](const auto& in) { return rms_norm(x, in[0], 0.1); }, {gamma}, {.order = order});
      CHECK_MESSAGE(factor, factor.message);
    }
  }
}

TEST_CASE("rms_norm of large and of missing numbers") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto x = Tensor<double>::from({3, 4, 0, 0, nan, 1}, {3, 2});
  CHECK(closed(rms_norm(x, {}, 0), {0.6 * std::sqrt(2), 0.8 * std::sqrt(2), nan, nan, nan, nan}, {3, 2}));
  CHECK(closed(rms_norm(slice(x, 0, 1, 2)), {0, 0}, {1, 2}));
}

TEST_CASE("errors of rms_norm name the shapes") {
  const auto x = random({2, 3});
  CHECK(message([&] { rms_norm(x, random({2})); }) == "rms_norm: gamma is [2] for x of shape [2, 3]; it must be [3]");
  CHECK(message([&] { rms_norm(x, {}, -1); }).find("epsilon is -1") != std::string::npos);
  CHECK(message([&] { rms_norm(Tensor<double>::scalar(1)); }).find("x is []") != std::string::npos);
}
