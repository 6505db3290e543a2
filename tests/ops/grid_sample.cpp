// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/grid_sample.hpp"

#include <doctest/doctest.h>

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

using Value = Tensor<double>;

const std::pair<std::string, GridPadding> paddings[] = {
    {"zeros", GridPadding::zeros}, {"border", GridPadding::border}, {"reflection", GridPadding::reflection}};

/// A row of three pixels, 1, 2 and 4, at the given places, where -1 and 1 are the middles of the outer pixels.
Value row(std::initializer_list<double> places, const GridSampleOptions& options) {
  const auto x = Value::from({1, 2, 4}, {1, 1, 1, 3});
  const auto grid = Value::zeros({1, 1, static_cast<std::int64_t>(places.size()), 2});
  double* to = grid.mutable_data();
  for (const double place : places) *to = place, to += 2;
  return grid_sample(x, grid, {.mode = options.mode, .padding = options.padding, .align_corners = true});
}

}  // namespace

TEST_CASE_TEMPLATE("grids and samples agree with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_d_spatial");
  for (const bool align : {false, true}) {
    const std::string suffix = align ? "_aligned" : "";
    oracle.check_case<T>("affine_grid" + suffix, {"theta"}, [&](const auto& in) {
      return affine_grid(in[0], {3, 4}, {.align_corners = align});
    });
    for (const auto& [name, way] : paddings) {
      GridSampleOptions options{.padding = way, .align_corners = align};
      oracle.check_case<T>("bilinear_" + name + suffix, {"input", "grid"},
                           [&](const auto& in) { return grid_sample(in[0], in[1], options); });
      options.mode = GridMode::nearest;
      const auto grid = oracle.get<T>("nearest_" + name + suffix + ".in.grid");
      oracle.check_case<T>("nearest_" + name + suffix, {"input"},
                           [&](const auto& in) { return grid_sample(in[0], grid, options); });
    }
  }
}

TEST_CASE("a grid without a change gives the image") {
  const auto x = random({2, 3, 4, 5}), identity = Value::from({1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0}, {2, 2, 3});
  for (const bool align : {false, true})
    for (const auto& [name, way] : paddings)
      for (const GridMode mode : {GridMode::bilinear, GridMode::nearest})
        CHECK(closed(grid_sample(x, affine_grid(identity, {4, 5}, {.align_corners = align}),
                                 {.mode = mode, .padding = way, .align_corners = align}),
                     x, 1e-14));
  const auto mirrored = affine_grid(Value::from({-1, 0, 0, 0, 1, 0}, {1, 2, 3}), {1, 2});
  CHECK(closed(grid_sample(Value::from({3, 7}, {1, 1, 1, 2}), mirrored), {7, 3}, {1, 1, 1, 2}));
}

TEST_CASE("what is outside is 0, the border, or mirrored") {
  const auto places = {-4.0, -3.0, -1.5, -0.5, 0.5, 1.0, 1.25, 1e30};
  CHECK(closed(row(places, {.padding = GridPadding::zeros}), {0, 0, 0.5, 1.5, 3, 4, 3, 0}, {1, 1, 1, 8}));
  CHECK(closed(row(places, {.padding = GridPadding::border}), {1, 1, 1, 1.5, 3, 4, 4, 4}, {1, 1, 1, 8}));
  CHECK(closed(row({-4, -3, -1.5, -0.5, 0.5, 1, 1.25, 5.5}, {.padding = GridPadding::reflection}),
               {2, 4, 1.5, 1.5, 3, 4, 3.5, 3}, {1, 1, 1, 8}));
  const auto nearest = [&](GridPadding padding) {
    return row({-3, -1.6, -1.4, -0.6, -0.4, 0.6, 1.4, 1.6}, {.mode = GridMode::nearest, .padding = padding});
  };
  CHECK(closed(nearest(GridPadding::zeros), {0, 0, 1, 1, 2, 4, 4, 0}, {1, 1, 1, 8}));
  CHECK(closed(nearest(GridPadding::border), {1, 1, 1, 1, 2, 4, 4, 4}, {1, 1, 1, 8}));
  CHECK(closed(nearest(GridPadding::reflection), {4, 2, 1, 1, 2, 4, 4, 2}, {1, 1, 1, 8}));
}

