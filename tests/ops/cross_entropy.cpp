// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/cross_entropy.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"

using namespace regimen;
using structure::has;
using structure::Indices;
using structure::message;
using structure::random;
using structure::Value;

namespace {

const Value weights = Value::from({0.5, 2, 1, 0});

struct Case {
  Shape shape;
  double smoothing;
  bool weighted;
};
const Case cases[] = {{{3, 4}, 0, false},  {{3, 4}, 0.1, false}, {{2, 1, 4}, 0, true},
                      {{3, 4}, 0.3, true}, {{0, 4}, 0.1, true},  {{4}, 1, true}};

Indices labels_of(const Shape& logits) {
  auto labels = Indices::empty(logits.without(-1));
  for (std::int64_t i = 0; i < labels.size(); ++i) labels.mutable_data()[i] = (3 * i + 1) % logits[-1];
  return labels;
}

}  // namespace

TEST_CASE("cross-entropy of labels is the smoothed and weighted -log softmax") {
  for (const Case& c : cases) {
    const auto x = random(c.shape), log_p = log_softmax(x);
    const auto labels = labels_of(c.shape);
    const auto w = c.weighted ? weights : Value{};
    const auto loss = softmax_cross_entropy(x, labels, {.smoothing = c.smoothing, .class_weights = w});
    const auto single = softmax_cross_entropy(
        x.to<float>(), labels,
        {.smoothing = c.smoothing, .class_weights = c.weighted ? w.to<float>() : Tensor<float>{}});
    REQUIRE(loss.shape() == labels.shape());
    for (std::int64_t i = 0; i < loss.size(); ++i) {
      double expected = 0;
      for (std::int64_t j = 0; j < 4; ++j)
        expected -= (c.smoothing / 4 + (labels.data()[i] == j ? 1 - c.smoothing : 0)) * (c.weighted ? weights(j) : 1) *
                    log_p.data()[i * 4 + j];
      CHECK(loss.data()[i] == doctest::Approx(expected).epsilon(1e-12));
      CHECK(static_cast<double>(single.data()[i]) == doctest::Approx(expected).epsilon(1e-5));
    }
  }
}

TEST_CASE("cross-entropy of distributions is the sum of -t log softmax") {
  const auto x = random({3, 5}), t = softmax(random({3, 5}, 2));
  const auto loss = softmax_cross_entropy(x, t), expected = -sum(t * log_softmax(x), -1);
  for (std::int64_t i = 0; i < 3; ++i) CHECK(loss(i) == doctest::Approx(expected(i)).epsilon(1e-12));
}

TEST_CASE("gradients of cross-entropy agree with differences to second order") {
  for (const Case& c : cases)
    CHECK(structure::check(
        [&](const auto& v) {
          return softmax_cross_entropy(v[0], labels_of(c.shape),
                                       {.smoothing = c.smoothing, .class_weights = c.weighted ? weights : Value{}});
        },
        {random(c.shape)}));
  for (const Shape& shape : {Shape{2, 3}, Shape{1, 1}, Shape{2, 1, 4}, Shape{0, 3}, Shape{4}}) {
    CHECK(structure::check([](const auto& v) { return softmax_cross_entropy(v[0], v[1]); },
                           {random(shape, 1), random(shape, 2)}));
    CHECK(structure::check([&](const auto& v) { return softmax_cross_entropy(v[0], random(shape, 3)); },
                           {random(shape)}));
    CHECK(structure::check([&](const auto& v) { return softmax_cross_entropy(random(shape, 3), v[0]); },
                           {random(shape)}));
  }
}

TEST_CASE("errors of cross-entropy name the shapes and the label") {
  const auto x = random({2, 3});
  CHECK(has(message([&] { softmax_cross_entropy(x, Indices::from({0, 1, 2})); }), "logits are [2, 3] and labels [3]"));
  CHECK(has(message([&] { softmax_cross_entropy(x, Indices::from({0, 3})); }), "label 3 at position 1"));
  CHECK(has(message([&] { softmax_cross_entropy(x, Indices::from({-1, 0})); }), "label -1 at position 0"));
  CHECK(has(message([&] { softmax_cross_entropy(x, random({2, 4})); }), "logits are [2, 3] and targets [2, 4]"));
  CHECK_THROWS_AS(softmax_cross_entropy(x, Indices::from({0, 1}), {.smoothing = 1.5}), Error);
  CHECK(has(message([&] {
              softmax_cross_entropy(x, Indices::from({0, 1}), {.class_weights = weights});
            }),
            "class weights are [4] and logits [2, 3]"));
}
