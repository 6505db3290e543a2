// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/distance.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using table::closed;

namespace {

using Value = Tensor<double>;

const double inf = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();

/// The gradient of the sum of f(x).
template <class F>
Value slope(const F& f, const Value& at) {
  const auto x = variable(at);
  return grad(sum(f(x)), {x})[0];
}

}  // namespace

TEST_CASE_TEMPLATE("norms, angles and distances agree with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_d_special");
  const auto norm_of = [&](const char* name, double p, const Axes& axes) {
    oracle.check_case<T>(name, {"input"}, [&](const auto& in) { return vector_norm(in[0], p, axes); });
  };
  norm_of("norm_1", 1, 2);
  norm_of("norm_2", 2, {0, -1});
  norm_of("norm_3", 3, 1);
  norm_of("norm_1.5", 1.5, -1);
  norm_of("norm_half", 0.5, -1);
  norm_of("norm_inf", inf, -1);
  oracle.check_case<T>("normalize_2", {"input"}, [](const auto& in) { return normalize(in[0]); });
  oracle.check_case<T>("normalize_3", {"input"}, [](const auto& in) { return normalize(in[0], {.p = 3, .axis = 1}); });
  oracle.check_case<T>("cosine", {"a", "b"},
                       [](const auto& in) { return cosine_similarity(in[0], in[1], {.axis = 1}); });
  for (const auto& [name, p] : {std::pair{"2", 2.0}, {"1", 1.0}, {"inf", inf}, {"3", 3.0}}) {
    const auto distances = [p = p](const auto& in) { return cdist(in[0], in[1], p); };
    oracle.check_case<T>(std::string("cdist_") + name, {"a", "b"}, distances);
    const auto pairs = [p = p](const auto& in) { return pairwise_distance(in[0], in[1], {.p = p}); };
    if (p != 3) oracle.check_case<T>(std::string("pairwise_") + name, {"a", "b"}, pairs);
  }
}

TEST_CASE("norms of small vectors are known, and axes stay or go") {
  const auto x = Value::from({3, -4, 0, 1, 1, 1}, {2, 3});
  CHECK(closed(vector_norm(x), {std::sqrt(28.0)}, {}, 1e-15));
  CHECK(closed(vector_norm(x, 1, -1, {.keepdim = true}), {7, 3}, {2, 1}));
  CHECK(closed(vector_norm(x, 3, 1, {.keepdim = true}), {std::cbrt(91.0), std::cbrt(3.0)}, {2, 1}, 1e-15));
  CHECK(closed(vector_norm(x, 4, {0, 1}), {std::pow(340, 0.25)}, {}, 1e-15));
  CHECK(closed(vector_norm(x, inf, 0), {3, 4, 1}, {3}));
  CHECK(closed(vector_norm(Value::from({-2, 0}), 3, Axes(std::initializer_list<int>{})), {2, 0}, {2}));
  CHECK(closed(vector_norm(Value::empty({2, 0}), 3, 1), {0, 0}, {2}));
  CHECK(vector_norm(Value::empty({0, 2}), 3, 1).shape() == Shape{0});
  CHECK(closed(vector_norm(Value::from({1, none, 2, inf}, {2, 2}), 3, 1), {none, inf}, {2}));
}

TEST_CASE_TEMPLATE("powers of large and small elements neither overflow nor vanish", T, float, double) {
  const T large = std::numeric_limits<T>::max() / 8, small = std::numeric_limits<T>::min() * 8;
  for (const T size : {large, small}) {
    const auto x = variable(Tensor<T>::full({8}, size));
    const auto y = vector_norm(x, 3);
    CHECK(y.item() / size == doctest::Approx(2));
    CHECK(closed(grad(y, {x})[0], Tensor<double>::full({8}, 0.25), 1e-5));
  }
}

