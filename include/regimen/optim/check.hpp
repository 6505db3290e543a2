// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>

#include "regimen/core/error.hpp"

/// Checks of options, each an Error in the name of `operation` that gives the field, its value and its range.
namespace regimen::detail {

/// The value in as few digits as tell it from its neighbours in practice: 0.001, 1e-08, inf.
inline std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.9g", value);
  return text;
}

/// Passes where `right` holds; the remedy says what would be right.
inline void check_option(bool right, const char* operation, const char* field, double value, const char* remedy) {
  if (!right) [[unlikely]]
    fail(operation, std::string(field) + " is " + number_text(value), std::string(field) + " must be " + remedy);
}

inline void check_finite(const char* operation, const char* field, double value) {
  check_option(std::isfinite(value), operation, field, value, "finite");
}
inline void check_positive(const char* operation, const char* field, double value) {
  check_option(std::isfinite(value) && value > 0, operation, field, value, "positive and finite");
}
inline void check_not_negative(const char* operation, const char* field, double value) {
  check_option(std::isfinite(value) && value >= 0, operation, field, value, "finite and not negative");
}
/// In [0, 1].
inline void check_fraction(const char* operation, const char* field, double value) {
  check_option(value >= 0 && value <= 1, operation, field, value, "in [0, 1]");
}
/// In [0, 1): the factor of a moving average.
inline void check_decay(const char* operation, const char* field, double value) {
  check_option(value >= 0 && value < 1, operation, field, value, "in [0, 1)");
}
/// A count of at least `least`, and few enough that sums of counts do not overflow.
inline void check_count(const char* operation, const char* field, std::int64_t value, std::int64_t least) {
  if (value < least || value > (std::int64_t{1} << 60)) [[unlikely]]
    fail(operation, std::string(field) + " is " + std::to_string(value),
         std::string(field) + " must be at least " + std::to_string(least) + " and at most 2^60");
}

}  // namespace regimen::detail
