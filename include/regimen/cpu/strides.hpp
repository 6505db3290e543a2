// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

namespace regimen::kernel {

inline constexpr int max_axes = 8;

/// How N arrays are walked together: sizes of the axes, and for each array its elements from one index of an axis to
/// the next, 0 where the array repeats along it, negative where it runs backwards.
template <int N>
struct Walk {
  int rank = 0;
  std::int64_t size[max_axes] = {};
  std::int64_t stride[N][max_axes] = {};

  std::int64_t count() const {
    std::int64_t product = 1;
    for (int axis = 0; axis < rank; ++axis) product *= size[axis];
    return product;
  }

  /// Drops axes of size 1 and merges each axis into the one before where every array passes over both in one stride. An
  /// axis is left over, of size 1 where need be.
  void collapse() {
    int last = -1;
    for (int axis = 0; axis < rank; ++axis) {
      if (size[axis] == 1) continue;
      bool merges = last >= 0;
      for (int k = 0; k < N && merges; ++k) merges = stride[k][last] == stride[k][axis] * size[axis];
      if (merges) {
        size[last] *= size[axis];
      } else {
        size[++last] = size[axis];
      }
      for (int k = 0; k < N; ++k) stride[k][last] = stride[k][axis];
    }
    rank = last + 1;
    if (rank == 0) {
      rank = 1;
      size[0] = 1;
      for (int k = 0; k < N; ++k) stride[k][0] = 1;
    }
  }

  /// Exchanges two axes.
  void exchange(int a, int b) {
    const auto swap = [&](std::int64_t* of) {
      const std::int64_t kept = of[a];
      of[a] = of[b];
      of[b] = kept;
    };
    swap(size);
    for (int k = 0; k < N; ++k) swap(stride[k]);
  }
};

/// The walk of a copy between two arrays with the given strides.
inline Walk<2> copy_walk(int rank, const std::int64_t* sizes, const std::int64_t* from, const std::int64_t* to) {
  Walk<2> walk;
  walk.rank = rank;
  for (int axis = 0; axis < rank; ++axis) {
    walk.size[axis] = sizes[axis];
    walk.stride[0][axis] = from[axis];
    walk.stride[1][axis] = to[axis];
  }
  return walk;
}

/// The walk of a copy from a contiguous array of the given sizes to one whose axis k is its axis axes[k].
inline Walk<2> permuted_walk(int rank, const std::int64_t* sizes, const int* axes) {
  std::int64_t in_strides[max_axes], product = 1;
  for (int axis = rank - 1; axis >= 0; --axis) {
    in_strides[axis] = product;
    product *= sizes[axis];
  }
  Walk<2> walk;
  walk.rank = rank;
  product = 1;
  for (int axis = rank - 1; axis >= 0; --axis) {
    walk.size[axis] = sizes[axes[axis]];
    walk.stride[0][axis] = in_strides[axes[axis]];
    walk.stride[1][axis] = product;
    product *= walk.size[axis];
  }
  return walk;
}

/// The position of a walk over the first `axes` axes: a counter with the arrays' offsets.
template <int N>
struct Odometer {
  const Walk<N>& walk;
  int axes;
  std::int64_t at[max_axes] = {};
  std::int64_t offset[N] = {};

  Odometer(const Walk<N>& of, int count, std::int64_t position) : walk(of), axes(count) {
    for (int axis = axes - 1; axis >= 0; --axis) {
      at[axis] = position % walk.size[axis];
      position /= walk.size[axis];
      for (int k = 0; k < N; ++k) offset[k] += at[axis] * walk.stride[k][axis];
    }
  }
  void next() {
    for (int axis = axes - 1; axis >= 0; --axis) {
      for (int k = 0; k < N; ++k) offset[k] += walk.stride[k][axis];
      if (++at[axis] < walk.size[axis]) return;
      for (int k = 0; k < N; ++k) offset[k] -= walk.size[axis] * walk.stride[k][axis];
      at[axis] = 0;
    }
  }
};

}  // namespace regimen::kernel
