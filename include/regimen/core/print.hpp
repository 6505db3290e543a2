// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <type_traits>

#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {
namespace detail {

template <class T>
std::string type_name() {
  if (std::is_same_v<T, float>) return "float";
  if (std::is_same_v<T, double>) return "double";
  return (std::is_signed_v<T> ? "int" : "uint") + std::to_string(8 * sizeof(T));
}

/// Writes the elements of a tensor as NumPy does: brackets an axis, columns aligned.
template <class T>
class TensorText {
 public:
  explicit TensorText(const Tensor<T>& x) : x_(x), elide_(x.size() > 1000) {
    axis(0, 0);  // measures
    text_.clear();
    axis(0, 0);
  }
  const std::string& text() const { return text_; }

 private:
  static constexpr std::int64_t edge = 3;  // entries shown at either end of an elided axis

  void axis(int k, std::int64_t index) {
    if (k == x_.rank()) return element(x_.data()[index]);
    const std::int64_t size = x_.size(k);
    const bool elided = size > 2 * edge && (elide_ || size > 1000);  // the latter where another axis is empty
    text_ += '[';
    for (std::int64_t i = 0; i < size; ++i) {
      if (i != 0) separate(k);
      if (elided && i == edge) {
        text_ += "...";
        i = size - edge;
        separate(k);
      }
      axis(k + 1, index * size + i);
    }
    text_ += ']';
  }

  /// Between entries of axis k: a blank, a new line, or blank lines between matrices.
  void separate(int k) {
    const int inner = x_.rank() - 1 - k;
    if (inner == 0)
      text_ += ' ';
    else
      text_.append(static_cast<std::size_t>(inner), '\n').append(static_cast<std::size_t>(k) + 1, ' ');
  }

  void element(T value) {
    char text[32];
    int length = 0;
    if constexpr (std::is_floating_point_v<T>)
      length = std::snprintf(text, sizeof(text), "%.6g", static_cast<double>(value));
    else
      length = std::snprintf(text, sizeof(text), std::is_signed_v<T> ? "%lld" : "%llu", static_cast<long long>(value));
    if (length > width_) width_ = length;
    text_.append(static_cast<std::size_t>(width_ - length), ' ').append(text);
  }

  const Tensor<T>& x_;
  bool elide_;
  int width_ = 0;
  std::string text_;
};

}  // namespace detail

/// The tensor as text: its type and shape, then its elements to six digits in nested brackets, as NumPy writes them.
/// Of more than 1000 elements, long axes show three entries at either end.
///
///   Tensor<float> [2, 3]
///   [[  1   2   3]
///    [0.5  -1  10]]
template <class T>
std::string to_string(const Tensor<T>& x) {
  std::string text = "Tensor<" + detail::type_name<T>() + ">";
  if (!x.defined()) return text + " undefined";
  return text + " " + x.shape().to_string() + (x.rank() < 2 ? " " : "\n") + detail::TensorText<T>(x).text();
}

/// Writes to_string(x) to a std::ostream or whatever else takes a std::string.
template <class Stream, class T>
requires requires(Stream& stream, std::string text) { stream << text; }
Stream& operator<<(Stream& stream, const Tensor<T>& x) {
  stream << to_string(x);
  return stream;
}

}  // namespace regimen
