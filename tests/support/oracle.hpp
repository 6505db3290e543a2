// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// Comparison with the golden values that tests/oracle/generate.py wrote from PyTorch.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <vector>

#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/io/safetensors.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/reduce.hpp"

namespace test {

using namespace regimen;

/// Relative to the largest element: 1e-10 in double, 2e-5 in float.
template <class T>
inline constexpr double oracle_tolerance = std::is_same_v<T, double> ? 1e-10 : 2e-5;

/// The largest |got - wanted| over the largest |wanted| (at least 1e-3); infinite where the shapes or the NaNs differ.
/// Infinite values must be equal.
template <class T>
double relative_error(const Tensor<T>& got, const Tensor<double>& wanted) {
  if (!(got.shape() == wanted.shape())) return INFINITY;
  double worst = 0, largest = 1e-3;
  for (std::int64_t i = 0; i < got.size(); ++i) {
    const double a = static_cast<double>(got.data()[i]), b = wanted.data()[i];
    if (std::isnan(a) || std::isnan(b)) {
      if (std::isnan(a) != std::isnan(b)) return INFINITY;
    } else if (std::isinf(a) || std::isinf(b)) {
      if (a != b) return INFINITY;
    } else {
      worst = std::max(worst, std::abs(a - b));
      largest = std::max(largest, std::abs(b));
    }
  }
  return worst / largest;
}

/// The golden values of an area: tests/oracle/golden/AREA.safetensors.
class Oracle {
 public:
  explicit Oracle(const std::string& area)
      : content_(read_safetensors("tests/oracle/golden/" + area + ".safetensors")) {}

  bool contains(const std::string& name) const { return content_.tensors.contains(name); }

  /// A tensor as T, or its integers.
  template <class T>
  Tensor<T> get(const std::string& name) const {
    INFO("golden value " << name);
    const auto found = content_.tensors.find(name);
    REQUIRE(found != content_.tensors.end());
    if constexpr (std::is_same_v<T, std::int64_t>)
      return std::get<Tensor<std::int64_t>>(found->second);
    else
      return std::get<Tensor<double>>(found->second).template to<T>();
  }

  /// Compares a tensor with a golden one.
  template <class T>
  void check(const std::string& name, const Tensor<T>& got, double tolerance = oracle_tolerance<T>) const {
    const auto wanted = get<double>(name);
    INFO(name << ": got " << got.shape().to_string() << ", wanted " << wanted.shape().to_string());
    CHECK(relative_error(got, wanted) <= tolerance);
  }

  /// Compares f(inputs), where f takes a vector of tensors in the order of `names`, and the gradients of
  /// sum(f(inputs) * weight), with a case of Golden.case.
  template <class T, class F>
  void check_case(const std::string& name, std::initializer_list<const char*> names, const F& f,
                  double tolerance = oracle_tolerance<T>) const {
    INFO("case " << name);
    std::vector<Tensor<T>> inputs;
    for (const char* input : names) inputs.push_back(variable(get<T>(name + ".in." + input)));
    const Tensor<T> out = f(inputs);
    check(name + ".out", out, tolerance);
    const auto gradients = grad(sum(out * get<T>(name + ".weight")), inputs);
    std::size_t i = 0;
    for (const char* input : names) check(name + ".grad." + input, gradients[i++], tolerance);
  }

 private:
  Safetensors content_;
};

}  // namespace test
