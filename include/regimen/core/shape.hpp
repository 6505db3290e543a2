// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "regimen/core/error.hpp"

namespace regimen {

/// The sizes of a tensor's axes, outermost first: rank 0 (a scalar) to 8, every size >= 0.
class Shape {
 public:
  static constexpr int max_rank = 8;

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> sizes) : Shape(sizes.begin(), static_cast<std::int64_t>(sizes.size())) {}

  /// The `rank` sizes from `sizes` on. Throws Error for a rank above 8, a negative size, or more than 2^62 elements.
  Shape(const std::int64_t* sizes, std::int64_t rank) {
    if (rank > max_rank) detail::fail("Shape", {"rank ", rank, " is above 8"}, "merge axes");
    for (std::int64_t i = 0; i < rank; ++i) append(sizes[i]);
  }

  int rank() const { return rank_; }

  /// Number of elements: the product of the sizes, 1 for a scalar.
  std::int64_t size() const { return count_; }

  /// Size of an axis; negative axes count from the end. Throws Error outside [-rank, rank).
  std::int64_t operator[](int axis) const { return sizes_[normalize(axis, "Shape")]; }

  const std::int64_t* begin() const { return sizes_; }
  const std::int64_t* end() const { return sizes_ + rank_; }

  /// The axis as a number in [0, rank). Throws Error, in the name of `operation`, outside [-rank, rank).
  int normalize(int axis, const char* operation) const {
    const int wrapped = axis < 0 ? axis + rank_ : axis;
    if (wrapped < 0 || wrapped >= rank_) [[unlikely]]
      fail_axis(axis, operation);
    return wrapped;
  }

  /// Adds an innermost axis.
  Shape& append(std::int64_t size) {
    std::int64_t count = 0;
    if (rank_ == max_rank || size < 0 || __builtin_mul_overflow(count_, size, &count) ||
        count > (std::int64_t{1} << 62)) [[unlikely]]
      fail_append(size);
    sizes_[rank_++] = size;
    count_ = count;
    return *this;
  }

  /// This shape with one axis of another size.
  Shape with(int axis, std::int64_t size) const {
    const int changed = normalize(axis, "Shape::with");
    if (size == sizes_[changed]) return *this;
    Shape result;
    for (int i = 0; i < rank_; ++i) result.append(i == changed ? size : sizes_[i]);
    return result;
  }

  /// This shape without one axis.
  Shape without(int axis) const {
    Shape result;
    const int removed = normalize(axis, "Shape::without");
    for (int i = 0; i < rank_; ++i)
      if (i != removed) result.append(sizes_[i]);
    return result;
  }

  /// The axes [first, last).
  Shape sub(int first, int last) const { return Shape(sizes_ + first, last - first); }

  friend bool operator==(const Shape& a, const Shape& b) {
    if (a.rank_ != b.rank_) return false;
    for (int i = 0; i < a.rank_; ++i)
      if (a.sizes_[i] != b.sizes_[i]) return false;
    return true;
  }

  /// "[64, 784]"; "[]" for a scalar.
  std::string to_string() const { return text(sizes_, rank_); }

  /// A list of indices or sizes in the same form.
  static std::string text(const std::int64_t* values, int count) {
    std::string result = "[";
    for (int i = 0; i < count; ++i) {
      if (i != 0) result += ", ";
      result += std::to_string(values[i]);
    }
    return result + "]";
  }

 private:
  [[noreturn, gnu::cold, gnu::noinline]] void fail_axis(int axis, const char* operation) const {
    detail::fail(operation, {"axis ", axis, " is outside shape ", to_string()}, "axes run from -rank to rank - 1");
  }
  [[noreturn, gnu::cold, gnu::noinline]] void fail_append(std::int64_t size) const {
    if (rank_ == max_rank) detail::fail("Shape", {"rank above 8: ", to_string(), " with one more axis"}, "merge axes");
    if (size < 0) detail::fail("Shape", {"negative size ", size, " after ", to_string()}, "sizes are >= 0");
    detail::fail("Shape", {"too many elements: ", to_string(), " times ", size},
                 "the number of elements is at most 2^62");
  }

  std::int64_t sizes_[max_rank] = {};
  std::int64_t count_ = 1;
  int rank_ = 0;
};

/// The shape that a and b broadcast to (NumPy's rule: trailing axes are aligned, sizes are equal or 1).
/// Throws Error, in the name of `operation`, where they do not.
inline Shape broadcast(const Shape& a, const Shape& b, const char* operation) {
  if (a == b) return a;
  Shape result;
  const int rank = a.rank() > b.rank() ? a.rank() : b.rank();
  for (int i = 0; i < rank; ++i) {
    const int ia = i - (rank - a.rank()), ib = i - (rank - b.rank());
    const std::int64_t sa = ia < 0 ? 1 : a.begin()[ia], sb = ib < 0 ? 1 : b.begin()[ib];
    if (sa != sb && sa != 1 && sb != 1)
      detail::fail(operation, {"shapes ", a, " and ", b, " do not broadcast"},
                   "trailing axes must be equal or 1; reshape one operand");
    result.append(sa == 1 ? sb : sa);
  }
  return result;
}

}  // namespace regimen
