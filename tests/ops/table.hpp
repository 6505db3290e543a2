// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <initializer_list>
#include <string>

#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/core/rng.hpp"

/// What the tests of operations share.
namespace table {

using namespace regimen;

inline Tensor<double> random(const Shape& shape, std::uint64_t seed = 1, double low = -1, double high = 1) {
  return Rng(seed).uniform<double>(shape, low, high);
}

/// Whether a is b, NaN where b is, within `tolerance` (1 + |b|).
template <class T, class U>
bool closed(const Tensor<T>& a, const Tensor<U>& b, double tolerance) {
  if (!(a.shape() == b.shape())) return false;
  for (std::int64_t i = 0; i < a.size(); ++i) {
    const double u = static_cast<double>(a.data()[i]), v = static_cast<double>(b.data()[i]);
    if (u == v || (std::isnan(u) && std::isnan(v))) continue;
    if (!(std::abs(u - v) <= tolerance * (1 + std::abs(v)))) return false;
  }
  return true;
}

template <class T>
bool closed(const Tensor<T>& a, std::initializer_list<double> values, const Shape& shape, double tolerance = 1e-6) {
  return closed(a.template to<double>(), Tensor<double>::from(values, shape), tolerance);
}

/// The text of the Error that f throws, or nothing.
template <class F>
std::string message(const F& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace table
