// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/scratch.hpp"
#include "regimen/cpu/vector.hpp"

namespace regimen::detail {

template <class V, class T>
REGIMEN_ALWAYS_INLINE void write_back(T* to, V value) {
  kernel::store<V>(to, value);
}
template <class V, class T>
REGIMEN_ALWAYS_INLINE void write_back(const T*, V) {}
template <class V, class T>
REGIMEN_ALWAYS_INLINE void write_back_part(T* to, V value, std::int64_t count) {
  kernel::store_part<T>(to, value, count);
}
template <class V, class T>
REGIMEN_ALWAYS_INLINE void write_back_part(const T*, V, std::int64_t) {}

/// The sum of the squares of n elements in double, by several independent sums of fixed lanes.
template <class T>
inline double square_sum(std::int64_t n, const T* x) {
  using Wide = kernel::Vector<double>;
  using Narrow = typename kernel::VectorOf<T, static_cast<int>(sizeof(Wide) / sizeof(double) * sizeof(T))>::type;
  constexpr std::int64_t width = kernel::lanes<double>;
  const std::int64_t rest = n % (4 * width);
  Wide sum[4] = {};
  for (std::int64_t i = 0; i < n - rest; i += 4 * width)
    for (int j = 0; j < 4; ++j) {
      const Wide value = __builtin_convertvector(kernel::load<Narrow>(x + i + j * width), Wide);
      sum[j] += value * value;
    }
  double total = kernel::lane_sum<double>((sum[0] + sum[1]) + (sum[2] + sum[3]));
  for (std::int64_t i = n - rest; i < n; ++i) total += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return total;
}

}  // namespace regimen::detail

/// Updates of optimizers, each one pass over flat arrays of n elements: gradient g, state, parameters p. The arrays do
/// not overlap. What depends on the step (bias corrections, first step or not) comes as a number from the caller.
namespace regimen::kernel {

/// update on one thread.
template <class T, class F, class... Array>
REGIMEN_ALWAYS_INLINE void update_range(std::int64_t n, const F& f, Array*... arrays) {
  using V = Vector<T>;
  std::int64_t i = 0;
  for (; i + lanes<T> <= n; i += lanes<T>)
    [&](auto... values) {
      f(values...);
      (regimen::detail::write_back<V>(arrays + i, values), ...);
    }(load<V>(arrays + i)...);
  if (i < n)
    [&](auto... values) {
      f(values...);
      (regimen::detail::write_back_part<V>(arrays + i, values, n - i), ...);
    }(load_part<T>(arrays + i, n - i)...);
}

/// f(vectors of each array...) for all n elements, by vectors. f takes a Vector<T>& for each array and changes those
/// that it updates; arrays given as T* are written back, those given as const T* are read only. Lanes beyond the end
/// are zeros.
template <class T, class F, class... Array>
void update(Cpu, std::int64_t n, const F& f, Array*... arrays) {
  if (n < 2 * elementwise_grain) return update_range<T>(n, f, arrays...);
  const std::int64_t vectors = (n + lanes<T> - 1) / lanes<T>;
  parallel_for(vectors, elementwise_grain / lanes<T>, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t first = begin * lanes<T>, last = end * lanes<T> < n ? end * lanes<T> : n;
    update_range<T>(last - first, f, (arrays + first)...);
  });
}

/// Square root of numbers >= 0, within 1 unit in the last place, without leaving the vector registers: an estimate of
/// 1 / sqrt(x) from the exponent's bits, Newton's steps y <- y (3 - x y^2) / 2, and one correction of x y.
/// Infinity and NaN stay as they are.
template <class V>
REGIMEN_ALWAYS_INLINE V root(V x) {
  constexpr bool single = sizeof(x[0]) == 4;
  using T = std::conditional_t<single, float, double>;
  using I = Vector<std::conditional_t<single, std::int32_t, std::int64_t>>;
  constexpr auto magic =
      static_cast<std::conditional_t<single, std::int32_t, std::int64_t>>(single ? 0x5f375a86 : 0x5fe6eb50c7b537a9);
  // Near the smallest normal number the exponent's bits say too little, and there products would round to zero.
  constexpr T tiny = single ? T(1e-30) : T(1e-280), up = single ? T(0x1p60) : T(0x1p400),
              down = single ? T(0x1p-30) : T(0x1p-200);
  const V scaled = x < broadcast(tiny) ? x * up : x, half = scaled * T(0.5);
  V y = reinterpret_cast<V>(magic - (reinterpret_cast<I>(scaled) >> 1));
  for (int step = 0; step < (single ? 3 : 4); ++step) y = y * (T(1.5) - (half * y) * y);
  V r = scaled * y;
  r = r + (y * T(0.5)) * (scaled - r * r);
  r = x < broadcast(tiny) ? r * down : r;
  return x < broadcast(static_cast<T>(__builtin_inf())) ? r : x;
}

