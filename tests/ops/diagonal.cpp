// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/diagonal.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
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

const auto cube = [](const auto& y) { return y * y * y; };
constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();

}  // namespace

TEST_CASE_TEMPLATE("diagonals and triangles agree with PyTorch at each offset", T, float, double) {
  const test::Oracle oracle("ops_c_index");
  for (const auto& [axis1, axis2, k] : {std::array{0, 1, -2}, {2, 0, 1}, {1, 2, 0}})
    oracle.check_case<T>("diagonal" + std::to_string(axis1) + std::to_string(axis2) + "_" + std::to_string(k),
                         {"input"}, [&, a = axis1, b = axis2, offset = k](const auto& in) {
                           return diagonal(in[0], {.offset = offset, .axis1 = a - 3, .axis2 = b});
                         });
  for (const int k : {-1, 0, 2}) {
    const std::string of = "_" + std::to_string(k);
    oracle.check_case<T>("diag_embed" + of, {"input"}, [&](const auto& in) { return diag_embed(in[0], k); });
    oracle.check_case<T>("tril" + of, {"input"}, [&](const auto& in) { return tril(in[0], k); });
    oracle.check_case<T>("triu" + of, {"input"}, [&](const auto& in) { return triu(in[0], k); });
  }
  oracle.check_case<T>("diag_vector", {"input"}, [](const auto& in) { return diag(in[0], -1); });
  oracle.check_case<T>("diag_matrix", {"input"}, [](const auto& in) { return diag(in[0], 2); });
  oracle.check_case<T>("trace", {"input"}, [](const auto& in) { return trace(in[0]); });
}

TEST_CASE("the last two axes are the matrices by default") {
  const auto x = Tensor<std::int64_t>::from({1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 2});
  CHECK(closed(diagonal(x), {1, 4, 5, 8}, {2, 2}));
  CHECK(closed(diagonal(x, {.offset = -1}), {3, 7}, {2, 1}));
  CHECK(closed(trace(x), {5, 13}, {2}));
  CHECK(closed(tril(x), {1, 0, 3, 4, 5, 0, 7, 8}, {2, 2, 2}));
  CHECK(closed(triu(x, 1), {0, 2, 0, 0, 0, 6, 0, 0}, {2, 2, 2}));
}

TEST_CASE("eye is the identity") {
  CHECK(closed(eye<double>(3), Tensor<double>::from({1, 0, 0, 0, 1, 0, 0, 0, 1}, {3, 3}), 0));
  CHECK(eye(0).shape() == Shape{0, 0});
}

TEST_CASE("offsets outside the matrix leave nothing or everything") {
  const auto x = random({2, 3});
  for (const std::int64_t k : {std::int64_t{3}, std::int64_t{-2}, huge, -huge - 1}) {
    CHECK(diagonal(x, {.offset = k}).shape() == Shape{0});
    CHECK(closed(k > 0 ? tril(x, k) : triu(x, k), x, 0));
  }
  for (const std::int64_t k : {std::int64_t{3}, huge}) CHECK(closed(triu(x, k), {0, 0, 0, 0, 0, 0}, {2, 3}));
  for (const std::int64_t k : {std::int64_t{-2}, -huge - 1}) CHECK(closed(tril(x, k), {0, 0, 0, 0, 0, 0}, {2, 3}));
}

TEST_CASE("what a triangle cuts off need not be finite") {
  const double nan = std::nan(""), inf = INFINITY;
  const auto x = variable(Tensor<double>::from({1, nan, inf, 2}, {2, 2}));
  CHECK(closed(tril(triu(x)), {1, 0, 0, 2}, {2, 2}));
  CHECK(closed(tril(x), {1, 0, inf, 2}, {2, 2}));
  CHECK(closed(grad(sum(tril(x, -1)), {x})[0], {0, 0, 1, 0}, {2, 2}));
}

TEST_CASE("empty matrices and single elements have diagonals and triangles") {
  CHECK(diagonal(Tensor<>::empty({0, 3})).shape() == Shape{0});
  CHECK(diagonal(Tensor<>::empty({0, 3, 4})).shape() == Shape{0, 3});
  CHECK(diagonal(Tensor<>::from({7}, {1, 1})).item() == 7);
  CHECK(closed(diag_embed(Tensor<>::empty({2, 0}), 1), {0, 0}, {2, 1, 1}));
  CHECK(closed(diag(Tensor<>::empty({0})), {}, {0, 0}));
  CHECK(closed(trace(Tensor<>::empty({2, 0, 3})), {0, 0}, {2}));
  for (const Shape& shape : {Shape{0, 3}, Shape{3, 0}, Shape{0, 2, 2}, Shape{1, 1}}) {
    CHECK(tril(Tensor<>::ones(shape)).shape() == shape);
    CHECK(triu(Tensor<>::ones(shape), -1).shape() == shape);
  }
}

TEST_CASE("gradients of diagonals and triangles agree with differences to second order") {
  const auto x = random({2, 3, 4});
  for (const int k : {-1, 0, 2}) {
    CHECK(structure::check([&](const auto& v) { return cube(diagonal(v[0], {.offset = k, .axis1 = 2, .axis2 = 0})); },
                           {x}));
    CHECK(structure::check([&](const auto& v) { return cube(diag_embed(v[0], k)); }, {random({2, 3})}));
    CHECK(structure::check([&](const auto& v) { return cube(tril(v[0], k)); }, {x}));
    CHECK(structure::check([&](const auto& v) { return cube(triu(v[0], k)); }, {x}));
  }
  CHECK(structure::check([](const auto& v) { return cube(trace(v[0])); }, {x}));
}

TEST_CASE("diagonals and triangles refuse wrong axes, ranks and sizes") {
  const auto x = random({2, 3}), vector = random({3});
  CHECK(has(message([&] { diagonal(vector); }), "diagonal: axis -2 is outside shape [3]"));
  CHECK(has(message([&] { diagonal(x, {.axis1 = 1, .axis2 = -1}); }),
            "diagonal: axes 1 and -1 of shape [2, 3] are the same"));
  CHECK(has(message([] { diag_embed(random({})); }), "diag_embed: x is []"));
  CHECK(has(message([&] { diag_embed(vector, huge); }), "diag_embed: offset 9223372036854775807 for x of [3]"));
  CHECK(has(message([&] { diag_embed(vector, -huge - 1); }), "diag_embed: offset -9223372036854775808 for x of [3]"));
  CHECK(has(message([&] { diag_embed(vector, huge / 2); }), "too many elements"));
  CHECK(has(message([] { diag(random({2, 2, 2})); }), "diag: x is [2, 2, 2]"));
  CHECK(has(message([] { diag(random({})); }), "diag: x is []"));
  CHECK(has(message([&] { tril(vector); }), "tril: x is [3]"));
  CHECK(has(message([&] { triu(vector); }), "triu: x is [3]"));
}
