// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
//   sh benchmarks/run.sh mlp [steps a repetition]
//
// A training step of a multilayer perceptron 784-256-128-10 on batches of 64 with cross-entropy and Adam, beside the
// step's eight matrix products alone, of the same sizes and forms on the same tensors' worth of memory: the share of a
// step that is matrix product. The two alternate in one process, one thread; the share is the median over repetitions.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "regimen/core/rng.hpp"
#include "regimen/cpu/gemm.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/ops/unary.hpp"
#include "regimen/optim/adam.hpp"

using namespace regimen;

struct Mlp {
  Linear<> first, second, out;
  explicit Mlp(Rng rng)
      : first{784, 256, rng, {.activation = Activation::relu}},
        second{256, 128, rng, {.activation = Activation::relu}},
        out{128, 10, rng} {}
  Tensor<> operator()(const Tensor<>& x) const { return out(second(first(x))); }
  REGIMEN_MODULE(first, second, out)
};

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

/// One matrix product of a step: C [m, n] of operands in the given forms.
struct Product {
  bool transpose_a, transpose_b;
  std::int64_t m, n, k;
  Tensor<> a, b, c;

  Product(bool ta, bool tb, std::int64_t rows, std::int64_t columns, std::int64_t depth, Rng& rng)
      : transpose_a(ta),
        transpose_b(tb),
        m(rows),
        n(columns),
        k(depth),
        a(rng.normal({m, k})),
        b(rng.normal({k, n})),
        c(Tensor<>::zeros({m, n})) {}
  void run() const {
    kernel::gemm<float>(Cpu{}, transpose_a, transpose_b, m, n, k, a.data(), transpose_a ? m : k, b.data(),
                        transpose_b ? k : n, c.mutable_data(), n);
  }
};

}  // namespace

int main(int argc, char** argv) {
  const int steps = argc > 1 ? std::max(1, std::atoi(argv[1])) : 50;
  constexpr std::int64_t batch = 64, sizes[] = {784, 256, 128, 10};
  Rng rng(1);
  Mlp model(rng.split("model"));
  auto weights = parameters(model);
  auto optimizer = adam({.lr = 1e-3});
  const auto x = rng.normal({batch, 784});
  auto labels = Tensor<std::int64_t>::empty({batch});
  for (std::int64_t i = 0; i < batch; ++i) labels.mutable_data()[i] = rng.below(10);

  std::vector<Product> products;
  for (int i = 0; i < 3; ++i) {
    products.emplace_back(false, true, batch, sizes[i + 1], sizes[i], rng);              // y = x W^T
    products.emplace_back(true, false, sizes[i + 1], sizes[i], batch, rng);              // dW = g^T x
    if (i > 0) products.emplace_back(false, false, batch, sizes[i], sizes[i + 1], rng);  // dx = g W
  }

  std::int64_t step = 0;
  std::vector<double> step_times, product_times, shares;
  for (int repetition = 0; repetition < 41; ++repetition) {
    const double begin = now();
    for (int i = 0; i < steps; ++i) {
      const Tensor<> loss = cross_entropy(model(x), labels);
      backward(loss, weights);
      optimizer.update(weights, Progress{step++});
    }
    const double middle = now();
    for (int i = 0; i < steps; ++i)
      for (const Product& product : products) product.run();
    const double end = now();
    step_times.push_back((middle - begin) / steps);
    product_times.push_back((end - middle) / steps);
    shares.push_back((end - middle) / (middle - begin));
  }
  const double flops = 2.0 * batch * (3 * (784 * 256 + 256 * 128 + 128 * 10) - 784 * 256);
  std::printf("step %.1f us, its products alone %.1f us, %.1f GFLOP/s in them\n", 1e6 * median(step_times),
              1e6 * median(product_times), flops / median(product_times) / 1e9);
  std::printf("mlp: gemm_share=%.2f\n", median(shares));
}
