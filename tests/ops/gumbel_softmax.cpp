// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/gumbel_softmax.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "ops/structure.hpp"
#include "ops/table.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using table::closed;

namespace {

using Value = Tensor<double>;

}  // namespace

TEST_CASE_TEMPLATE("hard Gumbel-softmax samples are one-hot with the probabilities of the logits", T, float, double) {
  constexpr std::int64_t n = 40000;
  Rng rng(7);
  const auto logits = Tensor<T>::from({T(0), T(1), T(-1), -std::numeric_limits<T>::infinity()}, {4});
  const auto p = softmax(logits);
  const auto y = gumbel_softmax(logits + Tensor<T>::zeros({n, 1}), rng, {.temperature = 0.5, .hard = true});
  for (const T v : y.span()) CHECK_UNARY(v == 0 || v == 1);
  for (const T v : sum(y, {1}).span()) CHECK_UNARY(v == 1);
  const auto share = mean(y, {0});
  for (int k = 0; k < 4; ++k) {
    const double q = static_cast<double>(p(k));
    CHECK(std::abs(static_cast<double>(share(k)) - q) <= 4 * std::sqrt(q * (1 - q) / n));
  }
}

TEST_CASE("soft samples are the softmax of logits with Gumbel noise over the temperature") {
  const auto logits = random({5, 3});
  Rng rng(3), same(3);
  const auto y = gumbel_softmax(logits, rng, {.temperature = 0.7});
  const auto u = same.uniform<double>({5, 3}, std::numeric_limits<double>::min(), 1);
  for (int i = 0; i < 5; ++i) {
    double e[3], total = 0;
    for (int k = 0; k < 3; ++k) total += e[k] = std::exp((logits(i, k) - std::log(-std::log(u(i, k)))) / 0.7);
    for (int k = 0; k < 3; ++k) CHECK(y(i, k) == doctest::Approx(e[k] / total).epsilon(1e-12));
  }
  CHECK(rng.state() == same.state());
  const auto cold = gumbel_softmax(logits, rng, {.temperature = 1e-3});
  for (const double v : max(cold, {-1}).span()) CHECK(v > 0.99);
}

TEST_CASE("the noise is finite: no sample of many is NaN") {
  Rng rng(1);
  const auto y = gumbel_softmax(Tensor<>::zeros({1 << 20, 2}), rng, {.temperature = 0.1});
  CHECK_FALSE(std::isnan(sum(y).item()));
}

TEST_CASE("gradients of Gumbel-softmax agree with differences to second order, hard ones with the soft ones'") {
  for (const Shape& shape : {Shape{4, 3}, Shape{2, 1}, Shape{5}, Shape{0, 3}})
    CHECK(structure::check(
        [](const auto& v) {
          Rng rng(5);
          return gumbel_softmax(v[0], rng, {.temperature = 0.8});
        },
        {random(shape)}));
  const auto x = variable(random({4, 3})), weight = random({4, 3}, 2);
  Rng rng(5), same(5);
  const auto soft = gumbel_softmax(x, rng), hard = gumbel_softmax(x, same, {.hard = true});
  CHECK(closed(grad(sum(hard * weight), {x})[0], grad(sum(soft * weight), {x})[0], 0));
}

TEST_CASE("Gumbel-softmax refuses a temperature that is not positive, and scalars") {
  Rng rng(1);
  CHECK(has(message([&] {
              gumbel_softmax(random({2, 3}), rng, {.temperature = 0});
            }),
            "temperature is 0.000000 for logits of shape [2, 3]"));
  CHECK_THROWS_AS(gumbel_softmax(random({2}), rng, {.temperature = NAN}), Error);
  CHECK_THROWS_AS(gumbel_softmax(random({2}), rng, {.temperature = INFINITY}), Error);
  CHECK(has(message([&] { gumbel_softmax(random({}), rng); }), "logits is []"));
  CHECK(rng.state() == Rng(1).state());
}
