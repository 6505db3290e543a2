// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <vector>

#include "regimen/optim/schedule/schedule.hpp"

/// What the tests of options' defaults share.
namespace defaults {

inline double value(double number) { return number; }
inline double value(std::int64_t number) { return static_cast<double>(number); }
inline double value(bool is) { return is ? 1 : 0; }
inline double value(const regimen::Schedule& schedule) { return schedule(0); }

template <class... V>
std::vector<double> values(const V&... of) {
  return {value(of)...};
}

template <class Options, class F>
bool agree(const F& f, const std::vector<double>& wanted) {
  return f(Options{}) == wanted;
}

}  // namespace defaults
