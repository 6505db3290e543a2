// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "nn/support.hpp"
#include "support/oracle.hpp"

/// What the tests of metrics share.
namespace test {

using Labels = Tensor<std::int64_t>;

inline const Oracle& golden() {
  static const Oracle oracle("metrics");
  return oracle;
}

/// Compares a metric of inputs of type T with its golden value.
template <class T>
void check_golden(const char* name, double got) {
  golden().check(name, Tensor<double>::scalar(got), oracle_tolerance<T>);
}

}  // namespace test
