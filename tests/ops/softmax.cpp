// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/softmax.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;

TEST_CASE("softmax of equal logits is uniform along any axis") {
  for (const int axis : {0, 1, 2}) {
    const auto y = softmax(Tensor<float>::full({2, 3, 5}, 4), axis);
    for (const float p : y.span()) CHECK(p == doctest::Approx(1.0 / static_cast<double>(y.size(axis))));
  }
}

TEST_CASE("softmax and log_softmax agree with exp x / sum exp x in double and float") {
  for (const Shape& shape : {Shape{3, 4}, Shape{1, 1}, Shape{0, 4}, Shape{3, 0}, Shape{2, 3, 17}})
    for (const int axis : {0, 1, -1}) {
      const auto x = random(shape);
      const auto e = exp(x), p = e / sum(e, axis, {.keepdim = true}), y = softmax(x, axis), l = log_softmax(x, axis);
      const auto single = softmax(x.to<float>(), axis), single_log = log_softmax(x.to<float>(), axis);
      for (std::int64_t i = 0; i < x.size(); ++i) {
        CHECK(std::abs(y.data()[i] - p.data()[i]) < 1e-14);
        CHECK(std::abs(l.data()[i] - std::log(p.data()[i])) < 1e-13);
        CHECK(std::abs(static_cast<double>(single.data()[i]) - p.data()[i]) < 1e-6);
        CHECK(std::abs(static_cast<double>(single_log.data()[i]) - l.data()[i]) < 1e-5);
      }
    }
}

TEST_CASE("gradients of softmax and log_softmax agree with differences to second order") {
  for (const Shape& shape : {Shape{2, 3}, Shape{4}, Shape{1, 1}, Shape{2, 1, 3}, Shape{0, 3}})
    for (int axis = 0; axis < shape.rank(); ++axis) {
      CHECK(structure::check([&](const auto& v) { return softmax(v[0], axis); }, {random(shape)}));
      CHECK(structure::check([&](const auto& v) { return log_softmax(v[0], axis); }, {random(shape)}));
      CHECK(structure::check([&](const auto& v) { return log_softmax(v[0] * v[0], axis) * v[0]; }, {random(shape)}));
    }
}

TEST_CASE("softmax of an axis outside the shape is an error that names it") {
  CHECK(has(message([] { softmax(random({2, 3}), 2); }), "[2, 3]"));
  CHECK(has(message([] { log_softmax(Tensor<float>::scalar(1)); }), "[]"));
}