template <class T>
struct SgdStep {
  T lr, momentum, dampening, weight_decay;
  bool nesterov;
};

/// g' = g + weight_decay p;  m <- momentum m + (1 - dampening) g';  p <- p - lr m, or, with Nesterov's momentum,
/// p <- p - lr (g' + momentum m).
template <class T>
void sgd(Cpu, std::int64_t n, const SgdStep<T>& s, const T* g, T* m, T* p) {
  const T rest = T(1) - s.dampening, ahead = s.nesterov ? T(1) : T(0), behind = s.nesterov ? s.momentum : T(1);
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& velocity, auto& value) {
        const auto decayed = gradient + s.weight_decay * value;
        velocity = s.momentum * velocity + rest * decayed;
        value -= s.lr * (ahead * decayed + behind * velocity);
      },
      g, m, p);
}

/// SGD without momentum:  p <- p - lr (g + weight_decay p).
template <class T>
void sgd(Cpu, std::int64_t n, T lr, T weight_decay, const T* g, T* p) {
  update<T>(
      Cpu{}, n, [=](auto& gradient, auto& value) { value -= lr * (gradient + weight_decay * value); }, g, p);
}

template <class T>
struct AdamStep {
  T lr, beta1, beta2, epsilon;
  T weight_decay;
  T correction1, correction2;  ///< 1 / (1 - beta1^t) and 1 / (1 - beta2^t), t counted from 1
};

/// The numbers of update t from options with beta1, beta2 and epsilon, without decay.
template <class T, class Options>
AdamStep<T> adam_step(double lr, const Options& options, std::int64_t t) {
  const auto number = static_cast<double>(t);
  return {static_cast<T>(lr),
          static_cast<T>(options.beta1),
          static_cast<T>(options.beta2),
          static_cast<T>(options.epsilon),
          T(0),
          static_cast<T>(1 / (1 - std::pow(options.beta1, number))),
          static_cast<T>(1 / (1 - std::pow(options.beta2, number)))};
}

/// Adam with the decay in the gradient:  g' = g + weight_decay p;  m <- beta1 m + (1 - beta1) g';
/// v <- beta2 v + (1 - beta2) g'^2;  p <- p - lr m correction1 / (sqrt(v correction2) + epsilon).
template <class T>
void adam(Cpu, std::int64_t n, const AdamStep<T>& s, const T* g, T* m, T* v, T* p) {
  const T rest1 = T(1) - s.beta1, rest2 = T(1) - s.beta2, rate = s.lr * s.correction1;
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& first, auto& second, auto& value) {
        const auto decayed = gradient + s.weight_decay * value;
        first = s.beta1 * first + rest1 * decayed;
        second = s.beta2 * second + rest2 * (decayed * decayed);
        value -= rate * first / (root(second * s.correction2) + s.epsilon);
      },
      g, m, v, p);
}

/// Adam with decoupled decay:  m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2;
/// p <- p - lr (m correction1 / (sqrt(v correction2) + epsilon) + weight_decay p).
template <class T>
void adamw(Cpu, std::int64_t n, const AdamStep<T>& s, const T* g, T* m, T* v, T* p) {
  const T rest1 = T(1) - s.beta1, rest2 = T(1) - s.beta2, rate = s.lr * s.correction1, decay = s.lr * s.weight_decay;
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& first, auto& second, auto& value) {
        first = s.beta1 * first + rest1 * gradient;
        second = s.beta2 * second + rest2 * (gradient * gradient);
        value -= rate * first / (root(second * s.correction2) + s.epsilon) + decay * value;
      },
      g, m, v, p);
}

template <class T>
struct RmspropStep {
  T lr, alpha, epsilon, momentum, weight_decay;
};