TEST_CASE("derivatives of norms are 0 at 0") {
  for (const double p : {0.5, 1.0, 1.5, 2.0, 3.0, inf}) {
    CAPTURE(p);
    CHECK(closed(slope([&](const auto& x) { return vector_norm(x, p); }, Value::zeros({2})), {0, 0}, {2}));
  }
  CHECK(closed(slope([](const auto& x) { return vector_norm(x, 1.5); }, Value::from({0, -2})), {0, -1}, {2}, 1e-15));
  CHECK(closed(slope([](const auto& x) { return vector_norm(x, inf); }, Value::from({3, -3, 2})), {0.5, -0.5, 0}, {3}));
  const auto twice = [](const auto& x) {
    const GradMode mode(true);
    return grad(vector_norm(x, 1.5), {x}, {.create_graph = true})[0];
  };
  CHECK(closed(slope(twice, Value::zeros({2})), {0, 0}, {2}));
}

TEST_CASE("a vector of zeros stays in normalize, and has cosine 0") {
  const auto x = Value::from({0, 0, 3, 4}, {2, 2}), y = Value::from({1, 2, 4, -3}, {2, 2});
  CHECK(closed(normalize(x), {0, 0, 0.6, 0.8}, {2, 2}, 1e-15));
  CHECK(closed(normalize(x, {.p = 1}), {0, 0, 3.0 / 7, 4.0 / 7}, {2, 2}, 1e-15));
  CHECK(closed(normalize(x, {.axis = 0, .epsilon = 10}), {0, 0, 0.3, 0.4}, {2, 2}, 1e-15));
  CHECK(closed(cosine_similarity(x, y), {0, 0}, {2}, 1e-15));
  CHECK(closed(cosine_similarity(x, x), {0, 1}, {2}, 1e-15));
  CHECK(closed(cosine_similarity(x, x, {.epsilon = 10}), {0, 0.25}, {2}, 1e-15));
  CHECK(closed(pairwise_distance(x, y, {.epsilon = 0, .keepdim = true}), {std::sqrt(5.0), std::sqrt(50.0)}, {2, 1},
               1e-15));
  CHECK(closed(pairwise_distance(x, x, {.p = 1, .epsilon = 0.5}), {1, 1}, {2}));
}

TEST_CASE_TEMPLATE("cdist is exact for near points far from 0", T, float, double) {
  const T far = T(1000) / 3, step = std::numeric_limits<T>::epsilon() * 4096;
  const auto a = Tensor<T>::from({far, far, far + step, far, -far, 0}, {3, 2});
  const auto y = cdist(a, a);
  for (const int i : {0, 1, 2}) CHECK(y(i, i) == 0);
  CHECK(y(0, 1) == doctest::Approx(step).epsilon(1e-6));
  CHECK(y(1, 0) == y(0, 1));
  CHECK(y(0, 2) == doctest::Approx(std::sqrt(5.0) * far).epsilon(1e-6));
}

TEST_CASE("cdist of a point with itself has gradient 0, and the others theirs") {
  const auto a = Value::from({1, 2, 4, 6}, {2, 2});
  const auto slope_of = [&](double p) { return slope([&](const auto& x) { return cdist(x, a, p); }, a); };
  CHECK(closed(slope_of(2), {-0.6, -0.8, 0.6, 0.8}, {2, 2}, 1e-15));
  CHECK(closed(slope_of(1), {-1, -1, 1, 1}, {2, 2}));
  CHECK(closed(slope_of(inf), {0, -1, 0, 1}, {2, 2}));
}

TEST_CASE("cdist takes empty sets, many coordinates or none, and repeats leading axes") {
  CHECK(cdist(Value::ones({0, 3}), Value::ones({2, 3})).shape() == Shape{0, 2});
  CHECK(cdist(Value::ones({2, 3}), Value::ones({0, 3})).shape() == Shape{2, 0});
  CHECK(closed(cdist(Value::ones({1, 0}), Value::ones({2, 0})), {0, 0}, {1, 2}));
  const auto a = random({2, 1, 3, 70}, 1), b = random({4, 5, 70}, 2);
  const auto wanted = norm(unsqueeze(a, -2) - unsqueeze(b, -3), -1);
  CHECK(wanted.shape() == Shape{2, 4, 3, 5});
  CHECK(closed(cdist(a, b), wanted, 1e-13));
  const auto broken = cdist(Value::from({0, 1}, {2, 1}), Value::from({inf, none, 3}, {3, 1}));
  CHECK(closed(broken, {inf, none, 3, inf, none, 2}, {2, 3}));
}

