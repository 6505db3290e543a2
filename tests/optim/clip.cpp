// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/clip.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"

using namespace test;

TEST_CASE("clip_by_value bounds the trainable gradients and leaves the frozen ones") {
  auto parameters = parts<float>();
  parameters.set("hidden.bias", false);
  differentiate(parameters);
  const std::vector<float> before(parameters.gradients().span().begin(), parameters.gradients().span().end());
  clip_by_value(0.5).update(parameters, Progress{});
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool frozen = i >= 68 && i < 71;
    CHECK(parameters.gradients().data()[i] == (frozen ? before[i] : std::fmax(-0.5f, std::fmin(0.5f, before[i]))));
  }
}

TEST_CASE("clip_by_global_norm scales only what is too long, over the trainable parameters together") {
  auto parameters = parts<double>();
  parameters.set("hidden.bias", false);
  parameters.gradients().fill(2);  // 109 trainable elements
  CHECK(global_norm(parameters) == doctest::Approx(2 * std::sqrt(109.0)));
  clip_by_global_norm(100).update(parameters, Progress{});
  CHECK(parameters.gradients().data()[0] == 2);
  clip_by_global_norm(3).update(parameters, Progress{});
  CHECK(global_norm(parameters) == doctest::Approx(3));
  CHECK(parameters.gradients().data()[0] == doctest::Approx(3 / std::sqrt(109.0)));
  CHECK(parameters.gradients().data()[111] == doctest::Approx(3 / std::sqrt(109.0)));
  CHECK(parameters.gradients().data()[69] == 2);
}

TEST_CASE("a gradient norm that is not finite is an error that names the step") {
  auto parameters = parts<float>();
  parameters.gradients().mutable_data()[7] = std::nanf("");
  CHECK(message([&] {
          clip_by_global_norm(1).update(parameters, Progress{42});
        }).find("clip_by_global_norm: the gradient's norm at step 42 is ") == 0);
  parameters.gradients().mutable_data()[7] = INFINITY;
  CHECK_THROWS_AS(clip_by_global_norm(1).update(parameters, Progress{}), Error);
  parameters.gradients().fill(1e30f);  // its square is beyond float, not beyond double
  clip_by_global_norm(1).update(parameters, Progress{});
  CHECK(global_norm(parameters) == doctest::Approx(1));
}

TEST_CASE("limits that are not positive are errors") {
  CHECK(message([] { clip_by_value(0); }) == "clip_by_value: limit is 0; limit must be positive and finite");
  CHECK_THROWS_AS(clip_by_global_norm(-1), Error);
  CHECK_THROWS_AS(clip_by_global_norm(std::nan("")), Error);
}
