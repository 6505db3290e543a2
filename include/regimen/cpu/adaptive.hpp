// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"

/// Updates of the optimizers of Adam's family, each one pass over flat arrays, as those in cpu/optimizer.hpp.
namespace regimen::kernel {

template <class T>
struct AdadeltaStep {
  T lr, rho, epsilon, weight_decay;
};

/// g' = g + weight_decay p;  v <- rho v + (1 - rho) g'^2;  d = sqrt(u + epsilon) / sqrt(v + epsilon) g';
/// u <- rho u + (1 - rho) d^2;  p <- p - lr d.
template <class T>
void adadelta(Cpu, std::int64_t n, const AdadeltaStep<T>& s, const T* g, T* v, T* u, T* p) {
  const T rest = T(1) - s.rho;
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& second, auto& moved, auto& value) {
        const auto decayed = gradient + s.weight_decay * value;
        second = s.rho * second + rest * (decayed * decayed);
        const auto step = root(moved + s.epsilon) / root(second + s.epsilon) * decayed;
        moved = s.rho * moved + rest * (step * step);
        value -= s.lr * step;
      },
      g, v, u, p);
}

/// g' = g + weight_decay p;  m <- beta1 m + (1 - beta1) g';  u <- max(beta2 u, |g'| + epsilon);
/// p <- p - lr correction1 m / u.
template <class T>
void adamax(Cpu, std::int64_t n, const AdamStep<T>& s, const T* g, T* m, T* u, T* p) {
  const T rest1 = T(1) - s.beta1, rate = s.lr * s.correction1;
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& first, auto& largest, auto& value) {
        const auto decayed = gradient + s.weight_decay * value;
        const auto size = (decayed < T(0) ? -decayed : decayed) + s.epsilon, old = s.beta2 * largest;
        first = s.beta1 * first + rest1 * decayed;
        largest = size < old ? old : size;
        value -= rate * first / largest;
      },
      g, m, u, p);
}

/// Adam's moments of g' = g + weight_decay p, and  p <- p - (rate_g g' + rate_m m) / (sqrt(v correction2) + epsilon).
/// s.lr and s.correction1 are not used.
template <class T>
void nadam(Cpu, std::int64_t n, const AdamStep<T>& s, T rate_g, T rate_m, const T* g, T* m, T* v, T* p) {
  const T rest1 = T(1) - s.beta1, rest2 = T(1) - s.beta2;
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& first, auto& second, auto& value) {
        const auto decayed = gradient + s.weight_decay * value;
        first = s.beta1 * first + rest1 * decayed;
        second = s.beta2 * second + rest2 * (decayed * decayed);
        value -= (rate_g * decayed + rate_m * first) / (root(second * s.correction2) + s.epsilon);
      },
      g, m, v, p);
}

/// Adam's moments of g' = g + weight_decay p, and, where rectified,  p <- p - rate m / (sqrt(v) + epsilon),  else
/// p <- p - rate m.  s.lr and the corrections are not used.
template <class T>
void radam(Cpu, std::int64_t n, const AdamStep<T>& s, T rate, bool rectified, const T* g, T* m, T* v, T* p) {
  const T rest1 = T(1) - s.beta1, rest2 = T(1) - s.beta2;
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& first, auto& second, auto& value) {
        const auto decayed = gradient + s.weight_decay * value;
        first = s.beta1 * first + rest1 * decayed;
        second = s.beta2 * second + rest2 * (decayed * decayed);
        value -= rectified ? rate * first / (root(second) + s.epsilon) : rate * first;
      },
      g, m, v, p);
}

/// m <- beta1 m + (1 - beta1) g;  s <- beta2 s + (1 - beta2) (g - m)^2 + epsilon;
/// p <- p - lr (m correction1 / (sqrt(s correction2) + epsilon) + weight_decay p).
template <class T>
void adabelief(Cpu, std::int64_t n, const AdamStep<T>& step, const T* g, T* m, T* s, T* p) {
  const T rest1 = T(1) - step.beta1, rest2 = T(1) - step.beta2, rate = step.lr * step.correction1,
          decay = step.lr * step.weight_decay;
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& first, auto& spread, auto& value) {
        first = step.beta1 * first + rest1 * gradient;
        const auto surprise = gradient - first;
        spread = step.beta2 * spread + rest2 * (surprise * surprise) + step.epsilon;
        value -= rate * first / (root(spread * step.correction2) + step.epsilon) + decay * value;
      },
      g, m, s, p);
}

template <class T>
struct LionStep {
  T lr, beta1, beta2, weight_decay;
};

/// p <- p - lr (sign(beta1 m + (1 - beta1) g) + weight_decay p);  m <- beta2 m + (1 - beta2) g.
template <class T>
void lion(Cpu, std::int64_t n, const LionStep<T>& s, const T* g, T* m, T* p) {
  const T rest1 = T(1) - s.beta1, rest2 = T(1) - s.beta2;
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& momentum, auto& value) {
        const auto direction = s.beta1 * momentum + rest1 * gradient;
        const auto one = broadcast(T(1)), zero = broadcast(T(0));
        const auto sign = (direction > zero ? one : zero) - (direction < zero ? one : zero);
        momentum = s.beta2 * momentum + rest2 * gradient;
        value -= s.lr * (sign + s.weight_decay * value);
      },
      g, m, p);
}

/// Adam's moments of g, and  u = m correction1 / (sqrt(v correction2) + epsilon) + weight_decay p.  s.lr is not used.
template <class T>
void adam_direction(Cpu, std::int64_t n, const AdamStep<T>& s, const T* g, const T* p, T* m, T* v, T* u) {
  const T rest1 = T(1) - s.beta1, rest2 = T(1) - s.beta2;
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& value, auto& first, auto& second, auto& direction) {
        first = s.beta1 * first + rest1 * gradient;
        second = s.beta2 * second + rest2 * (gradient * gradient);
        direction = s.correction1 * first / (root(second * s.correction2) + s.epsilon) + s.weight_decay * value;
      },
      g, p, m, v, u);
}

template <class T>
struct ScheduleFreeStep {
  T lr, beta1, beta2, epsilon, weight_decay;
  T weight;  ///< of z in the average x, in [0, 1]
};

/// v <- beta2 v + (1 - beta2) g^2;  z <- z - lr (g / (sqrt(v) + epsilon) + weight_decay p);
/// x <- (1 - weight) x + weight z;  p <- (1 - beta1) z + beta1 x.
template <class T>
void schedule_free(Cpu, std::int64_t n, const ScheduleFreeStep<T>& s, const T* g, T* v, T* z, T* x, T* p) {
  const T rest1 = T(1) - s.beta1, rest2 = T(1) - s.beta2, rest = T(1) - s.weight;
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& second, auto& fast, auto& mean, auto& value) {
        second = s.beta2 * second + rest2 * (gradient * gradient);
        fast -= s.lr * (gradient / (root(second) + s.epsilon) + s.weight_decay * value);
        mean = rest * mean + s.weight * fast;
        value = rest1 * fast + s.beta1 * mean;
      },
      g, v, z, x, p);
}

/// y = |x1| x2. y may be x2.
template <class T>
void multiply_absolute(Cpu, std::int64_t n, const T* x1, const T* x2, T* y) {
  map(
      Cpu{}, n, [](auto a, auto b) { return (a < broadcast(T(0)) ? -a : a) * b; }, y, x1, x2);
}

}  // namespace regimen::kernel
