// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>

#include "regimen/core/error.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"

namespace regimen {
namespace detail {

/// x without a column, and that column as [rows, 1].
template <class T>
struct TakenColumn {
  Tensor<T> rest, column;
};

template <class T>
TakenColumn<T> take_column(const Tensor<T>& x, int column, const char* operation) {
  if (x.rank() != 2 || x.size(1) < 2)
    fail(operation, "the values are " + x.shape().to_string(), "a table has two columns at least");
  if (column < -x.size(1) || column >= x.size(1))
    fail(operation, "there is no column " + std::to_string(column) + " in " + x.shape().to_string());
  const std::int64_t rows = x.size(0), columns = x.size(1), taken = column < 0 ? column + columns : column;
  TakenColumn<T> result{Tensor<T>::empty({rows, columns - 1}), Tensor<T>::empty({rows, 1})};
  const T* in = x.data();
  T *rest = result.rest.mutable_data(), *out = result.column.mutable_data();
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < columns; ++j) *(j == taken ? out++ : rest++) = *in++;
  return result;
}

}  // namespace detail

/// A table's values [rows, columns] as samples whose class is in one column, by default the last. Throws Error where a
/// class is no whole number.
///
///   const auto iris = with_labels(read_csv("examples/data/iris.csv", {.header = false, .skip = 1}).values);
template <class T>
Dataset<T> with_labels(const Tensor<T>& values, int column = -1) {
  const auto taken = detail::take_column(values, column, "with_labels");
  auto labels = Tensor<std::int64_t>::empty({values.size(0)});
  std::int64_t* out = labels.mutable_data();
  for (const T value : taken.column.span()) {
    const bool in_range = value >= -0x1p53 && value <= 0x1p53;
    *out = in_range ? static_cast<std::int64_t>(value) : 0;
    if (!in_range || static_cast<T>(*out) != value)
      detail::fail("with_labels", {"the class of a sample is ", value}, "classes are whole numbers");
    ++out;
  }
  return {.inputs = taken.rest, .labels = labels};
}

/// A table's values [rows, columns] as samples whose target [rows, 1] is in one column, by default the last.
template <class T>
Dataset<T> with_targets(const Tensor<T>& values, int column = -1) {
  const auto taken = detail::take_column(values, column, "with_targets");
  return {.inputs = taken.rest, .targets = taken.column};
}

}  // namespace regimen
