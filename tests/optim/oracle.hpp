// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <doctest/doctest.h>

#include "optim/model.hpp"
#include "regimen/optim/schedule/schedule.hpp"
#include "support/oracle.hpp"

namespace test {

/// Compares the parameters after twenty steps on the quadratic with PyTorch's.
template <class T, class Update>
void check_oracle(const char* name, Update optimizer, const char* area = "optim") {
  auto parameters = parts<T>();
  train(parameters, optimizer, 0, 20);
  Oracle(area).check(name, parameters.values());
}

/// The same on a quadratic of a matrix and a vector.
template <class T, class Update>
void check_oracle(const char* name, Update optimizer, const char* area, const Shape& weight, const Shape& bias,
                  double tolerance = oracle_tolerance<T>) {
  HiddenPart<T> model{variable(Tensor<T>::zeros(weight)), variable(Tensor<T>::zeros(bias))};
  auto packed = parameters<T>(model);
  T* p = packed.values().mutable_data();
  for (std::int64_t i = 0; i < packed.values().size(); ++i) p[i] = static_cast<T>(i % 23) / 8 - 1;
  train(packed, optimizer, 0, 20);
  Oracle(area).check(name, packed.values(), tolerance);
}

/// Compares a schedule's first values with PyTorch's learning rates.
inline void check_schedule(const std::string& name, const Schedule& schedule) {
  const auto wanted = Oracle("optim").get<double>("schedule." + name);
  INFO("schedule " << name);
  double worst = 0;
  for (std::int64_t t = 0; t < wanted.size(); ++t) worst = std::max(worst, std::abs(schedule(t) - wanted(t)));
  CHECK(worst <= 1e-12);
}

}  // namespace test
