// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/atan2.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

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

}  // namespace

TEST_CASE_TEMPLATE("atan2 agrees with PyTorch, with broadcasting", T, float, double) {
  const test::Oracle oracle("ops_e_complex");
  oracle.check_case<T>("atan2", {"y", "x"}, [](const auto& in) { return atan2(in[0], in[1]); });
}

TEST_CASE("atan2 of the axes and of what is not finite") {
  const double pi = std::numbers::pi;
  CHECK(closed(atan2(Value::from({0, 1, 0, -1, 0, INFINITY, NAN}), Value::from({1, 0, -1, 0, 0, -INFINITY, 1})),
               {0, pi / 2, pi, -pi / 2, 0, 3 * pi / 4, NAN}, {7}, 1e-15));
}

TEST_CASE("gradients of atan2 agree with differences to second order, and are 0 at the origin") {
  const auto f = [](const auto& v) { return atan2(v[0], v[1]); };
  CHECK(structure::check(f, {random({2, 3}, 1), random({2, 3}, 2)}));
  CHECK(structure::check(f, {random({2, 1}, 3), random({3}, 4)}));
  CHECK(structure::check(f, {Value::zeros({0, 3}), random({3}, 4)}));
  const auto y = variable(Value::zeros({1})), x = variable(Value::zeros({1}));
  const auto g = grad(sum(atan2(y, x)), {y, x});
  CHECK(g[0].item() == 0);
  CHECK(g[1].item() == 0);
}

TEST_CASE("atan2 refuses shapes that do not broadcast") {
  CHECK(has(message([] { atan2(random({2}), random({3})); }), "atan2"));
}
