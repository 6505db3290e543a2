// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/lora.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "nn/module_checks.hpp"
#include "regimen/autodiff/grad.hpp"

using namespace test;

TEST_CASE("lora starts as its base and adds a scaled change of low rank") {
  Rng rng(1);
  const Linear<double> base(3, 4, rng);
  Lora<double> layer(base, rng, {.rank = 2, .alpha = 6});
  const auto x = rng.normal<double>({5, 3});
  CHECK(same_bits(layer(x).detach(), base(x).detach()));
  layer.b.assign(rng.normal<double>({4, 2}));
  const auto y = layer(x), z = base(x);
  for (int n = 0; n < 5; ++n)
    for (int o = 0; o < 4; ++o) {
      double change = 0;
      for (int r = 0; r < 2; ++r)
        for (int i = 0; i < 3; ++i) change += 3 * x(n, i) * layer.a(r, i) * layer.b(o, r);
      CHECK(y(n, o) == doctest::Approx(z(n, o) + change));
    }
  CHECK(layer(Tensor<double>::zeros({0, 3})).shape() == Shape{0, 4});
}

TEST_CASE("a merged lora is the same map, and the lora stays as it was") {
  Rng rng(2);
  Lora<double> layer(Linear<double>(3, 4, rng), rng, {.rank = 2});
  layer.b.assign(rng.normal<double>({4, 2}));
  const auto x = rng.normal<double>({5, 3}), before = layer(x).detach().clone();
  auto merged = layer.merged();
  CHECK(distance(merged(x).detach(), before) < 1e-14);
  disturb_parameters(merged, 3);
  CHECK(same_bits(layer(x).detach(), before));
  CHECK(merged.weight.requires_grad());
}

TEST_CASE("only the change is learned, with gradients to second order") {
  Rng rng(4);
  Lora<double> layer(Linear<double>(3, 2, rng), rng, {.rank = 2});
  layer.b.assign(rng.normal<double>({2, 2}));
  CHECK(!layer.base.weight.requires_grad());
  CHECK(!layer.base.bias.requires_grad());
  CHECK(layer.a.requires_grad());
  const auto result = gradcheck(
      [&](const auto& in) {
        auto copy = layer;
        copy.a = in[1];
        copy.b = in[2];
        return copy(in[0]);
      },
      {rng.normal<double>({2, 3}), layer.a.clone(), layer.b.clone()}, {.order = 2});
  CHECK_MESSAGE(result, result.message);
  const auto x = rng.normal<double>({2, 3});
  check_module_copies(layer, [&](const auto& f) { return f(x); });
}

TEST_CASE("lora refuses a rank of 0 and activations") {
  Rng rng(5);
  CHECK(fails_with([&] { Lora<>(Linear<>(3, 2, rng), rng, {.rank = 0}); }, "Lora", "rank 0", "[2, 3]"));
  CHECK(fails_with([&] { Lora<>(Linear<>(3, 2, rng, {.activation = Activation::relu}), rng); }, "activation"));
}
