// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/eigh.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "ops/structure.hpp"
#include "ops/table.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using table::closed;

namespace {

using Value = Tensor<double>;

}  // namespace

TEST_CASE("eigh of a matrix by hand") {
  const auto [w, v] = eigh(Value::from({2, 1, 1, 2}, {2, 2}));
  CHECK(closed(w, {1, 3}, {2}, 1e-14));
  CHECK(closed(abs(v), Value::full({2, 2}, std::sqrt(0.5)), 1e-14));
  CHECK(v(0, 0) * v(1, 0) < 0);
  CHECK(v(0, 1) * v(1, 1) > 0);
  CHECK(eigh(Value::zeros({0, 0})).values.shape() == Shape{0});
}

TEST_CASE_TEMPLATE("the vectors of eigh are orthonormal and give the symmetric part back", T, float, double) {
  const auto a = random({3, 5, 5}).to<T>();
  const auto [w, v] = eigh(a);
  const double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-13;
  CHECK(closed(matmul(v * unsqueeze(w, -2), v, {.transpose_b = true}), (a + transpose(a, 1, 2)) * T(0.5), tolerance));
  for (std::int64_t k = 0; k < 3; ++k)
    for (std::int64_t i = 0; i < 5; ++i)
      for (std::int64_t j = 0; j < 5; ++j) {
        double dot = 0;
        for (std::int64_t r = 0; r < 5; ++r) dot += static_cast<double>(v(k, r, i)) * static_cast<double>(v(k, r, j));
        CHECK(std::abs(dot - (i == j)) < tolerance);
      }
}

TEST_CASE("gradients of eigh agree with differences to second order") {
  for (const Shape& shape : {Shape{3, 3}, Shape{2, 3, 3}, Shape{1, 1}, Shape{0, 2, 2}, Shape{0, 0}}) {
    CHECK(structure::check([](const auto& v) { return eigh(v[0]).values; }, {random(shape)}));
    CHECK(structure::check([](const auto& v) { return eigh(v[0]).vectors; }, {random(shape)}));
  }
}

TEST_CASE("eigh refuses a gradient of the vectors of equal eigenvalues, and other shapes") {
  const auto a = variable(Value::from({2, 0, 0, 2}, {2, 2}));
  CHECK(closed(grad(sum(eigh(a).values), {a})[0], {1, 0, 0, 1}, {2, 2}));
  CHECK(has(message([&] { grad(sum(eigh(a).vectors), {a}); }), "eigenvalues 0 and 1 of matrix 0 are equal"));
  CHECK(has(message([] { eigh(random({2, 3})); }), "eigh: a is [2, 3]"));
}
