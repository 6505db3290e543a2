// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/special.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using table::closed;

namespace {

const double inf = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();

/// The largest error of op at the points, relative to the true value, in units of the type's precision.
template <class T, class Op, class True>
double error(const Op& op, const True& exact, std::initializer_list<double> points) {
  double worst = 0;
  for (const double point : points) {
    const T x = static_cast<T>(point);
    const auto wanted = exact(static_cast<long double>(x));
    const auto got = static_cast<long double>(op(Tensor<T>::from({x})).item());
    worst = std::max(worst, static_cast<double>(std::abs((got - wanted) / wanted)));
  }
  return worst / static_cast<double>(std::numeric_limits<T>::epsilon());
}

/// The derivative of op(x) at each of the points.
template <class Op>
Tensor<double> slope(const Op& op, std::initializer_list<double> points) {
  const auto x = variable(Tensor<double>::from(points));
  return grad(op(x), {x}, {}, Tensor<double>::ones(x.shape()))[0];
}

#define OP(f) [](const auto& x) { return f; }

}  // namespace

TEST_CASE_TEMPLATE("special functions agree with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_d_special");
  oracle.check_case<T>("erfc", {"input"}, [](const auto& in) { return erfc(in[0]); });
  oracle.check_case<T>("expm1", {"input"}, [](const auto& in) { return expm1(in[0]); });
  oracle.check_case<T>("logsigmoid", {"input"}, [](const auto& in) { return logsigmoid(in[0]); });
  oracle.check_case<T>("softmin", {"input"}, [](const auto& in) { return softmin(in[0], 1); });
  for (const char* name : {"lgamma", "lgamma_below"})
    oracle.check_case<T>(name, {"input"}, [](const auto& in) { return lgamma(in[0]); });
  for (const char* name : {"digamma", "digamma_below"})
    oracle.check_case<T>(name, {"input"}, [](const auto& in) { return digamma(in[0]); });
  oracle.check_case<T>("trigamma", {"input"}, [](const auto& in) { return polygamma(1, in[0]); });
  oracle.check_case<T>("polygamma3", {"input"}, [](const auto& in) { return polygamma(3, in[0]); });
}

TEST_CASE_TEMPLATE("values are exact near 0 and in the tails", T, float, double) {
  CHECK(error<T>(OP(erfc(x)), [](auto x) { return std::erfc(x); }, {-3, -1e-9, 1e-9, 0.5, 2, 5, 8, 9}) < 4);
  CHECK(error<T>(OP(expm1(x)), [](auto x) { return std::expm1(x); }, {-80, -1, -1e-5, -1e-30, 1e-30, 1e-9, 0.3, 80}) <
        4);
  const auto log_sigmoid = [](auto x) { return -std::log1p(std::exp(-x)); };
  CHECK(error<T>(OP(logsigmoid(x)), log_sigmoid, {-80, -3, -1e-9, 0, 1e-9, 3, 15, 60, 80}) < 8);
  // Relative to the value also near the zeros 1 and 2.
  const auto log_gamma = [](auto x) { return std::lgamma(x); };
  CHECK(error<T>(OP(lgamma(x)), log_gamma, {1e-30, 1e-3, 0.5, 1.001, 1.9, 2.01, 5.5, 40, 1e6, 1e20, -0.5, -3.3}) < 8);
}

TEST_CASE("derivatives are exact in the tails") {
  CHECK(closed(slope(OP(erfc(x)), {0, 3, 26}), {-2 / std::sqrt(M_PI), -2 / std::sqrt(M_PI) * std::exp(-9.0), 0}, {3},
               1e-15));
  CHECK(slope(OP(erfc(x)), {26})(0) == doctest::Approx(-2 / std::sqrt(M_PI) * std::exp(-676.0)).epsilon(1e-12));
  CHECK(slope(OP(expm1(x)), {-60})(0) == doctest::Approx(std::exp(-60.0)).epsilon(1e-14));
  CHECK(slope(OP(logsigmoid(x)), {60})(0) == doctest::Approx(std::exp(-60.0)).epsilon(1e-14));
  CHECK(closed(slope(OP(logsigmoid(x)), {-1000, 0, 1000}), {1, 0.5, 0}, {3}));
}

