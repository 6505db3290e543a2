// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/markov_text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "data/synth/checks.hpp"

using namespace test;

namespace {

double binary_entropy(double p) { return -p * std::log(p) - (1 - p) * std::log(1 - p); }

MarkovText two_states(double a, double b) { return MarkovText(Tensor<double>::from({1 - a, a, b, 1 - b}, {2, 2})); }

}  // namespace

TEST_CASE("two states have their closed forms") {
  for (const auto& [a, b] : {std::pair{0.3, 0.5}, {0.01, 0.9}, {1.0, 0.2}}) {
    const MarkovText text = two_states(a, b);
    CHECK(text.order() == 1);
    CHECK(text.stationary()(0) == doctest::Approx(b / (a + b)).epsilon(1e-11));
    CHECK(text.stationary()(1) == doctest::Approx(a / (a + b)).epsilon(1e-11));
    const double first = a < 1 ? binary_entropy(a) : 0;
    CHECK(text.entropy_rate() == doctest::Approx((b * first + a * binary_entropy(b)) / (a + b)).epsilon(1e-11));
    const MarkovText other = two_states(0.5, 0.5);
    CHECK(text.cross_entropy(other) == doctest::Approx(std::log(2.0)).epsilon(1e-11));
    CHECK(other.cross_entropy(text) >= other.entropy_rate());
  }
  CHECK(std::isinf(two_states(0.5, 0.5).cross_entropy(two_states(1, 0.5))));
}

TEST_CASE("a periodic chain has a stationary distribution, and one in parts that of a uniform start") {
  const MarkovText cycle(Tensor<double>::from({0, 1, 0, 0, 0, 1, 1, 0, 0}, {3, 3}));
  for (int c = 0; c < 3; ++c) CHECK(cycle.stationary()(c) == doctest::Approx(1.0 / 3));
  CHECK(cycle.entropy_rate() == 0);
  CHECK(cycle.log_probability(Tensor<std::int64_t>::from({0, 0}, {1, 2})).item() == -INFINITY);
  const auto x = cycle.sample(Rng(1), 20, 9);
  for (int i = 0; i < 20; ++i)
    for (int t = 1; t < 9; ++t) CHECK(x(i, t) == (x(i, t - 1) + 1) % 3);
  const MarkovText star(Tensor<double>::from({0, 0.5, 0.5, 1, 0, 0, 1, 0, 0}, {3, 3}));
  CHECK(star.stationary()(0) == doctest::Approx(0.5));
  const MarkovText parts(Tensor<double>::from({1, 0, 0, 0, 1, 0, 0, 0.5, 0.5}, {3, 3}));
  CHECK(parts.stationary()(0) == doctest::Approx(1.0 / 3));
  CHECK(parts.stationary()(1) == doctest::Approx(2.0 / 3));
  CHECK(std::abs(parts.stationary()(2)) < 1e-10);
}

TEST_CASE("order 0 is independent tokens") {
  const MarkovText text(Tensor<double>::from({0.2, 0.3, 0.5}, {1, 3}));
  CHECK(text.order() == 0);
  CHECK(text.entropy_rate() == doctest::Approx(-0.2 * std::log(0.2) - 0.3 * std::log(0.3) - 0.5 * std::log(0.5)));
  const auto x = text.sample(Rng(2), 500, 10);
  CHECK(chi_square(x, {0.2, 0.3, 0.5}) < chi_square_limit(2));
  CHECK(text.log_probability(Tensor<std::int64_t>::from({0, 2, 2}, {1, 3})).item() ==
        doctest::Approx(std::log(0.2 * 0.25)));
  CHECK(MarkovText(Tensor<double>::ones({1, 1})).entropy_rate() == 0);
}

TEST_CASE("an order above what the text depends on changes nothing") {
  const MarkovText one = random_markov_text(Rng(3), {.vocabulary = 4, .order = 1});
  auto rows = Tensor<double>::empty({16, 4});
  for (int c = 0; c < 16; ++c)
    for (int v = 0; v < 4; ++v) rows.mutable_data()[4 * c + v] = one.probabilities()(c % 4, v);
  const MarkovText two(rows);
  CHECK(two.order() == 2);
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 4; ++b)
      CHECK(two.stationary()(4 * a + b) == doctest::Approx(one.stationary()(a) * one.probabilities()(a, b)));
  CHECK(two.entropy_rate() == doctest::Approx(one.entropy_rate()));
  CHECK(two.cross_entropy(one) == doctest::Approx(one.entropy_rate()));
  const auto x = Tensor<std::int64_t>::from({0, 3, 1, 2, 2, 2, 0, 1, 3, 3}, {2, 5});
  CHECK(distance(one.log_probability(x), two.log_probability(x)) < 1e-9);
}

