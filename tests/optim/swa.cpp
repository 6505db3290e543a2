// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/swa.hpp"

#include <doctest/doctest.h>

#include <type_traits>

#include "optim/model.hpp"

using namespace test;

TEST_CASE("swa's options outside their ranges are errors") {
  CHECK(message([] { Swa<>({.start = -1}); }) == "swa: start is -1; start must be at least 0 and at most 2^60");
  CHECK(message([] { Swa<>({.every = 0}); }) == "swa: every is 0; every must be at least 1 and at most 2^60");
}

TEST_CASE_TEMPLATE("the mean is that of the steps start, start + every, ...", T, float, double) {
  auto parameters = parts<T>();
  Swa<T> swa({.start = 4, .every = 3});
  double sum = 0;
  std::int64_t count = 0;
  for (std::int64_t t = 0; t < 60; ++t) {
    parameters.values().fill(static_cast<T>((t * t) % 17));
    swa.update(parameters, Progress{t});
    if (t >= 4 && (t - 4) % 3 == 0) {
      sum += static_cast<double>((t * t) % 17);
      ++count;
    }
    CHECK(swa.updates() == count);
    if (t == 30) {  // it resumes from what was saved
      Swa<T> fresh({.start = 4, .every = 3});
      fresh.load(through_file(swa));
      swa = fresh;
    }
  }
  swa.swap(parameters);
  CHECK(swa.swapped());
  CHECK(static_cast<double>(parameters.values().data()[50]) ==
        doctest::Approx(sum / static_cast<double>(count)).epsilon(std::is_same_v<T, float> ? 1e-6 : 1e-13));
  CHECK_THROWS_AS(swa.update(parameters, Progress{61}), Error);
  swa.swap(parameters);
  CHECK(parameters.values().data()[50] == static_cast<T>((59 * 59) % 17));
}

TEST_CASE("a swap before the first step that counts is an error") {
  auto parameters = parts<float>();
  Swa<> swa({.start = 10});
  swa.update(parameters, Progress{9});
  CHECK_THROWS_AS(swa.swap(parameters), Error);
}