TEST_CASE("polygamma has its closed values") {
  const double gamma = 0.57721566490153286061, pi = M_PI, log2 = std::log(2.0), zeta3 = 1.2020569031595942854;
  const auto x = Tensor<double>::from({1, 0.5, 2, 0.25, -0.5, -1.5});
  CHECK(closed(digamma(x),
               {-gamma, -gamma - 2 * log2, 1 - gamma, -gamma - pi / 2 - 3 * log2, 2 - gamma - 2 * log2,
                2 + 2.0 / 3 - gamma - 2 * log2},
               {6}, 1e-15));
  CHECK(closed(polygamma(1, x),
               {pi * pi / 6, pi * pi / 2, pi * pi / 6 - 1, pi * pi + 8 * 0.91596559417721901505, pi * pi / 2 + 4,
                pi * pi / 2 + 4 + 4.0 / 9},
               {6}, 2e-15));
  const auto half = Tensor<double>::from({1, 0.5, -0.5, -1.5});
  CHECK(closed(polygamma(2, half), {-2 * zeta3, -14 * zeta3, -14 * zeta3 + 16, -14 * zeta3 + 16 + 16.0 / 27}, {4},
               2e-15));
  CHECK(closed(polygamma(3, half),
               {std::pow(pi, 4) / 15, std::pow(pi, 4), std::pow(pi, 4) + 96, std::pow(pi, 4) + 96 + 96.0 / 81}, {4},
               2e-15));
}

TEST_CASE("polygamma of each order satisfies its recurrence, on both sides of 0") {
  for (int n = 0; n <= 20; ++n) {
    double factorial = 1;
    for (int k = 2; k <= n; ++k) factorial *= k;
    for (const double at : {0.07, 0.9, 3.3, 9.95, 30.2, 51.7, -0.3, -0.5, -2.85, -40.4}) {
      CAPTURE(n);
      CAPTURE(at);
      const auto y = polygamma(n, Tensor<double>::from({at, at + 1}));
      const double step = (n % 2 == 0 ? 1 : -1) * factorial * std::pow(at, -(n + 1));
      CHECK(std::abs(y(1) - y(0) - step) <= 2e-13 * (std::abs(y(0)) + std::abs(y(1))));
    }
  }
}

TEST_CASE("special functions at 0, at poles and beyond all numbers") {
  const auto x = Tensor<double>::from({0, -0.0, -1, inf, -inf, none});
  CHECK(closed(lgamma(x), {inf, inf, inf, inf, inf, none}, {6}));
  CHECK(closed(digamma(x), {-inf, inf, none, inf, none, none}, {6}));
  CHECK(closed(polygamma(1, x), {inf, inf, none, 0, none, none}, {6}));
  CHECK(closed(erfc(x), {1, 1, 2 - std::erfc(1.0), 0, 2, none}, {6}));
  CHECK(closed(expm1(x), {0, 0, std::expm1(-1.0), inf, -1, none}, {6}));
  CHECK(closed(logsigmoid(x), {-std::log(2.0), -std::log(2.0), -std::log1p(std::exp(1.0)), 0, -inf, none}, {6}));
  CHECK(lgamma(Tensor<>::empty({0, 3})).shape() == Shape{0, 3});
  CHECK(closed(softmin(Tensor<>::from({1000, 0, 0}), 0), {0, 0.5, 0.5}, {3}));
  CHECK(digamma(Tensor<double>::from({-1e-20})).item() == doctest::Approx(1e20).epsilon(1e-15));
}

TEST_CASE("gradients of special functions agree with differences to second order") {
  const auto x = structure::random({2, 3}), positive = table::random({2, 3}, 2, 0.4, 3);
  CHECK(structure::check([](const auto& v) { return erfc(v[0]) * v[0]; }, {x}));
  CHECK(structure::check([](const auto& v) { return expm1(v[0]) * v[0]; }, {x}));
  CHECK(structure::check([](const auto& v) { return logsigmoid(v[0]) * v[0]; }, {x}));
  CHECK(structure::check([](const auto& v) { return softmin(v[0], 0) * v[0]; }, {x}));
  CHECK(structure::check([](const auto& v) { return lgamma(v[0]) * v[0]; }, {positive}));
  CHECK(structure::check([](const auto& v) { return digamma(v[0]) * v[0]; }, {positive}));
  CHECK(structure::check([](const auto& v) { return lgamma(v[0] - 3.5) * polygamma(2, v[0]); }, {positive}));
}

TEST_CASE("polygamma refuses orders that it lacks") {
  const auto x = Tensor<>::ones({2});
  CHECK(has(message([&] { polygamma(-1, x); }), "polygamma: n is -1; it is from 0 to 20"));
  CHECK(has(message([&] { polygamma(21, x); }), "polygamma: n is 21"));
}