TEST_CASE("the probabilities of all sequences sum to 1, and those of one more token are conditional") {
  const MarkovText text = random_markov_text(Rng(4), {.vocabulary = 3, .order = 2, .scale = 1.5});
  auto all = Tensor<std::int64_t>::empty({81, 4});
  for (std::int64_t i = 0; i < 81; ++i)
    for (std::int64_t t = 0, rest = i; t < 4; ++t, rest /= 3) all.mutable_data()[4 * i + 3 - t] = rest % 3;
  double sum = 0;
  const auto log_p = text.log_probability(all);
  for (const double l : log_p.span()) sum += std::exp(l);
  CHECK(sum == doctest::Approx(1).epsilon(1e-12));
  // (1, 0, 2, 1) is row 1 * 27 + 0 * 9 + 2 * 3 + 1.
  CHECK(log_p(34) ==
        doctest::Approx(std::log(text.stationary()(3) * text.probabilities()(3, 2) * text.probabilities()(2, 1))));
  // The shorter text's distribution is the longer one's, without its first token as without its last.
  const auto first = Tensor<std::int64_t>::from({2, 0}, {1, 2});
  double before = 0;
  for (std::int64_t v = 0; v < 3; ++v)
    before += std::exp(text.log_probability(Tensor<std::int64_t>::from({v, 2, 0}, {1, 3})).item());
  CHECK(before == doctest::Approx(std::exp(text.log_probability(first).item())));
}

TEST_CASE("samples have the chain's frequencies, at every place") {
  for (const std::int64_t order : {1, 2}) {
    const MarkovText text = random_markov_text(Rng(5), {.vocabulary = 3, .order = order, .scale = 1});
    const auto x = text.sample(Rng(6), 3000, 8);
    // Pairs (context, token) with their last token at 7, and separately those at the start.
    for (const std::int64_t at : {order, std::int64_t{7}}) {
      auto seen = Tensor<std::int64_t>::empty({3000});
      std::vector<double> shares;
      for (std::int64_t i = 0; i < 3000; ++i) {
        std::int64_t code = 0;
        for (std::int64_t t = at - order; t <= at; ++t) code = 3 * code + x(i, t);
        seen.mutable_data()[i] = code;
      }
      for (std::int64_t c = 0; c < text.stationary().size(); ++c)
        for (int v = 0; v < 3; ++v) shares.push_back(text.stationary()(c) * text.probabilities()(c, v));
      CHECK(chi_square(seen, shares) < chi_square_limit(static_cast<double>(shares.size()) - 1));
    }
    double loss = 0;
    for (const double l : text.log_probability(x).span()) loss -= l / (3000 * 8);
    double start = 0;
    for (const double p : text.stationary().span()) start -= p * std::log(p);
    CHECK(loss == doctest::Approx((start + static_cast<double>(8 - order) * text.entropy_rate()) / 8).epsilon(0.02));
  }
}

TEST_CASE("sequence i depends on the Rng and i alone") {
  const MarkovText text = random_markov_text(Rng(7));
  const auto x = text.sample(Rng(8), 700, 12);
  CHECK(same_bits(x, text.sample(Rng(8), 700, 12)));
  CHECK(same_bits(x.rows(0, 5).clone(), text.sample(Rng(8), 5, 12)));
  CHECK_FALSE(same_bits(x, text.sample(Rng(9), 700, 12)));
  CHECK(text.sample(Rng(8), 0, 12).shape() == Shape{0, 12});
  CHECK(text.sample(Rng(8), 3, 0).shape() == Shape{3, 0});
  CHECK(random_markov_text(Rng(8), {.vocabulary = 3, .order = 2}).sample(Rng(1), 2, 1).shape() == Shape{2, 1});
}

TEST_CASE("domains share what is asked of their logits") {
  const auto correlation = [](const MarkovText& a, const MarkovText& b) {
    // The logits are the rows' logarithms up to a constant a row.
    double aa = 0, bb = 0, ab = 0;
    for (std::int64_t c = 0; c < 40; ++c) {
      double mean_a = 0, mean_b = 0;
      for (std::int64_t v = 0; v < 40; ++v) {
        mean_a += std::log(a.probabilities()(c, v)) / 40;
        mean_b += std::log(b.probabilities()(c, v)) / 40;
      }
      for (std::int64_t v = 0; v < 40; ++v) {
        const double x = std::log(a.probabilities()(c, v)) - mean_a, y = std::log(b.probabilities()(c, v)) - mean_b;
        aa += x * x, bb += y * y, ab += x * y;
      }
    }
    CHECK(std::sqrt(aa / (40 * 39)) == doctest::Approx(1.5).epsilon(0.06));
    return ab / std::sqrt(aa * bb);
  };
  for (const double shared : {0.0, 0.6, 1.0}) {
    const auto domains = markov_domains(Rng(10), 3, {.vocabulary = 40, .scale = 1.5, .shared = shared});
    CHECK(std::abs(correlation(domains[0], domains[1]) - shared * shared) < 0.1);
    CHECK(std::abs(correlation(domains[1], domains[2]) - shared * shared) < 0.1);
    const auto more = markov_domains(Rng(10), 1, {.vocabulary = 40, .scale = 1.5, .shared = shared});
    CHECK(same_bits(more[0].probabilities(), domains[0].probabilities()));
  }
  const auto flat = random_markov_text(Rng(11), {.vocabulary = 5, .order = 2, .scale = 0});
  CHECK(flat.entropy_rate() == doctest::Approx(std::log(5.0)));
}

