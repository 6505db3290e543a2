// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/reduce.hpp"

/// What the tests of the operations on layout, rows, images and indices share.
namespace structure {

using namespace regimen;
using Value = Tensor<double>;
using Values = std::vector<Value>;
using Indices = Tensor<std::int64_t>;

inline Value random(const Shape& shape, std::uint64_t seed = 1) { return Rng(seed).normal<double>(shape); }

/// Whether the gradients of f agree with differences: the plain one, and the recorded one with its own gradient, which
/// operations may compute in different ways.
template <class F>
bool check(const F& f, const Values& inputs) {
  for (const int order : {1, 2}) {
    const auto result = gradcheck(f, inputs, {.order = order});
    if (!result) {
      FAIL_CHECK(result.message);
      return false;
    }
  }
  return true;
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

inline bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace structure
