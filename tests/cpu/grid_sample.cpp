// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/grid_sample.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;

namespace {

struct Places {
  std::vector<double> position, slope;
};

Places places(const kernel::GridAxis& axis, const std::vector<double>& in) {
  Places result{in, in};
  kernel::grid_positions(Cpu{}, static_cast<std::int64_t>(in.size()), axis, in.data(), result.position.data(),
                         result.slope.data());
  return result;
}

}  // namespace

TEST_CASE("coordinates become positions of pixels, with their slopes") {
  const double inf = INFINITY;
  auto at = places({.n = 4}, {-inf, -1, -0.5, 0, 0.7, 1, 9});
  CHECK(at.position == std::vector<double>{0, 0, 0.5, 1.5, 1.7 * 4 / 2 - 0.5, 3, 3});
  CHECK(at.slope == std::vector<double>{0, 0, 2, 2, 2, 0, 0});
  at = places({.n = 4, .margin = 2}, {-9, -2, -1, 0, 1, 2, inf});
  CHECK(at.position == std::vector<double>{0, 0, 1.5, 3.5, 5.5, 7, 7});
  CHECK(at.slope == std::vector<double>{0, 0, 2, 2, 2, 0, 0});
  at = places({.n = 5, .align_corners = true}, {-1, -0.25, 0.25, 1});
  CHECK(at.position == std::vector<double>{0, 1.5, 2.5, 4});
  CHECK(at.slope == std::vector<double>{0, 2, 2, 0});
}

TEST_CASE("reflection turns back at both ends") {
  auto at = places({.n = 5, .align_corners = true, .reflect = true}, {-3.5, -2.5, -1.25, 0.25, 1.25, 3.25, 5.25, 1});
  CHECK(at.position == std::vector<double>{3, 3, 0.5, 2.5, 3.5, 0.5, 3.5, 4});
  CHECK(at.slope == std::vector<double>{2, -2, -2, 2, -2, 2, -2, 0});
  // Without aligned corners it turns at the outer edges, and the half pixels beyond the middles are one value.
  at = places({.n = 2, .reflect = true}, {-1.75, -1.25, -1, -0.25, 0.75, 1.25, 1.75, 2.25});
  CHECK(at.position == std::vector<double>{0.25, 0, 0, 0.25, 1, 1, 0.75, 0.25});
  CHECK(at.slope == std::vector<double>{-1, 0, 0, 1, 0, 0, -1, -1});
  CHECK(places({.n = 1, .align_corners = true, .reflect = true}, {-7, 0, 7}).position == std::vector<double>{0, 0, 0});
}

TEST_CASE("indices count pixels image by image, and stay inside") {
  const double none = NAN;
  const std::vector<double> row{0, 1, 2, none, 1, 0}, column{0, 3, 1, 2, none, 3};
  std::vector<std::int64_t> indices(6);
  kernel::pixel_indices(Cpu{}, 2, 3, 3, 4, 0, 0, row.data(), column.data(), indices.data());
  CHECK(indices == std::vector<std::int64_t>{0, 7, 9, 12 + 2, 12 + 4, 12 + 3});
  kernel::pixel_indices(Cpu{}, 2, 3, 3, 4, 1, 1, row.data(), column.data(), indices.data());
  CHECK(indices == std::vector<std::int64_t>{5, 11, 10, 12 + 3, 12 + 8, 12 + 7});
}