TEST_CASE("places that are infinite or NaN do no harm, and pixels that are do none elsewhere") {
  const double inf = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();
  CHECK(closed(row({-inf, inf, none}, {}), {0, 0, none}, {1, 1, 1, 3}));
  CHECK(closed(row({-inf, inf, none}, {.padding = GridPadding::border}), {1, 4, none}, {1, 1, 1, 3}));
  CHECK(closed(row({-inf, inf, none}, {.padding = GridPadding::reflection}), {none, none, none}, {1, 1, 1, 3}));
  CHECK(closed(row({-inf, inf}, {.mode = GridMode::nearest}), {0, 0}, {1, 1, 1, 2}));
  const auto grid = Value::from({-5, 0, 0.5, 0, 9, 9}, {1, 1, 3, 2});
  CHECK(closed(grid_sample(Value::from({inf, 1}, {1, 1, 1, 2}), grid), {0, 1, 0}, {1, 1, 1, 3}));
}

TEST_CASE("images of one pixel, no channels and no places") {
  const auto pixel = Value::full({1, 1, 1, 1}, 5), grid = Value::from({0, 0, 0.5, -0.5, 3, 3}, {1, 1, 3, 2});
  CHECK(closed(grid_sample(pixel, grid), {5, 5 * 0.75 * 0.75, 0}, {1, 1, 1, 3}));
  for (const bool align : {false, true})
    for (const GridPadding way : {GridPadding::border, GridPadding::reflection})
      CHECK(closed(grid_sample(pixel, grid, {.padding = way, .align_corners = align}), {5, 5, 5}, {1, 1, 1, 3}));
  CHECK(grid_sample(Value::empty({0, 2, 3, 3}), Value::empty({0, 4, 5, 2})).shape() == Shape{0, 2, 4, 5});
  CHECK(grid_sample(Value::empty({2, 0, 3, 3}), Value::zeros({2, 4, 5, 2})).shape() == Shape{2, 0, 4, 5});
  CHECK(grid_sample(Value::ones({2, 1, 3, 3}), Value::empty({2, 0, 5, 2})).shape() == Shape{2, 1, 0, 5});
  CHECK(closed(affine_grid(Value::from({1, 2, 3, 4, 5, 6}, {1, 2, 3}), 1, {.align_corners = true}), {3, 6},
               {1, 1, 1, 2}));
}

TEST_CASE("gradients of sampling agree with differences to second order") {
  const auto x = random({2, 2, 3, 3}, 1), grid = table::random({2, 2, 2, 2}, 7, -2.5, 2.5);
  for (const bool align : {false, true})
    for (const auto& padding : paddings) {
      CAPTURE(padding.first);
      const GridSampleOptions options{.padding = padding.second, .align_corners = align};
      CHECK(structure::check([&](const auto& v) { return square(grid_sample(v[0], v[1], options)); }, {x, grid}));
    }
  CHECK(structure::check([&](const auto& v) { return square(grid_sample(v[0], grid, {.mode = GridMode::nearest})); },
                         {x}));
  CHECK(structure::check(
      [](const auto& v) {
        return grid_sample(v[0], affine_grid(v[1], {2, 3}));
      },
      {x, random({2, 2, 3}, 4) * 0.4}));
}

TEST_CASE("sampling refuses shapes that do not agree") {
  const auto x = random({2, 1, 3, 3}), grid = random({2, 2, 2, 2});
  CHECK(has(message([&] {
              grid_sample(x, random({1, 2, 2, 2}));
            }),
            "grid_sample: x is [2, 1, 3, 3] and the grid [1, 2, 2, 2]"));
  CHECK(has(message([&] { grid_sample(x, random({2, 2, 2, 3})); }), "the grid [2, 2, 2, 3]"));
  CHECK(has(message([&] { grid_sample(x, random({2, 2, 2})); }), "the grid [2, 2, 2]"));
  CHECK(has(message([&] { grid_sample(random({2, 3, 3}), grid); }), "x is [2, 3, 3]"));
  CHECK(has(message([&] { grid_sample(Value::empty({2, 1, 0, 3}), grid); }), "x is [2, 1, 0, 3]"));
  CHECK(has(message([&] { affine_grid(random({2, 3}), 4); }), "affine_grid: theta is [2, 3] for images of [4, 4]"));
  CHECK(has(message([&] { affine_grid(random({1, 2, 3}), {-1, 4}); }), "for images of [-1, 4]"));
}
