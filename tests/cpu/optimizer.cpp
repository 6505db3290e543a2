// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/optimizer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

using namespace regimen;
using namespace regimen::kernel;

namespace {

constexpr std::int64_t sizes[] = {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 100, 70001, 150003};

/// n numbers, and one more that no kernel may touch, from a fixed linear congruence, in [-1, 1) or [0, 1).
template <class T>
std::vector<T> numbers(std::int64_t n, std::uint32_t seed, bool positive = false) {
  std::vector<T> result(static_cast<std::size_t>(n) + 1);
  std::uint32_t state = seed * 2654435761u + 12345u;
  for (T& value : result) {
    state = state * 1664525u + 1013904223u;
    const T unit = static_cast<T>(state >> 8) / T(1 << 24);
    value = positive ? unit : 2 * unit - 1;
  }
  return result;
}

template <class T>
double largest_difference(const std::vector<T>& a, const std::vector<T>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::fmax(largest, std::fabs(static_cast<double>(a[i] - b[i])));
  return largest;
}

template <class T>
constexpr double tolerance = sizeof(T) == 4 ? 3e-6 : 1e-14;

/// Runs kernel(n, arrays...) and scalar(element of each array...) on the same four or five arrays (g, the states, p)
/// and compares all of them; then the kernel on one and two threads, bit by bit.
template <class T, class Kernel, class ScalarForm>
void compare(const Kernel& kernel, const ScalarForm& scalar) {
  for (const std::int64_t n : sizes) {
    std::vector<T> start[5] = {numbers<T>(n, 1), numbers<T>(n, 2), numbers<T>(n, 3, true), numbers<T>(n, 4),
                               numbers<T>(n, 5)};
    for (std::size_t i = 0; i < start[2].size(); ++i)
      start[2][i] += start[1][i] * start[1][i] + T(0.1);  // above mean^2
    std::vector<T> fast[5], slow[5];
    for (int i = 0; i < 5; ++i) fast[i] = slow[i] = start[i];
    kernel(n, fast[0].data(), fast[1].data(), fast[2].data(), fast[3].data(), fast[4].data());
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i)
      scalar(slow[0][i], slow[1][i], slow[2][i], slow[3][i], slow[4][i]);
    for (int i = 0; i < 5; ++i) {
      CAPTURE(n);
      CAPTURE(i);
      CHECK(largest_difference(fast[i], slow[i]) <= tolerance<T>);
      CHECK(fast[i].back() == start[i].back());
    }
#if defined(_OPENMP)
    const int threads = omp_get_max_threads();
    std::vector<T> serial[5];
    for (int i = 0; i < 5; ++i) serial[i] = start[i];
    omp_set_num_threads(1);
    kernel(n, serial[0].data(), serial[1].data(), serial[2].data(), serial[3].data(), serial[4].data());
    for (int i = 0; i < 5; ++i) fast[i] = start[i];
    omp_set_num_threads(2);
    kernel(n, fast[0].data(), fast[1].data(), fast[2].data(), fast[3].data(), fast[4].data());
    omp_set_num_threads(threads);
    for (int i = 0; i < 5; ++i) CHECK(std::memcmp(serial[i].data(), fast[i].data(), serial[i].size() * sizeof(T)) == 0);
#endif
  }
}

}  // namespace

TEST_CASE_TEMPLATE("root is within a unit in the last place from subnormal numbers to infinity", T, float, double) {
  using Limits = std::numeric_limits<T>;
  std::vector<T> x = {
      0, Limits::denorm_min(), 3 * Limits::denorm_min(), Limits::min(), Limits::max(), Limits::infinity(), 1,
      4, Limits::quiet_NaN()};
  for (T value = Limits::min() / 1000; value < Limits::max() / 2; value *= T(1.37)) x.push_back(value);
  for (int i = 1; i < 3000; ++i) x.push_back(T(1) + T(i) / 1000);
  std::vector<T> y(x.size());
  map(
      Cpu{}, static_cast<std::int64_t>(x.size()), [](auto v) { return root(v); }, y.data(), x.data());
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i])) {
      CHECK(std::isnan(y[i]));
      continue;
    }
    const T right = std::sqrt(x[i]);
    if (right == 0 || std::isinf(right)) {
      CHECK(y[i] == right);
      continue;
    }
    worst =
        std::fmax(worst, static_cast<double>(std::fabs(y[i] - right) / (std::nextafter(right, Limits::max()) - right)));
  }
  CHECK(worst <= 1);
}

TEST_CASE_TEMPLATE("sgd is its formula, with and without momentum", T, float, double) {
  for (const bool nesterov : {false, true})
    for (const double wd : {0.0, 0.1}) {
      const auto lr = T(0.3), mu = T(0.9), dampening = T(0.25), decay = static_cast<T>(wd);
      compare<T>(
          [&](std::int64_t n, T* g, T* m, T*, T*, T* p) {
            sgd<T>(Cpu{}, n, {lr, mu, dampening, decay, nesterov}, g, m, p);
          },
          [&](T& g, T& m, T&, T&, T& p) {
            const T d = g + decay * p;
            m = mu * m + (1 - dampening) * d;
            p = p - lr * (nesterov ? d + mu * m : m);
          });
      compare<T>([&](std::int64_t n, T* g, T*, T*, T*, T* p) { sgd<T>(Cpu{}, n, lr, decay, g, p); },
                 [&](T& g, T&, T&, T&, T& p) { p = p - lr * (g + decay * p); });
    }
}

