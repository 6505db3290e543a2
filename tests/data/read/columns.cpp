// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/read/columns.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "regimen/data/read/csv.hpp"

using namespace regimen;

TEST_CASE_TEMPLATE("a column becomes labels or targets, and the others inputs", T, float, double) {
  const auto x = Tensor<T>::from({1, 2, 3, 4, 5, 6}, {2, 3});
  const auto last = with_labels(x);
  CHECK(last.size() == 2);
  CHECK(last.inputs.shape() == Shape{2, 2});
  CHECK(last.inputs(1, 1) == 5);
  CHECK(last.labels(1) == 6);
  const auto first = with_targets(x, 0);
  CHECK(first.targets.shape() == Shape{2, 1});
  CHECK(first.targets(1, 0) == 4);
  CHECK(first.inputs(0, 0) == 2);
  CHECK_FALSE(first.labels.defined());
}

TEST_CASE("the tables of the examples are data sets") {
  const CsvOptions options{.header = false, .skip = 1};
  const auto iris = with_labels(read_csv("examples/data/iris.csv", options).values);
  CHECK(iris.inputs.shape() == Shape{150, 4});
  CHECK(iris.inputs(0, 0) == 5.1f);
  CHECK(iris.labels(149) == 2);
  CHECK(with_labels(read_csv("examples/data/wine_data.csv", options).values).inputs.shape() == Shape{178, 13});
  CHECK(with_labels(read_csv("examples/data/breast_cancer.csv", options).values).inputs.shape() == Shape{569, 30});
  const auto table = read_csv("examples/data/diabetes.csv");
  const auto diabetes = with_targets(table.values, table.column("target"));
  CHECK(diabetes.inputs.shape() == Shape{442, 10});
  CHECK(diabetes.targets(0, 0) == 151);
}

TEST_CASE("columns that are not there, and classes that are no whole numbers, are Errors") {
  const auto x = Tensor<>::from({1, 2.5f, 3, 4}, {2, 2});
  CHECK_THROWS_WITH_AS(with_targets(x, 2), "with_targets: there is no column 2 in [2, 2]", Error);
  CHECK_THROWS_AS(with_targets(x, -3), Error);
  CHECK_THROWS_AS(with_targets(Tensor<>::zeros({3})), Error);
  CHECK_THROWS_AS(with_targets(Tensor<>::zeros({3, 1})), Error);
  CHECK_THROWS_AS(with_labels(x), Error);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 1e30f})
    CHECK_THROWS_AS(with_labels(Tensor<>::full({1, 2}, bad)), Error);
}
