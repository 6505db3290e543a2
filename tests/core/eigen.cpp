// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/eigen.hpp"

#include <doctest/doctest.h>

using namespace regimen;

TEST_CASE_TEMPLATE("matrix and array are the tensor's own elements", T, float, double, std::int64_t) {
  const auto x = Tensor<T>::from({1, 2, 3, 4, 5, 6}, {2, 3});
  CHECK(x.matrix().data() == x.data());
  CHECK(x.matrix().rows() == 2);
  CHECK(x.matrix()(1, 0) == T{4});
  CHECK(x.array().size() == 6);
  CHECK(x.array().sum() == T{21});
  CHECK(x.rows(1, 2).matrix()(0, 2) == T{6});
}

TEST_CASE("writing through a map changes the tensor and counts a version; reading does not") {
  const auto x = Tensor<>::from({1, 2, 3, 4}, {2, 2});
  const auto version = x.version();
  CHECK(x.matrix().trace() == 5);
  CHECK(x.version() == version);
  x.mutable_matrix().transposeInPlace();
  x.mutable_array() *= 2;
  CHECK(x.version() == version + 2);
  CHECK(x(0, 1) == 6);
  CHECK(x(1, 0) == 4);
}

TEST_CASE("Eigen's matrices of either order become row-major tensors") {
  Eigen::MatrixXf columns(2, 3);
  columns << 1, 2, 3, 4, 5, 6;
  const EigenMatrix<float> rows = columns;
  for (const auto& x : {from_eigen(columns), from_eigen(rows)}) {
    CHECK(x.shape() == Shape{2, 3});
    CHECK(x(0, 2) == 3);
    CHECK(x(1, 0) == 4);
  }
  CHECK(from_eigen(Eigen::MatrixXf(0, 3)).shape() == Shape{0, 3});
}

TEST_CASE("vectors, arrays, blocks and products become tensors") {
  const auto x = Tensor<double>::from({1, 2, 3, 4}, {2, 2});
  CHECK(from_eigen(x.matrix().lazyProduct(x.matrix()))(1, 0) == 15);
  CHECK(from_eigen(x.matrix().transpose())(0, 1) == 3);
  CHECK(from_eigen(x.matrix().col(1)).shape() == Shape{2});
  CHECK(from_eigen(x.array() + 1)(3) == 5);
  const Eigen::ArrayXXf block = Eigen::ArrayXXf::Constant(4, 5, 2);
  const auto y = from_eigen(block.block(1, 1, 2, 3).sqrt());
  CHECK(y.shape() == Shape{2, 3});
  CHECK(y(1, 2) == doctest::Approx(1.41421356));
  CHECK(from_eigen(Eigen::RowVector3d(1, 2, 3))(2) == 3);
  CHECK(from_eigen(Eigen::Vector2i(4, 5))(0) == 4);
}

TEST_CASE("a matrix of a tensor without rows and columns is an Error") {
  CHECK_THROWS_WITH_AS(Tensor<>::zeros({2, 3, 4}).matrix(),
                       "Tensor::matrix: shape [2, 3, 4] has no rows and columns; use reshaped({rows, columns})", Error);
  CHECK_THROWS_AS(Tensor<>::zeros({2}).mutable_matrix(), Error);
}
