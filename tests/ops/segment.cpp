// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/segment.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::Indices;
using structure::message;
using structure::random;
using structure::Value;
using table::closed;

namespace {

const auto cube = [](const auto& y) { return y * y * y; };
const auto unsorted = [] { return Indices::from({3, 0, 3, 4, 0, 3}); };  // none of 1 and 2

}  // namespace

TEST_CASE_TEMPLATE("segment_sum, _mean and _max agree with PyTorch, with empty segments and ties", T, float, double) {
  const test::Oracle oracle("ops_c_index");
  const auto ids = unsorted();
  oracle.check_case<T>("segment_sum", {"values"}, [&](const auto& in) { return segment_sum(in[0], ids, 5); });
  oracle.check_case<T>("segment_mean", {"values"}, [&](const auto& in) { return segment_mean(in[0], ids, 5); });
  oracle.check_case<T>("segment_amax", {"values"}, [&](const auto& in) { return segment_max(in[0], ids, 5); });
  oracle.check_case<T>("segment_amax_ties", {"values"}, [&](const auto& in) { return segment_max(in[0], ids, 5); });
}

TEST_CASE("segments of vectors, and of negative and infinite values") {
  const auto ids = Indices::from({2, 0, 2, 2});
  const auto values = Value::from({-4, -INFINITY, -2, -3});
  CHECK(closed(segment_sum(values, ids, 4), {-INFINITY, 0, -9, 0}, {4}));
  CHECK(closed(segment_mean(values, ids, 4), {-INFINITY, 0, -3, 0}, {4}));
  CHECK(closed(segment_max(values, ids, 4), {-INFINITY, 0, -2, 0}, {4}));
  for (const bool first : {true, false}) {
    const auto of = Value::from({first ? NAN : 1.0, first ? 1.0 : NAN, 5}, {3});
    CHECK(closed(segment_max(of, Indices::from({1, 1, 0}), 2), {5, NAN}, {2}));
  }
}

TEST_CASE("no rows, no segments, one row") {
  for (const auto& f : {segment_sum<float, Cpu>, segment_mean<float, Cpu>, segment_max<float, Cpu>}) {
    CHECK(closed(f(Tensor<>::empty({0, 2}), Indices::empty({0}), 2), {0, 0, 0, 0}, {2, 2}));
    CHECK(f(Tensor<>::empty({0, 2}), Indices::empty({0}), 0).shape() == Shape{0, 2});
    CHECK(f(Tensor<>::empty({2, 0}), Indices::zeros({2}), 1).shape() == Shape{1, 0});
    CHECK(closed(f(Tensor<>::from({3}), Indices::from({0}), 1), {3}, {1}));
  }
}

TEST_CASE("gradients of segments agree with differences to second order") {
  const auto ids = unsorted();
  const auto x = random({6, 2, 2});
  CHECK(structure::check([&](const auto& v) { return cube(segment_sum(v[0], ids, 5)); }, {x}));
  CHECK(structure::check([&](const auto& v) { return cube(segment_mean(v[0], ids, 5)); }, {x}));
  CHECK(structure::check([&](const auto& v) { return cube(segment_max(v[0], ids, 5)); }, {x}));
}

TEST_CASE("segments refuse wrong shapes, counts and ids") {
  const auto x = random({3, 2});
  const auto ids = Indices::from({0, 1, 1});
  for (const auto& f : {segment_sum<double, Cpu>, segment_mean<double, Cpu>, segment_max<double, Cpu>}) {
    CHECK(has(message([&] { f(random({}), Indices::zeros({1}), 2); }), "values are [] and ids [1]"));
    CHECK(has(message([&] { f(x, Indices::zeros({2}), 2); }), "values are [3, 2] and ids [2]"));
    CHECK(has(message([&] { f(x, Indices::zeros({3, 2}), 2); }), "values are [3, 2] and ids [3, 2]"));
    CHECK(has(message([&] { f(x, ids, -1); }), "-1 segments for values of [3, 2]"));
    CHECK(has(message([&] { f(x, ids, 1); }), "index 1 at position [1] of [3], values are [3, 2]"));
    CHECK(has(message([&] { f(x, Indices::from({0, 0, -1}), 1); }), "index -1 at position [2]"));
  }
  CHECK(has(message([&] { segment_sum(x, ids, 1); }), "segment_sum: "));
  CHECK(has(message([&] { segment_mean(x, ids, 1); }), "segment_mean: "));
  CHECK(has(message([&] { segment_max(x, ids, 1); }), "segment_max: "));
}
