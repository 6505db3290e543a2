// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/unary.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "ops/table.hpp"
#include "regimen/ops/functors.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using table::closed;
using table::message;

namespace {

const double inf = std::numeric_limits<double>::infinity();
double sigma(double x) { return 1 / (1 + std::exp(-x)); }

/// Values, first and second gradients of `op` at points in [low, high] that are no kinks, in float and double.
template <class Op, class Value>
void row(const char* name, const Op& op, const Value& value, double low, double high) {
  CAPTURE(name);
  for (const Shape& shape : {Shape{}, Shape{1}, Shape{0, 3}, Shape{3, 7}, Shape{2, 33}}) {
    const auto x = table::random(shape, 5, low, high);
    const auto expected = Tensor<double>::empty(shape);
    for (std::int64_t i = 0; i < x.size(); ++i) expected.mutable_data()[i] = value(x.data()[i]);
    CHECK(closed(op(x), expected, 1e-13));
    CHECK(closed(op(x.to<float>()).template to<double>(), expected, 2e-6));
    if (x.size() > 30) continue;
    const auto check = gradcheck([&](const auto& in) { return op(in[0]) * in[0]; }, {x}, {.order = 2});
    CHECK_MESSAGE(check.ok, check.message);
    // Third order: the gradient of a gradient is itself checked to second order.
    const auto third = gradcheck(
        [&](const auto& in) {
          const auto v = in[0].requires_grad() ? in[0] : variable(in[0]);
          const GradMode mode(true);
          return grad(op(v) * v, {v}, {.create_graph = true}, Tensor<double>::ones(v.shape()))[0];
        },
        {x}, {.order = 2, .tolerance = 1e-5});
    CHECK_MESSAGE(third.ok, third.message);
  }
}

#define OP(f) [](const auto& x) { return f; }

}  // namespace

TEST_CASE("functions of an element have the values and the gradients of their formulas") {
  row(
      "exp", OP(exp(x)), [](double x) { return std::exp(x); }, -2, 2);
  row(
      "log", OP(log(x)), [](double x) { return std::log(x); }, 0.5, 3);
  row(
      "log1p", OP(log1p(x)), [](double x) { return std::log1p(x); }, -0.5, 3);
  row(
      "sqrt", OP(sqrt(x)), [](double x) { return std::sqrt(x); }, 0.5, 3);
  row(
      "rsqrt", OP(rsqrt(x)), [](double x) { return 1 / std::sqrt(x); }, 0.5, 3);
  row(
      "reciprocal", OP(reciprocal(x)), [](double x) { return 1 / x; }, 0.5, 3);
  row(
      "square", OP(square(x)), [](double x) { return x * x; }, -2, 2);
  row(
      "tanh", OP(tanh(x)), [](double x) { return std::tanh(x); }, -2, 2);
  row(
      "sigmoid", OP(sigmoid(x)), [](double x) { return sigma(x); }, -4, 4);
  row(
      "erf", OP(erf(x)), [](double x) { return std::erf(x); }, -2, 2);
  row(
      "gelu", OP(gelu(x)), [](double x) { return x * 0.5 * std::erfc(-x / std::sqrt(2.0)); }, -3, 3);
  row(
      "gelu_tanh", OP(gelu_tanh(x)),
      [](double x) { return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))); }, -3, 3);
  row(
      "silu", OP(silu(x)), [](double x) { return x * sigma(x); }, -4, 4);
  row(
      "softplus", OP(softplus(x)), [](double x) { return std::log1p(std::exp(x)); }, -4, 4);
  row(
      "sin", OP(sin(x)), [](double x) { return std::sin(x); }, -3, 3);
  row(
      "cos", OP(cos(x)), [](double x) { return std::cos(x); }, -3, 3);
}

TEST_CASE("functions with kinks have the values and the gradients of their pieces") {
  for (const double side : {-1.0, 1.0}) {
    const double low = side < 0 ? -2 : 0.1, high = side < 0 ? -0.1 : 2;
    row(
        "relu", OP(relu(x)), [](double x) { return std::max(x, 0.0); }, low, high);
    row(
        "leaky_relu", OP(leaky_relu(x, 0.2f)), [](double x) { return x > 0 ? x : double{0.2f} * x; }, low, high);
    row(
        "elu", OP(elu(x, 1.5f)), [](double x) { return x > 0 ? x : 1.5 * std::expm1(x); }, low, high);
    row(
        "abs", OP(abs(x)), [](double x) { return std::abs(x); }, low, high);
    row(
        "sign", OP(sign(x)), [](double x) { return x > 0 ? 1.0 : -1.0; }, low, high);
    row(
        "clip", OP(clip(x, -3, 3)), [](double x) { return x; }, low, high);
    row(
        "clip", OP(clip(x, -0.05f, 0.05f)), [side](double) { return side * double{0.05f}; }, low, high);
  }
}

