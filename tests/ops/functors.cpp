// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/functors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "regimen/core/functors.hpp"
#include "regimen/cpu/vector.hpp"
#include "regimen/loss/mse.hpp"
#include "regimen/nn/batch_norm.hpp"
#include "regimen/nn/lif.hpp"
#include "regimen/ops/atan2.hpp"
#include "regimen/ops/complex.hpp"
#include "regimen/ops/distance.hpp"
#include "regimen/ops/grid_sample.hpp"
#include "regimen/ops/pow.hpp"
#include "regimen/ops/special.hpp"
#include "regimen/ops/straight_through.hpp"

using namespace regimen;
using namespace regimen::functor;

namespace {

template <class T>
std::vector<T> values() {
  const T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  std::vector<T> x = {T{0}, T(-0.0), infinity, -infinity, nan, T(1e-30f), T(-1e-30f)};
  for (int i = -12; i <= 12; ++i) x.push_back(static_cast<T>(i) * T(0.5));
  for (int i = -3; i <= 3; ++i) x.push_back(static_cast<T>(i) * T(7.3));
  return x;
}

/// f of numbers is f of each lane: to the bit, or within `tolerance`, relative to numbers above 1.
template <class T, class F, class... In>
void check(const char* name, const F& f, T tolerance, In... x) {
  const T one = f(x...), lane = f(all_lanes(kernel::Vector<T>{}, x)...)[0];
  if (std::isnan(one) ? std::isnan(lane) : std::memcmp(&one, &lane, sizeof(T)) == 0) return;
  if (std::abs(one - lane) <= tolerance * std::max(T{1}, std::abs(one))) return;
  FAIL_CHECK(std::string(name), " is ", one, " and of vectors ", lane);
}

template <class T, class F>
void check_unary(const char* name, const F& f, T tolerance = 0) {
  for (const T x : values<T>()) check(name, f, tolerance, x);
}

template <class T, class F>
void check_binary(const char* name, const F& f, T tolerance = 0) {
  for (const T x : values<T>())
    for (const T y : values<T>()) check(name, f, tolerance, x, y);
}

/// Of what is computed from a float exp, sigmoid or tanh, which vectors approximate.
template <class T>
constexpr T near = sizeof(T) == 4 ? T(1e-6f) : T{0};
/// Of sums of products, which a compiler may contract in the one form only.
template <class T>
constexpr T rounded = 8 * std::numeric_limits<T>::epsilon();

}  // namespace

TEST_CASE_TEMPLATE("arithmetic of a number is that of each lane", T, float, double) {
  check_unary<T>("Identity", Identity{});
  check_unary<T>("Negate", Negate{});
  check_unary<T>("Square", Square{});
  check_unary<T>("Cube", Cube{});
  check_unary<T>("FiniteOrZero", FiniteOrZero{});
  for (const T value : {T{2.5f}, T{0}, T(-0.0)}) {
    check_unary<T>("AddNumber", AddNumber<T>{value});
    check_unary<T>("NumberMinus", NumberMinus<T>{value});
    check_unary<T>("MultiplyBy", MultiplyBy<T>{value});
    check_unary<T>("DivideBy", DivideBy<T>{value});
    check_unary<T>("NumberOver", NumberOver<T>{value});
  }
  check_binary<T>("Add", Add{});
  check_binary<T>("Subtract", Subtract{});
  check_binary<T>("Multiply", Multiply{});
  check_binary<T>("Divide", Divide{});
  check_binary<T>("Greater", Greater<T>{});
  check_binary<T>("Less", Less<T>{});
  check_binary<T>("Equal", Equal<T>{});
  check_binary<T>("Maximum", Maximum{});
  check_binary<T>("Minimum", Minimum{});
  check_binary<T>("MaximumShare", MaximumShare<T>{});
  for (const T condition : values<T>()) check<T>("Choose", Choose{}, 0, condition, T{1}, T{2});
}