TEST_CASE("tables of the generators are as their equations") {
  const auto rows = dirichlet_rows(Rng(12), 200, 20, 0.1);
  double squares = 0;
  for (int i = 0; i < 200; ++i) {
    double sum = 0;
    for (int j = 0; j < 20; ++j) sum += rows(i, j), squares += rows(i, j) * rows(i, j) / 200;
    CHECK(sum == doctest::Approx(1));
  }
  // E sum p^2 = (alpha + 1) / (columns alpha + 1).
  CHECK(squares == doctest::Approx(1.1 / 3).epsilon(0.1));

  const auto table = successor_rows(Rng(13), 16, {0.7, 0.23, 0.07});
  const MarkovText text(table);
  for (int v = 0; v < 16; ++v) {
    double column = 0;
    for (int u = 0; u < 16; ++u) column += table(u, v);
    CHECK(column == doctest::Approx(1));
    CHECK(text.stationary()(v) == doctest::Approx(1.0 / 16));
  }
  CHECK(text.entropy_rate() <= -0.7 * std::log(0.7) - 0.23 * std::log(0.23) - 0.07 * std::log(0.07) + 1e-12);

  const MarkovText a = two_states(0.2, 0.4), b = two_states(0.6, 0.8);
  CHECK(interpolate(a, b, 0.25).probabilities()(0, 1) == doctest::Approx(0.3));
  CHECK(interpolate(a, b, 0.25).probabilities()(1, 0) == doctest::Approx(0.5));
  CHECK(same_bits(interpolate(a, b, 0).probabilities(), a.probabilities()));
}

TEST_CASE("wrong tables and options are Errors") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(fails_with([] { MarkovText(Tensor<double>::ones({4})); }, "MarkovText", "[4]"));
  CHECK(fails_with([] { MarkovText(Tensor<double>::ones({0, 3})); }, "[0, 3]"));
  CHECK(fails_with([] { MarkovText(Tensor<double>::full({3, 2}, 0.5)); }, "[3, 2]", "power"));
  CHECK(fails_with([] { MarkovText(Tensor<double>::ones({3, 1})); }, "[3, 1]", "power"));
  CHECK(fails_with([] { MarkovText(Tensor<double>::from({1, 0, 0.4, 0.5}, {2, 2})); }, "row 1", "0.9"));
  CHECK(fails_with([] { MarkovText(Tensor<double>::from({1, 0, -1, 2}, {2, 2})); }, "row 1"));
  CHECK(fails_with([&] { MarkovText(Tensor<double>::from({nan, 1}, {1, 2})); }, "row 0"));
  CHECK(fails_with([] { two_states(1e-9, 1e-8); }, "settled"));
  const MarkovText text = two_states(0.5, 0.5);
  CHECK(fails_with([&] { text.sample(Rng(), -1, 3); }, "count is -1"));
  CHECK(fails_with([&] { text.sample(Rng(), 1, -3); }, "length is -3"));
  CHECK(fails_with([&] { text.log_probability(Tensor<std::int64_t>::zeros({2, 0})); }, "[2, 0]", "at least 1"));
  CHECK(fails_with([&] { text.log_probability(Tensor<std::int64_t>::full({1, 2}, 2)); }, "token 2"));
  CHECK(fails_with([&] { text.cross_entropy(random_markov_text(Rng())); }, "32"));
  CHECK(fails_with([&] { text.cross_entropy(random_markov_text(Rng(), {.vocabulary = 2, .order = 2})); }, "order 2"));
  CHECK(fails_with([] { markov_domains(Rng(), -1); }, "count"));
  CHECK(fails_with([] { random_markov_text(Rng(), {.vocabulary = 0}); }, "vocabulary is 0"));
  CHECK(fails_with([] { random_markov_text(Rng(), {.order = -1}); }, "order is -1"));
  CHECK(fails_with([] { random_markov_text(Rng(), {.order = 40}); }, "2^28"));
  CHECK(fails_with([&] { random_markov_text(Rng(), {.scale = nan}); }, "scale is nan"));
  CHECK(fails_with([] { random_markov_text(Rng(), {.shared = 1.5}); }, "shared is 1.5"));
  CHECK(fails_with([] { dirichlet_rows(Rng(), 0, 2, 1); }, "rows"));
  CHECK(fails_with([] { dirichlet_rows(Rng(), 2, 0, 1); }, "columns"));
  CHECK(fails_with([] { dirichlet_rows(Rng(), 2, 2, 0); }, "alpha"));
  CHECK(fails_with([] { successor_rows(Rng(), 0, {1}); }, "vocabulary"));
  CHECK(fails_with([] { successor_rows(Rng(), 3, {}); }, "sum"));
  CHECK(fails_with([] { successor_rows(Rng(), 3, {1.5, -0.5}); }, "share is 1.5"));
  CHECK(fails_with([&] { interpolate(text, random_markov_text(Rng()), 0.5); }, "[2, 2]", "[32, 32]"));
  CHECK(fails_with([&] { interpolate(text, text, -0.1); }, "share"));
}
