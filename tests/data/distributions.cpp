// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/distributions.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace regimen;

namespace {

struct Moments {
  double mean = 0, variance = 0;
};

template <class Draw>
Moments moments(int count, const Draw& draw) {
  double sum = 0, squares = 0;
  for (int i = 0; i < count; ++i) {
    const auto x = static_cast<double>(draw());
    sum += x;
    squares += x * x;
  }
  return {sum / count, squares / count - sum / count * (sum / count)};
}

constexpr int draws = 40000;

}  // namespace

TEST_CASE("gamma draws have mean and variance of their shape") {
  for (const double shape : {0.2, 0.9, 1.0, 3.5, 50.0}) {
    INFO("shape " << shape);
    Rng rng(1);
    const Moments m = moments(draws, [&] { return draw_gamma(rng, shape); });
    CHECK(std::abs(m.mean - shape) < 5 * std::sqrt(shape / draws));
    // The fourth central moment is 3 shape^2 + 6 shape.
    CHECK(std::abs(m.variance - shape) < 5 * std::sqrt((2 * shape * shape + 6 * shape) / draws));
  }
}

TEST_CASE("beta draws have their moments, and small shapes give ends instead of NaN") {
  for (const auto& shapes : {std::pair{0.3, 0.3}, {1.0, 1.0}, {2.0, 5.0}}) {
    const double a = shapes.first, b = shapes.second;
    INFO("a " << a << ", b " << b);
    Rng rng(2);
    const Moments m = moments(draws, [&] { return draw_beta(rng, a, b); });
    const double variance = a * b / ((a + b) * (a + b) * (a + b + 1));
    CHECK(std::abs(m.mean - a / (a + b)) < 5 * std::sqrt(variance / draws));
    CHECK(m.variance == doctest::Approx(variance).epsilon(0.05));
  }
  Rng rng(3);
  double sum = 0;
  for (int i = 0; i < 2000; ++i) {
    const double x = draw_beta(rng, 1e-4, 1e-4);
    CHECK((x >= 0 && x <= 1));
    sum += x;
  }
  CHECK(std::abs(sum / 2000 - 0.5) < 5 * 0.5 / std::sqrt(2000.0));
}

TEST_CASE("dirichlet draws sum to 1 and have the means of their alpha") {
  const std::vector<double> alpha = {0.1, 1, 3};
  Rng rng(4);
  double means[3] = {};
  for (int i = 0; i < draws; ++i) {
    const auto shares = draw_dirichlet(rng, alpha);
    REQUIRE(shares.size() == 3);
    CHECK(shares[0] + shares[1] + shares[2] == doctest::Approx(1).epsilon(1e-12));
    for (std::size_t k = 0; k < 3; ++k) means[k] += shares[k] / draws;
  }
  for (std::size_t k = 0; k < 3; ++k) {
    const double mean = alpha[k] / 4.1, variance = mean * (1 - mean) / 5.1;
    CHECK(std::abs(means[k] - mean) < 5 * std::sqrt(variance / draws));
  }
}

TEST_CASE("poisson draws have the probabilities of their mean") {
  for (const double mean : {0.0, 0.7, 9.5, 10.0, 25.0, 500.0}) {
    INFO("mean " << mean);
    Rng rng(5);
    const Moments m = moments(draws, [&] { return draw_poisson(rng, mean); });
    CHECK(std::abs(m.mean - mean) <= 5 * std::sqrt(mean / draws));
    CHECK(std::abs(m.variance - mean) <= 5 * std::sqrt((2 * mean * mean + mean) / draws));
  }
  for (const double mean : {4.0, 12.0}) {
    Rng rng(6);
    std::vector<int> counts(64);
    for (int i = 0; i < draws; ++i)
      ++counts[static_cast<std::size_t>(std::min<std::int64_t>(63, draw_poisson(rng, mean)))];
    double p = std::exp(-mean);
    for (int k = 0; k < 30; ++k) {
      INFO("mean " << mean << ", count " << k);
      CHECK(std::abs(counts[static_cast<std::size_t>(k)] - draws * p) <= 5 * std::sqrt(draws * p * (1 - p)) + 1);
      p *= mean / (k + 1);
    }
  }
}

TEST_CASE("the logarithm of a factorial is that of the product") {
  double sum = 0;
  for (int k = 1; k < 30; ++k) {
    sum += std::log(k);
    CHECK(detail::log_factorial(k) == doctest::Approx(sum).epsilon(1e-10));
  }
  CHECK(std::abs(detail::log_factorial(0)) < 1e-10);
}

TEST_CASE("draws are a function of the Rng") {
  Rng a(7), b(7);
  for (int i = 0; i < 50; ++i) {
    CHECK(draw_gamma(a, 0.4) == draw_gamma(b, 0.4));
    CHECK(draw_poisson(a, 30) == draw_poisson(b, 30));
  }
  CHECK(a.state() == b.state());
}

TEST_CASE("parameters outside their ranges are Errors") {
  Rng rng;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH_AS(draw_gamma(rng, 0), "draw_gamma: shape is 0; shape must be positive and finite", Error);
  CHECK_THROWS_AS(draw_gamma(rng, nan), Error);
  CHECK_THROWS_AS(draw_beta(rng, 1, -1), Error);
  CHECK_THROWS_AS(draw_beta(rng, 0, 1), Error);
  CHECK_THROWS_AS(draw_dirichlet(rng, std::vector<double>{}), Error);
  CHECK_THROWS_AS(draw_dirichlet(rng, std::vector<double>{1, 0}), Error);
  CHECK_THROWS_AS(draw_poisson(rng, -1), Error);
  CHECK_THROWS_AS(draw_poisson(rng, nan), Error);
}