TEST_CASE_TEMPLATE("a function of a number is that of each lane", T, float, double) {
  check_unary<T>("Exp", Exp{}, near<T>);
  check_unary<T>("Log", Log{});
  check_unary<T>("Log1p", Log1p{});
  check_unary<T>("Sqrt", Sqrt{});
  check_unary<T>("ReciprocalSqrt", ReciprocalSqrt<T>{});
  check_unary<T>("SquareSlope", SquareSlope{});
  check_unary<T>("Tanh", Tanh{}, near<T>);
  check_unary<T>("TanhSlope", TanhSlope<T>{}, rounded<T>);
  check_unary<T>("Sigmoid", Sigmoid{}, near<T>);
  check_unary<T>("SigmoidSlope", SigmoidSlope<T>{}, rounded<T>);
  check_unary<T>("Relu", Relu{});
  check_unary<T>("LeakyRelu", LeakyRelu<T>{T{0.1f}});
  check_unary<T>("Elu", Elu<T>{T{1.5f}});
  check_unary<T>("EluSlope", EluSlope<T>{T{1.5f}});
  check_unary<T>("Erf", Erf{});
  check_unary<T>("Gelu", Gelu<T>{}, rounded<T>);
  check_unary<T>("GeluSlope", GeluSlope<T>{}, near<T> + rounded<T>);
  check_unary<T>("GeluTanh", GeluTanh<T>{}, near<T> + rounded<T>);
  check_unary<T>("GeluTanhSlope", GeluTanhSlope<T>{}, 20 * near<T> + rounded<T>);
  check_unary<T>("Silu", Silu{}, near<T>);
  check_unary<T>("SiluSlope", SiluSlope<T>{}, near<T> + rounded<T>);
  check_unary<T>("Softplus", Softplus{}, near<T>);
  check_unary<T>("Sin", Sin{});
  check_unary<T>("Cos", Cos{});
  check_unary<T>("Abs", Abs{});
  check_unary<T>("Sign", Sign<T>{});
  check_unary<T>("Clip", Clip<T>{T{-1}, T{2}});
  check_unary<T>("Power", Power<T>{T{2.5f}});
  check_binary<T>("ReluGate", ReluGate{});
  check_binary<T>("LeakyReluGate", LeakyReluGate<T>{T{0.1f}});
  check_binary<T>("AbsGate", AbsGate{});
  check_binary<T>("ClipGate", ClipGate<T>{T{-1}, T{2}});
  check_binary<T>("TimesSlope", TimesSlope<SigmoidSlope<T>>{}, rounded<T>);
  check_binary<T>("TimesSlope", TimesSlope<EluSlope<T>>{{T{1.5f}}});
}

TEST_CASE_TEMPLATE("so are the functions of one header", T, float, double) {
  check_unary<T>("Erfc", detail::Erfc{});
  check_unary<T>("Expm1", detail::Expm1{});
  check_unary<T>("Polygamma", detail::Polygamma<T>{2});
  check_unary<T>("LogGamma", detail::LogGamma<T>{});
  check_unary<T>("SignSte", detail::SignSte<T>{});
  check_unary<T>("Step", detail::Step<T>{});
  check_unary<T>("FinitePositiveOrOne", detail::FinitePositiveOrOne<T>{});
  check_unary<T>("RoundPosition", detail::RoundPosition{true});
  check_unary<T>("RoundPosition", detail::RoundPosition{false});
  check_binary<T>("SignSteGate", detail::SignSteGate<T>{});
  check_binary<T>("Atan2", detail::Atan2{});
  check_binary<T>("Pow", detail::Pow{});
  check_binary<T>("Modulus", detail::Modulus<T>{}, rounded<T>);
  check_binary<T>("LargerPart", detail::LargerPart{});
  check_binary<T>("Blend", detail::Blend<T>{T{0.9f}, T{0.1f}}, rounded<T>);
  check_binary<T>("ScaledDifference", detail::ScaledDifference<T>{T{2.5f}});
}

TEST_CASE("comparisons of integers are those of each lane") {
  for (const std::int64_t u : {-3, 0, 5})
    for (const std::int64_t v : {-3, 0, 5}) {
      CHECK(Greater<std::int64_t>{}(u, v) == Greater<std::int64_t>{}(kernel::broadcast(u), kernel::broadcast(v))[0]);
      CHECK(Less<std::int64_t>{}(u, v) == Less<std::int64_t>{}(kernel::broadcast(u), kernel::broadcast(v))[0]);
      CHECK(Equal<std::int64_t>{}(u, v) == Equal<std::int64_t>{}(kernel::broadcast(u), kernel::broadcast(v))[0]);
    }
}