/// g' = g + weight_decay p;  v <- alpha v + (1 - alpha) g'^2;  with a, the mean gradient, null where not centered:
/// a <- alpha a + (1 - alpha) g', w = max(v - a^2, 0), else w = v;  d = g' / (sqrt(w) + epsilon);
/// with m null: p <- p - lr d, else m <- momentum m + d, p <- p - lr m.
template <class T>
void rmsprop(Cpu, std::int64_t n, const RmspropStep<T>& s, const T* g, T* v, T* a, T* m, T* p) {
  const T rest = T(1) - s.alpha;
  const auto direction = [=](auto& gradient, auto& second, auto& value, auto centre) {
    const auto decayed = gradient + s.weight_decay * value;
    second = s.alpha * second + rest * (decayed * decayed);
    auto spread = second;
    if constexpr (!std::is_same_v<decltype(centre), std::nullptr_t>) {
      *centre = s.alpha * *centre + rest * decayed;
      spread = second - *centre * *centre;
      spread = spread < T(0) ? decltype(spread){} : spread;
    }
    return decayed / (root(spread) + s.epsilon);
  };
  const auto move = [=](auto& velocity, auto& value, auto step) {
    velocity = s.momentum * velocity + step;
    value -= s.lr * velocity;
  };
  if (a == nullptr && m == nullptr)
    update<T>(
        Cpu{}, n,
        [=](auto& gradient, auto& second, auto& value) { value -= s.lr * direction(gradient, second, value, nullptr); },
        g, v, p);
  else if (a == nullptr)
    update<T>(
        Cpu{}, n,
        [=](auto& gradient, auto& second, auto& velocity, auto& value) {
          move(velocity, value, direction(gradient, second, value, nullptr));
        },
        g, v, m, p);
  else if (m == nullptr)
    update<T>(
        Cpu{}, n,
        [=](auto& gradient, auto& second, auto& centre, auto& value) {
          value -= s.lr * direction(gradient, second, value, &centre);
        },
        g, v, a, p);
  else
    update<T>(
        Cpu{}, n,
        [=](auto& gradient, auto& second, auto& centre, auto& velocity, auto& value) {
          move(velocity, value, direction(gradient, second, value, &centre));
        },
        g, v, a, m, p);
}

template <class T>
struct AdagradStep {
  T lr, epsilon, weight_decay;
};

/// g' = g + weight_decay p;  s <- s + g'^2;  p <- p - lr g' / (sqrt(s) + epsilon).
template <class T>
void adagrad(Cpu, std::int64_t n, const AdagradStep<T>& step, const T* g, T* s, T* p) {
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& sum, auto& value) {
        const auto decayed = gradient + step.weight_decay * value;
        sum += decayed * decayed;
        value -= step.lr * decayed / (root(sum) + step.epsilon);
      },
      g, s, p);
}

/// Exponential moving average:  d <- beta d + (1 - beta) x.
template <class T>
void ema(Cpu, std::int64_t n, T beta, const T* x, T* d) {
  const T rest = T(1) - beta;
  update<T>(
      Cpu{}, n, [=](auto& value, auto& mean) { mean = beta * mean + rest * value; }, x, d);
}

/// x <- factor x.
template <class T>
void scale(Cpu, std::int64_t n, T factor, T* x) {
  update<T>(
      Cpu{}, n, [=](auto& value) { value *= factor; }, x);
}

/// y <- factor x.
template <class T>
void scaled(Cpu, std::int64_t n, T factor, const T* x, T* y) {
  map(
      Cpu{}, n, [=](auto value) { return factor * value; }, y, x);
}

/// y <- y + factor x.
template <class T>
void add_scaled(Cpu, std::int64_t n, T factor, const T* x, T* y) {
  update<T>(
      Cpu{}, n, [=](auto& value, auto& sum) { sum += factor * value; }, x, y);
}

/// x <- min(max(x, low), high); NaN stays.
template <class T>
void clip(Cpu, std::int64_t n, T low, T high, T* x) {
  update<T>(
      Cpu{}, n,
      [=](auto& value) {
        const auto least = broadcast(low), most = broadcast(high);
        value = value < least ? least : (value > most ? most : value);
      },
      x);
}

/// Exchanges the elements of x and y.
template <class T>
void swap(Cpu, std::int64_t n, T* x, T* y) {
  update<T>(
      Cpu{}, n,
      [](auto& a, auto& b) {
        const auto old = a;
        a = b;
        b = old;
      },
      x, y);
}

/// The sum of x^2, accumulated in double by blocks of fixed size and then over the blocks in order: the same bits at
/// any number of threads.
template <class T>
double sum_of_squares(Cpu, std::int64_t n, const T* x) {
  constexpr std::int64_t block = 4096;
  const std::int64_t blocks = (n + block - 1) / block;
  if (blocks <= 1) return regimen::detail::square_sum(n, x);
  const Scratch<double> part(blocks);
  parallel_for(blocks, elementwise_grain / block, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      part.data()[i] = regimen::detail::square_sum(i + 1 < blocks ? block : n - i * block, x + i * block);
  });
  double total = 0;
  for (std::int64_t i = 0; i < blocks; ++i) total += part.data()[i];
  return total;
}

}  // namespace regimen::kernel
