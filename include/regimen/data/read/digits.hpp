// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>

#include "regimen/core/error.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/data/read/idx.hpp"

namespace regimen {

/// The handwritten digits of examples/data: inputs [1797, 64] of 8 x 8 grey values from 0 to 1, labels 0 to 9. Throws
/// Error where digits-images.idx3-ubyte and digits-labels.idx1-ubyte are not in the folder, or are others.
///
/// Source: E. Alpaydin, C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI, doi:10.24432/C50P49, CC
/// BY 4.0.
template <class T = float>
Dataset<T> digits(const std::string& folder = "examples/data") {
  const auto images = read_idx<T>(folder + "/digits-images.idx3-ubyte");
  Dataset<T> result{.labels = read_idx<std::int64_t>(folder + "/digits-labels.idx1-ubyte")};
  if (!(images.shape() == Shape{1797, 8, 8}) || !(result.labels.shape() == Shape{1797}))
    detail::fail("digits", {"'", folder, "' has images ", images.shape(), " and labels ", result.labels.shape()},
                 "images [1797, 8, 8] and labels [1797] are expected");
  T* values = images.mutable_data();
  for (std::int64_t i = 0; i < images.size(); ++i) values[i] /= 16;
  result.inputs = images.reshaped({1797, 64});
  return result;
}

}  // namespace regimen
