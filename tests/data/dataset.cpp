// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/dataset.hpp"

#include <doctest/doctest.h>

using namespace regimen;
using Indices = Tensor<std::int64_t>;

TEST_CASE_TEMPLATE("gather copies the samples of the indices in order", T, float, double) {
  const Dataset<T> data{Tensor<T>::from({0, 1, 10, 11, 20, 21}, {3, 2}), Indices::from({5, 6, 7}),
                        Tensor<T>::from({0.5, 1.5, 2.5}, {3, 1})};
  CHECK(data.size() == 3);
  const auto indices = Indices::from({2, 0, 2, 2});
  const Batch<T> batch = gather(data, indices);
  CHECK(batch.size() == 4);
  CHECK(batch.inputs.shape() == Shape{4, 2});
  CHECK(batch.inputs(0, 1) == 21);
  CHECK(batch.inputs(1, 0) == 0);
  CHECK(batch.labels(2) == 7);
  CHECK(batch.targets(1, 0) == T(0.5));
  CHECK(batch.indices.data() == indices.data());
  batch.inputs.fill(9);
  CHECK(data.inputs(2, 0) == 20);
}

TEST_CASE("labels and targets may be left out, and batches and samples be empty") {
  const Dataset<> data{.inputs = Tensor<>::zeros({3, 2, 2})};
  const auto batch = gather(data, Indices::from({1}));
  CHECK(batch.inputs.shape() == Shape{1, 2, 2});
  CHECK_FALSE(batch.labels.defined());
  CHECK_FALSE(batch.targets.defined());
  CHECK(gather(data, Indices::zeros({0})).inputs.shape() == Shape{0, 2, 2});
  CHECK(gather(Dataset<>{.inputs = Tensor<>::zeros({3, 0})}, Indices::from({1, 1})).inputs.shape() == Shape{2, 0});
  CHECK(gather(Dataset<>{.inputs = Tensor<>::zeros({0, 3})}, Indices::zeros({0})).inputs.shape() == Shape{0, 3});
}

TEST_CASE("a large gather is right for every row") {
  const Dataset<> data{.inputs = Tensor<>::empty({5000, 301})};
  for (std::int64_t i = 0; i < data.inputs.size(); ++i) data.inputs.mutable_data()[i] = static_cast<float>(i % 99991);
  const auto indices = Indices::empty({5000});
  for (std::int64_t i = 0; i < 5000; ++i) indices.mutable_data()[i] = (i * 7) % 5000;
  const auto batch = gather(data, indices);
  bool right = true;
  for (std::int64_t i = 0; i < 5000; ++i)
    right = right && std::memcmp(batch.inputs[i].data(), data.inputs[(i * 7) % 5000].data(), 301 * sizeof(float)) == 0;
  CHECK(right);
}

TEST_CASE("a subset is a Dataset of its own") {
  const Dataset<> data{.inputs = Tensor<>::from({1, 2, 3}), .labels = Indices::from({0, 1, 0})};
  const Dataset<> part = subset(data, Indices::from({2, 1}));
  CHECK(part.size() == 2);
  CHECK(part.inputs(0) == 3);
  CHECK(part.labels(1) == 1);
}

TEST_CASE("indices outside the samples, and tensors that disagree, are Errors") {
  const Dataset<> data{.inputs = Tensor<>::zeros({3, 2})};
  CHECK_THROWS_WITH_AS(gather(data, Indices::from({0, 3})), "gather: index 3 is outside the 3 samples", Error);
  CHECK_THROWS_AS(gather(data, Indices::from({-1})), Error);
  CHECK_THROWS_AS(gather(data, Indices::zeros({1, 1})), Error);
  CHECK_THROWS_WITH_AS(Dataset<>({.inputs = Tensor<>::zeros({3, 2}), .labels = Indices::zeros({2})}).size(),
                       "Dataset: inputs are [3, 2], labels [2]; the leading axes must agree, and labels be a vector",
                       Error);
  CHECK_THROWS_AS(Dataset<>({.inputs = Tensor<>::zeros({3}), .targets = Tensor<>::zeros({2})}).size(), Error);
  CHECK_THROWS_AS(Dataset<>({.inputs = Tensor<>::scalar(3)}).size(), Error);
  CHECK_THROWS_AS(Dataset<>().size(), Error);
}
