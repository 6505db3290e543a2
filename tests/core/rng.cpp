// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/rng.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#if defined(_OPENMP)
#include <omp.h>
#endif

using namespace regimen;

namespace {

template <class T>
bool same(const Tensor<T>& a, const Tensor<T>& b) {
  return a.shape() == b.shape() && std::equal(a.span().begin(), a.span().end(), b.span().begin());
}

template <class T>
double moment(const Tensor<T>& x, int power) {
  double sum = 0;
  for (const T v : x.span()) sum += std::pow(static_cast<double>(v), power);
  return sum / static_cast<double>(x.size());
}

double correlation(const Tensor<>& x, const Tensor<>& y) {
  double xy = 0;
  for (std::int64_t i = 0; i < x.size(); ++i) xy += static_cast<double>(x(i)) * static_cast<double>(y(i));
  return xy / static_cast<double>(x.size()) / std::sqrt(moment(x, 2) * moment(y, 2));
}

}  // namespace

TEST_CASE("the words are Philox's, key seed and counter position") {
  Rng rng(0);
  CHECK(rng.next32() == 0x6627e8d5);
  CHECK(rng.next32() == 0xe169c58d);
  CHECK(rng.next64() == 0x9b00dbd8bc57ac4c);
  CHECK(rng.next32() == philox4x32(1, 0, 0).word[0]);
  Rng seeded(0x123456789ABCDEF0);
  CHECK(seeded.next32() == philox4x32(0, 0, 0x123456789ABCDEF0).word[0]);
}

TEST_CASE_TEMPLATE("uniform fills have a uniform's moments", T, float, double) {
  Rng rng(1);
  const auto x = rng.uniform<T>({1000, 400});
  for (int k = 1; k <= 4; ++k) CHECK(moment(x, k) == doctest::Approx(1.0 / (k + 1)).epsilon(0.01));
  const auto y = rng.uniform<T>({100000}, -3, 5);
  CHECK(*std::min_element(y.span().begin(), y.span().end()) >= -3);
  CHECK(*std::max_element(y.span().begin(), y.span().end()) < 5);
  CHECK(moment(y, 1) == doctest::Approx(1).epsilon(0.05));
}

TEST_CASE_TEMPLATE("uniform fills never return the upper end", T, float, double) {
  Rng rng(2);
  const T low = 1, high = std::nextafter(low, T{2});  // every sum above the middle rounds up
  for (const T v : rng.uniform<T>({10000}, low, high).span()) CHECK(v == low);
  const T big = std::ldexp(T{1}, std::numeric_limits<T>::digits + 1);
  bool inside = true;
  for (const T v : rng.uniform<T>({10000}, big, big + 4).span()) inside = inside && v >= big && v < big + 4;
  CHECK(inside);
}

TEST_CASE_TEMPLATE("normal fills have a normal's moments", T, float, double) {
  Rng rng(3);
  const auto x = rng.normal<T>({1000, 400});
  CHECK(std::abs(moment(x, 1)) < 0.01);
  CHECK(moment(x, 2) == doctest::Approx(1).epsilon(0.01));
  CHECK(std::abs(moment(x, 3)) < 0.03);
  CHECK(moment(x, 4) == doctest::Approx(3).epsilon(0.02));
  const auto y = rng.normal<T>({100000}, 5, 0.5);
  CHECK(moment(y, 1) == doctest::Approx(5).epsilon(0.01));
  CHECK(moment(y, 2) == doctest::Approx(25.25).epsilon(0.01));
}

TEST_CASE("bernoulli draws keep to their probability") {
  Rng rng(4);
  for (const double p : {0.0, 0.1, 0.5, 1.0}) {
    CHECK(moment(rng.bernoulli({200000}, p), 1) == doctest::Approx(p).epsilon(0.03));
    int hits = 0;
    for (int i = 0; i < 20000; ++i) hits += rng.bernoulli(p) ? 1 : 0;
    CHECK(hits / 20000.0 == doctest::Approx(p).epsilon(0.1));
  }
  CHECK(rng.bernoulli<std::int64_t>({4}, 1.0)(3) == 1);
}

TEST_CASE("below is uniform, for narrow and wide ranges") {
  Rng rng(5);
  std::vector<int> counts(7);
  for (int i = 0; i < 70000; ++i) ++counts[static_cast<std::size_t>(rng.below(7))];
  double chi2 = 0;
  for (const int c : counts) chi2 += (c - 10000.0) * (c - 10000.0) / 10000.0;
  CHECK(chi2 < 22.5);  // 6 degrees of freedom, p = 0.001
  CHECK(rng.below(1) == 0);
  const std::int64_t wide = std::int64_t{3} << 61;
  double mean = 0;
  for (int i = 0; i < 10000; ++i) {
    const std::int64_t value = rng.below(wide);
    REQUIRE((value >= 0 && value < wide));
    mean += static_cast<double>(value) / static_cast<double>(wide) / 10000;
  }
  CHECK(mean == doctest::Approx(0.5).epsilon(0.03));
}

