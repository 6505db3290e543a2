// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// The program of the outside projects: it must compile against the installed headers, train, and say `ok`.
#include <cstdio>

#include "regimen/core/eigen.hpp"
#include "regimen/loss/mse.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/optim/sgd.hpp"

int main() {
  using namespace regimen;
  Rng rng(1);
  Linear<> line{1, 1, rng};
  auto weights = parameters(line);
  auto optimizer = sgd({.lr = 0.1});
  const auto x = Tensor<>::from({-1, 0, 1, 2}, {4, 1}), y = Tensor<>::from({-5, -2, 1, 4}, {4, 1});  // y = 3 x - 2
  for (std::int64_t step = 0; step < 300; ++step) {
    backward(mse(line(x), y), weights);
    optimizer.update(weights, Progress{step});
  }
  const float slope = line.weight.matrix()(0, 0), offset = line.bias.item();
  std::printf("%g x + %g\n", static_cast<double>(slope), static_cast<double>(offset));
  if (slope < 2.99f || slope > 3.01f || offset < -2.01f || offset > -1.99f) return 1;
  std::puts("ok");
}
