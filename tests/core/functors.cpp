// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// Values; that vectors give the same lane by lane is seen by tests/ops/functors.cpp.
#include "regimen/core/functors.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>

using namespace regimen::functor;

TEST_CASE_TEMPLATE("arithmetic of numbers", T, float, double) {
  const T a = T(3), b = T(-2);
  CHECK(Identity{}(b) == b);
  CHECK(Negate{}(b) == T(2));
  CHECK(Add{}(a, b) == T(1));
  CHECK(Subtract{}(a, b) == T(5));
  CHECK(Multiply{}(a, b) == T(-6));
  CHECK(Divide{}(a, b) == T(-1.5));
  CHECK(AddNumber<T>{T(4)}(b) == T(2));
  CHECK(NumberMinus<T>{T(4)}(b) == T(6));
  CHECK(MultiplyBy<T>{T(4)}(b) == T(-8));
  CHECK(DivideBy<T>{T(4)}(b) == T(-0.5));
  CHECK(NumberOver<T>{T(4)}(b) == T(-2));
  CHECK(Square{}(b) == T(4));
  CHECK(Cube{}(b) == T(-8));
}

TEST_CASE("extremes keep NaN, and what is not finite becomes 0") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  CHECK(Maximum{}(1.0, 2.0) == 2);
  CHECK(Minimum{}(1.0, 2.0) == 1);
  for (const double other : {1.0, -infinity}) {
    CHECK(std::isnan(Maximum{}(nan, other)));
    CHECK(std::isnan(Maximum{}(other, nan)));
    CHECK(std::isnan(Minimum{}(nan, other)));
    CHECK(std::isnan(Minimum{}(other, nan)));
  }
  CHECK(FiniteOrZero{}(1.5) == 1.5);
  for (const double odd : {nan, infinity, -infinity}) CHECK(FiniteOrZero{}(odd) == 0);
}
