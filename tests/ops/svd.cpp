// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/svd.hpp"

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
Tensor<T> product(const Svd<T, Cpu>& of) {
  return matmul(of.u * unsqueeze(of.s, -2), of.v, {.transpose_b = true});
}

}  // namespace

TEST_CASE_TEMPLATE("svd agrees with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_e_linalg");
  for (const std::string name : {"tall", "square", "wide", "batch"}) {
    oracle.check_case<T>("svd_u_" + name, {"a"}, [](const auto& in) { return svd(in[0]).u; });
    oracle.check_case<T>("svd_s_" + name, {"a"}, [](const auto& in) { return svd(in[0]).s; });
    oracle.check_case<T>("svd_v_" + name, {"a"}, [](const auto& in) { return svd(in[0]).v; });
  }
  oracle.check_case<T>("svd_power", {"a"}, [](const auto& in) {
    const auto of = svd(in[0]);
    return product(Svd<T, Cpu>{of.u, sqrt(of.s), of.v});
  });
}

TEST_CASE("svd of a matrix by hand") {
  const auto of = svd(Value::from({0, 2, -3, 0, 0, 0}, {3, 2}));
  CHECK(closed(of.s, {3, 2}, {2}, 1e-14));
  CHECK(closed(of.u, {0, 1, 1, 0, 0, 0}, {3, 2}, 1e-14));
  CHECK(closed(of.v, {-1, 0, 0, 1}, {2, 2}, 1e-14));
}

TEST_CASE_TEMPLATE("the vectors of svd are orthonormal, give the matrix back, and have the sign of the largest entry",
                   T, float, double) {
  const double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-13;
  for (const Shape& shape : {Shape{6, 4}, Shape{3, 5}, Shape{2, 4, 4}, Shape{1, 1}, Shape{20, 19}}) {
    const auto a = random(shape).to<T>();
    const auto of = svd(a);
    CHECK(closed(product(of), a, tolerance));
    const std::int64_t k = of.s.size(-1);
    auto identity = Tensor<T>::zeros(shape.rank() == 2 ? Shape{k, k} : Shape{2, k, k});
    for (std::int64_t i = 0; i < identity.size() / k; ++i) identity.mutable_data()[i * k + i % k] = T{1};
    CHECK(closed(matmul(of.u, of.u, {.transpose_a = true}), identity, tolerance));
    CHECK(closed(matmul(of.v, of.v, {.transpose_a = true}), identity, tolerance));
    CHECK(closed(max(of.u, -2), max(abs(of.u), -2), 0));
    for (std::int64_t i = 1; i < k; ++i) CHECK(of.s.data()[i - 1] >= of.s.data()[i]);
  }
}

TEST_CASE("gradients of svd agree with differences to second order") {
  for (const Shape& shape : {Shape{3, 2}, Shape{2, 2}, Shape{2, 3}, Shape{2, 3, 2}, Shape{3, 1}}) {
    const auto a = random(shape, 3);
    CHECK(structure::check([](const auto& v) { return svd(v[0]).u; }, {a}));
    CHECK(structure::check([](const auto& v) { return svd(v[0]).s; }, {a}));
    CHECK(structure::check([](const auto& v) { return svd(v[0]).v; }, {a}));
  }
}

TEST_CASE("the matrix itself, of its decomposition, has the gradient of the matrix") {
  const auto a = variable(random({4, 3}, 2)), weight = random({4, 3}, 9);
  CHECK(closed(grad(sum(product(svd(a)) * weight), {a})[0], weight, 1e-12));
}

TEST_CASE("svd without rows, columns or a batch") {
  CHECK(svd(Value::zeros({3, 0})).u.shape() == Shape{3, 0});
  CHECK(svd(Value::zeros({3, 0})).s.shape() == Shape{0});
  CHECK(svd(Value::zeros({0, 3})).v.shape() == Shape{3, 0});
  CHECK(svd(Value::zeros({0, 2, 3})).v.shape() == Shape{0, 3, 2});
  const auto none = variable(Value::zeros({0, 2, 3}));
  CHECK(grad(sum(svd(none).u), {none})[0].shape() == Shape{0, 2, 3});
}

TEST_CASE("svd refuses gradients of vectors of equal and zero values, other shapes, and NaN") {
  const auto equal_values = variable(Value::from({2, 0, 0, 2}, {2, 2}));
  CHECK(closed(grad(sum(svd(equal_values).s), {equal_values})[0], {1, 0, 0, 1}, {2, 2}, 1e-14));
  CHECK(has(message([&] { grad(sum(svd(equal_values).u), {equal_values}); }), "singular values 0 and 1 of matrix 0"));
  CHECK(has(message([&] { grad(sum(svd(equal_values).v), {equal_values}); }), "singular values 0 and 1 of matrix 0"));
  const auto deficient = variable(Value::from({1, 0, 0, 0}, {2, 2}));
  CHECK(closed(svd(deficient).s.detach(), {1, 0}, {2}, 1e-14));
  CHECK(has(message([&] { grad(sum(svd(deficient).u), {deficient}); }), "singular value 1 of matrix 0 is 0"));
  CHECK(has(message([] { svd(random({3})); }), "svd: a is [3]"));
  CHECK(has(message([] {
              svd(Value::full({2, 2, 2}, NAN));
            }),
            "svd: no convergence for matrix 0 of a, which is [2, 2, 2]"));
}
