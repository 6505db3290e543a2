// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/config.hpp"

/// What an elementwise operation does to an element, as function objects: the CPU's kernels call them with vectors, the
/// GPU's with single numbers, and nvcc takes no lambda there. Those that need more than arithmetic are in
/// ops/functors.hpp; one that a single header needs is in that header.
namespace regimen::functor {

/// `value` in every lane of what v is; also -0, unlike 0 + value.
template <class V, class T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE V all_lanes(const V&, T value) {
  return value - V{};
}

struct Identity {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v;
  }
};

struct Negate {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return -v;
  }
};

struct Add {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V u, V v) const {
    return u + v;
  }
};

struct Subtract {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V u, V v) const {
    return u - v;
  }
};

struct Multiply {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V u, V v) const {
    return u * v;
  }
};

struct Divide {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V u, V v) const {
    return u / v;
  }
};

/// v + value.
template <class T>
struct AddNumber {
  T value;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v + all_lanes(v, value);
  }
};

/// value - v.
template <class T>
struct NumberMinus {
  T value;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return all_lanes(v, value) - v;
  }
};

/// v value.
template <class T>
struct MultiplyBy {
  T value;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v * all_lanes(v, value);
  }
};

/// v / value.
template <class T>
struct DivideBy {
  T value;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v / all_lanes(v, value);
  }
};

/// value / v.
template <class T>
struct NumberOver {
  T value;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return all_lanes(v, value) / v;
  }
};

struct Square {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v * v;
  }
};

struct Cube {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v * v * v;
  }
};

/// 1 where u > v, else 0.
template <class T>
struct Greater {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V u, V v) const {
    return u > v ? all_lanes(u, T{1}) : V{};
  }
};

/// 1 where u < v, else 0.
template <class T>
struct Less {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V u, V v) const {
    return u < v ? all_lanes(u, T{1}) : V{};
  }
};

/// 1 where u = v, else 0.
template <class T>
struct Equal {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V u, V v) const {
    return u == v ? all_lanes(u, T{1}) : V{};
  }
};

/// u where the condition is not 0, else v.
struct Choose {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V condition, V u, V v) const {
    return condition != V{} ? u : v;
  }
};

/// NaN where one of them is.
struct Maximum {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V u, V v) const {
    return u > v ? u : (u != u ? u : v);
  }
};

/// NaN where one of them is.
struct Minimum {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V u, V v) const {
    return u < v ? u : (u != u ? u : v);
  }
};

/// The derivative of the larger by u: half of it for each of two equals.
template <class T>
struct MaximumShare {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V u, V v) const {
    return u < v ? V{} : (u == v ? all_lanes(u, T{0.5}) : all_lanes(u, T{1}));
  }
};

/// v where it is finite, else 0.
struct FiniteOrZero {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v - v == V{} ? v : V{};
  }
};

}  // namespace regimen::functor
