// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/class_balanced.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("the effective number is between 1 and the count") {
  CHECK(effective_number(10, 0) == 1);
  CHECK(effective_number(10, 1) == 10);
  CHECK(effective_number(0, 0.9) == 0);
  CHECK(effective_number(3, 0.5) == doctest::Approx(1.75));
  CHECK(effective_number(1000, 0.999) == doctest::Approx((1 - std::pow(0.999, 1000)) / 0.001));
  CHECK(effective_number(5, 1 - 1e-15) == doctest::Approx(5));
}

TEST_CASE_TEMPLATE("class_balanced_weights are inverse effective numbers that sum to the number of classes", T, float,
                   double) {
  const auto counts = Tensor<std::int64_t>::from({3, 1, 0, 2});
  // Effective numbers 1.75, 1, none and 1.5: inverses 12/21, 1 and 2/3, of sum 47/21.
  const auto w = class_balanced_weights<T>(counts, 0.5);
  CHECK(distance(w, Tensor<double>::from({36. / 47, 63. / 47, 0, 42. / 47}).to<T>()) < 1e-6);
  CHECK(distance(class_balanced_weights<T>(counts, 0), Tensor<T>::from({1, 1, 0, 1})) == 0);
  CHECK(distance(class_balanced_weights<T>(counts, 1), Tensor<double>::from({6. / 11, 18. / 11, 0, 9. / 11}).to<T>()) <
        1e-6);
}

TEST_CASE("class_balanced_weights refuse what does not fit") {
  CHECK(fails_with([] { class_balanced_weights(Tensor<std::int64_t>::zeros({2, 2})); }, "[2, 2]"));
  CHECK(fails_with([] { class_balanced_weights(Tensor<std::int64_t>::zeros({2})); }, "[2]", "all 0"));
  CHECK(fails_with([] { class_balanced_weights(Tensor<std::int64_t>::from({1, -1})); }, "-1"));
  CHECK(fails_with([] { effective_number(1, 1.5); }, "beta is 1.5"));
}
