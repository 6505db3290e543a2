// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/autodiff/engine.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <stdexcept>
#include <thread>
#include <vector>

#if defined(_OPENMP)
#include <omp.h>
#endif

#include "regimen/autodiff/grad.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/linear.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/unary.hpp"

using namespace regimen;

namespace {

struct Net {
  Tensor<> x, w1, b1, w2;

  Net(std::int64_t batch, std::int64_t in, std::int64_t width) {
    Rng rng(3);
    x = rng.normal({batch, in});
    w1 = variable(rng.normal({width, in}));
    b1 = variable(rng.normal({width}));
    w2 = variable(rng.normal({1, width}));
  }
  Tensor<> loss() const {
    const auto h = linear(x, w1, b1, Activation::tanh);
    return mean(square(linear(gelu(h) * h, w2, {}) - mean(x, -1, {.keepdim = true})));
  }
  std::vector<Tensor<>> gradients(const GradOptions& options = {}) const { return grad(loss(), {w1, b1, w2}, options); }
};

bool same_bits(const Tensor<>& a, const Tensor<>& b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * 4) == 0;
}

/// x, whose backward step throws while `fails` is set.
Tensor<> brittle(const Tensor<>& x, const bool& fails) {
  return record(
      "brittle", x.clone(),
      [&fails](const auto& backward) {
        if (fails) throw std::runtime_error("brittle");
        backward.add(0, backward.gradient());
      },
      x);
}

}  // namespace

TEST_CASE("a step that repeats takes no memory from the system, at first and at second order") {
  const Net net(32, 5, 16);
  const auto step = [&] {
    net.gradients();
    const auto g = net.gradients({.create_graph = true});
    grad(sum(square(g[0])), {net.w1, net.w2});
  };
  for (int i = 0; i < 3; ++i) step();
  const auto before = allocator_stats();
  for (int i = 0; i < 10; ++i) step();
  CHECK(allocator_stats().system_allocations == before.system_allocations);
  CHECK(allocator_stats().requests > before.requests);
}

TEST_CASE("gradients have the same bits with one and with two threads, and each time") {
  const Net net(300, 70, 260);
  const auto first = net.gradients();
#if defined(_OPENMP)
  const int threads = omp_get_max_threads();
  for (const int count : {1, 2, 3}) {
    omp_set_num_threads(count);
    const auto g = net.gradients();
    for (std::size_t i = 0; i < g.size(); ++i) CHECK(same_bits(g[i], first[i]));
  }
  omp_set_num_threads(threads);
#endif
  const auto again = net.gradients(), recorded = net.gradients({.create_graph = true});
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(same_bits(again[i], first[i]));
    for (std::int64_t j = 0; j < first[i].size(); ++j)
      REQUIRE(recorded[i].data()[j] == doctest::Approx(first[i].data()[j]).epsilon(1e-4));
  }
}

TEST_CASE("an exception in a backward step leaves no gradient behind") {
  bool fails = true;
  const auto x = variable(Tensor<>::from({2}));
  // x's gradient has a share from the first factor when the second one's step throws.
  const auto y = brittle(x * 3, fails) * (x * x);
  for (int i = 0; i < 2; ++i) CHECK_THROWS_AS(grad(y, {x}), std::runtime_error);
  CHECK(grad(x * x, {x})[0].item() == 4);
  fails = false;
  CHECK(grad(y, {x})[0].item() == 36);
  CHECK(detail::recording());
}

TEST_CASE("a value that is used often gets the sum of all its gradients") {
  const auto x = variable(Tensor<double>::from({2}));
  const auto y = x * x;
  auto total = y;
  for (int i = 0; i < 5; ++i) total = total + y * x;
  CHECK(grad(total, {x})[0].item() == 4 + 5 * 12);
  CHECK(grad(total, {y})[0].item() == 11);
  const auto both = grad(total, {x, y, x});
  CHECK(both[0].item() == 64);
  CHECK(both[1].item() == 11);
  CHECK(both[2].item() == 64);
}

TEST_CASE("a variable that one thread made and used gets right gradients on another") {
  const auto w = variable(Tensor<>::from({2})), v = variable(Tensor<>::from({5}));
  const auto product = w * v;
  float expected[2] = {}, seen[2] = {};
  for (float& e : expected) e = grad(product, {w})[0].item();
  std::thread([&] {
    for (float& s : seen) s = grad(product, {v})[0].item();
  }).join();
  for (int i = 0; i < 2; ++i) {
    CHECK(expected[i] == 5);
    CHECK(seen[i] == 2);
  }
}

TEST_CASE("a backward step may take gradients of its own") {
  const auto x = variable(Tensor<double>::from({1.5}));
  const auto y = record(
      "inner", square(x).detach(),
      [x = x.detach()](const auto& backward) {
        const GradMode mode(true);
        const auto inner = variable(x);
        backward.add(0, backward.gradient() * grad(inner * inner, {inner})[0]);
      },
      x);
  CHECK(grad(y * x, {x})[0].item() == doctest::Approx(3 * 1.5 * 1.5));
}
