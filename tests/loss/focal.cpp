// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/focal.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/ops/concat.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("focal agrees with its formula in PyTorch", T, float, double) {
  const Oracle oracle("loss");
  const auto w = oracle.get<T>("focal_weights");
  for (const char* gamma : {"0", "0.5", "2"}) {
    const std::string name = std::string("focal.") + gamma;
    const auto y = oracle.get<std::int64_t>(name + ".in.labels");
    oracle.check_case<T>(name, {"logits"}, [&](const std::vector<Tensor<T>>& in) {
      return focal(in[0], y, {.gamma = std::stod(gamma), .class_weights = w});
    });
  }
  const auto y = oracle.get<std::int64_t>("focal.sequences.in.labels");
  oracle.check_case<T>("focal.sequences", {"logits"},
                       [&](const std::vector<Tensor<T>>& in) { return focal(in[0], y); });
}

TEST_CASE_TEMPLATE("binary_focal agrees with torchvision's formula", T, float, double) {
  const Oracle oracle("loss");
  const auto t = oracle.get<T>("binary_targets");
  oracle.check_case<T>("binary_focal", {"logits"}, [&](const std::vector<Tensor<T>>& in) {
    return binary_focal(in[0], t, {.gamma = 1.5, .alpha = 0.3});
  });
}

TEST_CASE("focal of two classes is binary_focal of the logits' difference, with equal weights, doubled") {
  Rng rng(1);
  const auto d = rng.normal<double>({7, 1});
  const auto zero = Tensor<double>::zeros({7, 1});
  auto t = Tensor<double>::zeros({7, 1});
  auto y = Tensor<std::int64_t>::zeros({7});
  for (int i = 0; i < 7; i += 2) t.mutable_data()[i] = static_cast<double>(y.mutable_data()[i] = 1);
  const auto two = concat({zero, d * 3}, 1);
  CHECK(focal(two, y).item() == doctest::Approx(2 * binary_focal(d * 3, t, {.alpha = 0.5}).item()));
}

TEST_CASE_TEMPLATE("focal losses of certain logits are finite, for gammas below 1 too", T, float, double) {
  const auto x = variable(Tensor<T>::from({1e4, 0, 0, -1e4, 1e4, 0}, {2, 3}));
  for (const double gamma : {0., 0.3, 1., 2.})
    for (const std::int64_t label : {0, 1, 2}) {
      const auto loss = focal(x, Tensor<std::int64_t>::full({2}, label), {.gamma = gamma});
      CHECK(all_finite(loss));
      CHECK(all_finite(grad(loss, {x})[0]));
      const auto binary = binary_focal(x, Tensor<T>::full({2, 3}, static_cast<T>(label) / 2), {.gamma = gamma});
      CHECK(all_finite(binary));
      CHECK(all_finite(grad(binary, {x})[0]));
    }
  CHECK(focal(x, Tensor<std::int64_t>::from({0, 0}), {.reduction = Reduction::none})(1) == T(2e4));
  CHECK(focal(Tensor<T>::from({3, -INFINITY}, {1, 2}), Tensor<std::int64_t>::from({0})).item() == 0);
}

TEST_CASE("focal losses refuse what does not fit") {
  const auto x = Tensor<>::zeros({2, 3});
  const auto y = Tensor<std::int64_t>::from({0, 1});
  CHECK(fails_with([&] { focal(x, Tensor<std::int64_t>::from({0})); }, "focal", "[2, 3]", "[1]"));
  CHECK(fails_with([&] { focal(x, Tensor<std::int64_t>::from({0, 3})); }, "3"));
  CHECK(fails_with([&] { focal(x, y, {.gamma = -1}); }, "gamma is -1"));
  CHECK(fails_with([&] { focal(x, y, {.class_weights = Tensor<>::ones({2})}); }, "[2]", "[2, 3]"));
  CHECK(fails_with([&] { binary_focal(x, Tensor<>::zeros({2})); }, "binary_focal", "[2, 3]", "[2]"));
  CHECK(fails_with([&] { binary_focal(x, x, {.gamma = -1}); }, "gamma is -1"));
  CHECK(fails_with([&] { binary_focal(x, x, {.alpha = 2}); }, "alpha is 2"));
}
