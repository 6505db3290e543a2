// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/norm.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"

#include "cpu/reference.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using structure::Value;

TEST_CASE("layer_norm gives each row mean 0 and variance 1, then scales and shifts") {
  struct Case {
    Shape shape, normalized;
  };
  for (const Case& c :
       {Case{{3, 4}, {4}}, Case{{2, 3, 5}, {3, 5}}, Case{{6}, {6}}, Case{{0, 3}, {3}}, Case{{2, 37}, {37}}}) {
    const auto x = random(c.shape), gamma = random(c.normalized, 2), beta = random(c.normalized, 3);
    const std::int64_t n = c.normalized.size();
    const auto y = layer_norm(x, c.normalized, gamma, beta, 1e-3), plain = layer_norm(x, c.normalized);
    const auto single = layer_norm(x.to<float>(), c.normalized, gamma.to<float>(), beta.to<float>(), 1e-3);
    for (std::int64_t i = 0; i < x.size() / n; ++i) {
      double mean = 0, variance = 0, of_plain = 0;
      for (std::int64_t j = 0; j < n; ++j) mean += x.data()[i * n + j] / static_cast<double>(n);
      for (std::int64_t j = 0; j < n; ++j) variance += std::pow(x.data()[i * n + j] - mean, 2) / static_cast<double>(n);
      for (std::int64_t j = 0; j < n; ++j) {
        const std::int64_t at = i * n + j;
        const double expected = (x.data()[at] - mean) / std::sqrt(variance + 1e-3) * gamma.data()[j] + beta.data()[j];
        CHECK(std::abs(y.data()[at] - expected) < 1e-12);
        CHECK(std::abs(static_cast<double>(single.data()[at]) - expected) < 1e-5);
        of_plain += plain.data()[at];
      }
      CHECK(std::abs(of_plain) < 1e-12);
    }
  }
}

TEST_CASE("gradients of layer_norm agree with differences to second order") {
  for (const Shape& shape : {Shape{3, 4}, Shape{2, 2, 3}, Shape{5}, Shape{0, 3}, Shape{2, 1}}) {
    const Shape last{shape[-1]};
    const auto x = random(shape), gamma = random(last, 2), beta = random(last, 3);
    CHECK(structure::check([&](const auto& v) { return layer_norm(v[0], last, v[1], v[2], 0.1); }, {x, gamma, beta}));
    CHECK(structure::check([&](const auto& v) { return layer_norm(v[0], last, {}, {}, 0.1); }, {x}));
    CHECK(structure::check([&](const auto& v) { return layer_norm(x, last, v[0], v[1]); }, {gamma, beta}));
    CHECK(structure::check([&](const auto& v) { return layer_norm(v[0], last, gamma, {}, 0.1); }, {x}));
  }
  const Shape both{2, 3};
  CHECK(structure::check([&](const auto& v) { return layer_norm(v[0], both, v[1], v[2]); },
                         {random({2, 2, 3}), random(both, 2), random(both, 3)}));
}

