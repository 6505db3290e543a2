// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/rearrange.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::Indices;
using structure::message;
using structure::random;
using table::closed;

namespace {

const auto cube = [](const auto& y) { return y * y * y; };
constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();

}  // namespace

TEST_CASE_TEMPLATE("flip, roll, repeat_interleave and tile agree with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_c_index");
  oracle.check_case<T>("flip", {"input"}, [](const auto& in) { return flip(in[0], {0, -1}); });
  oracle.check_case<T>("flip_middle", {"input"}, [](const auto& in) { return flip(in[0], 1); });
  oracle.check_case<T>("roll", {"input"}, [](const auto& in) { return roll(in[0], {1, -5}, {0, 2}); });
  oracle.check_case<T>("roll_middle", {"input"}, [](const auto& in) { return roll(in[0], 2, -2); });
  for (const int axis : {0, 1})
    oracle.check_case<T>("repeat_interleave" + std::to_string(axis), {"input"},
                         [&](const auto& in) { return repeat_interleave(in[0], 2, axis - 2); });
  const auto counts = oracle.get<std::int64_t>("repeat_counts.in.counts");
  oracle.check_case<T>("repeat_counts", {"input"}, [&](const auto& in) { return repeat_interleave(in[0], counts, 1); });
  oracle.check_case<T>("tile", {"input"}, [](const auto& in) { return tile(in[0], {3, 1, 2}); });
  oracle.check_case<T>("tile_short", {"input"}, [](const auto& in) { return tile(in[0], {2}); });
}

TEST_CASE("vectors of integers are rearranged as the names say") {
  const auto x = Indices::from({1, 2, 3});
  CHECK(closed(flip(x), {3, 2, 1}, {3}));
  CHECK(closed(roll(x, 1, 0), {3, 1, 2}, {3}));
  CHECK(closed(roll(x, -1, 0), {2, 3, 1}, {3}));
  for (const std::int64_t turns : {std::int64_t{0}, std::int64_t{3}, std::int64_t{-6}, huge - huge % 3})
    CHECK(closed(roll(x, turns, 0), x, 0));
  CHECK(closed(roll(x, -huge - 1, 0), {3, 1, 2}, {3}));  // -2^63 is 1 modulo 3
  CHECK(closed(repeat_interleave(x, 2, 0), {1, 1, 2, 2, 3, 3}, {6}));
  CHECK(closed(repeat_interleave(x, Indices::from({0, 1, 2}), 0), {2, 3, 3}, {3}));
  CHECK(closed(tile(x, {2}), {1, 2, 3, 1, 2, 3}, {6}));
  CHECK(closed(tile(Indices::scalar(4), {2, 1}), {4, 4}, {2, 1}));
  CHECK(closed(tile(x, {}), x, 0));
  CHECK(closed(roll(x, {1, 1}, {0, 0}), {2, 3, 1}, {3}));  // the shifts of one axis add up
}

TEST_CASE("scalars, empty tensors and counts of 0") {
  CHECK(flip(Tensor<>::scalar(2)).item() == 2);
  for (const Shape& shape : {Shape{0, 3}, Shape{3, 0}}) {
    const auto x = Tensor<>::empty(shape);
    CHECK(flip(x).shape() == shape);
    CHECK(roll(x, {1, 2}, {0, 1}).shape() == shape);
    CHECK(repeat_interleave(x, 2, 0).shape() == Shape{2 * shape[0], shape[1]});
    CHECK(tile(x, {2, 3}).shape() == Shape{2 * shape[0], 3 * shape[1]});
  }
  const auto x = Tensor<>::ones({2, 3});
  CHECK(repeat_interleave(x, 0, 1).shape() == Shape{2, 0});
  CHECK(repeat_interleave(x, Indices::zeros({3}), 1).shape() == Shape{2, 0});
  CHECK(repeat_interleave(Tensor<>::empty({0, 3}), Indices::empty({0}), 0).shape() == Shape{0, 3});
  CHECK(tile(x, {0, 1, 2}).shape() == Shape{0, 2, 6});
}

TEST_CASE("gradients of rearranged tensors agree with differences to second order") {
  const auto x = random({2, 3, 2});
  for (const int axis : {0, 1, 2}) {
    CHECK(structure::check([&](const auto& v) { return cube(flip(v[0], axis)); }, {x}));
    CHECK(structure::check([&](const auto& v) { return cube(roll(v[0], 1, axis)); }, {x}));
    CHECK(structure::check([&](const auto& v) { return cube(repeat_interleave(v[0], 3, axis)); }, {x}));
  }
  CHECK(structure::check([](const auto& v) { return cube(flip(v[0])); }, {x}));
  CHECK(structure::check(
      [](const auto& v) {
        return cube(repeat_interleave(v[0], Indices::from({2, 0, 1}), 1));
      },
      {x}));
  CHECK(structure::check([](const auto& v) { return cube(tile(v[0], {2, 1, 2, 3})); }, {x}));
}

TEST_CASE("rearrangements refuse wrong axes, shifts and counts") {
  const auto x = random({2, 3});
  CHECK(has(message([&] { flip(x, 2); }), "flip: axis 2 is outside shape [2, 3]"));
  CHECK(has(message([&] { flip(x, {1, -1}); }), "flip: axis -1 of shape [2, 3] is named twice"));
  CHECK(has(message([&] { roll(x, 1, -3); }), "roll: axis -3 is outside shape [2, 3]"));
  CHECK(has(message([&] { roll(x, {1, 2}, {0}); }), "roll: 2 shifts and 1 axes for shape [2, 3]"));
  CHECK(has(message([&] { repeat_interleave(x, 2, 5); }), "repeat_interleave: axis 5"));
  CHECK(has(message([&] { repeat_interleave(x, -1, 0); }), "repeat_interleave: count -1 for axis 0 of shape [2, 3]"));
  CHECK(has(message([&] { repeat_interleave(x, huge, 0); }), "repeat_interleave: count 9223372036854775807"));
  CHECK(
      has(message([&] { repeat_interleave(x, Indices::from({1}), 0); }), "counts are [1] for axis 0 of shape [2, 3]"));
  CHECK(has(message([&] { repeat_interleave(x, Indices::from({1, -2}), 0); }), "count -2 for axis 0"));
  CHECK(has(message([&] { repeat_interleave(x, Indices::from({huge, huge}), 0); }), "not that large"));
  CHECK(has(message([&] { repeat_interleave(x, Indices::from({huge, 0}), 0); }), "too many elements"));
  CHECK(has(message([&] { tile(x, {1, -2}); }), "tile: count -2 for axis 1 of [2, 3]"));
  CHECK(has(message([&] { tile(x, {huge, 1}); }), "tile: count 9223372036854775807 for axis 0 of [2, 3]"));
  CHECK(has(message([&] { tile(x, {1, 1, 1, 1, 1, 1, 1, 1, 1}); }), "rank above 8"));
}
