// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <string>
#include <type_traits>

#include "regimen/nn/module.hpp"
#include "support/oracle.hpp"

namespace test {

/// Sets a module's parameters to the golden ones under a prefix, whose names are PyTorch's.
template <class T, class Model>
void load_golden(const Oracle& oracle, const std::string& prefix, Model& model) {
  for_each_parameter(model, [&](const std::string& name, auto& tensor) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<T>>)
      tensor.assign(oracle.get<T>(prefix + "." + name));
  });
}

}  // namespace test
