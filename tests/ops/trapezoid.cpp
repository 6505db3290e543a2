// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/trapezoid.hpp"

#include <doctest/doctest.h>

#include <string>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using structure::Value;
using table::closed;

namespace {

const auto cube = [](const auto& y) { return y * y * y; };

}  // namespace

TEST_CASE_TEMPLATE("trapezoid and cumulative_trapezoid agree with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_c_index");
  oracle.check_case<T>("trapezoid_dx", {"y"}, [](const auto& in) { return trapezoid(in[0], 0.3, 0); });
  oracle.check_case<T>("cumulative_trapezoid_dx", {"y"},
                       [](const auto& in) { return cumulative_trapezoid(in[0], 0.3, -2); });
  for (const int axis : {0, 1, 2}) {
    const std::string of = "trapezoid_x" + std::to_string(axis);
    oracle.check_case<T>(of, {"y", "x"}, [&](const auto& in) { return trapezoid(in[0], in[1], axis); });
    oracle.check_case<T>("cumulative_" + of, {"y", "x"},
                         [&](const auto& in) { return cumulative_trapezoid(in[0], in[1], axis - 3); });
  }
  oracle.check_case<T>("trapezoid_points", {"y", "x"}, [](const auto& in) { return trapezoid(in[0], in[1]); });
  oracle.check_case<T>("cumulative_trapezoid_points", {"y", "x"},
                       [](const auto& in) { return cumulative_trapezoid(in[0], in[1]); });
}

TEST_CASE("the rule is exact for lines, and fewer than two points enclose nothing") {
  const auto x = Value::from({0, 1, 4, 6}), line = x * 2.0 + 1.0;
  CHECK(trapezoid(line, x).item() == 42);
  CHECK(closed(cumulative_trapezoid(line, x), {2, 20, 42}, {3}));
  CHECK(trapezoid(line, 2).item() == 2 * (0.5 * 1 + 3 + 9 + 0.5 * 13));
  for (const std::int64_t n : {0, 1}) {
    const auto y = Value::ones({2, n}), points = Value::ones({n});
    CHECK(closed(trapezoid(y, 1), {0, 0}, {2}));
    CHECK(closed(trapezoid(y, points), {0, 0}, {2}));
    CHECK(closed(trapezoid(y, y), {0, 0}, {2}));
    CHECK(cumulative_trapezoid(y, 1).shape() == Shape{2, 0});
    CHECK(cumulative_trapezoid(y, points).shape() == Shape{2, 0});
  }
  CHECK(trapezoid(Value::ones({0, 3}), Value::ones({3})).shape() == Shape{0});
}

TEST_CASE("gradients of the rule agree with differences to second order") {
  const auto y = random({2, 3}), x = random({2}, 2), points = random({2, 3}, 3);
  CHECK(structure::check([](const auto& v) { return cube(trapezoid(v[0], 0.7)); }, {y}));
  CHECK(structure::check([](const auto& v) { return cube(trapezoid(v[0], v[1], 0)); }, {y, x}));
  CHECK(structure::check([](const auto& v) { return cube(cumulative_trapezoid(v[0], v[1])); }, {y, points}));
  CHECK(structure::check([](const auto& v) { return cube(cumulative_trapezoid(v[0], 0.7, 0)); }, {y}));
}

TEST_CASE("the rule refuses wrong axes and points") {
  const auto y = random({2, 3});
  CHECK(has(message([&] { trapezoid(y, 1, 2); }), "trapezoid: axis 2 is outside shape [2, 3]"));
  CHECK(has(message([&] { trapezoid(Value::scalar(1), 1); }), "trapezoid: axis -1 is outside shape []"));
  CHECK(has(message([&] { cumulative_trapezoid(y, y, -3); }), "cumulative_trapezoid: axis -3 is outside shape"));
  CHECK(has(message([&] { trapezoid(y, random({2})); }), "trapezoid: x is [2] for axis 1 of y, which is [2, 3]"));
  CHECK(has(message([&] { trapezoid(y, random({1, 3})); }), "trapezoid: x is [1, 3] for axis 1"));
  CHECK(has(message([&] { cumulative_trapezoid(y, random({3}), 0); }), "cumulative_trapezoid: x is [3] for axis 0"));
}
