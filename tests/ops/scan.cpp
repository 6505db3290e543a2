// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/scan.hpp"

#include <doctest/doctest.h>

#include <string>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using table::closed;

namespace {

using Value = Tensor<double>;

const auto cube = [](const auto& y) { return y * y * y; };

}  // namespace

TEST_CASE_TEMPLATE("cumsum and cumprod agree with PyTorch along each axis, cumprod at zeros too", T, float, double) {
  const test::Oracle oracle("ops_a_scan");
  for (const int axis : {0, 1, 2}) {
    const std::string of = std::to_string(axis);
    oracle.check_case<T>("cumsum" + of, {"input"}, [&](const auto& in) { return cumsum(in[0], axis - 3); });
    oracle.check_case<T>("cumprod" + of, {"input"}, [&](const auto& in) { return cumprod(in[0], axis); });
  }
  oracle.check_case<T>("cumprod_zeros", {"input"}, [&](const auto& in) { return cumprod(in[0], -1); });
}

TEST_CASE("linear_recurrence multiplies what was before and adds") {
  const auto a = Value::from({9, 2, 3, 9, -1, 0}, {2, 3}), b = Value::from({1, 1, 1, 4, 5, 6}, {2, 3});
  CHECK(closed(linear_recurrence(a, b, 1), {1, 3, 10, 4, 1, 6}, {2, 3}));
  CHECK(closed(linear_recurrence(a, b, 0), {1, 1, 1, 13, 4, 6}, {2, 3}));
}

TEST_CASE("gradients of scans agree with differences to second order") {
  for (const Shape& shape : {Shape{2, 4, 3}, Shape{3, 1, 2}, Shape{2, 0, 3}}) {
    const auto a = random(shape, 1), b = random(shape, 2);
    for (const int axis : {0, 1, -1}) {
      CHECK(structure::check([&](const auto& v) { return cube(cumsum(v[0], axis)); }, {a}));
      CHECK(structure::check([&](const auto& v) { return cumprod(v[0], axis) * v[0]; }, {a}));
      CHECK(structure::check([&](const auto& v) { return linear_recurrence(v[0], v[1] * v[1], axis) * v[1]; }, {a, b}));
    }
  }
  const auto zeros = Value::from({0.5, 0, 2, 0, 3, -0.7, 1.2, 0.4, 0, 1.1}, {2, 5});
  CHECK(structure::check([&](const auto& v) { return cumprod(v[0], 1); }, {zeros}));
  CHECK(structure::check([&](const auto& v) { return linear_recurrence(v[0], v[1], 1); }, {zeros, random({2, 5})}));
  // One of the two inputs is a constant.
  CHECK(structure::check([&](const auto& v) { return cube(linear_recurrence(zeros, v[0], 1)); }, {random({2, 5})}));
  CHECK(structure::check([&](const auto& v) { return cube(linear_recurrence(v[0], zeros, 1)); }, {random({2, 5})}));
}

TEST_CASE("a long sum of floats is as exact as a double's") {
  const auto y = cumsum(Tensor<>::full({1 << 20}, 0.1f), 0);
  CHECK(y(-1 + (1 << 20)) == static_cast<float>(double{0.1f} * (1 << 20)));
  CHECK(closed(cumsum(Tensor<std::int64_t>::from({3, 4, 5}), 0), {3, 7, 12}, {3}));
}

TEST_CASE("scans refuse wrong axes and shapes") {
  const auto x = random({2, 3});
  CHECK(has(message([&] { cumsum(x, 2); }), "cumsum: axis 2 is outside shape [2, 3]"));
  CHECK(has(message([&] { cumprod(x, -3); }), "cumprod: axis -3 is outside shape [2, 3]"));
  CHECK(has(message([&] { linear_recurrence(x, random({3}), 0); }), "a is [2, 3] and b is [3]"));
}
