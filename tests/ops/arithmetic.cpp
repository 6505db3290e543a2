// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/arithmetic.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "ops/table.hpp"
#include "regimen/ops/pow.hpp"
#include "regimen/ops/reduce.hpp"

using namespace regimen;
using table::closed;
using table::message;
using table::random;

namespace {

const Shape pairs[][2] = {
    {{}, {}},         {{1}, {1}},   {{5}, {5}},    {{2, 3}, {3}},       {{2, 3}, {2, 1}},        {{2, 1}, {1, 3}},
    {{4}, {3, 1}},    {{2, 3}, {}}, {{1}, {2, 2}}, {{1, 1, 1}, {2}},    {{2, 1, 3}, {4, 1}},     {{0, 3}, {3}},
    {{2, 0}, {2, 1}}, {{0}, {1}},   {{0}, {}},     {{2, 3, 2}, {3, 1}}, {{1, 17, 9}, {5, 1, 9}}, {{3, 40}, {40}}};

/// a, b and y = f(a, b) element by element, by index arithmetic.
template <class F>
Tensor<double> loop(const Tensor<double>& a, const Tensor<double>& b, const F& f) {
  const Shape shape = broadcast(a.shape(), b.shape(), "loop");
  const auto y = Tensor<double>::empty(shape);
  double* out = y.mutable_data();
  for (std::int64_t i = 0; i < y.size(); ++i) {
    const auto at = [&](const Tensor<double>& x) {
      std::int64_t rest = i, offset = 0, step = 1;
      for (int axis = 1; axis <= shape.rank(); ++axis) {
        const std::int64_t index = rest % shape[-axis];
        rest /= shape[-axis];
        if (axis > x.rank()) continue;
        if (x.size(-axis) != 1) offset += index * step;
        step *= x.size(-axis);
      }
      return x.data()[offset];
    };
    out[i] = f(at(a), at(b));
  }
  return y;
}

template <class Op, class Value>
void check_pair(const char* name, const Op& op, const Value& value, bool is_smooth = true) {
  CAPTURE(name);
  for (const auto& shapes : pairs) {
    CAPTURE(shapes[0].to_string());
    CAPTURE(shapes[1].to_string());
    const auto a = random(shapes[0], 1, 0.5, 2.0), b = random(shapes[1], 2, 0.6, 2.1);
    CHECK(closed(op(a, b), loop(a, b, value), 1e-14));
    CHECK(closed(op(cast<float>(a), cast<float>(b)).template to<double>(), loop(a, b, value), 1e-6));
    if (a.size() + b.size() > 60) continue;
    const auto check =
        gradcheck([&](const auto& in) { return op(in[0], in[1]); }, {a, b}, {.order = is_smooth ? 2 : 1});
    CHECK_MESSAGE(check.ok, check.message);
    const auto same = gradcheck([&](const auto& in) { return op(in[0], in[0]) * in[0]; }, {a}, {.order = 1});
    if (is_smooth) CHECK_MESSAGE(same.ok, same.message);
  }
}

}  // namespace

TEST_CASE("operations on two tensors broadcast, with right gradients to second order") {
  check_pair(
      "+", [](const auto& a, const auto& b) { return a + b; }, [](double a, double b) { return a + b; });
  check_pair(
      "-", [](const auto& a, const auto& b) { return a - b; }, [](double a, double b) { return a - b; });
  check_pair(
      "*", [](const auto& a, const auto& b) { return a * b; }, [](double a, double b) { return a * b; });
  check_pair(
      "/", [](const auto& a, const auto& b) { return a / b; }, [](double a, double b) { return a / b; });
  check_pair(
      "pow", [](const auto& a, const auto& b) { return pow(a, b); }, [](double a, double b) { return std::pow(a, b); });
  check_pair(
      "maximum", [](const auto& a, const auto& b) { return maximum(a, b); },
      [](double a, double b) { return std::max(a, b); }, false);
  check_pair(
      "minimum", [](const auto& a, const auto& b) { return minimum(a, b); },
      [](double a, double b) { return std::min(a, b); }, false);
  check_pair(
      "where", [](const auto& a, const auto& b) { return where(greater(a, b), a * a, b); },
      [](double a, double b) { return a > b ? a * a : b; }, false);
}

TEST_CASE("masks are 0 and 1 and constant") {
  const auto a = variable(Tensor<>::from({1, 2, 3}, {3, 1})), b = variable(Tensor<>::from({2, 3}));
  CHECK(closed(greater(a, b), {0, 0, 0, 0, 1, 0}, {3, 2}));
  CHECK(closed(less(a, b), {1, 1, 0, 1, 0, 0}, {3, 2}));
  CHECK(closed(equal(a, b), {0, 0, 1, 0, 0, 1}, {3, 2}));
  CHECK(closed(greater(a, 2), {0, 0, 1}, {3, 1}));
  CHECK(closed(less(a, 2), {1, 0, 0}, {3, 1}));
  CHECK(closed(equal(a, 2), {0, 1, 0}, {3, 1}));
  CHECK(!greater(a, b).requires_grad());
}

