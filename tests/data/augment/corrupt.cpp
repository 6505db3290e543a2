// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/augment/corrupt.hpp"

#include <limits>

#include "data/augment/checks.hpp"
#include "support/oracle.hpp"

using namespace test;

namespace {

Tensor<std::int64_t> order(std::int64_t count) { return Rng(1).permutation(count); }

}  // namespace

TEST_CASE_TEMPLATE("large pixels are the means that Pillow's box filter gives", T, float, double) {
  const Oracle oracle("data_b");
  const auto x = oracle.get<T>("pixelate.x");
  for (const auto& [name, factor] : {std::pair{"0.95", 0.95}, {"0.75", 0.75}, {"0.65", 0.65}, {"0.3", 0.3}})
    oracle.check(std::string("pixelate.") + name, pixelate(x, factor), 1e-6);  // Pillow computes in float
  CHECK(same_bits(pixelate(x, 1), x));
  const auto one = pixelate(x, 1e-9);
  double mean = 0;
  for (const T v : x.span()) mean += static_cast<double>(v) / static_cast<double>(x.size());
  for (const T v : one.span()) CHECK(v == doctest::Approx(mean).epsilon(1e-6));
  CHECK(pixelate(Tensor<T>::zeros({2, 1, 0, 3}), 0.5).shape() == Shape{2, 1, 0, 3});
  CHECK(fails_with([&] { pixelate(x, 0); }, "factor is 0"));
  CHECK(fails_with([&] { pixelate(x, 1.5); }, "factor is 1.5"));
}

TEST_CASE_TEMPLATE("every corruption is drawn for each sample, and stays in [0, 1]", T, float, double) {
  for (const Corruption corruption : all_corruptions)
    for (const std::int64_t severity : {1, 5}) {
      INFO("corruption " << static_cast<int>(corruption) << ", severity " << severity);
      check_by_sample<T>(
          [&](const auto& x, const auto& indices) { return corrupt(x, indices, Rng(3), corruption, severity); });
      const auto y = corrupt(images<T>(), order(5), Rng(3), corruption, severity);
      for (const T v : y.span()) CHECK((v >= 0 && v <= 1));
      CHECK(distance(y, images<T>()) > 0.01);
      const auto grey = corrupt(Rng(2).uniform<T>({2, 1, 9, 9}), order(2), Rng(3), corruption, severity);
      CHECK(grey.shape() == Shape{2, 1, 9, 9});
    }
}

TEST_CASE("noises have the moments of their severity") {
  const auto x = Tensor<double>::full({20, 1, 40, 40}, 0.5);
  const double count = 20 * 1600, normal[] = {0.04, 0.06, 0.08, 0.09, 0.10}, photons[] = {500, 250, 100, 75, 50},
               salt[] = {0.01, 0.02, 0.03, 0.05, 0.07};
  for (int severity = 1; severity <= 5; ++severity) {
    INFO("severity " << severity);
    const auto moments = [&](Corruption corruption, double variance) {
      double mean = 0, square = 0;
      for (const double v : corrupt(x, order(20), Rng(4), corruption, severity).span()) {
        mean += (v - 0.5) / count;
        square += (v - 0.5) * (v - 0.5) / count;
      }
      CHECK(std::abs(mean) < 5 * std::sqrt(variance / count));
      CHECK(square == doctest::Approx(variance).epsilon(0.06));
    };
    const double s = normal[severity - 1];
    moments(Corruption::gaussian_noise, s * s);
    moments(Corruption::shot_noise, 0.5 / photons[severity - 1]);
    double changed = 0, white = 0;
    for (const double v : corrupt(x, order(20), Rng(5), Corruption::impulse_noise, severity).span()) {
      CHECK((v == 0 || v == 0.5 || v == 1));
      changed += v != 0.5 ? 1 : 0;
      white += v == 1 ? 1 : 0;
    }
    const double p = salt[severity - 1];
    CHECK(std::abs(changed - p * count) < 5 * std::sqrt(count * p * (1 - p)));
    CHECK(std::abs(white - changed / 2) < 5 * std::sqrt(changed / 4));
  }
}

