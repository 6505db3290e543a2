// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/complex_linear.hpp"

#include <doctest/doctest.h>

#include "nn/module_checks.hpp"
#include "nn/support.hpp"
#include "ops/complex.hpp"
#include "support/oracle.hpp"

using namespace test;
using structure::stacked;

TEST_CASE_TEMPLATE("complex_linear agrees with PyTorch", T, float, double) {
  const Oracle oracle("ops_e_complex");
  Rng rng(1);
  ComplexLinear<T> layer(2, 4, rng);
  oracle.check_case<T>("linear", {"zr", "zi", "wr", "wi", "br", "bi"}, [&](const auto& in) {
    layer.weight = {in[2], in[3]};
    layer.bias = {in[4], in[5]};
    return stacked(layer({in[0], in[1]}));
  });
}

TEST_CASE("complex_linear has named parameters, copies, saves and loads") {
  Rng rng(2);
  ComplexLinear<double> layer(3, 2, rng), plain(3, 2, rng, {.bias = false});
  CHECK(names(layer) == "weight.real weight.imag bias.real bias.imag ");
  CHECK(names(plain) == "weight.real weight.imag ");
  CHECK(layer.weight.shape() == Shape{2, 3});
  CHECK(same_bits(layer.bias.imag.detach(), Tensor<double>::zeros({2})));
  const auto real = rng.normal<double>({2, 3}), imag = rng.normal<double>({2, 3});
  check_module_copies(layer, [&](const auto& model) { return stacked(model({real, imag})); });
  check_module_gradients(layer, {real, imag}, [](const auto& model, const auto& in) {
    return stacked(model({in[0], in[1]}));
  });
  check_module_gradients(plain, {real, imag}, [](const auto& model, const auto& in) {
    return stacked(model({in[0], in[1]}));
  });
}

TEST_CASE("complex_linear refuses sizes that do not fit") {
  Rng rng(3);
  CHECK(fails_with([&] { ComplexLinear<>(0, 2, rng); }, "ComplexLinear: from 0 inputs to 2 outputs"));
  CHECK(fails_with([&] { ComplexLinear<>(2, 3, rng)(ComplexTensor<>(Tensor<>::zeros({4, 3}))); }, "matmul", "[4, 3]"));
}
