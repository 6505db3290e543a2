// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/complex_batch_norm.hpp"

#include <doctest/doctest.h>

#include "nn/module_checks.hpp"
#include "nn/support.hpp"
#include "ops/complex.hpp"
#include "support/oracle.hpp"

using namespace test;
using structure::stacked;

TEST_CASE_TEMPLATE("complex_batch_norm agrees with an eigendecomposition in PyTorch, and its running statistics too", T,
                   float, double) {
  const Oracle oracle("ops_e_complex");
  ComplexBatchNorm<T> layer(2, {.momentum = 0.25});
  const auto mean = oracle.get<T>("batch_norm.running_mean");
  layer.running_mean.real.assign(mean[0]);
  layer.running_mean.imag.assign(mean[1]);
  layer.running_covariance.assign(oracle.get<T>("batch_norm.running_covariance"));
  const auto check = [&](const char* name) {
    oracle.check_case<T>(name, {"zr", "zi", "weight", "br", "bi"}, [&](const auto& in) {
      layer.weight = in[2];
      layer.bias = {in[3], in[4]};
      return stacked(layer({in[0], in[1]}));
    });
  };
  set_training(layer, false);
  check("batch_norm_evaluation");
  set_training(layer, true);
  check("batch_norm_training");
  oracle.check("batch_norm.mean_after", stacked(layer.running_mean));
  oracle.check("batch_norm.covariance_after", layer.running_covariance);
}

TEST_CASE("complex_batch_norm gives parts of variance 1 / 2 that are not correlated, of any correlated ones") {
  Rng rng(1);
  for (const Shape& shape : {Shape{500, 2}, Shape{20, 2, 25}, Shape{10, 2, 5, 10}}) {
    ComplexBatchNorm<double> layer(2);
    const auto a = rng.normal<double>(shape, 3, 2), b = rng.normal<double>(shape);
    const auto y = layer({a, a * 0.9 + b});
    const auto average = [&](const Tensor<double>& x) { return mean(x).item(); };
    CHECK(std::fabs(average(y.real)) < 1e-12);
    CHECK(std::fabs(average(y.imag)) < 1e-12);
    CHECK(average(y.real * y.real) == doctest::Approx(0.5).epsilon(1e-4));
    CHECK(average(y.imag * y.imag) == doctest::Approx(0.5).epsilon(1e-4));
    CHECK(std::fabs(average(y.real * y.imag)) < 1e-4);
  }
}

TEST_CASE("complex_batch_norm of parts that determine each other is finite, with finite gradients") {
  Rng rng(2);
  ComplexBatchNorm<> layer(1);
  for (const float factor : {0.f, 1.f, 1000.f}) {
    const auto real = variable(rng.normal({64, 1}, 0, 1000)), imag = variable(real.detach() * factor);
    const auto y = layer({real, imag});
    CHECK(all_finite(y.real.detach()));
    CHECK(all_finite(y.imag.detach()));
    for (const auto& g : grad(sum(y.real * y.real * y.imag), {real, imag})) CHECK(all_finite(g));
  }
}

TEST_CASE("gradients of complex_batch_norm agree with differences to second order") {
  Rng rng(3);
  const auto real = rng.normal<double>({4, 2}), imag = rng.normal<double>({4, 2});
  const auto call = [](const auto& model, const auto& in) { return stacked(model({in[0], in[1]})); };
  check_module_gradients(ComplexBatchNorm<double>(2), {real, imag}, call);
  check_module_gradients(ComplexBatchNorm<double>(2, {.affine = false}), {real, imag}, call);
  ComplexBatchNorm<double> still(2);
  set_training(still, false);
  check_module_gradients(still, {real, imag}, call);
}

TEST_CASE("complex_batch_norm has parameters and buffers, copies, saves and loads") {
  Rng rng(4);
  ComplexBatchNorm<> layer(2), plain(2, {.affine = false});
  CHECK(names(layer) == "weight bias.real bias.imag running_mean.real running_mean.imag running_covariance mode ");
  CHECK(names(plain) == "running_mean.real running_mean.imag running_covariance mode ");
  int count = 0;
  for_each_parameter(layer, [&](const std::string&, auto&) { ++count; });
  CHECK(count == 3);
  const auto half = static_cast<float>(std::sqrt(0.5));
  CHECK(same_bits(layer.weight.detach(), Tensor<>::from({half, half, 0, 0, half, half}, {3, 2})));
  CHECK(same_bits(layer.running_covariance, layer.weight.detach()));
  const ComplexTensor<> z(rng.normal({6, 2, 3}), rng.normal({6, 2, 3}));
  layer(z);
  set_training(layer, false);
  check_module_copies(layer, [&](const auto& model) { return stacked(model(z)); });
  CHECK(layer(ComplexTensor<>(Tensor<>::zeros({0, 2, 3}))).shape() == Shape{0, 2, 3});
}

TEST_CASE("complex_batch_norm refuses shapes that do not fit, batches without a variance, and wrong options") {
  const ComplexBatchNorm<> layer(3);
  const auto zeros = [](const Shape& shape) { return ComplexTensor<>(Tensor<>::zeros(shape)); };
  CHECK(fails_with([&] { layer(zeros({4, 2})); }, "ComplexBatchNorm", "[4, 2]", "3 channels"));
  CHECK(fails_with([&] { layer(zeros({3})); }, "ComplexBatchNorm", "[3]"));
  CHECK(fails_with([&] { layer(zeros({1, 3})); }, "ComplexBatchNorm", "[1, 3]"));
  CHECK(fails_with([&] { ComplexBatchNorm<>(3, {.momentum = 2}); }, "momentum is 2"));
  CHECK(fails_with([&] { ComplexBatchNorm<>(3, {.epsilon = 0}); }, "epsilon is 0"));
}
