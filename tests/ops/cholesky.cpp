// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/cholesky.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using table::closed;

namespace {

using Value = Tensor<double>;

template <class T>
Tensor<T> identity(std::int64_t n) {
  const auto y = Tensor<T>::zeros({n, n});
  for (std::int64_t i = 0; i < n; ++i) y.mutable_data()[i * n + i] = 1;
  return y;
}

template <class T>
Tensor<T> definite(const Tensor<T>& a) {
  return matmul(a, a, {.transpose_b = true}) + identity<T>(a.size(-1));
}

}  // namespace

TEST_CASE_TEMPLATE("cholesky agrees with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_b_linalg");
  for (const std::string of : {"", "_batch"})
    oracle.check_case<T>("cholesky" + of, {"a"}, [](const auto& in) { return cholesky(definite(in[0])); });
}

TEST_CASE("cholesky of a matrix by hand") {
  CHECK(closed(cholesky(Value::from({4, 2, 2, 5}, {2, 2})), {2, 0, 1, 2}, {2, 2}));
  // Only the symmetric part counts.
  CHECK(closed(cholesky(Value::from({4, 4, 0, 5}, {2, 2})), {2, 0, 1, 2}, {2, 2}));
  CHECK(cholesky(Value::zeros({0, 0})).shape() == Shape{0, 0});
  CHECK(std::isnan(cholesky(Value::from({NAN, 0, 0, 1}, {2, 2}))(0, 0)));
}

TEST_CASE("gradients of cholesky agree with differences to second order, and are symmetric") {
  for (const Shape& shape : {Shape{3, 3}, Shape{2, 3, 3}, Shape{1, 1}, Shape{0, 2, 2}, Shape{0, 0}}) {
    CHECK(structure::check([](const auto& v) { return cholesky(v[0]); }, {definite(random(shape))}));
    CHECK(structure::check([](const auto& v) { return cholesky(definite(v[0])); }, {random(shape)}));
  }
  const auto a = variable(definite(random({4, 4})));
  const auto g = grad(sum(cholesky(a) * random({4, 4}, 2)), {a})[0];
  CHECK(closed(g, transpose(g), 1e-14));
}

TEST_CASE("cholesky refuses what is not positive definite or not square") {
  const auto a = Value::from({1, 0, 0, 1, 1, 2, 2, 1}, {2, 2, 2});
  CHECK(has(message([&] { cholesky(a); }), "cholesky: matrix 1 of a, which is [2, 2, 2], is not positive definite"));
  CHECK(has(message([] { cholesky(random({2, 3})); }), "cholesky: a is [2, 3]"));
}
