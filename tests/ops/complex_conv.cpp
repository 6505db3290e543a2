// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/complex_conv.hpp"

#include <doctest/doctest.h>

#include "ops/complex.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::Complex;
using structure::has;
using structure::message;
using structure::random;
using structure::stacked;
using table::closed;

namespace {

/// conv(x, w, bias) of three complex tensors.
template <class Values, class Conv>
auto convolve(const Values& in, const Conv& conv) {
  return stacked(conv(ComplexTensor(in[0], in[1]), ComplexTensor(in[2], in[3]), ComplexTensor(in[4], in[5])));
}

const auto convolution1d = [](const auto& x, const auto& w, const auto& b) {
  return conv1d(x, w, b, {.stride = 2, .padding = 1});
};
const auto convolution2d = [](const auto& x, const auto& w, const auto& b) {
  return conv2d(x, w, b, {.padding = 1, .groups = 2});
};
const auto transposed1d = [](const auto& x, const auto& w, const auto& b) {
  return conv_transpose1d(x, w, b, {.stride = 2, .padding = 1});
};
const auto transposed2d = [](const auto& x, const auto& w, const auto& b) {
  return conv_transpose2d(x, w, b, {.stride = 2});
};

}  // namespace

TEST_CASE_TEMPLATE("complex convolutions agree with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_e_complex");
  const auto check = [&](const char* name, const auto& conv) {
    oracle.check_case<T>(name, {"xr", "xi", "wr", "wi", "br", "bi"},
                         [&](const auto& in) { return convolve(in, conv); });
  };
  check("conv1d", convolution1d);
  check("conv2d", convolution2d);
  check("conv_transpose1d", transposed1d);
  check("conv_transpose2d", transposed2d);
}

TEST_CASE("a filter of i turns each element by a quarter") {
  const Complex x(random({2, 1, 5}, 1), random({2, 1, 5}, 2));
  const auto y = conv1d(x, Complex(Tensor<double>::zeros({1, 1, 1}), Tensor<double>::ones({1, 1, 1})));
  CHECK(closed(y.real, -x.imag, 0));
  CHECK(closed(y.imag, x.real, 0));
}

TEST_CASE("gradients of complex convolutions agree with differences to second order") {
  const auto check = [](const auto& conv, const Shape& x, const Shape& w) {
    const Shape bias{2};
    CHECK(structure::check([&](const auto& v) { return convolve(v, conv); },
                           {random(x, 1), random(x, 2), random(w, 3), random(w, 4), random(bias, 5), random(bias, 6)}));
  };
  check(convolution1d, {1, 2, 4}, {2, 2, 3});
  check(convolution2d, {1, 2, 2, 2}, {2, 1, 2, 2});
  check(transposed1d, {1, 2, 2}, {2, 2, 3});
  check(transposed2d, {1, 1, 2, 1}, {1, 2, 2, 2});
}

TEST_CASE("complex convolutions refuse sizes that do not agree") {
  const Complex x(random({1, 2, 5}));
  CHECK(has(message([&] { conv1d(x, Complex(random({1, 3, 2}))); }), "conv1d"));
  CHECK(has(message([&] { conv2d(x, Complex(random({1, 3, 2, 2}))); }), "conv2d: x is [1, 2, 5]"));
}
