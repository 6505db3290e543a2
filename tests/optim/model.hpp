// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "regimen/core/state.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/optim/progress.hpp"

namespace test {

using namespace regimen;

template <class T>
struct HiddenPart {
  Tensor<T> weight, bias;
  REGIMEN_MODULE(weight, bias)
};
template <class T>
struct NormPart {
  Tensor<T> scale;
  REGIMEN_MODULE(scale)
};
template <class T>
struct OutPart {
  Tensor<T> weight;
  REGIMEN_MODULE(weight)
};
template <class T>
struct Parts {
  HiddenPart<T> hidden;
  NormPart<T> norm;
  OutPart<T> out;
  REGIMEN_MODULE(hidden, norm, out)
};

/// A module's parameters with the module itself, to freeze some of them.
template <class T>
struct Packed : Parameters<T> {
  explicit Packed(const Parts<T>& parts) : model(parts) { static_cast<Parameters<T>&>(*this) = parameters<T>(model); }

  void set(std::string_view pattern, bool trainable) {
    static_cast<void>(trainable ? unfreeze(model, pattern) : freeze(model, pattern));
  }

  Parts<T> model;
};

/// hidden.weight [17, 4], hidden.bias [3], norm.scale [1], out.weight [large], with values that differ.
template <class T>
Packed<T> parts(std::int64_t large = 40) {
  const auto zeros = [](const Shape& shape) { return variable(Tensor<T>::zeros(shape)); };
  const Packed<T> parameters({{zeros({17, 4}), zeros({3})}, {zeros({1})}, {zeros({large})}});
  T* p = parameters.values().mutable_data();
  for (std::int64_t i = 0; i < parameters.values().size(); ++i) p[i] = static_cast<T>(i % 23) / 8 - 1;
  return parameters;
}

/// The places of its parameters, one after the other.
struct Range {
  std::size_t begin, end;
  bool weight;  ///< fits "*.weight"
};
inline constexpr Range ranges[] = {{0, 68, true}, {68, 71, false}, {71, 72, false}, {72, 112, true}};

inline double norm(const std::vector<double>& x, const Range& range) {
  double sum = 0;
  for (std::size_t i = range.begin; i < range.end; ++i) sum += x[i] * x[i];
  return std::sqrt(sum);
}

/// The minimum and the curvature of the loss sum_i c_i (p_i - m_i)^2 / 2.
inline double minimum(std::int64_t i) { return 0.5 + 0.25 * static_cast<double>(i % 7); }
inline double curvature(std::int64_t i) { return 0.5 + 0.125 * static_cast<double>(i % 5); }

/// Writes that loss's gradient.
template <class T>
void differentiate(Parameters<T>& parameters) {
  const T* p = parameters.values().data();
  T* g = parameters.gradients().mutable_data();
  for (std::int64_t i = 0; i < parameters.values().size(); ++i)
    g[i] = static_cast<T>(curvature(i)) * (p[i] - static_cast<T>(minimum(i)));
}

template <class T>
std::vector<T> values(const Parameters<T>& parameters) {
  return {parameters.values().span().begin(), parameters.values().span().end()};
}

/// Training from `step` on for `count` steps.
template <class T, class Update>
void train(Parameters<T>& parameters, Update& optimizer, std::int64_t step, std::int64_t count) {
  for (std::int64_t t = step; t < step + count; ++t) {
    differentiate(parameters);
    optimizer.update(parameters, Progress{t});
  }
}

/// What save() gives, by way of flat names, as a file would have it.
template <class U>
State through_file(const U& component) {
  State state;
  component.save(state);
  State flat;
  for (const auto& entry : state.clone().entries())
    std::visit([&](const auto& value) { flat.put(entry.name, value); }, entry.value);
  return flat;
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

}  // namespace test
