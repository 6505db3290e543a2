// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// What training asks of the system once it is warm: nothing. And its bits: the same on any number of threads.
#include "regimen/core/allocator.hpp"

#include <doctest/doctest.h>
#if defined(_OPENMP)
#include <omp.h>
#endif

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

#include "regimen/optim/adam.hpp"
#include "train/support.hpp"

using namespace regimen;
using namespace test;

namespace {

std::atomic<std::int64_t> news = 0;
bool trap = false;

void* counted(std::size_t size, std::size_t alignment) {
  ++news;
  if (trap) std::abort();
  void* const block = alignment == 0 ? std::malloc(size)
                                     : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

}  // namespace

// Those of arrays call these. Not inlined: compilers warn of free() on what `new` gave.
[[gnu::noinline]] void* operator new(std::size_t size) { return counted(size, 0); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return counted(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* block) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::align_val_t) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t, std::align_val_t) noexcept { std::free(block); }

namespace {

/// Large enough for work on several threads.
struct Mlp {
  Linear<> a, b, c;
  explicit Mlp(Rng rng) : a(64, 256, rng), b(256, 256, rng), c(256, 10, rng) {}
  Tensor<> operator()(const Tensor<>& x) const { return c(relu(b(relu(a(x))))); }
  REGIMEN_MODULE(a, b, c)
};

Dataset<> images() {
  Rng rng(6);
  Dataset<> data{.inputs = rng.normal({256, 64}), .labels = Tensor<std::int64_t>::empty({256})};
  for (std::int64_t i = 0; i < 256; ++i) data.labels.mutable_data()[i] = rng.below(10);
  return data;
}

/// Sets the number of threads, of which a serial build has one.
void use_threads([[maybe_unused]] int threads) {
#if defined(_OPENMP)
  omp_set_num_threads(threads);
#endif
}

/// 50 steps with 1, 2 or more threads.
State trained(int threads) {
  const int before = max_threads();
  use_threads(threads);
  Mlp mlp{Rng(1)};
  const auto data = images();
  Phase<> phase{.name = "p",
                .objective = on(data, [&](const Batch<>& b) { return cross_entropy(mlp(b.inputs), b.labels); }),
                .sampler = ShuffledSampler(256, Rng(2), {.batch_size = 64}),
                .optimizer = adam({.lr = 1e-3}),
                .until = steps(50)};
  Program(mlp, {phase}).run();
  use_threads(before);
  return values(mlp);
}

}  // namespace

TEST_CASE("a warm training loop asks the system for no memory") {
  Mlp mlp{Rng(1)};
  const auto data = images();
  auto packed = parameters(mlp);
  Optimizer<> optimizer = adam({.lr = 1e-3});
  std::int64_t step = 0;
  const auto train = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const auto loss = cross_entropy(mlp(data.inputs), data.labels);
      backward(loss, packed);
      optimizer.update(packed, Progress{step++});
    }
  };
  train(5);
  const auto blocks = allocator_stats().system_allocations;
  const std::int64_t before = news;
  trap = std::getenv("REGIMEN_TRAP_NEW") != nullptr;  // for a debugger, to see who it is
  train(20);
  trap = false;
  const std::int64_t after = news;
  CHECK(after == before);
  CHECK(allocator_stats().system_allocations == blocks);
}

TEST_CASE("a warm program takes no new blocks for tensors") {
  Mlp mlp{Rng(1)};
  const auto data = images();
  Phase<> phase{.name = "p",
                .objective = on(data, [&](const Batch<>& b) { return cross_entropy(mlp(b.inputs), b.labels); }),
                .sampler = ShuffledSampler(256, Rng(2), {.batch_size = 64}),
                .optimizer = adam({.lr = 1e-3}),
                .until = steps(40)};
  std::uint64_t warm = 0, last = 0;
  Program(mlp, {phase}).run({.observers = {watch([&](const StepReport& report) {
                               last = allocator_stats().system_allocations;
                               if (report.step == 10) warm = last;
                             })}});
  CHECK(warm > 0);
  CHECK(last == warm);
}

TEST_CASE("training gives the same bits on any number of threads") {
  const State one = trained(1);
  CHECK(same(trained(2), one));
  CHECK(same(trained(3), one));
}
