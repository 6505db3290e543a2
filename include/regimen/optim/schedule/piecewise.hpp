// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <vector>

#include "regimen/optim/schedule/schedule.hpp"

namespace regimen {
namespace detail {

/// Passes where `steps` ascends strictly from `least` on.
inline void check_ascending(const char* operation, const char* field, const std::vector<std::int64_t>& steps,
                            std::int64_t least) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    check_count(operation, field, steps[i], least);
    if (i > 0 && steps[i] <= steps[i - 1])
      fail(operation,
           std::string(field) + " has " + std::to_string(steps[i]) + " after " + std::to_string(steps[i - 1]),
           std::string(field) + " must ascend");
  }
}

inline void fail_lengths(const char* operation, const char* fields, std::size_t a, std::size_t b, const char* remedy) {
  fail(operation, std::string(fields) + " have " + std::to_string(a) + " and " + std::to_string(b) + " entries",
       remedy);
}

/// Number of the first entries of `steps` that are not above `step`.
inline std::size_t passed(const std::vector<std::int64_t>& steps, std::int64_t step) {
  std::size_t count = 0;
  while (count < steps.size() && steps[count] <= step) ++count;
  return count;
}

}  // namespace detail

struct PiecewiseConstantOptions {
  std::vector<double> values;
  std::vector<std::int64_t> boundaries;  ///< ascending, one fewer than values
};

/// values[i] for boundaries[i - 1] <= t < boundaries[i]: the step at a boundary has the new value.
inline Schedule piecewise_constant(PiecewiseConstantOptions options) {
  if (options.values.size() != options.boundaries.size() + 1)
    detail::fail_lengths("piecewise_constant", "values and boundaries", options.values.size(),
                         options.boundaries.size(), "a boundary stands between two values");
  for (const double value : options.values) detail::check_finite("piecewise_constant", "value", value);
  detail::check_ascending("piecewise_constant", "boundaries", options.boundaries, 1);
  return {[options = std::move(options)](std::int64_t step) {
            return options.values[detail::passed(options.boundaries, step)];
          },
          "piecewise_constant"};
}

struct PiecewiseLinearOptions {
  std::vector<double> values;
  std::vector<std::int64_t> steps;  ///< ascending, one a value
};

/// Straight lines through the points (steps[i], values[i]); flat before the first and after the last.
inline Schedule piecewise_linear(PiecewiseLinearOptions options) {
  if (options.values.empty() || options.values.size() != options.steps.size())
    detail::fail_lengths("piecewise_linear", "values and steps", options.values.size(), options.steps.size(),
                         "give at least one point, each with a step and a value");
  for (const double value : options.values) detail::check_finite("piecewise_linear", "value", value);
  detail::check_ascending("piecewise_linear", "steps", options.steps, 0);
  return {[options = std::move(options)](std::int64_t step) {
            const std::size_t next = detail::passed(options.steps, step);
            if (next == 0) return options.values.front();
            if (next == options.values.size()) return options.values.back();
            const std::int64_t from = options.steps[next - 1];
            return detail::line_between(options.values[next - 1], options.values[next],
                                        detail::fraction_of(step - from, options.steps[next] - from));
          },
          "piecewise_linear"};
}

}  // namespace regimen
