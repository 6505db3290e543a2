// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/math.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "regimen/cpu/elementwise.hpp"

using namespace regimen;
using namespace regimen::kernel;

namespace {

/// The largest error of f over many float arguments in [low, high], in units in the last place of the exact result.
template <class F, class Exact>
double worst_ulp(float low, float high, F f, Exact exact) {
  std::vector<float> x, y;
  for (int i = 0; i <= 200000; ++i) x.push_back(low + (high - low) * static_cast<float>(i) / 200000);
  y.resize(x.size());
  map(Cpu{}, static_cast<std::int64_t>(x.size()), f, y.data(), x.data());
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double right = exact(static_cast<double>(x[i]));
    const auto near = static_cast<float>(right);
    const double unit = std::fabs(static_cast<double>(std::nextafter(near, INFINITY)) - static_cast<double>(near));
    worst = std::fmax(worst, std::fabs(static_cast<double>(y[i]) - right) / unit);
  }
  return worst;
}

template <class F>
float at(float x, F f) {
  float y = 0;
  map(Cpu{}, 1, f, &y, &x);
  return y;
}

const auto vector_exp = [](Vector<float> v) { return math::exp(v); };
const auto vector_tanh = [](Vector<float> v) { return math::tanh(v); };
const auto vector_sigmoid = [](Vector<float> v) { return math::sigmoid(v); };

}  // namespace

TEST_CASE("float exp and sigmoid are within 3 units in the last place, tanh within 6") {
  const auto exact_exp = [](double v) { return std::exp(v); };
  const auto exact_tanh = [](double v) { return std::tanh(v); };
  const auto exact_sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
  CHECK(worst_ulp(-87, 88.7f, vector_exp, exact_exp) < 3);
  CHECK(worst_ulp(-1, 1, vector_exp, exact_exp) < 1.5);
  CHECK(worst_ulp(-10, 10, vector_tanh, exact_tanh) < 6);
  CHECK(worst_ulp(-1e-3f, 1e-3f, vector_tanh, exact_tanh) < 2);
  CHECK(worst_ulp(-80, 80, vector_sigmoid, exact_sigmoid) < 3);
}

TEST_CASE("exp, tanh and sigmoid are right at the ends of the range") {
  const float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(at(0, vector_exp) == 1);
  CHECK(at(infinity, vector_exp) == infinity);
  CHECK(at(89, vector_exp) == infinity);
  CHECK(at(-infinity, vector_exp) == 0);
  CHECK(at(-200, vector_exp) == 0);
  CHECK(at(-95, vector_exp) == doctest::Approx(std::exp(-95.0)).epsilon(1e-3));  // subnormal
  CHECK(std::isnan(at(nan, vector_exp)));
  CHECK(at(infinity, vector_tanh) == 1);
  CHECK(at(-infinity, vector_tanh) == -1);
  CHECK(std::isnan(at(nan, vector_tanh)));
  CHECK(std::signbit(at(-0.0f, vector_tanh)));
  CHECK(at(infinity, vector_sigmoid) == 1);
  CHECK(at(-infinity, vector_sigmoid) == 0);
  CHECK(std::isnan(at(nan, vector_sigmoid)));
}

TEST_CASE("double functions are the C library's") {
  for (const double x : {-3.7, -0.2, 0.4, 5.1}) {
    const auto v = broadcast(x);
    CHECK(math::exp(v)[0] == std::exp(x));
    CHECK(math::tanh(v)[lanes<double> - 1] == std::tanh(x));
    CHECK(math::sigmoid(v)[0] == 1 / (1 + std::exp(-x)));
    CHECK(math::sin(v)[0] == std::sin(x));
    CHECK(math::cos(v)[0] == std::cos(x));
    CHECK(math::erf(v)[0] == std::erf(x));
    CHECK(math::abs(v)[0] == std::fabs(x));
    CHECK(math::log(v * v)[0] == std::log(x * x));
    CHECK(math::log1p(v * v)[0] == std::log1p(x * x));
    CHECK(math::sqrt(v * v)[0] == std::fabs(x));
    CHECK(math::max(v, Vector<double>{})[0] == std::fmax(x, 0));
    CHECK(math::min(v, Vector<double>{})[0] == std::fmin(x, 0));
  }
}
