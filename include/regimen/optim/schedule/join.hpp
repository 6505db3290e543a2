// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/optim/schedule/piecewise.hpp"

namespace regimen {

/// One schedule after the other, each counting its steps from its own start: schedules[i](t - boundaries[i - 1]) for
/// boundaries[i - 1] <= t < boundaries[i].
///
///   join({linear_warmup({.peak = 0.1, .warmup = 100}), cosine({.peak = 0.1, .steps = 900})}, {100})
inline Schedule join(std::vector<Schedule> schedules, std::vector<std::int64_t> boundaries) {
  if (schedules.size() != boundaries.size() + 1)
    detail::fail_lengths("join", "schedules and boundaries", schedules.size(), boundaries.size(),
                         "a boundary stands between two schedules");
  detail::check_ascending("join", "boundaries", boundaries, 1);
  return {[schedules = std::move(schedules), boundaries = std::move(boundaries)](std::int64_t step) {
            const std::size_t part = detail::passed(boundaries, step);
            return schedules[part](part == 0 ? step : step - boundaries[part - 1]);
          },
          "join"};
}

/// The schedule `by` steps later: schedule(max(t - by, 0)), its first value before that. Negative `by` starts inside
/// it.
inline Schedule shifted(Schedule schedule, std::int64_t by) {
  detail::check_count("shifted", "by", by < 0 ? -(by + 1) : by, 0);
  return {[schedule = std::move(schedule), by](std::int64_t step) { return schedule(step > by ? step - by : 0); },
          "shifted"};
}

/// The schedule times a number; the same as factor * schedule.
inline Schedule scale(Schedule schedule, double factor) { return std::move(schedule) * Schedule(factor); }

}  // namespace regimen
