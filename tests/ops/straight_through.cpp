// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/straight_through.hpp"

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

TEST_CASE("straight_through has the bits of hard and the gradient of soft") {
  const auto hard = variable(Tensor<>::from({1e-20f, 3, -7})), soft = variable(Tensor<>::from({1e10f, 0.1f, 0.2f}));
  const auto y = straight_through(hard, soft * soft);
  CHECK(y.data()[0] == 1e-20f);
  CHECK(closed(y, {0, 3, -7}, {3}));
  const auto g = grad(sum(y * Tensor<>::from({0, 5, -1})), {hard, soft}, {.allow_unused = true});
  CHECK(closed(g[0], {0, 0, 0}, {3}));
  CHECK(closed(g[1], {0, 5 * 0.2, -0.4}, {3}));
  CHECK(straight_through(Value::zeros({0, 2}), Value::ones({0, 2})).shape() == Shape{0, 2});
  CHECK_FALSE(straight_through(hard, soft.detach()).requires_grad());
}

TEST_CASE("the gradient of straight_through is differentiable: y^2 has the curvature of the soft input's square") {
  const auto x = variable(Value::from({0.4, 2.6}));
  const auto y = round_ste(x);
  const auto g = grad(sum(y * y * y), {x}, {.create_graph = true})[0];  // 3 y^2
  CHECK(closed(g, {0, 27}, {2}));
  CHECK(closed(grad(sum(g), {x})[0], {0, 18}, {2}));
}

TEST_CASE("round_ste rounds halves to the even integer and passes the gradient on") {
  const auto x = variable(Value::from({-2.5, -0.5, 0.5, 1.5, 2.4, 1e17, INFINITY, NAN}));
  const auto y = round_ste(x);
  CHECK(closed(y, {-2, 0, 0, 2, 2, 1e17, INFINITY, NAN}, {8}));
  const auto weight = Value::from({1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(closed(grad(sum(y * weight), {x})[0], {1, 2, 3, 4, 5, 6, 7, 8}, {8}));
}

TEST_CASE("sign_ste is 1 or -1, with a gradient where |x| <= 1") {
  const auto x = variable(Value::from({-3, -1, -0.5, -0.0, 0, 0.5, 1, 1.5, INFINITY, -INFINITY, NAN}));
  const auto y = sign_ste(x);
  CHECK(closed(y, {-1, -1, -1, 1, 1, 1, 1, 1, 1, -1, NAN}, {11}));
  const auto g = grad(sum(y * Value::full({11}, 2)), {x}, {.create_graph = true})[0];
  CHECK(closed(g, {0, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0}, {11}));
  const auto z = variable(random({40}));
  const auto inside = less(abs(z.detach()), 1.0);
  const auto s = sign_ste(z);
  const auto first = grad(sum(s * s * s * s), {z}, {.create_graph = true})[0];
  CHECK(closed(first, s.detach() * inside * 4.0, 1e-12));
  CHECK(closed(grad(sum(first), {z})[0], inside * 12.0, 1e-12));
  CHECK(closed(sign_ste(Tensor<>::from({-2, 3, -0.1f})), {-1, 1, -1}, {3}));
}

TEST_CASE("straight_through refuses different shapes") {
  CHECK(has(message([] { straight_through(random({2, 3}), random({3})); }), "hard is [2, 3] and soft is [3]"));
}
