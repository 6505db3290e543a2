// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/cosine_embedding.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("cosine_embedding agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  const auto t = oracle.get<T>("cosine_signs");
  oracle.check_case<T>("cosine_embedding", {"a", "b"}, [&](const std::vector<Tensor<T>>& in) {
    return cosine_embedding(in[0], in[1], t, {.margin = 0.1});
  });
}

TEST_CASE_TEMPLATE("cosine_embedding of known angles", T, float, double) {
  const auto a = Tensor<T>::from({1, 0, 1, 0, 1, 0, 1, 0}, {4, 2}),
             b = Tensor<T>::from({2, 0, 3, 3, 0, 5, 1, 1}, {4, 2});
  const auto loss =
      cosine_embedding(a, b, Tensor<T>::from({1, 1, -1, -1}), {.margin = 0.2, .reduction = Reduction::none});
  CHECK(distance(loss, Tensor<double>::from({0, 1 - std::sqrt(0.5), 0, std::sqrt(0.5) - 0.2}).to<T>()) < 1e-6);
}

TEST_CASE_TEMPLATE("a vector of zeros has cosine 0 and finite gradients", T, float, double) {
  const auto a = variable(Tensor<T>::zeros({1, 3}));
  const auto loss = cosine_embedding(a, Tensor<T>::ones({1, 3}), Tensor<T>::ones({1}));
  CHECK(loss.item() == 1);
  CHECK(all_finite(grad(loss, {a})[0]));
}

TEST_CASE("cosine_embedding has gradients to second order in both") {
  Rng rng(1);
  const auto a = rng.normal<double>({4, 3}), b = rng.normal<double>({4, 3});
  const auto t = Tensor<double>::from({1, -1, 1, -1});
  const auto f = [&](const auto& in) { return cosine_embedding(in[0], in[1], t, {.margin = -0.9}); };
  const auto check = gradcheck(f, {a, b}, {.order = 2});
  CHECK_MESSAGE(check, check.message);
}

TEST_CASE("cosine_embedding refuses what does not fit") {
  const auto x = Tensor<>::ones({2, 3}), t = Tensor<>::ones({2});
  CHECK(fails_with([&] { cosine_embedding(x, Tensor<>::ones({2, 4}), t); }, "[2, 3]", "[2, 4]"));
  CHECK(fails_with([&] { cosine_embedding(x, x, x); }, "targets [2, 3]"));
  CHECK(fails_with([&] { cosine_embedding(x, x, t * 0.0f); }, "a target is 0"));
  CHECK(fails_with([&] { cosine_embedding(x, x, t, {.margin = 2}); }, "margin is 2"));
}