TEST_CASE_TEMPLATE("adam and adamw are their formulas", T, float, double) {
  const AdamStep<T> s{T(0.1), T(0.8), T(0.95), T(1e-3), T(0.2), T(1 / 0.36), T(1 / 0.0975)};
  compare<T>([&](std::int64_t n, T* g, T* m, T* v, T*, T* p) { adam<T>(Cpu{}, n, s, g, m, v, p); },
             [&](T& g, T& m, T& v, T&, T& p) {
               const T d = g + s.weight_decay * p;
               m = s.beta1 * m + (1 - s.beta1) * d;
               v = s.beta2 * v + (1 - s.beta2) * d * d;
               p = p - s.lr * (m * s.correction1) / (std::sqrt(v * s.correction2) + s.epsilon);
             });
  compare<T>([&](std::int64_t n, T* g, T* m, T* v, T*, T* p) { adamw<T>(Cpu{}, n, s, g, m, v, p); },
             [&](T& g, T& m, T& v, T&, T& p) {
               m = s.beta1 * m + (1 - s.beta1) * g;
               v = s.beta2 * v + (1 - s.beta2) * g * g;
               p = p - s.lr * ((m * s.correction1) / (std::sqrt(v * s.correction2) + s.epsilon) + s.weight_decay * p);
             });
}

TEST_CASE_TEMPLATE("rmsprop is its formula in all four forms", T, float, double) {
  const RmspropStep<T> s{T(0.1), T(0.9), T(0.01), T(0.8), T(0.2)};
  for (const bool centered : {false, true})
    for (const bool momentum : {false, true})
      compare<T>([&](std::int64_t n, T* g, T* a, T* v, T* m,
                     T* p) { rmsprop<T>(Cpu{}, n, s, g, v, centered ? a : nullptr, momentum ? m : nullptr, p); },
                 [&](T& g, T& a, T& v, T& m, T& p) {
                   const T d = g + s.weight_decay * p;
                   v = s.alpha * v + (1 - s.alpha) * d * d;
                   T w = v;
                   if (centered) {
                     a = s.alpha * a + (1 - s.alpha) * d;
                     w = std::fmax(v - a * a, T(0));
                   }
                   const T step = d / (std::sqrt(w) + s.epsilon);
                   if (momentum) m = s.momentum * m + step;
                   p = p - s.lr * (momentum ? m : step);
                 });
}

TEST_CASE_TEMPLATE("adagrad, ema, scale, scaled, add_scaled, clip and swap are their formulas", T, float, double) {
  compare<T>(
      [](std::int64_t n, T* g, T*, T* s, T*, T* p) {
        adagrad<T>(Cpu{}, n, {T(0.1), T(0.01), T(0.2)}, g, s, p);
      },
      [](T& g, T&, T& s, T&, T& p) {
        const T d = g + T(0.2) * p;
        s += d * d;
        p -= T(0.1) * d / (std::sqrt(s) + T(0.01));
      });
  compare<T>([](std::int64_t n, T* x, T*, T*, T*, T* d) { ema<T>(Cpu{}, n, T(0.9), x, d); },
             [](T& x, T&, T&, T&, T& d) { d = T(0.9) * d + (1 - T(0.9)) * x; });
  compare<T>([](std::int64_t n, T* x, T*, T*, T*, T*) { scale<T>(Cpu{}, n, T(0.7), x); },
             [](T& x, T&, T&, T&, T&) { x *= T(0.7); });
  compare<T>([](std::int64_t n, T* x, T*, T*, T*, T* y) { scaled<T>(Cpu{}, n, T(0.7), x, y); },
             [](T& x, T&, T&, T&, T& y) { y = T(0.7) * x; });
  compare<T>([](std::int64_t n, T* x, T*, T*, T*, T* y) { add_scaled<T>(Cpu{}, n, T(0.7), x, y); },
             [](T& x, T&, T&, T&, T& y) { y += T(0.7) * x; });
  compare<T>([](std::int64_t n, T* x, T*, T*, T*, T*) { clip<T>(Cpu{}, n, T(-0.25), T(0.5), x); },
             [](T& x, T&, T&, T&, T&) { x = x < T(-0.25) ? T(-0.25)
                                            : x > T(0.5) ? T(0.5)
                                                         : x; });
  compare<T>([](std::int64_t n, T* x, T*, T*, T*, T* y) { kernel::swap<T>(Cpu{}, n, x, y); },
             [](T& x, T&, T&, T&, T& y) { std::swap(x, y); });
}

TEST_CASE_TEMPLATE("the sum of squares is right and has the same bits on one and two threads", T, float, double) {
  for (const std::int64_t n : sizes) {
    const std::vector<T> x = numbers<T>(n, 7);
    long double right = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i)
      right += static_cast<long double>(x[i]) * static_cast<long double>(x[i]);
    const double sum = sum_of_squares(Cpu{}, n, x.data());
    CHECK(std::fabs(sum - static_cast<double>(right)) <= 1e-13 * static_cast<double>(right));
#if defined(_OPENMP)
    const int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    const double one = sum_of_squares(Cpu{}, n, x.data());
    omp_set_num_threads(2);
    const double two = sum_of_squares(Cpu{}, n, x.data());
    omp_set_num_threads(threads);
    CHECK(one == two);
#endif
  }
  const std::vector<float> large(1000, 1e30f);
  CHECK(sum_of_squares(Cpu{}, 1000, large.data()) == doctest::Approx(1e63));
}

TEST_CASE("clip leaves NaN, so that a broken gradient stays visible") {
  std::vector<float> x(21, std::numeric_limits<float>::quiet_NaN());
  clip(Cpu{}, 21, -1.0f, 1.0f, x.data());
  for (const float value : x) CHECK(std::isnan(value));
}
