// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <string>
#include <utility>

#include "regimen/cpu/gradient.hpp"
#include "regimen/optim/each_parameter.hpp"
#include "regimen/optim/optimizer.hpp"

namespace regimen {

/// Gradient transform: the gradient of each output's weights less its mean, so that their sum stays what it was. With
/// rows along a parameter's leading axis and all other axes as columns:
///
///   g_ij <- g_ij - mean over j of g_ij
///
/// For the trainable parameters of two axes or more whose names fit the mask; others are left alone.
///
///   chain(gradient_centralisation(), sgd({.lr = 0.1, .momentum = 0.9}))
///
/// H. Yong et al., Gradient centralization: a new optimization technique for deep neural networks, 2020, equation 1.
class GradientCentralisation {
 public:
  explicit GradientCentralisation(std::string mask = "*") : mask_(std::move(mask)) {}

  template <class T, class Device>
  void update(Parameters<T, Device>& parameters, const Progress&) {
    T* g = parameters.gradients().mutable_data();
    detail::each_parameter(parameters, [&](const detail::Part& part) {
      if (part.is_matrix() && matches(mask_, part.name))
        kernel::centre_rows<T>(Device{}, part.rows(), part.columns(), g + part.offset);
    });
  }

  void save(State&) const {}
  void load(const State&) {}

 private:
  std::string mask_;
};

inline GradientCentralisation gradient_centralisation(std::string mask = "*") {
  return GradientCentralisation(std::move(mask));
}

}  // namespace regimen
