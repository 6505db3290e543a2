// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// What holds for every schedule; a new one adds a row.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "regimen/optim/schedule/cosine.hpp"
#include "regimen/optim/schedule/exponential.hpp"
#include "regimen/optim/schedule/inverse_square_root.hpp"
#include "regimen/optim/schedule/join.hpp"
#include "regimen/optim/schedule/linear.hpp"
#include "regimen/optim/schedule/one_cycle.hpp"
#include "regimen/optim/schedule/polynomial.hpp"
#include "regimen/optim/schedule/step_decay.hpp"
#include "regimen/optim/schedule/triangular.hpp"
#include "regimen/optim/schedule/warmup_stable_decay.hpp"

using namespace regimen;

namespace {

constexpr std::int64_t never = -1;

struct Row {
  const char* name;
  Schedule schedule;
  double low, high;     // bounds of all its values
  std::int64_t rises;   // it does not fall before this step,
  std::int64_t falls;   // nor rise from here to the end
  std::int64_t end;     // constant from here on; never where it has no end
  double largest_step;  // the largest change from one step to the next
};

const Row rows[] = {
    {"constant", 0.5, 0.5, 0.5, 0, 0, 0, 0},
    {"linear_schedule", linear_schedule({.initial = 1, .final = 0.1, .steps = 900}), 0.1, 1, 0, 0, 900, 0.00101},
    {"linear_warmup", linear_warmup({.peak = 1, .warmup = 100}), 0, 1, 100, 100, 100, 0.0101},
    {"cosine", cosine({.peak = 1, .final = 0.1, .steps = 900}), 0.1, 1, 0, 0, 900, 0.00158},
    {"cosine", cosine({.peak = 1, .final = 0.1, .steps = 100, .cycles = 3}), 0.1, 1, 0, 200, 300, 0.91},
    {"warmup_cosine", warmup_cosine({.peak = 1, .warmup = 100, .steps = 1000}), 0, 1, 100, 100, 1000, 0.0101},
    {"step_decay", step_decay({.initial = 1, .factor = 0.5, .every = 100, .drops = 4}), 0.0625, 1, 0, 0, 400, 0.5},
    {"exponential", exponential({.initial = 1, .rate = 0.99, .minimum = 0.01}), 0.01, 1, 0, 0, 460, 0.0101},
    {"geometric", geometric({.initial = 0.01, .final = 1, .steps = 500}), 0.01, 1, 500, 500, 500, 0.0093},
    {"polynomial", polynomial({.initial = 1, .power = 0.9, .steps = 500}), 0, 1, 0, 0, 500, 0.004},
    {"inverse_square_root", inverse_square_root({.peak = 1, .warmup = 100}), 0, 1, 99, 99, never, 0.0101},
    {"inverse_square_root", noam({.factor = 10, .width = 100, .warmup = 100}), 0, 0.1001, 99, 99, never, 0.00101},
    {"triangular", triangular({.low = 0.1, .high = 1, .half_cycle = 50}), 0.1, 1, 50, 2000, never, 0.0181},
    {"one_cycle", one_cycle({.peak = 1, .steps = 1000}), 0, 1, 300, 300, 1000, 0.0051},
    {"warmup_stable_decay", warmup_stable_decay({.peak = 1, .warmup = 100, .stable = 500, .decay = 100}), 0, 1, 600,
     100, 700, 0.0101},
    {"piecewise_constant", piecewise_constant({.values = {1, 0.5}, .boundaries = {300}}), 0.5, 1, 300, 0, 300, 0.5},
    {"piecewise_linear", piecewise_linear({.values = {0, 1, 0.2}, .steps = {10, 110, 210}}), 0, 1, 110, 110, 210,
     0.0101},
    {"join", join({linear_warmup({.peak = 1, .warmup = 100}), cosine({.peak = 1, .steps = 100})}, {100}), 0, 1, 100,
     100, 200, 0.016},
    {"shifted", shifted(linear_schedule({.initial = 1, .final = 0.1, .steps = 900}), 50), 0.1, 1, 50, 0, 950, 0.00101},
    {"product", 0.5 * cosine({.peak = 1, .steps = 900}), 0, 0.5, 0, 0, 900, 0.00088},
};

}  // namespace

TEST_CASE("every schedule stays in its bounds, moves as it should and holds its final value") {
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(std::string(row.schedule.name()) == row.name);
    const Schedule copy = row.schedule;
    bool bounded = true, monotone = true, smooth = true, same = true;
    double before = row.schedule(0);
    for (std::int64_t t = 0; t < 1500; ++t) {
      const double now = row.schedule(t);
      bounded = bounded && now >= row.low - 1e-12 && now <= row.high + 1e-12;
      if (t < row.rises) monotone = monotone && now >= before - 1e-12;
      if (t > row.falls && t > row.rises) monotone = monotone && now <= before + 1e-12;
      smooth = smooth && std::fabs(now - before) <= row.largest_step + 1e-12;
      same = same && copy(t) == now;
      before = now;
    }
    CHECK(bounded);
    CHECK(monotone);
    CHECK(smooth);
    CHECK(same);
    CHECK(std::isfinite(row.schedule(INT64_MAX)));
    if (row.end == never) continue;
    const double last = row.schedule(row.end);
    for (const std::int64_t beyond : {row.end + 1, row.end + 1000, INT64_MAX}) CHECK(row.schedule(beyond) == last);
  }
}
