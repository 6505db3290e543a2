// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/autodiff/custom_op.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

using namespace regimen;

namespace {

const auto times = [](const auto& a, const auto& b) {
  return custom_op(
      "times", [](const auto& u, const auto& v) { return u * v; },
      [](const auto& g, const auto&, const auto& u, const auto& v) {
        return std::array{g * v, g * u};
      },
      a, b);
};
const auto power = [](const auto& x) {
  return custom_op(
      "power", [](const auto& v) { return exp(v); }, [](const auto& g, const auto& y, const auto&) { return g * y; },
      x);
};

}  // namespace

TEST_CASE("operations of one's own have gradients of every order") {
  const auto a = Tensor<double>::from({0.5, -1, 2}), b = Tensor<double>::from({1, 3, -0.5});
  const auto check =
      gradcheck([](const auto& in) { return power(times(in[0], in[1])) * times(in[0], in[0]); }, {a, b}, {.order = 2});
  CHECK_MESSAGE(check.ok, check.message);
}

TEST_CASE("the forward function is not recorded, nor is an operation on constants") {
  const auto x = variable(Tensor<>::from({1, 2}));
  bool recorded = true;
  const auto y = custom_op(
      "probe",
      [&](const auto& v) {
        recorded = is_recorded(v);
        return v * v;
      },
      [](const auto& g, const auto&, const auto&) { return g; }, x);
  CHECK(!recorded);
  CHECK(y.requires_grad());
  CHECK(!power(x.detach()).requires_grad());
}

TEST_CASE("an operation with a constant gets the other gradient alone") {
  const auto x = variable(Tensor<>::from({1, 2})), c = Tensor<>::from({3, 4});
  CHECK(grad(times(x, c), {x}, {}, Tensor<>::ones({2}))[0](1) == 4);
}

TEST_CASE("a gradient of a wrong shape is an Error that names both") {
  const auto x = variable(Tensor<>::from({1, 2}));
  const auto y = custom_op(
      "wide", [](const auto& v) { return v * 2; },
      [](const auto&, const auto&, const auto&) { return Tensor<>::ones({3}); }, x);
  try {
    grad(y, {x}, {}, Tensor<>::ones({2}));
    FAIL("no Error");
  } catch (const Error& error) {
    const std::string text = error.what();
    CHECK(text.find("wide: its vjp returns [3] for input 0 of shape [2]") == 0);
  }
}
