// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/complex_activation.hpp"

#include <doctest/doctest.h>

#include "nn/module_checks.hpp"
#include "nn/support.hpp"
#include "ops/complex.hpp"
#include "support/oracle.hpp"

using namespace test;
using structure::stacked;

namespace {

using Complex = ComplexTensor<double>;

}  // namespace

TEST_CASE_TEMPLATE("complex activations agree with PyTorch", T, float, double) {
  const Oracle oracle("ops_e_complex");
  oracle.check_case<T>("modrelu", {"zr", "zi", "b"}, [](const auto& in) {
    ModRelu<T> layer(3);
    layer.bias = in[2];
    return stacked(layer({in[0], in[1]}));
  });
  const auto check = [&](const char* name, const auto& layer) {
    oracle.check_case<T>(name, {"zr", "zi"},
                         [&](const auto& in) { return stacked(layer(ComplexTensor(in[0], in[1]))); });
  };
  check("crelu", CRelu{});
  check("zrelu", ZRelu{});
  check("cardioid", Cardioid{});
}

TEST_CASE("complex activations at 0, on the axes, and of NaN") {
  const Complex z(Tensor<double>::from({0, 2, 0, -2, 0, NAN}), Tensor<double>::from({0, 0, 3, 0, -3, 1}));
  const auto is = [](const Complex& y, std::initializer_list<double> real, std::initializer_list<double> imag) {
    return distance(slice(y.real, 0, 0, 5), Tensor<double>::from(real)) < 1e-15 &&
           distance(slice(y.imag, 0, 0, 5), Tensor<double>::from(imag)) < 1e-15 && std::isnan(y.real(5));
  };
  CHECK(is(modrelu(z, Tensor<double>::scalar(-2.5)), {0, 0, 0, 0, 0}, {0, 0, 0.5, 0, -0.5}));
  CHECK(is(modrelu(z, Tensor<double>::scalar(1)), {0, 3, 0, -3, 0}, {0, 0, 4, 0, -4}));
  CHECK(is(zrelu(z), {0, 2, 0, 0, 0}, {0, 0, 3, 0, 0}));
  CHECK(is(cardioid(z), {0, 2, 0, 0, 0}, {0, 0, 1.5, 0, -1.5}));
}

TEST_CASE("modrelu and cardioid keep the angle, and modrelu turns with its input; crelu does not") {
  Rng rng(1);
  const Complex z(rng.normal<double>({3, 4}), rng.normal<double>({3, 4}));
  const auto turn = Complex(Tensor<double>::scalar(std::cos(0.7)), Tensor<double>::scalar(std::sin(0.7)));
  const auto b = Tensor<double>::scalar(-0.3);
  CHECK(distance(modrelu(z * turn, b).real, (modrelu(z, b) * turn).real) < 1e-14);
  CHECK(distance(modrelu(z * turn, b).imag, (modrelu(z, b) * turn).imag) < 1e-14);
  CHECK(distance(crelu(z * turn).real, (crelu(z) * turn).real) > 0.1);
  CHECK(distance(angle(cardioid(z)), angle(z)) < 1e-14);
}

TEST_CASE("gradients of complex activations agree with differences to second order") {
  Rng rng(2);
  const auto real = rng.normal<double>({2, 3}), imag = rng.normal<double>({2, 3});
  const auto call = [](const auto& layer, const auto& in) { return stacked(layer(ComplexTensor(in[0], in[1]))); };
  check_module_gradients(ModRelu<double>(3, -0.2), {real, imag}, call);
  check_module_gradients(CRelu{}, {real, imag}, call);
  check_module_gradients(ZRelu{}, {real, imag}, call);
  check_module_gradients(Cardioid{}, {real, imag}, call);
}

TEST_CASE("ModRelu has one parameter a channel, and refuses others") {
  ModRelu<> layer(3, -0.05);
  CHECK(names(layer) == "bias ");
  CHECK(same_bits(layer.bias.detach(), Tensor<>::full({3}, -0.05f)));
  CHECK(layer(ComplexTensor<>(Tensor<>::ones({0, 3, 2}))).shape() == Shape{0, 3, 2});
  check_module_copies(layer, [](const auto& model) {
    return model(ComplexTensor<>(Tensor<>::ones({2, 3, 2, 1}))).real;
  });
  CHECK(fails_with([] { ModRelu<>(0); }, "ModRelu: 0 channels"));
  CHECK(fails_with([] { ModRelu<>(2, NAN); }, "the first bias is nan"));
  CHECK(
      fails_with([&] { layer(ComplexTensor<>(Tensor<>::ones({3}))); }, "ModRelu: z is [3], the layer has 3 channels"));
  CHECK(fails_with([&] { layer(ComplexTensor<>(Tensor<>::ones({3, 1}))); }, "ModRelu: z is [3, 1]"));
}
