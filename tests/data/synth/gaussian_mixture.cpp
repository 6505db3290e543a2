// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/gaussian_mixture.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "data/synth/checks.hpp"

using namespace test;

namespace {

double phi(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

}  // namespace

TEST_CASE("two classes: the posterior is logistic, and the Bayes error as known") {
  const GaussianMixture mixture(Tensor<double>::from({-0.6, 0.8, 0.6, -0.8}, {2, 2}), 1.25);
  const auto data = mixture.sample<double>(Rng(1), 20000);
  const auto p = mixture.posterior(data.inputs);
  double errors = 0;
  for (std::int64_t i = 0; i < 20000; ++i) {
    // log odds = x.(m1 - m0) / sigma^2.
    const double odds = (1.2 * data.inputs(i, 0) - 1.6 * data.inputs(i, 1)) / (1.25 * 1.25);
    if (i < 100) CHECK(p(i, 1) == doctest::Approx(1 / (1 + std::exp(-odds))));
    if (i < 100) CHECK(p(i, 0) + p(i, 1) == doctest::Approx(1));
    errors += (p(i, 1) > 0.5 ? 1 : 0) != data.labels(i) ? 1 : 0;
  }
  const double bayes = phi(-2 / (2 * 1.25));  // the means are 2 apart
  CHECK(std::abs(errors - 20000 * bayes) < 5 * std::sqrt(20000 * bayes * (1 - bayes)));
}

TEST_CASE("weights and classes of components are kept") {
  const GaussianMixture mixture(Tensor<double>::from({0, 10, 20}, {3, 1}), 0.5, {1, 0, 1}, {1, 2, 5});
  CHECK(mixture.class_count() == 2);
  CHECK(mixture.dimension() == 1);
  const auto data = mixture.sample<double>(Rng(2), 4000);
  auto component = Tensor<std::int64_t>::empty({4000});
  double mean = 0, square = 0;
  for (std::int64_t i = 0; i < 4000; ++i) {
    const auto c = static_cast<std::int64_t>(std::lround(data.inputs(i, 0) / 10));
    component.mutable_data()[i] = c;
    CHECK(data.labels(i) == (c == 1 ? 0 : 1));
    const double z = data.inputs(i, 0) - 10 * static_cast<double>(c);
    mean += z / 4000, square += z * z / 4000;
  }
  CHECK(chi_square(component, {0.125, 0.25, 0.625}) < chi_square_limit(2));
  CHECK(std::abs(mean) < 5 * 0.5 / std::sqrt(4000.0));
  CHECK(square == doctest::Approx(0.25).epsilon(0.1));
  const auto p = mixture.posterior(Tensor<double>::from({5, 1e6}, {2, 1}));
  CHECK(p(0, 1) == doctest::Approx(1.0 / 3));
  CHECK(p(1, 1) == 1);
}

TEST_CASE("the density integrates to 1") {
  const GaussianMixture mixture(Tensor<double>::from({-1, 0.5}, {2, 1}), 0.4, {}, {1, 3});
  auto x = Tensor<double>::empty({4001, 1});
  for (int i = 0; i < 4001; ++i) x.mutable_data()[i] = -5 + 0.0025 * i;
  double sum = 0;
  for (const double l : mixture.log_density(x).span()) sum += std::exp(l) * 0.0025;
  CHECK(sum == doctest::Approx(1).epsilon(1e-9));
  const GaussianMixture plane(Tensor<double>::zeros({1, 3}), 2);
  CHECK(plane.log_density(Tensor<float>::from({1, 2, 2}, {1, 3})).item() ==
        doctest::Approx(-9.0 / 8 - 3 * std::log(2 * std::sqrt(2 * M_PI))));
}

TEST_CASE("random mixtures have means of their spread, classes in order") {
  const auto mixture = random_gaussian_mixture(Rng(3), {.classes = 40, .clusters = 2, .dimension = 25, .spread = 0.55});
  CHECK(mixture.means().shape() == Shape{80, 25});
  CHECK(mixture.class_count() == 40);
  double square = 0;
  for (const double m : mixture.means().span()) square += m * m / 2000;
  CHECK(square == doctest::Approx(0.55 * 0.55).epsilon(0.1));
  const auto at_means = mixture.posterior(mixture.means());
  for (std::int64_t c = 0; c < 80; ++c)
    for (std::int64_t k = 0; k < 40; ++k) CHECK(at_means(c, c / 2) >= at_means(c, k));
  const auto unit = random_gaussian_mixture(Rng(4), {.classes = 6, .stddev = 0.15, .unit_norm = true});
  for (int c = 0; c < 6; ++c) {
    double norm = 0;
    for (int k = 0; k < 16; ++k) norm += unit.means()(c, k) * unit.means()(c, k);
    CHECK(norm == doctest::Approx(1));
  }
  const auto ring = ring_means(8, 2);
  CHECK(ring(0, 0) == 2);
  CHECK(ring(1, 1) == doctest::Approx(std::sqrt(2.0)));
  CHECK(ring(6, 1) == doctest::Approx(-2));
}

TEST_CASE_TEMPLATE("point i depends on the Rng and i alone", T, float, double) {
  const auto mixture = random_gaussian_mixture(Rng(5));
  const auto data = mixture.sample<T>(Rng(6), 50), again = mixture.sample<T>(Rng(6), 9);
  CHECK(same_bits(data.inputs.rows(0, 9).clone(), again.inputs));
  CHECK(same_bits(data.labels.rows(0, 9).clone(), again.labels));
  CHECK_FALSE(same_bits(mixture.sample<T>(Rng(7), 9).inputs, again.inputs));
  CHECK(mixture.sample<T>(Rng(6), 0).inputs.shape() == Shape{0, 16});
  CHECK(mixture.posterior(mixture.sample<T>(Rng(6), 0).inputs).shape() == Shape{0, 10});
}

TEST_CASE("wrong mixtures are Errors") {
  const auto means = Tensor<double>::zeros({2, 3});
  CHECK(fails_with([] { GaussianMixture(Tensor<double>::zeros({3}), 1); }, "GaussianMixture", "[3]"));
  CHECK(fails_with([] { GaussianMixture(Tensor<double>::zeros({0, 3}), 1); }, "[0, 3]"));
  CHECK(fails_with([&] { GaussianMixture(means, 0); }, "stddev is 0"));
  CHECK(fails_with([&] { GaussianMixture(means, 1, {0}); }, "1 classes", "2 components"));
  CHECK(fails_with([&] { GaussianMixture(means, 1, {0, -1}); }, "class is -1"));
  CHECK(fails_with([&] { GaussianMixture(means, 1, {}, {1, 1, 1}); }, "3 weights"));
  CHECK(fails_with([&] { GaussianMixture(means, 1, {}, {1, 0}); }, "weight is 0"));
  const GaussianMixture mixture(means, 1);
  CHECK(fails_with([&] { mixture.sample(Rng(), -1); }, "count is -1"));
  CHECK(fails_with([&] { mixture.posterior(Tensor<>::zeros({2, 2})); }, "posterior", "[2, 2]", "[N, 3]"));
  CHECK(fails_with([&] { mixture.log_density(Tensor<>::zeros({3})); }, "log_density", "[3]"));
  CHECK(fails_with([] { random_gaussian_mixture(Rng(), {.classes = 0}); }, "classes is 0"));
  CHECK(fails_with([] { random_gaussian_mixture(Rng(), {.clusters = 0}); }, "clusters is 0"));
  CHECK(fails_with([] { random_gaussian_mixture(Rng(), {.dimension = 0}); }, "dimension is 0"));
  CHECK(fails_with([] { random_gaussian_mixture(Rng(), {.spread = -1}); }, "spread is -1"));
  CHECK(fails_with([] { random_gaussian_mixture(Rng(), {.stddev = NAN}); }, "stddev is nan"));
  CHECK(fails_with([] { ring_means(0, 1); }, "count is 0"));
  CHECK(fails_with([] { ring_means(1, 0); }, "radius is 0"));
}
