// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// Third derivatives of what physics-informed networks and meta-learning are made of.
#include <doctest/doctest.h>

#include <vector>

#include "ops/structure.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/unary.hpp"

using namespace regimen;
using structure::random;
using structure::Value;
using structure::Values;

namespace {

template <class F>
void row(const char* name, const F& f, const Values& inputs) {
  CAPTURE(name);
  const auto check = gradcheck(f, inputs, {.order = 3});
  CHECK_MESSAGE(check.ok, check.message);
}

/// Away from 0, and of one sign.
Value positive(const Shape& shape, std::uint64_t seed) { return Rng(seed).uniform<double>(shape, 0.5, 2); }

}  // namespace

TEST_CASE("arithmetic is right to third order, with broadcasting") {
  const auto a = positive({2, 3}, 1), b = positive({3}, 2), c = positive({2, 1}, 3);
  row("sum", [](const auto& v) { return (v[0] + v[1]) * (v[0] - v[2]) * v[2]; }, {a, b, c});
  row("product", [](const auto& v) { return v[0] * v[1] * v[2] * v[0]; }, {a, b, c});
  row("quotient", [](const auto& v) { return v[0] / v[1] / (v[2] * v[0] + 1); }, {a, b, c});
  row("numbers", [](const auto& v) { return 2 / (1 - v[0] * 3) + (v[0] - 4) / 5 - -v[0]; }, {a});
  row("power", [](const auto& v) { return pow(v[0], 4) + pow(v[0], -1) + pow(v[0], 1.5); }, {a});
}

TEST_CASE("the matrix product is right to third order, in all transpositions") {
  for (const bool ta : {false, true})
    for (const bool tb : {false, true}) {
      const auto a = random(ta ? Shape{3, 2} : Shape{2, 3}, 1), b = random(tb ? Shape{2, 3} : Shape{3, 2}, 2);
      row("matmul",
          [&](const auto& v) {
            const auto y = matmul(v[0], v[1], {.transpose_a = ta, .transpose_b = tb});
            return matmul(y, y) * y;
          },
          {a, b});
    }
  row("batches", [](const auto& v) { return matmul(v[0] * v[0], matmul(v[0], v[1])); },
      {random({2, 2, 2}, 1), random({2, 1}, 2)});
}

TEST_CASE("tanh is right to third order") {
  row("tanh", [](const auto& v) { return tanh(v[0]) * tanh(v[0] * 0.5); }, {random({2, 3})});
}

TEST_CASE("a network of sin and tanh is right to third order in its input and its parameters") {
  row("network",
      [](const auto& v) {
        const auto first = sin(matmul(v[0], v[1]) + v[2]);
        return matmul(tanh(matmul(first, v[3]) + v[4]), v[5]);
      },
      {random({2, 2}, 1), random({2, 3}, 2), random({3}, 3), random({3, 3}, 4), random({3}, 5), random({3, 1}, 6)});
}

TEST_CASE("u''' of sin(k x) is -k^3 cos(k x)") {
  const auto x = variable(Value::from({-1, 0.3, 2}));
  const auto ones = Value::ones({3});
  auto u = sin(x * 1.7);
  for (int order = 0; order < 3; ++order) u = grad(u, {x}, {.create_graph = true}, ones)[0];
  const auto expected = cos(x.detach() * 1.7) * (-1.7 * 1.7 * 1.7);
  for (std::int64_t i = 0; i < 3; ++i) CHECK(u(i) == doctest::Approx(expected(i)).epsilon(1e-12));
}
