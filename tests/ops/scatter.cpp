// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/scatter.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::Indices;
using structure::message;
using structure::random;
using structure::Value;
using table::closed;

namespace {

const auto cube = [](const auto& y) { return y * y * y; };

}  // namespace

TEST_CASE_TEMPLATE("scatter agrees with PyTorch along each axis", T, float, double) {
  const test::Oracle oracle("ops_c_index");
  for (const int axis : {0, 1, 2}) {
    const std::string name = "scatter" + std::to_string(axis);
    const auto indices = oracle.get<std::int64_t>(name + ".in.index");
    oracle.check_case<T>(name, {"x", "source"},
                         [&](const auto& in) { return scatter(in[0], axis - 3, indices, in[1]); });
  }
  const auto indices = oracle.get<std::int64_t>("scatter_value.in.index");
  oracle.check_case<T>("scatter_value", {"x"}, [&](const auto& in) { return scatter(in[0], 1, indices, T(-2.5)); });
}

TEST_CASE("of equal indices the last one counts, and has the gradient") {
  const auto x = variable(Value::from({1, 2, 3})), source = variable(Value::from({10, 20, 30, 40}));
  const auto y = scatter(x, 0, Indices::from({2, 0, 2, 0}), source);
  CHECK(closed(y, {40, 2, 30}, {3}));
  const auto gradients = grad(sum(y * Value::from({5, 6, 7})), {x, source});
  CHECK(closed(gradients[0], {0, 6, 0}, {3}));
  CHECK(closed(gradients[1], {0, 0, 7, 5}, {4}));
  CHECK(closed(x, {1, 2, 3}, {3}));  // not written to
}

TEST_CASE("what is overwritten need not be finite, and its gradient is 0") {
  const auto x = variable(Value::from({std::nan(""), 2}));
  const auto source = variable(Value::from({INFINITY, 4}));
  const auto y = scatter(x, 0, Indices::from({0, 0}), source);
  CHECK(closed(y, {4, 2}, {2}));
  const auto gradients = grad(y, {x, source}, {}, Value::from({INFINITY, 1}));
  CHECK(closed(gradients[0], {0, 1}, {2}));
  CHECK(closed(gradients[1], {0, INFINITY}, {2}));
}

TEST_CASE("gradients of scatter agree with differences to second order, equal indices too") {
  const auto indices = Indices::from({1, 0, 1, 1, 2, 1}, {2, 3});
  for (const int axis : {0, 1})
    CHECK(structure::check([&](const auto& v) { return cube(scatter(v[0], axis, indices, v[1]) * v[0]); },
                           {random(axis == 0 ? Shape{4, 3} : Shape{2, 3}), random({2, 3}, 2)}));
  // One of the two inputs is a constant.
  const auto x = random({2, 3});
  CHECK(structure::check([&](const auto& v) { return cube(scatter(v[0], 1, indices, x)); }, {x}));
  CHECK(structure::check([&](const auto& v) { return cube(scatter(x, 1, indices, v[0])); }, {x}));
}

TEST_CASE("empty tensors and integers are scattered") {
  const auto x = random({2, 3});
  CHECK(closed(scatter(x, 1, Indices::empty({2, 0}), Value::empty({2, 0})), x, 0));
  CHECK(scatter(Value::empty({0, 3}), 1, Indices::empty({0, 2}), Value::empty({0, 2})).shape() == Shape{0, 3});
  CHECK(closed(scatter(Indices::from({1, 2}), 0, Indices::from({1}), Indices::from({7})), {1, 7}, {2}));
}

TEST_CASE("scatter refuses wrong axes, shapes and indices") {
  const auto x = random({2, 3});
  CHECK(has(message([&] { scatter(x, 2, Indices::zeros({2, 1}), 0.0); }), "scatter: axis 2 is outside shape [2, 3]"));
  CHECK(has(message([&] { scatter(x, 1, Indices::zeros({2, 1}), x); }), "source is [2, 3] and indices [2, 1]"));
  CHECK(has(message([&] { scatter(x, 1, Indices::zeros({1, 1}), 0.0); }), "x is [2, 3] and indices [1, 1]"));
  CHECK(has(message([&] { scatter(x, 1, Indices::zeros({2}), 0.0); }), "x is [2, 3] and indices [2]"));
  CHECK(has(message([&] {
              scatter(x, 1, Indices::from({0, 3}, {2, 1}), 0.0);
            }),
            "scatter: index 3 at position [1, 0] of [2, 1], x is [2, 3]"));
  CHECK(has(message([&] { scatter(x, 0, Indices::from({0, 0, -1}, {1, 3}), 0.0); }), "index -1 at position [0, 2]"));
}
