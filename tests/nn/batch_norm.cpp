// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/batch_norm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"

using namespace test;

TEST_CASE("batch_norm uses the batch's statistics in training, and blends them into the running ones") {
  Rng rng(1);
  for (const Shape& shape : {Shape{6, 3}, Shape{4, 3, 5}, Shape{2, 3, 4, 5}}) {
    CAPTURE(shape.to_string());
    BatchNorm<double> layer(3, {.momentum = 0.25});
    const auto x = rng.normal<double>(shape, 2, 3);
    const auto y = layer(x);
    const std::int64_t inner = shape.size() / (shape[0] * 3), count = shape[0] * inner;
    for (std::int64_t c = 0; c < 3; ++c) {
      const auto each = [&](auto f) {
        for (std::int64_t i = 0; i < shape[0]; ++i)
          for (std::int64_t p = 0; p < inner; ++p) f((i * 3 + c) * inner + p);
      };
      double mean = 0, variance = 0;
      each([&](std::int64_t at) { mean += x.data()[at] / static_cast<double>(count); });
      each([&](std::int64_t at) { variance += std::pow(x.data()[at] - mean, 2) / static_cast<double>(count); });
      each([&](std::int64_t at) {
        CHECK(y.data()[at] == doctest::Approx((x.data()[at] - mean) / std::sqrt(variance + 1e-5)));
      });
      CHECK(layer.running_mean(c) == doctest::Approx(0.25 * mean));
      const double unbiased = variance * static_cast<double>(count) / static_cast<double>(count - 1);
      CHECK(layer.running_variance(c) == doctest::Approx(0.75 + 0.25 * unbiased));
    }
  }
}

TEST_CASE("batch_norm uses the running statistics in evaluation, and leaves them") {
  BatchNorm<double> layer(2);
  layer.running_mean.assign(Tensor<double>::from({1, -2}));
  layer.running_variance.assign(Tensor<double>::from({4, 0.25}));
  layer.weight.assign(Tensor<double>::from({2, 3}));
  layer.bias.assign(Tensor<double>::from({10, 20}));
  set_training(layer, false);
  const auto y = layer(Tensor<double>::from({3, -1}, {1, 2}));
  CHECK(y(0, 0) == doctest::Approx(12).epsilon(1e-5));
  CHECK(y(0, 1) == doctest::Approx(26).epsilon(1e-4));
  CHECK(same_bits(layer.running_mean, Tensor<double>::from({1, -2})));
  CHECK(same_bits(layer.running_variance, Tensor<double>::from({4, 0.25})));
}

TEST_CASE("the running statistics converge to those of the data") {
  Rng rng(2);
  BatchNorm<> layer(1);
  for (int i = 0; i < 200; ++i) layer(rng.normal({64, 1}, 3, 2));
  CHECK(layer.running_mean(0) == doctest::Approx(3).epsilon(0.1));
  CHECK(layer.running_variance(0) == doctest::Approx(4).epsilon(0.1));
}

TEST_CASE("batch_norm has parameters and buffers, and the gradient does not go to the latter") {
  BatchNorm<> layer(2), plain(2, {.affine = false});
  CHECK(names(layer) == "weight bias running_mean running_variance mode ");
  CHECK(names(plain) == "running_mean running_variance mode ");
  int count = 0;
  for_each_parameter(layer, [&](const std::string&, auto&) { ++count; });
  CHECK(count == 2);
  Rng rng(3);
  const auto x = rng.normal({5, 2});
  CHECK(same_bits(layer(x).detach(), plain(x)));
}

TEST_CASE("batch_norm refuses shapes that do not fit, and batches without a variance") {
  const BatchNorm<> layer(3);
  CHECK(fails_with([&] { layer(Tensor<>::zeros({4, 2})); }, "BatchNorm", "[4, 2]", "3 channels"));
  CHECK(fails_with([&] { layer(Tensor<>::zeros({3})); }, "BatchNorm", "[3]"));
  CHECK(fails_with([&] { layer(Tensor<>::zeros({1, 3})); }, "BatchNorm", "[1, 3]"));
  CHECK(fails_with([&] { layer(Tensor<>::zeros({0, 3})); }, "BatchNorm", "[0, 3]"));
  CHECK(fails_with([&] { BatchNorm<>(3, {.momentum = 2}); }, "momentum is 2"));
}