TEST_CASE("outer multiplies each with each") {
  CHECK(closed(outer(Value::from({1, 2}), Value::from({3, 4, 5})), {3, 4, 5, 6, 8, 10}, {2, 3}));
  CHECK(outer(Value::empty({0}), Value::ones({2})).shape() == Shape{0, 2});
}

TEST_CASE("gradients of norms and distances agree with differences to second order") {
  const auto a = random({2, 3}, 1), b = random({4, 3}, 2), c = random({2, 3}, 3);
  for (const double p : {1.0, 1.5, 2.0, 3.0, inf}) {
    CAPTURE(p);
    CHECK(structure::check([&](const auto& v) { return vector_norm(v[0], p, 1) * sum(v[0]); }, {a}));
    CHECK(structure::check([&](const auto& v) { return square(vector_norm(v[0], p, 0)); }, {a}));
    CHECK(structure::check([&](const auto& v) { return square(cdist(v[0], v[1], p)); }, {a, b}));
  }
  CHECK(structure::check([&](const auto& v) { return vector_norm(v[0], 0.5, 1); }, {a}));
  CHECK(structure::check([](const auto& v) { return normalize(v[0], {.p = 3}) * v[0]; }, {a}));
  CHECK(structure::check([](const auto& v) { return cosine_similarity(v[0], v[1]); }, {a, c}));
  CHECK(structure::check([](const auto& v) { return square(pairwise_distance(v[0], v[1], {.p = 3})); }, {a, c}));
  CHECK(structure::check([](const auto& v) { return outer(v[0], v[1]) * v[1]; }, {random({2}, 1), random({3}, 2)}));
  CHECK(structure::check([&](const auto& v) { return cdist(v[0], b); }, {a}));
  CHECK(structure::check([&](const auto& v) { return cdist(b, v[0]); }, {a}));
  const auto batches = random({2, 2, 3}, 4);
  CHECK(structure::check([](const auto& v) { return square(cdist(v[0], v[1])); }, {batches, b}));
}

TEST_CASE("norms and distances refuse wrong options and shapes") {
  const auto x = random({2, 3}), v = random({3});
  CHECK(
      has(message([&] { vector_norm(x, 0); }), "vector_norm: p is 0.000000; it must be positive, and may be infinity"));
  CHECK(has(message([&] { vector_norm(x, none); }), "vector_norm: p is nan"));
  CHECK(has(message([&] { vector_norm(x, 3, 2); }), "vector_norm: axis 2 is outside shape [2, 3]"));
  CHECK(has(message([&] { normalize(x, {.epsilon = -1}); }), "normalize: epsilon is -1.000000; it must be >= 0"));
  CHECK(has(message([&] { cosine_similarity(x, x, {.epsilon = none}); }), "cosine_similarity: epsilon is nan"));
  CHECK(has(message([&] { pairwise_distance(x, x, {.p = -1}); }), "p is -1"));
  CHECK(has(message([&] { cdist(x, random({2, 4})); }), "cdist: a is [2, 3] and b is [2, 4]"));
  CHECK(has(message([&] { cdist(x, v); }), "cdist: a is [2, 3] and b is [3]"));
  CHECK(has(message([&] { cdist(random({2, 2, 3}), random({3, 2, 3})); }), "cdist"));
  CHECK(has(message([&] { cdist(x, x, 0); }), "p is 0.0"));
  CHECK(has(message([&] { outer(x, v); }), "outer: a is [2, 3] and b is [3]; they must be vectors"));
}
