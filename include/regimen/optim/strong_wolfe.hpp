// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "regimen/optim/check.hpp"

namespace regimen {

struct WolfeOptions {
  double c1 = 1e-4;                 ///< of the sufficient decrease; 0 < c1 < c2
  double c2 = 0.9;                  ///< of the curvature; c1 < c2 < 1
  std::int64_t evaluations = 26;    ///< at most; at least 1
  double smallest_interval = 1e-9;  ///< the search ends where its interval is no longer
};

/// A point of a line search: phi(t) and its derivative.
struct LinePoint {
  double t = 0, value = 0, slope = 0;
};

namespace detail {

/// The minimum in [low, high] of the cubic through two points with their slopes (Nocedal & Wright, equation 3.59); the
/// middle where it has none.
inline double cubic_minimum(const LinePoint& a, const LinePoint& b, double low, double high) {
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.t - b.t);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const LinePoint &left = a.t <= b.t ? a : b, &right = a.t <= b.t ? b : a;
  const double d2 = std::sqrt(square);
  const double t = right.t - (right.t - left.t) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
  return std::isnan(t) ? (low + high) / 2 : std::min(std::max(t, low), high);
}

inline void check_wolfe(const char* operation, const WolfeOptions& options) {
  check_option(options.c1 > 0 && options.c1 < 1, operation, "c1", options.c1, "in (0, 1)");
  check_option(options.c2 > options.c1 && options.c2 < 1, operation, "c2", options.c2, "above c1 and below 1");
  check_count(operation, "evaluations", options.evaluations, 1);
  check_not_negative(operation, "smallest_interval", options.smallest_interval);
}

}  // namespace detail

/// A step t > 0 that meets the strong Wolfe conditions
///
///   phi(t) <= phi(0) + c1 t phi'(0)     |phi'(t)| <= c2 |phi'(0)|
///
/// or the best one seen where the evaluations run out first. phi(t) returns a LinePoint; `start` is the one at 0, of
/// negative slope; `first` is the first step to try. A value that is not finite counts as too high. The interpolation
/// and its safeguards are minFunc's, as in PyTorch. The last evaluation may have been at another point. Throws Error
/// for options outside their ranges and a slope at 0 that is not negative.
///
/// J. Nocedal and S. J. Wright, Numerical optimization, 2006, algorithms 3.5 and 3.6.
template <class F>
LinePoint strong_wolfe(const F& phi, const LinePoint& start, double first, const WolfeOptions& options = {}) {
  constexpr const char* name = "strong_wolfe";
  detail::check_wolfe(name, options);
  detail::check_positive(name, "first", first);
  detail::check_option(start.slope < 0, name, "start.slope", start.slope, "negative");
  std::int64_t left = options.evaluations;
  const auto evaluate = [&](double t) {
    --left;
    LinePoint point = phi(t);
    point.t = t;
    if (!std::isfinite(point.value)) point.value = INFINITY;
    return point;
  };
  const auto too_high = [&](const LinePoint& p) { return !(p.value <= start.value + options.c1 * p.t * start.slope); };
  const auto is_flat = [&](const LinePoint& p) { return std::abs(p.slope) <= -options.c2 * start.slope; };

  // Algorithm 3.5: longer and longer steps, until two of them have a good one between them.
  LinePoint low = start, high = evaluate(first);
  for (bool again = false;; again = true) {
    if (too_high(high) || (again && high.value >= low.value)) break;
    if (is_flat(high)) return high;
    if (high.slope >= 0) {
      std::swap(low, high);
      break;
    }
    if (left == 0) return high;
    const double t = detail::cubic_minimum(low, high, high.t + 0.01 * (high.t - low.t), high.t * 10);
    low = std::exchange(high, evaluate(t));
  }

  // Algorithm 3.6: between low, the best so far, which decreases enough, and high.
  bool was_close = false;
  while (left > 0 && std::abs(high.t - low.t) > options.smallest_interval) {
    const double from = std::min(low.t, high.t), to = std::max(low.t, high.t), margin = 0.1 * (to - from);
    double t = detail::cubic_minimum(low, high, from, to);
    const bool is_close = std::min(to - t, t - from) < margin;
    if (is_close && (was_close || t >= to || t <= from)) {
      t = to - t < t - from ? to - margin : from + margin;
      was_close = false;
    } else {
      was_close = is_close;
    }
    const LinePoint middle = evaluate(t);
    if (too_high(middle) || middle.value >= low.value) {
      high = middle;
      continue;
    }
    if (is_flat(middle)) return middle;
    if (middle.slope * (high.t - low.t) >= 0) high = low;
    low = middle;
  }
  return low;
}

}  // namespace regimen
