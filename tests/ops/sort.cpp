// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/sort.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "cpu/reference.hpp"
#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "regimen/ops/slice.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::Indices;
using structure::message;
using structure::random;
using table::closed;

TEST_CASE_TEMPLATE("sort, argsort and topk agree with PyTorch along each axis", T, float, double) {
  const test::Oracle oracle("ops_a_scan");
  for (const bool down : {false, true})
    for (const int axis : {0, 1, 2}) {
      const std::string of = std::string(down ? "_descending" : "_ascending") + std::to_string(axis);
      oracle.check_case<T>("sort" + of, {"input"},
                           [&](const auto& in) { return sort(in[0], axis, {.descending = down}).values; });
      oracle.check_case<T>("topk" + of, {"input"},
                           [&](const auto& in) { return topk(in[0], 2, axis - 3, {.largest = down}).values; });
      const auto x = oracle.get<T>("sort" + of + ".in.input");
      const auto order = oracle.get<std::int64_t>("argsort" + of);
      CHECK(closed(argsort(x, axis, {.descending = down}), order, 0));
      CHECK(closed(sort(x, axis, {.descending = down}).indices, order, 0));
      CHECK(closed(topk(x, 2, axis, {.largest = down}).indices, oracle.get<std::int64_t>("argtopk" + of), 0));
    }
}

TEST_CASE_TEMPLATE("NaN is above infinity, and equal elements keep their order, as in PyTorch", T, float, double) {
  const test::Oracle oracle("ops_a_scan");
  const auto x = oracle.get<T>("special");
  for (const bool down : {false, true}) {
    const std::string of = down ? "descending" : "ascending";
    const auto [values, indices] = sort(x, 1, {.descending = down});
    CHECK(closed(values, oracle.get<double>("special_" + of), 0));
    CHECK(closed(indices, oracle.get<std::int64_t>("special_arg_" + of), 0));
    for (std::int64_t k = 0; k <= x.size(1); ++k)
      CHECK(closed(topk(x, k, 1, {.largest = down}).indices, slice(indices, 1, 0, k), 0));
  }
}

TEST_CASE("gradients of sorted values go to where they came from") {
  const auto x = random({3, 5, 2});
  for (const int axis : {0, 1, 2}) {
    CHECK(structure::check(
        [&](const auto& v) {
          const auto y = sort(v[0], axis, {.descending = axis == 1}).values;
          return y * y * y;
        },
        {x}));
    CHECK(structure::check(
        [&](const auto& v) {
          const auto y = topk(v[0], 2, axis, {.largest = axis != 1}).values;
          return y * y * y;
        },
        {x}));
  }
  const auto ties = variable(Tensor<>::from({2, 1, 2}));
  CHECK(closed(grad(sum(topk(ties, 1).values), {ties})[0], {1, 0, 0}, {3}));
}

TEST_CASE("empty tensors, one element and integers are sorted") {
  CHECK(sort(Tensor<>::empty({0, 3}), 1).indices.shape() == Shape{0, 3});
  CHECK(sort(Tensor<>::empty({0, 3}), 0).values.shape() == Shape{0, 3});
  CHECK(topk(Tensor<>::empty({3, 2}), 0, 1).values.shape() == Shape{3, 0});
  CHECK(sort(Tensor<>::from({7}, {1, 1}), 0).values.item() == 7);
  CHECK(closed(sort(Indices::from({3, -1, 2})).values, {-1, 2, 3}, {3}));
}

TEST_CASE("sorting has the same result at any thread count") {
  const auto x = Rng(1).uniform({100, 2000}, 0, 1);
  CHECK(reference::same_at_any_thread_count([&] {
    const auto y = argsort(x);
    return std::vector<std::int64_t>(y.data(), y.data() + y.size());
  }));
}

TEST_CASE("sorts refuse wrong axes and counts") {
  const auto x = random({2, 3});
  CHECK(has(message([&] { sort(x, 2); }), "sort: axis 2 is outside shape [2, 3]"));
  CHECK(has(message([&] { argsort(Tensor<>::scalar(1)); }), "argsort: axis -1 is outside shape []"));
  CHECK(has(message([&] { topk(x, 3, 0); }), "topk: k is 3 for axis 0 of shape [2, 3]"));
  CHECK(has(message([&] { topk(x, -1); }), "k is -1 for axis -1"));
}
