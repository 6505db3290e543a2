// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule/schedule.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace regimen;

namespace {

struct Options {
  Schedule lr = 1e-3;
};

double first(const Options& options) { return options.lr(0); }

/// What the Error of f says.
template <class F>
std::string message(F f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("numbers and callables convert to a schedule where an option wants one") {
  CHECK(first({}) == 1e-3);
  CHECK(first({.lr = 0.5}) == 0.5);
  CHECK(first({.lr = 0.5f}) == 0.5);
  CHECK(first({.lr = 2}) == 2.0);
  CHECK(first({.lr = [](std::int64_t step) { return step == 0 ? 7.0 : 0.0; }}) == 7.0);
  CHECK(first({.lr = constant(0.25)}) == 0.25);
  CHECK(std::string(Schedule(1.0).name()) == "constant");
  CHECK(std::string(Schedule([](std::int64_t) { return 1.0; }).name()) == "function");
}

TEST_CASE("a schedule without a value is 0 at every step") {
  CHECK(Schedule()(0) == 0);
  CHECK(Schedule()(1000) == 0);
  CHECK(std::string(Schedule().name()) == "constant");
}

TEST_CASE("copies of a schedule share the rule, which lives as long as any of them") {
  int alive = 0;
  struct Count {
    int* alive;
    explicit Count(int* a) : alive(a) { ++*alive; }
    Count(const Count& other) : alive(other.alive) { ++*alive; }
    Count& operator=(const Count&) = delete;
    ~Count() { --*alive; }
    double operator()(std::int64_t step) const { return static_cast<double>(step); }
  };
  {
    Schedule a = Count(&alive);
    CHECK(alive == 1);
    Schedule b = a, c;
    c = b;
    CHECK(alive == 1);
    a = 3.0;
    b = std::move(c);
    CHECK(a(5) == 3);
    CHECK(b(5) == 5);
    CHECK(alive == 1);
    b = 1.0;
    CHECK(alive == 0);
  }
  CHECK(alive == 0);
}

TEST_CASE("schedules add, subtract and multiply point by point, with numbers too") {
  const Schedule line = [](std::int64_t step) { return static_cast<double>(step); };
  const Schedule all = 0.5 * line * line + 3 - line;
  for (const std::int64_t t : {0, 1, 2, 10}) {
    const auto x = static_cast<double>(t);
    CHECK(all(t) == 0.5 * x * x + 3 - x);
  }
}

TEST_CASE("a negative step and a constant that is not finite are errors") {
  CHECK_THROWS_AS(Schedule(1.0)(-1), Error);
  CHECK(message([] { Schedule(1.0)(-3); }) == "Schedule: step -3 is negative; the first step is 0");
  CHECK_THROWS_AS(Schedule(1.0 / 0.0), Error);
  CHECK_THROWS_AS(constant(std::nan("")), Error);
}
