// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/augment/mix.hpp"

#include "data/augment/checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("samples and labels are mixed by the same weights", T, float, double) {
  const Mixed<T> mixed{
      .inputs = {}, .partner = Tensor<std::int64_t>::from({1, 0}), .weight = Tensor<T>::from({T(0.25), T(1)})};
  const auto x = mix(Tensor<T>::from({4, 8, 0, 16}).reshaped({2, 2}), mixed);
  const T expected[] = {1, 14, 0, 16};
  for (int i = 0; i < 4; ++i) CHECK(x.data()[i] == expected[i]);
  const auto y = mix_labels(Tensor<std::int64_t>::from({2, 0}), 3, mixed);
  const T targets[] = {T(0.75), 0, T(0.25), 1, 0, 0};
  for (int i = 0; i < 6; ++i) CHECK(y.data()[i] == targets[i]);
}

TEST_CASE("what does not fit together is an Error") {
  const Mixed<> mixed{.inputs = {}, .partner = Tensor<std::int64_t>::from({1, 5}), .weight = Tensor<>::ones({2})};
  CHECK(fails_with([&] { mix(Tensor<>::zeros({2, 3}), mixed); }, "mix", "partner 5", "2 samples"));
  CHECK(fails_with([&] { mix(Tensor<>::zeros({3, 3}), mixed); }, "[3, 3]", "[2]"));
  const Mixed<> good{.inputs = {}, .partner = Tensor<std::int64_t>::from({1, 0}), .weight = Tensor<>::ones({2})};
  CHECK(fails_with([&] { mix_labels(Tensor<std::int64_t>::from({0, 3}), 3, good); }, "label 3", "3 classes"));
}
