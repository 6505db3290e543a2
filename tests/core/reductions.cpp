// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/reductions.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "regimen/cpu/cross_entropy.hpp"
#include "regimen/cpu/norm.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/cpu/softmax.hpp"
#include "regimen/loss/mse.hpp"

using namespace regimen;
namespace reduction = regimen::kernel::reduction;

namespace {

template <class T>
std::vector<T> row(std::int64_t n, T shift) {
  std::vector<T> x;
  for (std::int64_t i = 0; i < n; ++i)
    x.push_back(static_cast<T>(std::sin(static_cast<double>(i) + static_cast<double>(shift))));
  return x;
}

/// What a GPU does, number by number, is what the CPU's kernel does by vectors, but for rounding.
template <class T, class R, class... In>
void check_numbers(const R& r, const std::vector<T>& first, const In&... in) {
  T one = r.identity();
  for (std::size_t i = 0; i < first.size(); ++i) one = r.join(one, r.term(first[i], in[i]...));
  const T all = kernel::reduce_row<T>(r, static_cast<std::int64_t>(first.size()), first.data(), in.data()...);
  CHECK(one == doctest::Approx(all).epsilon(100 * std::numeric_limits<T>::epsilon()));
  CHECK(r.join(one, r.identity()) == one);
}

}  // namespace

TEST_CASE_TEMPLATE("a reduction of numbers is the reduction of vectors", T, float, double) {
  for (const std::int64_t n : {1, 7, 16, 33, 100}) {
    const auto x = row(n, T{1}), y = row(n, T{2}), z = row(n, T{3});
    check_numbers(reduction::Sum<T>{}, x);
    check_numbers(reduction::SumSquares<T>{}, x);
    check_numbers(reduction::Dot<T>{}, x, y);
    check_numbers(reduction::Max<T>{}, x);
    check_numbers(reduction::Min<T>{}, x);
    check_numbers(reduction::SumExp<T>(T{0.3f}), x);
    check_numbers(reduction::Gap<T>(T{2}), x);
    check_numbers(reduction::WeightedSurprise<T>({T{1}, T{2}}), x, y);
    check_numbers(reduction::SquaredDeviation<T>(T{0.3f}), x);
    check_numbers(reduction::Covariance<T>(T{0.3f}), x, y);
    check_numbers(reduction::Covariance<T>(T{0.3f}), x, y, z);
    check_numbers(detail::SquaredError<T>{}, x, y);
  }
}

TEST_CASE_TEMPLATE("a filler's term changes nothing", T, float, double) {
  CHECK(reduction::Sum<T>::term(reduction::Sum<T>::filler()) == T{0});
  CHECK(reduction::Max<T>::term(reduction::Max<T>::filler()) == reduction::lowest<T>);
  CHECK(reduction::Min<T>::term(reduction::Min<T>::filler()) == reduction::highest<T>);
  const reduction::SumExp<T> sum_exp(T{5});
  CHECK(sum_exp.term(sum_exp.filler()) == T{0});
  const reduction::Gap<T> gap(T{5});
  CHECK(gap.term(gap.filler()) == T{0});
}

TEST_CASE_TEMPLATE("the largest and the smallest number are NaN if one is", T, float, double) {
  const T nan = std::numeric_limits<T>::quiet_NaN();
  CHECK(std::isnan(reduction::Max<T>::join(nan, T{1})));
  CHECK(std::isnan(reduction::Max<T>::join(T{1}, nan)));
  CHECK(std::isnan(reduction::Min<T>::join(nan, T{1})));
  CHECK(std::isnan(reduction::Min<T>::join(T{1}, nan)));
}

TEST_CASE("the least and the largest integer stand for infinities") {
  CHECK(reduction::Max<std::int64_t>::identity() == std::numeric_limits<std::int64_t>::lowest());
  CHECK(reduction::Min<std::int64_t>::identity() == std::numeric_limits<std::int64_t>::max());
}
