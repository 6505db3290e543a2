// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// Independent trainings on several threads: no data race, and on each thread the same bits as on one alone. With RACE
// defined all threads train one model, which must be found.
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

#include "regimen/data/dataset.hpp"
#include "regimen/data/epoch_sampler.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/nn/activation.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/sequential.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/optim/adamw.hpp"
#include "regimen/train/program.hpp"

using namespace regimen;

namespace {

Sequential<> network(Rng& rng) {
  return Sequential<>{Linear<>(8, 16, rng), Relu{}, Dropout(0.1, rng), Linear<>(16, 3, rng)};
}

void train(Sequential<>& model, Rng rng) {
  const Dataset<> samples{rng.normal({96, 8}), argmax(rng.normal({96, 3}), 1)};
  Phase<> phase;
  phase.name = "training";
  phase.sampler = ShuffledSampler(samples.size(), rng.split(1), {.batch_size = 16});
  phase.objective =
      on(samples, [&model](const Batch<>& batch) { return cross_entropy(model(batch.inputs), batch.labels); });
  phase.optimizer = adamw({.lr = 1e-2});
  phase.until = steps(40);
  Program<>(model, {phase}).run();
}

Tensor<> trained() {
  Rng rng(7);
  Sequential<> model = network(rng);
  train(model, rng);
  return parameters(model).values().clone();
}

}  // namespace

int main() {
  constexpr std::size_t count = 4;
  const Tensor<> alone = trained();
  std::vector<Tensor<>> results(count);
  std::vector<std::thread> threads;
#ifdef RACE
  Rng rng(7);
  Sequential<> shared = network(rng);
  for (std::size_t i = 0; i < count; ++i) threads.emplace_back([&] { train(shared, Rng(7)); });
#else
  for (std::size_t i = 0; i < count; ++i) threads.emplace_back([&results, i] { results[i] = trained(); });
#endif
  for (std::thread& thread : threads) thread.join();
#ifndef RACE
  for (const Tensor<>& result : results)
    if (std::memcmp(result.data(), alone.data(), alone.span().size_bytes()) != 0) {
      std::puts("a thread's training has other bits");
      return 1;
    }
#endif
  std::puts("done");
}
