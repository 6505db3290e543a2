// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/lbfgs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

#include "optim/model.hpp"
#include "optim/oracle.hpp"

using namespace test;

namespace {

template <class T>
struct Point {
  Tensor<T> x;
  REGIMEN_MODULE(x)
};

template <class T>
Parameters<T> at(std::initializer_list<T> x) {
  Point<T> point{variable(Tensor<T>::from(x))};
  return parameters<T>(point);
}

/// sum_i 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2, and its gradient into the gradients.
template <class T>
double rosenbrock(Parameters<T>& parameters) {
  const T* x = parameters.values().data();
  T* g = parameters.gradients().mutable_data();
  parameters.gradients().fill(0);
  T sum = 0;
  for (std::int64_t i = 0; i + 1 < parameters.values().size(); ++i) {
    const T rise = x[i + 1] - x[i] * x[i], run = 1 - x[i];
    sum += 100 * rise * rise + run * run;
    g[i] += -400 * rise * x[i] - 2 * run;
    g[i + 1] += 200 * rise;
  }
  return static_cast<double>(sum);
}

/// sum_i c_i (x_i - m_i)^2 / 2, and its gradient.
template <class T>
double bowl(Parameters<T>& parameters) {
  differentiate(parameters);
  double sum = 0;
  for (std::int64_t i = 0; i < parameters.values().size(); ++i) {
    const double off = static_cast<double>(parameters.values().data()[i]) - minimum(i);
    sum += curvature(i) * off * off / 2;
  }
  return sum;
}

template <class T>
double largest_gradient(const Parameters<T>& parameters) {
  double result = 0;
  for (const T value : parameters.gradients().span()) result = std::fmax(result, std::fabs(static_cast<double>(value)));
  return result;
}

void check_path(const char* name, std::initializer_list<double> start, const LbfgsOptions& options) {
  const auto wanted = Oracle("optim_b").get<double>(name);
  auto point = at<double>(start);
  auto optimizer = lbfgs<double>(options);
  for (std::int64_t k = 0; k < wanted.size(0); ++k) {
    CAPTURE(k);
    optimizer.step(point, [&] { return rosenbrock(point); });
    CHECK(relative_error(point.values(), wanted[k]) < 1e-8);
  }
}

}  // namespace

TEST_CASE("lbfgs options outside their ranges are errors") {
  CHECK(message([] { lbfgs({.lr = 0}); }) == "lbfgs: lr is 0; lr must be positive and finite");
  CHECK(message([] { lbfgs({.history = 0}); }) == "lbfgs: history is 0; history must be at least 1 and at most 2^60");
  CHECK_THROWS_AS(lbfgs({.iterations = 0}), Error);
  CHECK_THROWS_AS(lbfgs({.gradient_tolerance = -1}), Error);
  CHECK_THROWS_AS(lbfgs({.change_tolerance = -1}), Error);
  CHECK(message([] { lbfgs({.search = {.c1 = 0}}); }) == "lbfgs: c1 is 0; c1 must be in (0, 1)");
  CHECK(message([] { lbfgs({.search = {.c2 = 1}}); }) == "lbfgs: c2 is 1; c2 must be above c1 and below 1");
  CHECK_THROWS_AS(lbfgs({.search = {.c1 = 0.9, .c2 = 0.9}}), Error);
  CHECK_THROWS_AS(lbfgs({.search = {.evaluations = 0}}), Error);
  CHECK_THROWS_AS(lbfgs({.search = {.smallest_interval = -1}}), Error);
}

TEST_CASE("the paths of lbfgs on Rosenbrock's function are PyTorch's") {
  check_path("lbfgs_rosenbrock", {-1.2, 1}, {.iterations = 1, .history = 5});
  check_path("lbfgs_rosenbrock_6", {-1.2, 1, 0.5, -0.5, 0.25, 2}, {.lr = 0.5, .iterations = 1, .history = 3});
}

TEST_CASE_TEMPLATE("lbfgs reaches Rosenbrock's minimum, with a history of one too", T, float, double) {
  for (const std::int64_t history : {1, 10}) {
    auto point = at<T>({T(-1.2), 1, T(0.5)});
    auto optimizer = lbfgs<T>({.iterations = 200, .history = history});
    const auto result = optimizer.step(point, [&] { return rosenbrock(point); });
    CHECK(result.iterations < 200);
    CHECK(result.evaluations > result.iterations);
    CHECK(result.loss == rosenbrock(point));
    // Along the valley a change of the loss by change_tolerance is one of the point by some 1e-4.
    const double tolerance = std::is_same_v<T, float> ? 2e-2 : 1e-3;
    for (const T value : point.values().span()) CHECK(std::fabs(static_cast<double>(value) - 1) < tolerance);
  }
}

