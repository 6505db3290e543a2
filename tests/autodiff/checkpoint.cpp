// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/autodiff/checkpoint.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <vector>

#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/unary.hpp"

using namespace regimen;

namespace {

bool same_bits(const Tensor<>& a, const Tensor<>& b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * 4) == 0;
}

/// Loss, first gradients and gradients of the first one's squares, of x and the captured w.
std::vector<Tensor<>> derivatives(const Tensor<>& y, const Tensor<>& x, const Tensor<>& w) {
  const auto loss = mean(square(y));
  auto all = grad(loss, {x, w}, {.create_graph = true});
  for (const auto& g : grad(sum(square(all[0])) + sum(square(all[1])), {x, w})) all.push_back(g);
  for (const auto& g : grad(loss, {x, w})) all.push_back(g);
  all.push_back(loss);
  return all;
}

}  // namespace

TEST_CASE("a checkpoint has the same bits as the plain run, captured variables and second order included") {
  Rng rng(1);
  const auto x = variable(rng.normal({4, 6})), w = variable(rng.normal({6, 6}));
  const auto block = [&w](const Tensor<>& v) { return tanh(matmul(tanh(matmul(v, w)), w)); };
  const auto nested = [&](const Tensor<>& v) { return checkpoint(block, tanh(checkpoint(block, v))); };
  const auto plain = derivatives(block(tanh(block(x))), x, w);
  const auto flat = derivatives(checkpoint(block, tanh(checkpoint(block, x))), x, w);
  const auto inner = derivatives(checkpoint(nested, x), x, w);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    CAPTURE(i);
    CHECK(plain[i].shape() == flat[i].shape());
    if (i == 2 || i == 3) {  // second order: shares arrive in another order
      for (std::int64_t j = 0; j < plain[i].size(); ++j) {
        REQUIRE(flat[i].data()[j] == doctest::Approx(plain[i].data()[j]).epsilon(1e-4));
        REQUIRE(inner[i].data()[j] == doctest::Approx(plain[i].data()[j]).epsilon(1e-4));
      }
    } else {
      CHECK(same_bits(plain[i], flat[i]));
      CHECK(same_bits(plain[i], inner[i]));
    }
  }
}

TEST_CASE("gradients through checkpoints of several inputs are right to second order") {
  const auto a = Rng(1).normal<double>({2, 3}), b = Rng(2).normal<double>({3}), c = Rng(3).normal<double>({2, 1});
  const auto f = [](const auto& in) {
    const auto captured = in[2];
    const auto g = [captured](const Tensor<double>& u, const Tensor<double>& v) { return sin(u * v) * captured; };
    const auto outer = [g](const Tensor<double>& u, const Tensor<double>& v) {
      return checkpoint(g, u, v) + checkpoint(g, v * 2.0, u);
    };
    return checkpoint(outer, in[0], in[1]) * in[0];
  };
  const auto check = gradcheck(f, {a, b, c}, {.order = 2});
  CHECK_MESSAGE(check.ok, check.message);
}

TEST_CASE("what is between input and output is dropped, and computed once more backward") {
  const auto x = variable(Tensor<>::from({0.5f, 2}));
  Tensor<> seen;
  int runs = 0;
  const auto f = [&](const Tensor<>& v) {
    ++runs;
    const auto h = exp(v);
    seen = h.detach();
    return exp(h);
  };
  const auto plain = f(x);
  CHECK(!seen.unique());
  runs = 0;
  const auto y = checkpoint(f, x);
  CHECK(runs == 1);
  CHECK(seen.unique());
  grad(sum(y), {x});
  CHECK(runs == 2);
  CHECK(seen.unique());
}

TEST_CASE("random numbers of a captured Rng repeat") {
  const auto x = variable(Tensor<double>::ones({50}));
  Rng rng(7);
  const auto drop = [rng](const Tensor<double>& v) mutable { return v * v * rng.bernoulli<double>(v.shape(), 0.5); };
  const auto y = checkpoint(drop, x);
  const auto g = grad(sum(y), {x})[0];
  for (std::int64_t i = 0; i < 50; ++i) REQUIRE(g(i) == 2 * y(i));
}

TEST_CASE("an input that was overwritten is an Error") {
  const auto x = variable(Tensor<>::from({1, 2}));
  const auto y = checkpoint([](const Tensor<>& v) { return square(v); }, x);
  x.mutable_data()[0] = 3;
  CHECK_THROWS_AS(grad(sum(y), {x}), Error);
}

TEST_CASE("a function of constants, and one that returns its input, are left alone") {
  const auto x = variable(Tensor<>::from({1, 2}));
  CHECK(!checkpoint([](const Tensor<>& v) { return square(v); }, x.detach()).requires_grad());
  CHECK(checkpoint([](const Tensor<>& v) { return v; }, x).node() == x.node());
  const NoGrad guard;
  CHECK(!checkpoint([](const Tensor<>& v) { return square(v); }, x).requires_grad());
}