TEST_CASE("a number stands for a tensor of it") {
  const auto x = Tensor<double>::from({0.5, 2, 4});
  CHECK(closed(x + 1, {1.5, 3, 5}, {3}));
  CHECK(closed(1 + x, {1.5, 3, 5}, {3}));
  CHECK(closed(x - 1, {-0.5, 1, 3}, {3}));
  CHECK(closed(1 - x, {0.5, -1, -3}, {3}));
  CHECK(closed(2 * x, {1, 4, 8}, {3}));
  CHECK(closed(x * 2.0f, {1, 4, 8}, {3}));
  CHECK(closed(x / 2, {0.25, 1, 2}, {3}));
  CHECK(closed(1 / x, {2, 0.5, 0.25}, {3}));
  CHECK(closed(-x, {-0.5, -2, -4}, {3}));
  CHECK(closed(maximum(x, 1), {1, 2, 4}, {3}));
  CHECK(closed(minimum(x, 1), {0.5, 1, 1}, {3}));
  const auto all = [](const auto& in) {
    const auto& v = in[0];
    return (v + 1) * (2 - v) / 3 + 4 / v * (v - 3) * (5 + v) * (6 * v) + (-v) * v;
  };
  const auto check = gradcheck(all, {x}, {.order = 2});
  CHECK_MESSAGE(check.ok, check.message);
  CHECK((Tensor<std::int64_t>::from({7, 8}) * 3 - Tensor<std::int64_t>::from({1, 2}))(1) == 22);
  CHECK(std::signbit((Tensor<>::from({1}) * -0.0f).item()));
}

TEST_CASE("pow(x, number) is right to third order at integer and other exponents, and at 0") {
  const auto x = Tensor<double>::from({0.5, 1.5, 2});
  for (const double p : {-2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 2.5}) {
    CAPTURE(p);
    const auto y = pow(x, p);
    for (int i = 0; i < 3; ++i) CHECK(y(i) == doctest::Approx(std::pow(x(i), p)));
    const auto check = gradcheck([p](const auto& in) { return pow(in[0], p) * in[0]; }, {x}, {.order = 2});
    CHECK_MESSAGE(check.ok, check.message);
  }
  const auto zero = variable(Tensor<double>::from({0, -2}));
  const auto first = grad(pow(zero, 4), {zero}, {.create_graph = true}, Tensor<double>::ones({2}))[0];
  const auto second = grad(first, {zero}, {.create_graph = true}, Tensor<double>::ones({2}))[0];
  const auto third = grad(second, {zero}, {.create_graph = true}, Tensor<double>::ones({2}))[0];
  const auto fourth = grad(third, {zero}, {.create_graph = true}, Tensor<double>::ones({2}))[0];
  CHECK(closed(first, {0, -32}, {2}));
  CHECK(closed(second, {0, 48}, {2}));
  CHECK(closed(third, {0, -48}, {2}));
  CHECK(closed(fourth, {24, 24}, {2}));
  CHECK(closed(grad(pow(zero, 0), {zero}, {}, Tensor<double>::ones({2}))[0], {0, 0}, {2}));
}

TEST_CASE("equal operands of maximum and minimum get half of the gradient each, NaN wins") {
  const auto a = variable(Tensor<double>::from({1, 2, 3})), b = variable(Tensor<double>::from({1, 3, 2}));
  const auto seed = Tensor<double>::ones({3});
  const auto up = grad(maximum(a, b), {a, b}, {}, seed), down = grad(minimum(a, b), {a, b}, {}, seed);
  CHECK(closed(up[0], {0.5, 0, 1}, {3}));
  CHECK(closed(up[1], {0.5, 1, 0}, {3}));
  CHECK(closed(down[0], {0.5, 1, 0}, {3}));
  CHECK(closed(down[1], {0.5, 0, 1}, {3}));
  const auto nan = Tensor<>::scalar(std::numeric_limits<float>::quiet_NaN()), one = Tensor<>::scalar(1);
  for (const auto& y : {maximum(nan, one), maximum(one, nan), minimum(nan, one), minimum(one, nan)})
    CHECK(std::isnan(y.item()));
}

TEST_CASE("what where does not choose gets a gradient of 0 although the one that arrives is infinite") {
  const double inf = std::numeric_limits<double>::infinity();
  const auto x = variable(Tensor<double>::from({0, 4})), z = variable(Tensor<double>::from({7, 8}));
  const auto y = where(Tensor<double>::from({0, 2}), x, z);
  CHECK(closed(y, {7, 4}, {2}));
  const auto g = grad(y, {x, z}, {}, Tensor<double>::full({2}, inf));
  CHECK(closed(g[0], {0, inf}, {2}));
  CHECK(closed(g[1], {inf, 0}, {2}));
  const auto check = gradcheck(
      [](const auto& in) {
        return where(Tensor<double>::from({1, 0, 1}), in[0] * in[0], in[1] * in[1]);
      },
      {random({2, 1}, 1, 1, 2), random({3}, 2, 1, 2)}, {.order = 2});
  CHECK_MESSAGE(check.ok, check.message);
}

