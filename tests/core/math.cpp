// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/math.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "regimen/core/functors.hpp"
#include "regimen/cpu/math.hpp"

using namespace regimen;
using namespace regimen::kernel;

namespace {

template <class T>
std::vector<T> values() {
  const T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  std::vector<T> x = {T{0}, T(-0.0), infinity, -infinity, nan, std::numeric_limits<T>::denorm_min(), T(-1), T(1)};
  for (int i = -40; i <= 40; ++i) x.push_back(static_cast<T>(i) * T(0.37));
  return x;
}

/// NaN is NaN, and 0 is not -0.
template <class T>
bool same(T a, T b) {
  return std::isnan(a) ? std::isnan(b) : std::memcmp(&a, &b, sizeof(T)) == 0;
}

template <class T>
Vector<T> spread(T value) {
  return functor::all_lanes(Vector<T>{}, value);
}

/// f of a number is f of each lane: to the bit, or within `units` in the last place.
template <class T, class F>
void check_lanes(F f, T units = 0) {
  for (const T x : values<T>()) {
    const auto lanes = f(spread(x));
    const T one = f(x), lane = lanes[0];
    CAPTURE(x);
    if (units == 0 || std::isnan(one) || std::isinf(one))
      CHECK(same(one, lane));
    else
      CHECK(std::abs(one - lane) <=
            units * std::numeric_limits<T>::epsilon() * std::abs(one) + std::numeric_limits<T>::min());
  }
}

/// Likewise for two arguments.
template <class T, class F>
void check_lanes_of_two(F f) {
  for (const T x : values<T>())
    for (const T y : values<T>()) {
      const auto lanes = f(spread(x), spread(y));
      if (!same(f(x, y), T{lanes[0]})) FAIL_CHECK("of ", x, " and ", y);
    }
}

}  // namespace

TEST_CASE_TEMPLATE("a function of a number is the vectors' function of each lane", T, float, double) {
  const T units = sizeof(T) == 4 ? T{8} : T{0};  // float exp, sigmoid and tanh have approximations by vectors
  check_lanes<T>([](auto v) { return math::exp(v); }, units);
  check_lanes<T>([](auto v) { return math::sigmoid(v); }, units);
  check_lanes<T>([](auto v) { return math::tanh(v); }, units);
  check_lanes<T>([](auto v) { return math::log(v); });
  check_lanes<T>([](auto v) { return math::log1p(v); });
  check_lanes<T>([](auto v) { return math::expm1(v); });
  check_lanes<T>([](auto v) { return math::sqrt(v); });
  check_lanes<T>([](auto v) { return math::sin(v); });
  check_lanes<T>([](auto v) { return math::cos(v); });
  check_lanes<T>([](auto v) { return math::erf(v); });
  check_lanes<T>([](auto v) { return math::erfc(v); });
  check_lanes<T>([](auto v) { return math::abs(v); });
  check_lanes<T>([](auto v) { return math::each(v, [](T u) { return u + T{1}; }); });
  check_lanes_of_two<T>([](auto u, auto v) { return math::max(u, v); });
  check_lanes_of_two<T>([](auto u, auto v) { return math::min(u, v); });
  check_lanes_of_two<T>([](auto u, auto v) { return math::pow(u, v); });
  check_lanes_of_two<T>([](auto u, auto v) { return math::atan2(u, v); });
}

TEST_CASE_TEMPLATE("functions of a number are the C library's", T, float, double) {
  for (const T x : values<T>()) {
    CHECK(same(math::exp(x), std::exp(x)));
    CHECK(same(math::tanh(x), std::tanh(x)));
    CHECK(same(math::log(x), std::log(x)));
    CHECK(same(math::log1p(x), std::log1p(x)));
    CHECK(same(math::expm1(x), std::expm1(x)));
    CHECK(same(math::sqrt(x), std::sqrt(x)));
    CHECK(same(math::sin(x), std::sin(x)));
    CHECK(same(math::cos(x), std::cos(x)));
    CHECK(same(math::erf(x), std::erf(x)));
    CHECK(same(math::erfc(x), std::erfc(x)));
    CHECK(same(math::floor(x), std::floor(x)));
    CHECK(same(math::nearbyint(x), std::nearbyint(x)));
    CHECK(same(math::abs(x), std::abs(x)));
    CHECK(same(math::pow(x, T{3}), std::pow(x, T{3})));
    CHECK(same(math::atan2(x, T{-2}), std::atan2(x, T{-2})));
  }
  const T infinity = std::numeric_limits<T>::infinity();
  CHECK(math::sigmoid(T{0}) == T{0.5});
  CHECK(math::sigmoid(infinity) == T{1});
  CHECK(math::sigmoid(-infinity) == T{0});
  CHECK(std::isnan(math::sigmoid(std::numeric_limits<T>::quiet_NaN())));
  CHECK(math::max(T{1}, T{2}) == T{2});
  CHECK(math::min(T{1}, T{2}) == T{1});
}