TEST_CASE("derivatives at kinks are the documented ones") {
  const auto x = variable(Tensor<double>::from({0, -1, 1}));
  const auto slope = [&](const auto& y) { return grad(y, {x}, {}, Tensor<double>::ones({3}))[0]; };
  CHECK(closed(slope(relu(x)), {0, 0, 1}, {3}));
  CHECK(closed(slope(leaky_relu(x)), {0.01, 0.01, 1}, {3}));
  CHECK(closed(slope(abs(x)), {0, -1, 1}, {3}));
  CHECK(closed(slope(sign(x)), {0, 0, 0}, {3}));
  CHECK(closed(slope(clip(x, -1, 1)), {1, 1, 1}, {3}));
  CHECK(closed(slope(clip(x, -0.5, 0.5)), {1, 0, 0}, {3}));
  CHECK(closed(sign(x), {0, -1, 1}, {3}));
}

TEST_CASE("large arguments neither overflow nor lose the gradient") {
  const auto x = variable(Tensor<double>::from({-1000, 1000}));
  const auto slope = [&](const auto& y) { return grad(y, {x}, {}, Tensor<double>::ones({2}))[0]; };
  CHECK(closed(softplus(x), {0, 1000}, {2}));
  CHECK(closed(slope(softplus(x)), {0, 1}, {2}));
  CHECK(closed(sigmoid(x), {0, 1}, {2}));
  CHECK(closed(slope(sigmoid(x)), {0, 0}, {2}));
  CHECK(closed(tanh(x), {-1, 1}, {2}));
  CHECK(closed(slope(tanh(x)), {0, 0}, {2}));
  CHECK(closed(gelu(x), {0, 1000}, {2}));
  CHECK(closed(slope(gelu(x)), {0, 1}, {2}));
  CHECK(closed(slope(gelu_tanh(x)), {0, 1}, {2}));
  CHECK(closed(silu(x), {0, 1000}, {2}));
  CHECK(closed(slope(silu(x)), {0, 1}, {2}));
  CHECK(closed(elu(x), {-1, 1000}, {2}));
  CHECK(closed(slope(elu(x)), {0, 1}, {2}));
  CHECK(closed(exp(Tensor<double>::from({-inf, inf})), {0, inf}, {2}));
  CHECK(closed(log(Tensor<double>::from({0, -1})), {-inf, std::nan("")}, {2}));
  CHECK(closed(relu(Tensor<double>::from({std::nan("")})), {std::nan("")}, {1}));
  CHECK(log1p(Tensor<double>::from({1e-20})).item() == 1e-20);
}

TEST_CASE("cast carries gradients between float and double, and stops at integers") {
  const auto x = variable(Tensor<float>::from({0.1f, 2}));
  const auto y = cast<double>(x);
  CHECK(y(0) == double{0.1f});
  const auto z = cast<float>(y * y);
  CHECK(closed(grad(z, {x}, {}, Tensor<float>::ones({2}))[0], {0.2, 4}, {2}));
  CHECK(cast<float>(x).node() == x.node());
  CHECK(!cast<std::int64_t>(x).requires_grad());
  CHECK(cast<std::int64_t>(x)(1) == 2);
}

TEST_CASE("wrong parameters are Errors") {
  const auto x = Tensor<>::zeros({2});
  CHECK(message([&] { clip(x, 2, 1); }).find("[2.000000, 1.000000]") != std::string::npos);
  CHECK(message([&] { elu(x, -1); }).find("-1.0") != std::string::npos);
}

TEST_CASE("what a derivative does not need may be overwritten") {
  const auto x = variable(Tensor<double>::from({1, 2}));
  const auto seed = Tensor<double>::ones({2});
  const auto y = exp(x), z = log(x);
  x.mutable_data()[0] = 5;
  CHECK(closed(grad(y, {x}, {}, seed)[0], {std::exp(1), std::exp(2)}, {2}));
  CHECK(message([&] { grad(z, {x}, {}, seed); }).find("log: ") == 0);
  y.mutable_data()[0] = 5;
  CHECK(message([&] { grad(y, {x}, {}, seed); }).find("exp: ") == 0);
}

TEST_CASE("clip takes an interval of one point") {
  const auto y = clip(Tensor<>::from({-1, 2, 5}), 2, 2);
  CHECK(y(0) == 2);
  CHECK(y(1) == 2);
  CHECK(y(2) == 2);
}

TEST_CASE_TEMPLATE("unary functions agree with PyTorch", T, float, double) {
  const test::Oracle oracle("unary");
  const auto agrees = [&](const char* name, const auto& op) {
    oracle.check_case<T>(name, {"input"}, [&](const std::vector<Tensor<T>>& in) { return op(in[0]); });
  };
  agrees("exp", [](const auto& x) { return exp(x); });
  agrees("sin", [](const auto& x) { return sin(x); });
  agrees("cos", [](const auto& x) { return cos(x); });
  agrees("tanh", [](const auto& x) { return tanh(x); });
  agrees("sigmoid", [](const auto& x) { return sigmoid(x); });
  agrees("relu", [](const auto& x) { return relu(x); });
  agrees("gelu", [](const auto& x) { return gelu(x); });
  agrees("silu", [](const auto& x) { return silu(x); });
  agrees("softplus", [](const auto& x) { return softplus(x); });
  agrees("abs", [](const auto& x) { return abs(x); });
  agrees("log", [](const auto& x) { return log(x); });
  agrees("sqrt", [](const auto& x) { return sqrt(x); });
  agrees("rsqrt", [](const auto& x) { return rsqrt(x); });
}