TEST_CASE("categorical follows its weights and never picks a zero one") {
  Rng rng(6);
  const double weights[] = {0, 1, 0, 3, 0};
  int counts[5] = {};
  for (int i = 0; i < 40000; ++i) ++counts[rng.categorical(weights)];
  CHECK(counts[0] + counts[2] + counts[4] == 0);
  CHECK(counts[3] / 40000.0 == doctest::Approx(0.75).epsilon(0.02));
}

TEST_CASE("a permutation holds every number once, and every order is equally likely") {
  Rng rng(7);
  auto x = rng.permutation(1000);
  std::sort(x.mutable_data(), x.mutable_data() + 1000);
  for (std::int64_t i = 0; i < 1000; ++i) CHECK(x(i) == i);
  CHECK(rng.permutation(0).size() == 0);
  int counts[3][3] = {};
  for (int i = 0; i < 6000; ++i) {
    const auto order = rng.permutation(3);
    ++counts[order(0)][order(1)];
  }
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) CHECK(counts[a][b] == doctest::Approx(a == b ? 0 : 1000).epsilon(0.12));
}

TEST_CASE("fills are the scalar draws in order, from any position") {
  for (int skip = 0; skip < 5; ++skip) {
    Rng a(8);
    for (int i = 0; i < skip; ++i) a.next32();
    Rng b = a;
    const auto x = a.uniform<double>({7});
    const auto z = a.normal<double>({3});
    const auto hits = a.bernoulli({9}, 0.3);
    for (std::int64_t i = 0; i < 7; ++i) CHECK(x(i) == b.uniform());
    for (std::int64_t i = 0; i < 3; ++i) CHECK(z(i) == b.normal());
    for (std::int64_t i = 0; i < 9; ++i) CHECK((hits(i) == 1) == b.bernoulli(0.3));
    CHECK(a.next32() == b.next32());
    CHECK(a.state() == b.state());
  }
}

#if defined(_OPENMP)
TEST_CASE_TEMPLATE("fills have the same bits at any number of threads", T, float, double) {
  const int before = omp_get_max_threads();
  std::vector<Tensor<T>> uniform, normal;
  for (const int threads : {1, 2, 3, 7}) {
    omp_set_num_threads(threads);
    Rng rng(9);
    rng.next32();
    uniform.push_back(rng.uniform<T>({100003}, -1, 1));
    normal.push_back(rng.normal<T>({333, 301}));
  }
  omp_set_num_threads(before);
  for (std::size_t i = 1; i < uniform.size(); ++i) {
    CHECK(same(uniform[0], uniform[i]));
    CHECK(same(normal[0], normal[i]));
  }
}
#endif

TEST_CASE("splits are independent of each other, of the parent, and of its position") {
  const Rng rng(10);
  Rng parent = rng;
  const auto base = parent.normal({50000});
  std::vector<Tensor<>> streams{base};
  for (Rng split : {rng.split("a"), rng.split("b"), rng.split(0), rng.split(1), rng.split("a").split("a"),
                    rng.split("a").split(0), Rng(11)})
    streams.push_back(split.normal({50000}));
  for (std::size_t i = 0; i < streams.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(std::abs(correlation(streams[i], streams[j])) < 0.02);
  CHECK(parent.split("a").state() == rng.split("a").state());
  CHECK(parent.state() != rng.state());
}

TEST_CASE("a state round trip continues the stream in the middle of a block") {
  for (int skip = 0; skip < 6; ++skip) {
    Rng a = Rng(12).split("x");
    for (int i = 0; i < skip; ++i) a.next32();
    Rng b = Rng::from_state(a.state());
    for (int i = 0; i < 9; ++i) CHECK(a.next32() == b.next32());
  }
}

TEST_CASE("wrong arguments of a draw are Errors") {
  Rng rng;
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH_AS(rng.below(0), "Rng::below: no integer is in [0, 0); n must be positive", Error);
  CHECK_THROWS_AS(rng.bernoulli(1.5), Error);
  CHECK_THROWS_AS(rng.bernoulli({2}, nan), Error);
  CHECK_THROWS_AS(rng.uniform({2}, 1, 1), Error);
  CHECK_THROWS_AS(rng.uniform<double>({2}, nan, 1), Error);
  CHECK_THROWS_AS(rng.uniform<double>({2}, -1e308, 1e308), Error);
  CHECK_THROWS_AS(rng.normal({2}, 0, -1), Error);
  CHECK_THROWS_AS(rng.permutation(-1), Error);
  CHECK_THROWS_AS(rng.categorical({}), Error);
  for (const double bad : {-1.0, nan, inf}) {
    const double weights[] = {1, bad};
    CHECK_THROWS_AS(rng.categorical(weights), Error);
  }
  const double zeros[] = {0, 0};
  CHECK_THROWS_AS(rng.categorical(zeros), Error);
  CHECK_THROWS_AS(Rng::from_state({1, 2, 3, 4}), Error);
  CHECK(rng.state() == Rng().state());  // a refused draw takes nothing
}
