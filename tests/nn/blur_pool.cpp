// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/blur_pool.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "nn/support.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("blur pooling agrees with PyTorch", T, float, double) {
  const Oracle oracle("nn_d_vision");
  for (const BlurPool2dOptions& options :
       {BlurPool2dOptions{2, 2}, BlurPool2dOptions{3, 2}, BlurPool2dOptions{4, 1}, BlurPool2dOptions{5, 3}})
    oracle.check_case<T>("blur." + std::to_string(options.size), {"x"},
                         [&](const auto& in) { return BlurPool2d(options)(in[0]); });
}

TEST_CASE("blur pooling keeps what is constant, and a filter of size 1 samples") {
  for (const std::int64_t size : {1, 2, 3, 7, 31}) {
    const auto y = BlurPool2d({.size = size, .stride = 3})(Tensor<double>::full({2, 17, 16}, 2.5));
    CHECK(y.shape() == Shape{2, 6, 6});
    for (const double v : y.span()) CHECK(v == doctest::Approx(2.5).epsilon(1e-12));
  }
  Rng rng(1);
  const auto x = rng.normal({5, 4});
  const auto y = BlurPool2d({.size = 1})(x);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 2; ++j) CHECK(y(i, j) == x(2 * i, 2 * j));
  CHECK(BlurPool2d()(Tensor<>::zeros({0, 3, 4, 4})).shape() == Shape{0, 3, 2, 2});
  CHECK(BlurPool2d({.size = 2})(Tensor<>::ones({1, 2, 2})).shape() == Shape{1, 1, 1});
}

TEST_CASE("blur pooling has gradients to second order") {
  Rng rng(2);
  const auto check = gradcheck([](const auto& in) { return BlurPool2d()(in[0] * in[0]); },
                               {rng.normal<double>({1, 2, 4, 3})}, {.order = 2});
  CHECK_MESSAGE(check, check.message);
}

TEST_CASE("blur pooling names what does not fit") {
  CHECK(fails_with([] { BlurPool2d({.size = 0}); }, "BlurPool2d", "size 0"));
  CHECK(fails_with([] { BlurPool2d({.size = 32}); }, "BlurPool2d", "size 32"));
  CHECK(fails_with([] { BlurPool2d({.stride = 0}); }, "BlurPool2d", "stride 0"));
  CHECK(fails_with([] { BlurPool2d({.size = 5})(Tensor<>::zeros({1, 2, 9})); }, "BlurPool2d", "[1, 2, 9]"));
  CHECK(fails_with([] { BlurPool2d({.size = 5})(Tensor<>::zeros({1, 9, 2})); }, "BlurPool2d", "[1, 9, 2]"));
  CHECK(fails_with([] { BlurPool2d()(Tensor<>::zeros({9})); }, "BlurPool2d", "[9]"));
}
