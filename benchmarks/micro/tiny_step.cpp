// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// tiny_step N: N training steps of a network 2-16-1 with tanh on 32 samples, mean squared error, gradient descent. Its
// instructions are counted, see benchmarks/run.sh; what one step costs is almost only what operations cost by being
// operations. Prints the last loss.
#include <cstdio>
#include <cstdlib>

#include "regimen/loss/mse.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/optim/sgd.hpp"

using namespace regimen;

struct Tiny {
  Linear<> hidden, out;
  explicit Tiny(Rng rng) : hidden{2, 16, rng, {.activation = Activation::tanh}}, out{16, 1, rng} {}
  Tensor<> operator()(const Tensor<>& x) const { return out(hidden(x)); }
  REGIMEN_MODULE(hidden, out)
};

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: tiny_step N\n", stderr);
    return 2;
  }
  Rng rng(1);
  Tiny model(rng.split("model"));
  auto weights = parameters(model);
  auto optimizer = sgd({.lr = 0.05});
  const auto x = rng.uniform({32, 2}, -1, 1);
  const auto y = Tensor<>::empty({32, 1});
  for (std::int64_t i = 0; i < 32; ++i) y.mutable_data()[i] = x(i, 0) * x(i, 1);

  float last = 0;
  for (std::int64_t step = 0, steps = std::atoll(argv[1]); step < steps; ++step) {
    const Tensor<> loss = mse(model(x), y);
    backward(loss, weights);
    optimizer.update(weights, Progress{step});
    last = loss.item();
  }
  std::printf("loss %g\n", static_cast<double>(last));
}