TEST_CASE("batch_norm uses and returns the batch's statistics in training, the given ones otherwise") {
  for (const Shape& shape : {Shape{4, 3}, Shape{2, 3, 5}, Shape{2, 3, 2, 2}, Shape{1, 3, 2}}) {
    const auto x = random(shape), gamma = random({3}, 2), beta = random({3}, 3);
    const auto result = batch_norm(x, gamma, beta, {}, {}, 1e-3, true);
    const auto single = batch_norm(x.to<float>(), gamma.to<float>(), beta.to<float>(), {}, {}, 1e-3, true);
    const std::int64_t inner = shape.size() / shape[0] / 3;
    for (std::int64_t k = 0; k < 3; ++k) {
      const double count = static_cast<double>(shape[0] * inner);
      double mean = 0, variance = 0;
      const auto each = [&](const auto& f) {
        for (std::int64_t i = 0; i < shape[0]; ++i)
          for (std::int64_t p = 0; p < inner; ++p) f((i * 3 + k) * inner + p);
      };
      each([&](std::int64_t at) { mean += x.data()[at] / count; });
      each([&](std::int64_t at) { variance += std::pow(x.data()[at] - mean, 2) / count; });
      CHECK(result.mean(k) == doctest::Approx(mean).epsilon(1e-12));
      CHECK(result.variance(k) == doctest::Approx(variance).epsilon(1e-12));
      each([&](std::int64_t at) {
        const double expected = (x.data()[at] - mean) / std::sqrt(variance + 1e-3) * gamma(k) + beta(k);
        CHECK(std::abs(result.y.data()[at] - expected) < 1e-12);
        CHECK(std::abs(static_cast<double>(single.y.data()[at]) - expected) < 1e-4);
      });
    }
    const auto again = batch_norm(x, gamma, beta, result.mean, result.variance, 1e-3, false);
    CHECK(again.mean.data() == result.mean.data());
    for (std::int64_t i = 0; i < x.size(); ++i) CHECK(again.y.data()[i] == result.y.data()[i]);
  }
}

TEST_CASE("gradients of batch_norm agree with differences to second order") {
  const auto gamma = random({2}, 2), beta = random({2}, 3), mean = random({2}, 4);
  const auto variance = Value::from({0.5, 2});
  for (const Shape& shape : {Shape{3, 2}, Shape{2, 2, 3}, Shape{2, 2, 1, 2}}) {
    const auto x = random(shape);
    CHECK(structure::check([](const auto& v) { return batch_norm(v[0], v[1], v[2], {}, {}, 0.1, true).y; },
                           {x, gamma, beta}));
    CHECK(structure::check([](const auto& v) { return batch_norm(v[0], {}, {}, {}, {}, 0.1, true).y; }, {x}));
    CHECK(structure::check([&](const auto& v) { return batch_norm(v[0], v[1], v[2], mean, variance, 0.1, false).y; },
                           {x, gamma, beta}));
    CHECK(
        structure::check([&](const auto& v) { return batch_norm(x, v[0], v[1], {}, {}, 0.1, true).y; }, {gamma, beta}));
  }
  CHECK(structure::check([&](const auto& v) { return batch_norm(v[0], gamma, beta, mean, variance, 0.1, false).y; },
                         {random({0, 2})}));
}

TEST_CASE("gradients of normalisations have the same bits on any number of threads") {
  const auto x = Rng(1).normal({64, 16, 40});
  CHECK(reference::same_at_any_thread_count([&] {
    const auto v = variable(x), gamma = variable(Tensor<>::ones({16}));
    const auto y = layer_norm(batch_norm(v, gamma, {}, {}, {}, 1e-5, true).y, {40});
    std::vector<float> all;
    for (const auto& g : grad(y, {v, gamma}, {}, Rng(2).normal(y.shape())))
      all.insert(all.end(), g.data(), g.data() + g.size());
    return all;
  }));
}

TEST_CASE("errors of normalisations name the shapes") {
  const auto x = random({2, 3});
  CHECK(has(message([&] { layer_norm(x, {4}); }), "x is [2, 3], its normalised axes [4]"));
  CHECK(has(message([&] { layer_norm(x, {3}, random({2})); }), "gamma is [2] for x of shape [2, 3]"));
  CHECK(has(message([&] { layer_norm(x, {3}, {}, random({2})); }), "beta is [2]"));
  CHECK_THROWS_AS(layer_norm(x, {3}, {}, {}, -1), Error);
  CHECK(has(message([&] { batch_norm(random({3}), {}, {}, {}, {}, 0, true); }), "x is [3]"));
  CHECK(has(message([&] { batch_norm(x, random({2}), {}, {}, {}, 0, true); }), "gamma is [2] for x of shape [2, 3]"));
  CHECK(has(message([&] { batch_norm(x, {}, {}, {}, {}, 0, false); }), "[2, 3]"));
  CHECK(has(message([&] { batch_norm(random({0, 3}), {}, {}, {}, {}, 0, true); }), "[0, 3]"));
}
