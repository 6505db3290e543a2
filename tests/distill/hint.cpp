// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/distill/hint.hpp"

#include <doctest/doctest.h>

#include <string>

#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/optim/sgd.hpp"

using namespace regimen;

TEST_CASE("the loss is half the squared distance, mean over a sample's elements") {
  const auto r = Tensor<>::from({1, 2, 3, 4}, {2, 2}), u = Tensor<>::from({1, 0, 5, 8}, {2, 2});
  const auto each = hint_loss(r, u, {.reduction = Reduction::none});
  CHECK(each.shape() == Shape{2});
  CHECK(each(0) == 1);
  CHECK(each(1) == 5);
  CHECK(hint_loss(r, u).item() == 3);
  CHECK(hint_loss(r, u, {.reduction = Reduction::sum}).item() == 6);
  CHECK(hint_loss(u, u).item() == 0);
}

TEST_CASE("no gradient flows to the teacher") {
  const auto r = variable(Tensor<double>::from({1, 2, 3, 4}, {2, 2})), u = variable(Tensor<double>::ones({2, 2}));
  const auto gradients = grad(hint_loss(r, u), {r, u}, {.allow_unused = true});
  for (std::int64_t i = 0; i < 4; ++i) {
    CHECK(gradients[0].data()[i] == doctest::Approx(static_cast<double>(i) / 4));
    CHECK(gradients[1].data()[i] == 0);
  }
}

TEST_CASE("gradients to second order") {
  Rng rng(3);
  const auto u = rng.normal<double>({4, 5});
  for (const Reduction reduction : {Reduction::none, Reduction::mean, Reduction::sum}) {
    const auto check = gradcheck([&](const auto& in) { return hint_loss(in[0], u, {.reduction = reduction}); },
                                 {rng.normal<double>({4, 5})}, {.order = 2});
    CHECK_MESSAGE(check.ok, check.message);
  }
}

TEST_CASE("the regressor maps the student's width to the teacher's") {
  Rng rng(1);
  HintRegressor<> regressor(3, 5, rng);
  CHECK(regressor(Tensor<>::ones({2, 3})).shape() == Shape{2, 5});
  const auto p = parameters(regressor);
  CHECK(p.entries().size() == 2);
  CHECK(p.entries()[0].name == "map.weight");
  CHECK_THROWS_AS(HintRegressor<>(0, 5, rng), Error);
}

TEST_CASE("training the regressor finds a teacher that is a linear map of the student") {
  Rng rng(4);
  const auto h = rng.normal<double>({32, 3});
  const auto u = HintRegressor<double>(3, 5, rng)(h);
  HintRegressor<double> regressor(3, 5, rng);
  auto p = parameters<double>(regressor);
  auto optimizer = sgd<double>({.lr = 0.5, .momentum = 0.9});
  const double before = hint_loss(regressor(h), u).item();
  for (std::int64_t step = 0; step < 300; ++step) {
    backward(hint_loss(regressor(h), u), p);
    optimizer.update(p, {step});
  }
  CHECK(before > 1e-2);
  CHECK(hint_loss(regressor(h), u).item() < 1e-8);
}

TEST_CASE("other shapes than the teacher's are an error with both") {
  CHECK_THROWS_WITH_AS(hint_loss(Tensor<>::ones({2, 3}), Tensor<>::ones({2, 5})),
                       "hint_loss: the regressor's output is [2, 3] and the teacher's hidden layer [2, 5]; map the "
                       "student's layer with a HintRegressor(student_width, teacher_width, rng)",
                       Error);
}
