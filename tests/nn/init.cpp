// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/init.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

using namespace regimen;

namespace {

struct Moments {
  double mean = 0, stddev = 0, kurtosis = 0, largest = 0;
};

template <class T>
Moments moments(const Tensor<T>& x) {
  const auto n = static_cast<double>(x.size());
  Moments m;
  for (const T v : x.span()) m.mean += v / n;
  double square = 0, fourth = 0;
  for (const T v : x.span()) {
    square += std::pow(v - m.mean, 2) / n;
    fourth += std::pow(v - m.mean, 4) / n;
    m.largest = std::max(m.largest, std::abs(static_cast<double>(v)));
  }
  m.stddev = std::sqrt(square);
  m.kurtosis = fourth / (square * square);
  return m;
}

/// A uniform or a normal distribution around 0: fourth moments 9/5 and 3.
template <class T>
void check_distribution(const Tensor<T>& x, double stddev, bool normal) {
  const Moments m = moments(x);
  CHECK(std::abs(m.mean) < 0.02 * stddev);
  CHECK(m.stddev == doctest::Approx(stddev).epsilon(0.02));
  CHECK(m.kurtosis == doctest::Approx(normal ? 3 : 1.8).epsilon(0.05));
  if (!normal) CHECK(m.largest <= std::sqrt(3.) * stddev * (1 + 1e-6));
}

}  // namespace

TEST_CASE("fans of a linear weight are its columns and rows") {
  CHECK(init::fans({128, 784}).in == 784);
  CHECK(init::fans({128, 784}).out == 128);
}

TEST_CASE("fans of a convolution count the window's taps") {
  CHECK(init::fans({32, 16, 3, 5}).in == 16 * 15);
  CHECK(init::fans({32, 16, 3, 5}).out == 32 * 15);
}

TEST_CASE("fans of a vector are an error that names the shape") {
  Rng rng(1);
  CHECK_THROWS_AS(init::fans({3}), Error);
  CHECK_THROWS_AS(init::kaiming_uniform({3}, rng), Error);
  try {
    init::fans({7});
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("[7]") != std::string::npos);
  }
}

TEST_CASE_TEMPLATE("kaiming has standard deviation gain / sqrt(fan)", T, float, double) {
  Rng rng(2);
  const Shape linear{300, 200}, conv{60, 40, 3, 3};
  check_distribution(init::kaiming_uniform<T>(linear, rng), std::sqrt(2 / 200.), false);
  check_distribution(init::kaiming_normal<T>(linear, rng), std::sqrt(2 / 200.), true);
  check_distribution(init::kaiming_uniform<T>(conv, rng, {.fan = init::Fan::out}), std::sqrt(2 / 540.), false);
  check_distribution(init::kaiming_normal<T>(conv, rng, {.fan = init::Fan::in, .gain = 1}), 1 / std::sqrt(360.), true);
}

TEST_CASE_TEMPLATE("xavier has standard deviation gain sqrt(2 / (in + out))", T, float, double) {
  Rng rng(3);
  check_distribution(init::xavier_uniform<T>({300, 200}, rng), std::sqrt(2 / 500.), false);
  check_distribution(init::xavier_normal<T>({60, 40, 3, 3}, rng, {.gain = 3}), 3 * std::sqrt(2 / 900.), true);
}

TEST_CASE_TEMPLATE("uniform and normal have the given range and moments", T, float, double) {
  Rng rng(4);
  const Moments u = moments(init::uniform<T>({40000}, rng, 2, 4));
  CHECK(u.mean == doctest::Approx(3).epsilon(0.01));
  CHECK(u.stddev == doctest::Approx(1 / std::sqrt(3.)).epsilon(0.02));
  const Moments n = moments(init::normal<T>({40000}, rng, -1, 0.5));
  CHECK(n.mean == doctest::Approx(-1).epsilon(0.01));
  CHECK(n.stddev == doctest::Approx(0.5).epsilon(0.02));
}

TEST_CASE("constant and zeros fill") {
  for (const float v : init::constant({2, 3}, 0.25).span()) CHECK(v == 0.25f);
  for (const double v : init::zeros<double>({4}).span()) CHECK(v == 0);
}

TEST_CASE_TEMPLATE("orthogonal has orthonormal rows, or columns where there are fewer", T, float, double) {
  Rng rng(5);
  for (const Shape& shape : {Shape{1, 1}, Shape{1, 7}, Shape{7, 1}, Shape{5, 5}, Shape{64, 64}, Shape{9, 70},
                             Shape{70, 9}, Shape{6, 3, 3, 3}, Shape{40, 2, 3, 1}}) {
    CAPTURE(shape.to_string());
    const auto w = init::orthogonal<T>(shape, rng, {.gain = 2});
    CHECK(w.shape() == shape);
    const std::int64_t rows = shape[0], columns = shape.size() / rows;
    const bool tall = rows > columns;
    const std::int64_t count = std::min(rows, columns), length = std::max(rows, columns);
    double worst = 0;
    for (std::int64_t a = 0; a < count; ++a)
      for (std::int64_t b = 0; b < count; ++b) {
        double dot = 0;
        for (std::int64_t i = 0; i < length; ++i)
          dot += static_cast<double>(w.data()[tall ? i * columns + a : a * columns + i]) *
                 static_cast<double>(w.data()[tall ? i * columns + b : b * columns + i]);
        worst = std::max(worst, std::abs(dot - (a == b ? 4 : 0)));
      }
    CHECK(worst < (sizeof(T) == 4 ? 2e-6 : 1e-13));
  }
}

TEST_CASE("orthogonal matrices have no preferred sign") {
  Rng rng(6);
  int positive = 0;
  for (int i = 0; i < 400; ++i) positive += init::orthogonal({2, 2}, rng)(1, 1) > 0;
  CHECK(positive > 150);
  CHECK(positive < 250);
}

TEST_CASE("the same stream gives the same values, and moves on") {
  Rng a(7), b(7);
  const auto first = init::kaiming_uniform({8, 8}, a), again = init::kaiming_uniform({8, 8}, b);
  const auto next = init::kaiming_uniform({8, 8}, a);
  CHECK(std::equal(first.data(), first.data() + 64, again.data()));
  CHECK(!std::equal(first.data(), first.data() + 64, next.data()));
}

TEST_CASE("shapes without elements are allowed") {
  Rng rng(8);
  CHECK(init::kaiming_uniform({0, 4}, rng).shape() == Shape{0, 4});
  CHECK(init::xavier_normal({4, 0}, rng).size() == 0);
  CHECK(init::orthogonal({0, 4}, rng).size() == 0);
  CHECK(init::orthogonal({4, 0}, rng).size() == 0);
}

TEST_CASE("gains that are negative or not finite are errors") {
  Rng rng(9);
  CHECK_THROWS_AS(init::kaiming_normal({2, 2}, rng, {.gain = -1}), Error);
  CHECK_THROWS_AS(init::xavier_uniform({2, 2}, rng, {.gain = std::nan("")}), Error);
  CHECK_THROWS_AS(init::orthogonal({2, 2}, rng, {.gain = -1}), Error);
  CHECK_THROWS_AS(init::orthogonal({2}, rng), Error);
  for (const float v : init::kaiming_uniform({2, 2}, rng, {.gain = 0}).span()) CHECK(v == 0);
}
