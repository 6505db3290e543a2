// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/eigen_tensor.hpp"

#include <doctest/doctest.h>

using namespace regimen;

TEST_CASE("eigen<Rank> is the tensor's own elements") {
  const auto x = Tensor<>::zeros({2, 3, 4});
  for (std::int64_t i = 0; i < 24; ++i) x.mutable_data()[i] = static_cast<float>(i);
  CHECK(x.eigen<3>().data() == x.data());
  CHECK(x.eigen<3>()(1, 2, 3) == 23);
  const auto version = x.version();
  x.mutable_eigen<3>().setConstant(5);
  CHECK(x.version() == version + 1);
  CHECK(x(0, 1, 2) == 5);
  CHECK(Tensor<>::scalar(3).eigen<0>()() == 3);
}

TEST_CASE("Eigen's tensors of either order become row-major tensors") {
  Eigen::Tensor<double, 3> columns(2, 3, 4);
  EigenTensor<double, 3> rows(2, 3, 4);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k) rows(i, j, k) = columns(i, j, k) = 100 * i + 10 * j + k;
  const Eigen::TensorMap<const EigenTensor<double, 3>> map(rows.data(), rows.dimensions());
  for (const auto& x : {from_eigen(columns), from_eigen(rows), from_eigen(map)}) {
    CHECK(x.shape() == Shape{2, 3, 4});
    CHECK(x(1, 0, 3) == 103);
    CHECK(x(0, 2, 1) == 21);
  }
}

TEST_CASE("eigen<Rank> of another rank is an Error") {
  CHECK_THROWS_WITH_AS(Tensor<>::zeros({2, 3}).eigen<3>(), "Tensor::eigen: shape [2, 3] is not of rank 3", Error);
}
