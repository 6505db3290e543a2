// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"

namespace test {

using namespace regimen;

/// The names of a module's members, each followed by a space.
template <class Model>
std::string names(Model& model) {
  std::string result;
  for_each_member(model, [&](const std::string& name, auto&) { result += name + " "; });
  return result;
}

/// What the Error of f says.
template <class F>
std::string message(F f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// Whether an Error of f names all of the texts.
template <class F, class... Texts>
bool fails_with(F f, const Texts&... texts) {
  const std::string text = message(f);
  return text != "no error" && ((text.find(texts) != text.npos) && ...);
}

template <class T>
bool same_bits(const Tensor<T>& a, const Tensor<T>& b) {
  if (!(a.shape() == b.shape())) return false;
  for (std::int64_t i = 0; i < a.size(); ++i)
    if (a.data()[i] != b.data()[i]) return false;
  return true;
}

/// The largest distance of two tensors' elements, infinite where the shapes differ or one is NaN.
template <class T>
double distance(const Tensor<T>& a, const Tensor<T>& b) {
  if (!(a.shape() == b.shape())) return INFINITY;
  double worst = 0;
  for (std::int64_t i = 0; i < a.size(); ++i) {
    const double gap = std::fabs(static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i]));
    if (std::isnan(gap)) return INFINITY;
    worst = std::fmax(worst, gap);
  }
  return worst;
}

template <class T>
bool all_finite(const Tensor<T>& x) {
  for (const T v : x.span())
    if (!std::isfinite(v)) return false;
  return true;
}

}  // namespace test
