// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// The three products of a linear layer's forward and backward pass, with Eigen alone.
#include <Eigen/Core>
#include <cstdio>

int main() {
  using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Matrix x = Matrix::Random(64, 784), w = Matrix::Random(784, 128), dy = Matrix::Random(64, 128);
  const Matrix y = x * w;
  const Matrix dw = x.transpose() * dy;
  const Matrix dx = dy * w.transpose();
  std::printf("%g\n", static_cast<double>(y.sum() + dw.sum() + dx.sum()));
}
