// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/augment/jpeg.hpp"

#include "data/augment/checks.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("the losses are a file's, but for the rounding of its pixels", T, float, double) {
  const Oracle oracle("data_b");
  const auto x = oracle.get<T>("jpeg.x");
  const auto grey = x.reshaped({3, 1, 12, 9}).rows(0, 1).clone();
  for (const int quality : {90, 40}) {
    INFO("quality " << quality);
    const std::string text = std::to_string(quality);
    oracle.check("jpeg.exact." + text, jpeg_quantise(x, quality));
    // A file's pixels are whole numbers, before and after.
    CHECK(distance(jpeg_quantise(grey, quality), oracle.get<T>("jpeg.grey." + text)) < 1.5 / 255);
    const auto steps = oracle.get<std::int64_t>("jpeg.steps." + text);
    for (int k = 0; k < 64; ++k) {
      CHECK(static_cast<std::int64_t>(detail::jpeg_steps(true, quality)[static_cast<std::size_t>(k)]) == steps(0, k));
      CHECK(static_cast<std::int64_t>(detail::jpeg_steps(false, quality)[static_cast<std::size_t>(k)]) == steps(1, k));
    }
  }
}

TEST_CASE("steps of 1 lose little, and a second time changes nothing") {
  const auto x = images<double>();
  CHECK(distance(jpeg_quantise(x, 100), x) < 4.0 / 255);
  const auto grey = Rng(2).uniform<double>({2, 1, 16, 8}, 0.3, 0.7);
  const auto once = jpeg_quantise(grey, 60);
  CHECK(distance(jpeg_quantise(once, 60), once) < 1e-12);
  CHECK(distance(once, grey) > 0.02);
}

TEST_CASE("a block depends on itself alone, and flat images are kept where the step fits") {
  auto x = Rng(3).uniform<double>({1, 1, 16, 16});
  const auto before = jpeg_quantise(x, 30);
  for (int i = 8; i < 16; ++i) x.mutable_data()[16 * i + 9] = 1;
  const auto after = jpeg_quantise(x, 30);
  double above = 0, below = 0;
  for (int i = 0; i < 16; ++i)
    for (int j = 0; j < 16; ++j) {
      const double change = std::abs(after(0, 0, i, j) - before(0, 0, i, j));
      (i < 8 || j < 8 ? above : below) += change;
    }
  CHECK(above == 0);
  CHECK(below > 0.1);
  // Of a flat block only the mean counts, in steps of a 2 at quality 95: 8 (v - 128) / 2.
  const auto flat = Tensor<double>::full({1, 1, 5, 3}, 77.25 / 255);
  CHECK(distance(jpeg_quantise(flat, 95), flat) < 1e-12);
  CHECK(jpeg_quantise(Tensor<>::zeros({0, 3, 4, 4}), 50).shape() == Shape{0, 3, 4, 4});
  CHECK(jpeg_quantise(Tensor<>::zeros({2, 3, 0, 4}), 50).shape() == Shape{2, 3, 0, 4});
}

TEST_CASE("wrong images and qualities are Errors") {
  CHECK(fails_with([] { jpeg_quantise(Tensor<>::zeros({1, 2, 8, 8}), 50); }, "jpeg_quantise", "[1, 2, 8, 8]"));
  CHECK(fails_with([] { jpeg_quantise(images<float>(), 0); }, "quality is 0", "1, ..., 100"));
  CHECK(fails_with([] { jpeg_quantise(images<float>(), 101); }, "quality is 101"));
}
