// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/solve.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "cpu/reference.hpp"
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

/// Random matrices that are far from singular.
Value regular(const Shape& shape, std::uint64_t seed = 1) {
  const auto a = random(shape, seed);
  const std::int64_t n = a.size(-1);
  double* values = a.mutable_data();
  for (std::int64_t row = 0; n != 0 && row < a.size() / n; ++row) values[row * n + row % n] += 4;
  return a;
}

}  // namespace

TEST_CASE_TEMPLATE("solve, inverse and determinants agree with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_b_linalg");
  for (const std::string of : {"", "_batch"}) {
    oracle.check_case<T>("solve" + of, {"a", "b"}, [](const auto& in) { return solve(in[0], in[1]); });
    oracle.check_case<T>("inverse" + of, {"a"}, [](const auto& in) { return inverse(in[0]); });
    oracle.check_case<T>("slogdet" + of, {"a"}, [](const auto& in) { return slogdet(in[0]).log_abs; });
    oracle.check("slogdet_sign" + of, slogdet(oracle.get<T>("slogdet" + of + ".in.a")).sign);
    oracle.check_case<T>("logdet" + of, {"a"}, [](const auto& in) {
      const auto identity = solve(in[0].detach(), in[0].detach());
      return logdet(matmul(in[0], in[0], {.transpose_b = true}) + identity);
    });
  }
  oracle.check_case<T>("solve_vector", {"a", "b"}, [](const auto& in) { return solve(in[0], in[1]); });
}

TEST_CASE("gradients of solve, inverse and slogdet agree with differences to second order") {
  for (const Shape& shape : {Shape{3, 3}, Shape{2, 3, 3}, Shape{1, 1}, Shape{0, 2, 2}, Shape{0, 0}}) {
    const auto a = regular(shape), b = random(shape.with(-1, 2), 2);
    CHECK(structure::check([](const auto& v) { return solve(v[0], v[1]); }, {a, b}));
    CHECK(structure::check([&](const auto& v) { return solve(v[0], b); }, {a}));
    CHECK(structure::check([&](const auto& v) { return solve(a, v[0] * v[0]); }, {b}));
    CHECK(structure::check([](const auto& v) { return inverse(v[0]); }, {a}));
    CHECK(structure::check([](const auto& v) { return slogdet(v[0]).log_abs; }, {a}));
    CHECK(structure::check([](const auto& v) { return logdet(v[0]); }, {a}));
  }
  CHECK(structure::check([](const auto& v) { return solve(v[0], v[1]); }, {regular({3, 3}), random({3})}));
}

TEST_CASE("a zero pivot that another row can replace is no obstacle") {
  const auto a = Value::from({0, 1, 2, 0}, {2, 2});
  CHECK(closed(solve(a, Value::from({3, 8})), {4, 3}, {2}));
  const auto d = slogdet(a);
  CHECK(closed(d.sign, {-1}, {}));
  CHECK(closed(d.log_abs, {std::log(2.0)}, {}));
  CHECK(std::isnan(logdet(a).item()));
}

TEST_CASE("the determinant of a large matrix does not overflow, of a singular one is 0, of none 1") {
  const auto large = slogdet(inverse(Value::from({1e-300, 0, 0, -1e-300}, {2, 2})));
  CHECK(closed(large.log_abs, {600 * std::log(10.0)}, {}));
  CHECK(large.sign.item() == -1);
  const auto singular = slogdet(Value::from({1, 2, 2, 4}, {2, 2}));
  CHECK(singular.sign.item() == 0);
  CHECK(singular.log_abs.item() == -INFINITY);
  CHECK(logdet(Value::from({1, 2, 2, 4}, {2, 2})).item() == -INFINITY);
  CHECK(slogdet(Value::zeros({0, 0})).sign.item() == 1);
  CHECK(slogdet(Value::zeros({0, 0})).log_abs.item() == 0);
  CHECK(std::isnan(solve(Value::from({NAN, 0, 0, 1}, {2, 2}), Value::ones({2}))(0)));
  CHECK(std::isnan(slogdet(Value::from({NAN, 0, 0, 1}, {2, 2})).log_abs.item()));
}

TEST_CASE("solve has the same bits on any number of threads") {
  CHECK(reference::same_at_any_thread_count([] {
    const auto y = solve(regular({7, 20, 20}), random({7, 20, 3}));
    return std::vector<double>(y.data(), y.data() + y.size());
  }));
}

TEST_CASE("solve refuses singular matrices and wrong sizes") {
  const auto a = regular({3, 2, 2});
  for (const int i : {4, 5}) a.mutable_data()[i] = 0;
  CHECK(has(message([&] { solve(a, random({3, 2, 1})); }), "solve: matrix 1 of a, which is [3, 2, 2], is singular"));
  CHECK(has(message([&] { inverse(a); }), "inverse: matrix 1 of a"));
  const auto v = variable(a);
  CHECK(has(message([&] { grad(sum(slogdet(v).log_abs), {v}); }), "matrix 1 of a"));
  CHECK(has(message([] { solve(random({2, 3}), random({2, 1})); }), "solve: a is [2, 3]"));
  CHECK(has(message([] { slogdet(random({2})); }), "slogdet: a is [2]"));
  CHECK(has(message([] { solve(random({2, 2}), random({3, 1})); }), "a is [2, 2] and b is [3, 1]"));
  CHECK(has(message([] { solve(random({2, 2, 2}), random({3, 2, 1})); }), "a is [2, 2, 2] and b is [3, 2, 1]"));
  CHECK(has(message([] { solve(random({2, 2, 2}), random({2})); }), "a is [2, 2, 2] and b is [2]"));
}
