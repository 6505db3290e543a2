// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/complex_layer.hpp"

#include <doctest/doctest.h>

#include "nn/support.hpp"
#include "regimen/nn/complex_activation.hpp"
#include "regimen/nn/complex_linear.hpp"
#include "regimen/nn/sequential.hpp"

using namespace test;

TEST_CASE("channels are split and joined, the real ones first") {
  Rng rng(1);
  const auto x = rng.normal({2, 6, 3});
  const auto z = split_channels(x);
  CHECK(z.shape() == Shape{2, 3, 3});
  CHECK(z.real(1, 2, 0) == x(1, 2, 0));
  CHECK(z.imag(1, 2, 0) == x(1, 5, 0));
  CHECK(same_bits(join_channels(z), x));
}

TEST_CASE("complex modules are layers of a Sequential, under their own names") {
  Rng rng(2);
  const ComplexLinear<> first(2, 3, rng), last(3, 1, rng);
  Sequential net{ComplexLayer(first), ComplexLayer(ModRelu(3, -0.1)), ComplexLayer(last),
                 ComplexLayer([](const auto& z) { return conj(z); })};
  CHECK(names(net) ==
        "0.weight.real 0.weight.imag 0.bias.real 0.bias.imag 1.bias 2.weight.real 2.weight.imag 2.bias.real "
        "2.bias.imag ");
  const ComplexTensor<> z(rng.normal({5, 2}), rng.normal({5, 2}));
  const auto wanted = conj(last(modrelu(first(z), Tensor<>::full({3}, -0.1f))));
  const auto got = split_channels(net(join_channels(z)));
  CHECK(same_bits(got.real, wanted.real));
  CHECK(same_bits(got.imag, wanted.imag));
}

TEST_CASE("split_channels refuses an odd number of channels") {
  CHECK(fails_with([] { split_channels(Tensor<>::zeros({2, 3})); }, "split_channels: x is [2, 3]"));
  CHECK(fails_with([] { split_channels(Tensor<>::zeros({2})); }, "split_channels: x is [2]"));
}
