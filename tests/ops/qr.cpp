// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/qr.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <type_traits>

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
  auto y = Tensor<T>::zeros({n, n});
  for (std::int64_t i = 0; i < n; ++i) y.mutable_data()[i * n + i] = T{1};
  return y;
}

}  // namespace

TEST_CASE_TEMPLATE("qr and lstsq agree with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_e_linalg");
  for (const std::string name : {"tall", "square", "wide", "batch"}) {
    oracle.check_case<T>("qr_q_" + name, {"a"}, [](const auto& in) { return qr(in[0]).q; });
    oracle.check_case<T>("qr_r_" + name, {"a"}, [](const auto& in) { return qr(in[0]).r; });
  }
  for (const char* name : {"lstsq", "lstsq_batch"})
    oracle.check_case<T>(name, {"a", "b"}, [](const auto& in) { return lstsq(in[0], in[1]); });
}

TEST_CASE_TEMPLATE("q has orthonormal columns, r is upper triangular with a positive diagonal, and q r is a", T, float,
                   double) {
  const double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-13;
  for (const Shape& shape : {Shape{6, 4}, Shape{4, 4}, Shape{3, 7}, Shape{1, 1}, Shape{5, 1}, Shape{1, 5}}) {
    const auto a = random(shape).to<T>();
    const auto [q, r] = qr(a);
    CHECK(closed(matmul(q, r), a, tolerance));
    CHECK(closed(matmul(q, q, {.transpose_a = true}), identity<T>(q.size(1)), tolerance));
    for (std::int64_t i = 0; i < r.size(0); ++i) {
      CHECK(r(i, i) > 0);
      for (std::int64_t j = 0; j < i; ++j) CHECK(r(i, j) == 0);
    }
  }
}

TEST_CASE("qr of dependent columns has a value") {
  const auto a = Value::from({1, 2, 2, 4, 3, 6}, {3, 2});
  const auto [q, r] = qr(a);
  CHECK(closed(matmul(q, r), a, 1e-14));
  CHECK(closed(matmul(q, q, {.transpose_a = true}), identity<double>(2), 1e-14));
}

TEST_CASE("qr and lstsq without rows, columns or a batch") {
  CHECK(qr(Value::zeros({3, 0})).q.shape() == Shape{3, 0});
  CHECK(qr(Value::zeros({3, 0})).r.shape() == Shape{0, 0});
  CHECK(qr(Value::zeros({0, 2})).r.shape() == Shape{0, 2});
  CHECK(qr(Value::zeros({0, 3, 2})).r.shape() == Shape{0, 2, 2});
  CHECK(lstsq(Value::zeros({3, 0}), Value::zeros({3, 2})).shape() == Shape{0, 2});
}

TEST_CASE("the residual of lstsq is orthogonal to the columns") {
  const auto a = random({7, 3}), b = random({7, 2}, 2);
  CHECK(closed(matmul(a, matmul(a, lstsq(a, b)) - b, {.transpose_a = true}), Value::zeros({3, 2}), 1e-13));
}

TEST_CASE("gradients of qr and lstsq agree with differences to second order") {
  for (const Shape& shape : {Shape{4, 2}, Shape{2, 2}, Shape{2, 3}, Shape{2, 3, 2}, Shape{3, 1}}) {
    CHECK(structure::check([](const auto& v) { return qr(v[0]).q; }, {random(shape, 5)}));
    CHECK(structure::check([](const auto& v) { return qr(v[0]).r; }, {random(shape, 5)}));
  }
  CHECK(structure::check([](const auto& v) { return lstsq(v[0], v[1]); }, {random({4, 2}, 5), random({4, 1})}));
}

TEST_CASE("qr refuses a gradient of dependent columns, lstsq their solution, and both other shapes") {
  const auto a = variable(Value::from({1, 2, 2, 4, 3, 6}, {3, 2}));
  CHECK(has(message([&] { grad(sum(qr(a).q), {a}); }), "qr: column 1 of matrix 0 depends on those before it"));
  CHECK(has(message([&] { lstsq(a.detach(), random({3, 1})); }), "lstsq: column 1 of matrix 0 depends"));
  CHECK(has(message([&] { lstsq(Value::full({2, 1}, NAN), random({2, 1})); }), "lstsq: column 0"));
  CHECK(has(message([] { qr(random({3})); }), "qr: a is [3]"));
  CHECK(has(message([] { lstsq(random({2, 3}), random({2, 1})); }), "lstsq: a is [2, 3] and b is [2, 1]"));
  CHECK(has(message([] { lstsq(random({3, 2}), random({2, 1})); }), "lstsq: a is [3, 2] and b is [2, 1]"));
  CHECK(has(message([] { lstsq(random({3, 2}), random({3})); }), "lstsq: a is [3, 2] and b is [3]"));
}
