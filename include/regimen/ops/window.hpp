// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>

#include "regimen/core/error.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/cpu/window.hpp"

namespace regimen {

/// A number for height and one for width; a single one is both.
struct HeightWidth {
  std::int64_t height, width;

  constexpr HeightWidth(std::int64_t both) : height(both), width(both) {}
  constexpr HeightWidth(std::int64_t of_height, std::int64_t of_width) : height(of_height), width(of_width) {}

  std::string to_string() const {
    const std::int64_t values[] = {height, width};
    return Shape::text(values, 2);
  }
};

namespace detail {

/// The windows of an operation on images of shape [..., height, width]. Throws Error where a size, stride or dilation
/// is below 1, a padding negative, or the window larger than the padded image.
inline kernel::Window2d window2d(const char* operation, const Shape& image, const HeightWidth& size,
                                 const HeightWidth& stride, const HeightWidth& padding, const HeightWidth& dilation) {
  const auto below = [](const HeightWidth& pair, std::int64_t limit) {
    return pair.height < limit || pair.width < limit;
  };
  if (below(size, 1) || below(stride, 1) || below(padding, 0) || below(dilation, 1))
    fail(operation,
         "window " + size.to_string() + ", stride " + stride.to_string() + ", padding " + padding.to_string() +
             ", dilation " + dilation.to_string() + " for images of shape " + image.to_string(),
         "padding must be >= 0 and the others >= 1");
  const kernel::Window2d windows{{size.height, stride.height, padding.height, dilation.height},
                                 {size.width, stride.width, padding.width, dilation.width}};
  if (windows.vertical.positions(image[-2]) == 0 || windows.horizontal.positions(image[-1]) == 0)
    fail(operation,
         "window " + size.to_string() + " with dilation " + dilation.to_string() + " and padding " +
             padding.to_string() + " does not fit into images of shape " + image.to_string(),
         "use a smaller window or more padding");
  return windows;
}

}  // namespace detail
}  // namespace regimen