TEST_CASE("with exact line searches lbfgs ends on a quadratic after as many iterations as it has curvatures") {
  auto parameters = parts<double>();  // 5 different ones
  auto optimizer = lbfgs<double>({.iterations = 6, .change_tolerance = 0, .search = {.c2 = 1e-3}});
  optimizer.step(parameters, [&] { return bowl(parameters); });
  CHECK(largest_gradient(parameters) < 1e-6);
  for (std::int64_t i = 0; i < 112; ++i)
    CHECK(parameters.values().data()[i] == doctest::Approx(minimum(i)).epsilon(1e-6));
}

TEST_CASE("frozen parameters stay, and at the minimum nothing moves after one evaluation") {
  auto parameters = parts<double>();
  parameters.set("hidden.bias", false);
  const auto before = values(parameters);
  auto optimizer = lbfgs<double>({.iterations = 100});
  const auto f = [&] { return bowl(parameters); };
  const auto first = optimizer.step(parameters, f);
  CHECK(first.iterations < 30);
  const auto after = values(parameters);
  for (std::size_t i = 0; i < 112; ++i)
    if (i >= 68 && i < 71)
      CHECK(after[i] == before[i]);
    else
      CHECK(after[i] == doctest::Approx(minimum(static_cast<std::int64_t>(i))).epsilon(1e-5));
  auto tight = lbfgs<double>({.gradient_tolerance = 1});
  const auto second = tight.step(parameters, f);
  CHECK(second.iterations == 0);
  CHECK(second.evaluations == 1);
  CHECK(values(parameters) == after);
  parameters.set("*", true);
  CHECK(message([&] { optimizer.step(parameters, f); }).find("lbfgs: the trainable set has changed") == 0);
}

TEST_CASE_TEMPLATE("saved in the middle and loaded elsewhere, lbfgs ends with the same bits, and copies go on alone", T,
                   float, double) {
  const LbfgsOptions options = {.iterations = 4, .history = 3};
  for (const int middle : {0, 1, 3}) {
    auto a = at<T>({T(-1.2), 1, T(0.5)}), b = at<T>({0, 0, 0});
    auto optimizer = lbfgs<T>(options), resumed = lbfgs<T>(options);
    const auto f = [&] { return rosenbrock(a); };
    const auto g = [&] { return rosenbrock(b); };
    for (int i = 0; i < middle; ++i) optimizer.step(a, f);
    resumed.step(b, g);
    resumed.load(through_file(optimizer));
    const auto half = values(a);
    auto copy = optimizer;
    for (int i = 0; i < 2; ++i) optimizer.step(a, f);
    for (auto* other : {&resumed, &copy}) {
      std::copy(half.begin(), half.end(), b.values().mutable_data());
      for (int i = 0; i < 2; ++i) other->step(b, g);
      CHECK(values(a) == values(b));
    }
  }
}

TEST_CASE("losses without a number, and states of another history, are errors") {
  auto point = at<double>({1, 2});
  auto optimizer = lbfgs<double>({});
  CHECK(message([&] { optimizer.step(point, [] { return NAN; }); }).find("lbfgs: the loss is nan") == 0);
  CHECK(message([&] {
          optimizer.step(point, [&] {
            point.gradients().mutable_data()[0] = NAN;
            return 1.0;
          });
        }).find("lbfgs: the loss is 1 and the largest gradient nan; begin where both are finite") == 0);
  for (int i = 0; i < 3; ++i) optimizer.step(point, [&] { return rosenbrock(point); });
  const State state = through_file(optimizer);
  auto shorter = lbfgs<double>({.history = 1});
  CHECK(message([&] {
          shorter.load(state);
        }).find("pairs, the history is 1; load it into an optimizer with as long a history") != std::string::npos);
  State other;
  other.put("kind", "adam");
  CHECK_THROWS_AS(optimizer.load(other), Error);
  CHECK_THROWS_AS(optimizer.load(State()), Error);
}

TEST_CASE("a step into infinity is taken back") {
  auto point = at<double>({4.0});
  auto optimizer = lbfgs<double>({.lr = 100, .iterations = 40});
  const auto result = optimizer.step(point, [&] {  // -log x + x, beyond 0 there is nothing
    const double x = point.values()(0);
    point.gradients().mutable_data()[0] = 1 - 1 / x;
    return x > 0 ? x - std::log(x) : NAN;
  });
  CHECK(result.loss == doctest::Approx(1));
  CHECK(point.values()(0) == doctest::Approx(1).epsilon(1e-4));
}