TEST_CASE("brightness adds to the value, contrast shrinks to each channel's mean") {
  const double more[] = {0.05, 0.1, 0.15, 0.2, 0.3}, less[] = {0.75, 0.5, 0.4, 0.3, 0.15};
  const auto x = Rng(6).uniform<double>({3, 3, 4, 5}, 0.1, 0.65);
  for (int severity = 1; severity <= 5; ++severity) {
    const auto bright = corrupt(x, order(3), Rng(), Corruption::brightness, severity);
    const auto flat = corrupt(x, order(3), Rng(), Corruption::contrast, severity);
    for (int n = 0; n < 3; ++n)
      for (int k = 0; k < 20; ++k) {
        const int i = k / 5, j = k % 5;
        const double high = std::max({x(n, 0, i, j), x(n, 1, i, j), x(n, 2, i, j)});
        for (int c = 0; c < 3; ++c) {
          double mean = 0;
          for (int l = 0; l < 20; ++l) mean += x(n, c, l / 5, l % 5) / 20;
          // A larger value at the same hue and saturation scales the colour.
          CHECK(bright(n, c, i, j) == doctest::Approx(x(n, c, i, j) * (high + more[severity - 1]) / high));
          CHECK(flat(n, c, i, j) == doctest::Approx(mean + less[severity - 1] * (x(n, c, i, j) - mean)));
        }
      }
    const auto grey =
        corrupt(Tensor<double>::from({0.2, 0.9}, {1, 1, 1, 2}), order(1), Rng(), Corruption::brightness, severity);
    CHECK(grey(0, 0, 0, 0) == doctest::Approx(0.2 + more[severity - 1]));
    CHECK(grey(0, 0, 0, 1) == doctest::Approx(std::min(1.0, 0.9 + more[severity - 1])));
  }
}

TEST_CASE("blurs, pixels and JPEG are those functions at the published strengths") {
  const auto x = Rng(7).uniform<double>({2, 3, 32, 32});
  const double sigma[] = {0.4, 0.6, 0.7, 0.8, 1}, factor[] = {0.95, 0.9, 0.85, 0.75, 0.65};
  const double disc[][2] = {{0.3, 0.4}, {0.4, 0.5}, {0.5, 0.6}, {1, 0.2}, {1.5, 0.1}};
  const double motion[][2] = {{6, 1}, {6, 1.5}, {6, 2}, {8, 2}, {9, 2.5}};
  const std::int64_t quality[] = {80, 65, 58, 50, 40};
  for (int s = 0; s < 5; ++s) {
    const auto at = [&](Corruption corruption) { return corrupt(x, order(2), Rng(8), corruption, s + 1); };
    CHECK(same_bits(at(Corruption::gaussian_blur), gaussian_blur(x, sigma[s])));
    CHECK(same_bits(at(Corruption::defocus_blur), defocus_blur(x, disc[s][0], disc[s][1])));
    CHECK(same_bits(at(Corruption::pixelate), pixelate(x, factor[s])));
    CHECK(same_bits(at(Corruption::jpeg), jpeg_quantise(x, quality[s])));
    const auto moved = at(Corruption::motion_blur);
    for (std::int64_t i = 0; i < 2; ++i) {
      Rng own = Rng(8).split(static_cast<std::uint64_t>(order(2)(i)));
      const double degrees = 90 * own.uniform() - 45;
      CHECK(same_bits(moved.rows(i, i + 1).clone(),
                      motion_blur(x.rows(i, i + 1).clone(), motion[s][0], motion[s][1], degrees)));
    }
  }
}

TEST_CASE("wrong values and severities are Errors") {
  const auto x = images<float>();
  const auto noise = Corruption::gaussian_noise;
  CHECK(fails_with([&] { corrupt(x, order(5), Rng(), noise, 0); }, "corrupt", "severity is 0"));
  CHECK(fails_with([&] { corrupt(x, order(5), Rng(), noise, 6); }, "severity is 6"));
  CHECK(fails_with([&] { corrupt(x, order(5), Rng(), static_cast<Corruption>(99), 1); }, "corruption 99"));
  CHECK(fails_with([] { corrupt(Tensor<>::full({1, 1, 2, 2}, 1.5f), order(1), Rng(), Corruption::jpeg, 1); }, "1.5"));
  CHECK(fails_with(
      [] {
        corrupt(Tensor<>::full({1, 1, 2, 2}, NAN), order(1), Rng(), Corruption::shot_noise, 1);
      },
      "nan"));
  CHECK(fails_with(
      [] {
        corrupt(Tensor<>::zeros({1, 2, 2, 2}), order(1), Rng(), Corruption::jpeg, 1);
      },
      "[1, 2, 2, 2]"));
}
