// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/complex_matmul.hpp"

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

template <class Values>
auto product(const Values& in, const MatmulOptions& options = {}) {
  return stacked(matmul(ComplexTensor(in[0], in[1]), ComplexTensor(in[2], in[3]), options));
}

}  // namespace

TEST_CASE_TEMPLATE("complex matmul agrees with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_e_complex");
  oracle.check_case<T>("matmul", {"ar", "ai", "br", "bi"}, [](const auto& in) { return product(in); });
  oracle.check_case<T>("matmul_transposed", {"ar", "ai", "br", "bi"},
                       [](const auto& in) { return product(in, {.transpose_a = true, .transpose_b = true}); });
}

TEST_CASE("multiplying by i swaps the parts, also where one is much larger") {
  const Complex i(Tensor<double>::from({0, 0, 0, 0}, {2, 2}), Tensor<double>::from({1, 0, 0, 1}, {2, 2}));
  const Complex z(random({2, 3}) * 1e12, random({2, 3}, 2));
  const auto y = matmul(i, z);
  CHECK(closed(y.real, -z.imag, 0));
  CHECK(closed(y.imag, z.real, 0));
}

TEST_CASE("gradients of complex matmul agree with differences to second order") {
  CHECK(structure::check([](const auto& v) { return product(v); },
                         {random({2, 3}, 1), random({2, 3}, 2), random({3, 2}, 3), random({3, 2}, 4)}));
}

TEST_CASE("complex matmul refuses inner sizes that differ") {
  CHECK(has(message([] { matmul(Complex(random({2, 3})), Complex(random({2, 3}))); }), "matmul: inner sizes differ"));
}