TEST_CASE("broadcast_to and sum_to undo each other's shape, with right gradients") {
  const Shape shapes[][2] = {{{3}, {2, 3}},          {{2, 1}, {2, 3}}, {{}, {2, 2}},     {{1, 3, 1}, {2, 3, 2}},
                             {{2, 3}, {2, 3}},       {{1}, {0}},       {{1, 0}, {3, 0}}, {{1}, {1, 1, 1}},
                             {{2, 1, 2}, {2, 3, 2}}, {{1, 1}, {4, 5}}};
  for (const auto& s : shapes) {
    CAPTURE(s[0].to_string());
    CAPTURE(s[1].to_string());
    const auto x = random(s[0], 1, 0, 1), wide = random(s[1], 2, 0, 1);
    const auto y = broadcast_to(x, s[1]);
    CHECK(y.shape() == s[1]);
    CHECK(closed(y, loop(x, Tensor<double>::zeros(s[1]), [](double a, double) { return a; }), 0));
    const double ratio = static_cast<double>(wide.size()) / static_cast<double>(std::max<std::int64_t>(x.size(), 1));
    CHECK(closed(sum_to(y, s[0]), x * ratio, 1e-13));
    auto check = gradcheck([&](const auto& in) { return broadcast_to(square(in[0]), s[1]); }, {x}, {.order = 2});
    CHECK_MESSAGE(check.ok, check.message);
    check = gradcheck([&](const auto& in) { return sum_to(square(in[0]), s[0]); }, {wide}, {.order = 2});
    CHECK_MESSAGE(check.ok, check.message);
  }
}

TEST_CASE("errors of arithmetic name the operation and the shapes") {
  const auto a = Tensor<>::zeros({2, 3}), b = Tensor<>::zeros({2});
  const auto names = [](const std::string& text, const char* operation) {
    CAPTURE(text);
    return text.find(operation) == 0 && text.find("[2, 3]") != text.npos && text.find("[2]") != text.npos;
  };
  CHECK(names(message([&] { a + b; }), "operator+: "));
  CHECK(names(message([&] { a - b; }), "operator-: "));
  CHECK(names(message([&] { a* b; }), "operator*: "));
  CHECK(names(message([&] { a / b; }), "operator/: "));
  CHECK(names(message([&] { maximum(a, b); }), "maximum: "));
  CHECK(names(message([&] { pow(a, b); }), "pow: "));
  CHECK(names(message([&] { greater(a, b); }), "greater: "));
  CHECK(names(message([&] { where(a, a, b); }), "where: "));
  CHECK(names(message([&] { where(b, a, a); }), "where: "));
  CHECK(names(message([&] { broadcast_to(b, {2, 3}); }), "broadcast_to: "));
  CHECK(names(message([&] { broadcast_to(a, {2}); }), "broadcast_to: "));
  CHECK(names(message([&] { sum_to(a, {2}); }), "sum_to: "));
}

TEST_CASE("only an operand that a gradient needs must stay as it is") {
  const auto x = Tensor<>::from({1, 2}), y = variable(Tensor<>::from({3, 4}));
  const auto seed = Tensor<>::ones({2});
  auto z = x * y;
  y.mutable_data()[0] = 9;  // x is a constant, so y is not needed
  CHECK(closed(grad(z, {y}, {}, seed)[0], {1, 2}, {2}));
  x.mutable_data()[0] = 7;
  CHECK_THROWS_AS(grad(z, {y}, {}, seed), Error);
  z = x + y;
  x.mutable_data()[0] = 8;
  y.mutable_data()[0] = 8;
  CHECK(closed(grad(z, {y}, {}, seed)[0], {1, 1}, {2}));
}

TEST_CASE("maximum and minimum have a gradient where only one side is a variable") {
  const auto a = Tensor<double>::from({1, 4}), b = Tensor<double>::from({2, 3});
  const auto expect = [](const Tensor<double>& g, double first, double second) {
    CHECK(g(0) == first);
    CHECK(g(1) == second);
  };
  const auto x = variable(a), y = variable(b);
  expect(grad(sum(minimum(x, b)), {x})[0], 1, 0);
  expect(grad(sum(minimum(a, y)), {y})[0], 0, 1);
  expect(grad(sum(maximum(x, b)), {x})[0], 0, 1);
  expect(grad(sum(maximum(a, y)), {y})[0], 1, 0);
}
