// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"

/// Sophia's passes over flat arrays, as those in cpu/optimizer.hpp.
namespace regimen::kernel {

/// h <- beta2 h + (1 - beta2) factor g^2.
template <class T>
void sophia_curvature(Cpu, std::int64_t n, T beta2, T factor, const T* g, T* h) {
  const T rest = (T(1) - beta2) * factor;
  update<T>(
      Cpu{}, n, [=](auto& gradient, auto& curvature) { curvature = beta2 * curvature + rest * (gradient * gradient); },
      g, h);
}

template <class T>
struct SophiaStep {
  T lr, beta1, gamma, epsilon, weight_decay;
};

/// m <- beta1 m + (1 - beta1) g;  p <- p - lr (clip(m / max(gamma h, epsilon), 1) + weight_decay p).
template <class T>
void sophia(Cpu, std::int64_t n, const SophiaStep<T>& s, const T* g, const T* h, T* m, T* p) {
  const T rest1 = T(1) - s.beta1;
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& curvature, auto& first, auto& value) {
        const auto one = broadcast(T(1)), least = broadcast(s.epsilon), scaled = s.gamma * curvature;
        first = s.beta1 * first + rest1 * gradient;
        const auto ratio = first / (scaled < least ? least : scaled);
        const auto step = ratio > one ? one : (ratio < -one ? -one : ratio);
        value -= s.lr * (step + s.weight_decay * value);
      },
      g, h, m, p);
}

}  // namespace regimen::kernel
