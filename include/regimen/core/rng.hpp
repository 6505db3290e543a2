// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "regimen/core/error.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/core/philox.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

/// A stream of random numbers as a value: a key, a stream number and a position, counted in 32-bit words. Word i of the
/// stream is word i mod 4 of philox4x32(i / 4, stream, key), so the numbers depend on the position alone: a fill gives
/// the same bits at any number of threads, and a copy continues as the original would.
///
///   Rng rng(seed);
///   Rng weights = rng.split("weights"), noise = rng.split("noise");  // independent of each other and of rng
///   auto w = weights.normal({64, 10}, 0, 0.1f);
class Rng {
 public:
  explicit Rng(std::uint64_t seed = 0) : key_(seed) {}

  /// The stream that belongs to a tag or an index, independent of this one and of every other split of it. Depends on
  /// this stream but not on the position in it, which it does not advance.
  Rng split(std::string_view tag) const {
    std::uint64_t hash = 0xCBF29CE484222325;  // FNV-1a
    for (const char c : tag) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    return child(hash, 0x9E3779B97F4A7C15);
  }
  Rng split(std::uint64_t index) const { return child(index, 0xD1B54A32D192ED03); }

  std::uint32_t next32() {
    if (position_ % 4 == 0) block_ = philox4x32(position_ / 4, stream_, key_);
    return block_.word[position_++ % 4];
  }
  std::uint64_t next64() {
    const std::uint64_t low = next32();
    return low | static_cast<std::uint64_t>(next32()) << 32;
  }

  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform() { return uniform_from(next64()); }

  /// Standard normal.
  double normal() { return normal_from(next64()); }

  /// True with probability p, to within 2^-32. Throws Error unless 0 <= p <= 1.
  bool bernoulli(double p) {
    const std::uint64_t limit = threshold("Rng::bernoulli", p);
    return next32() < limit;
  }

  /// Uniform in 0, ..., n - 1, without bias. Throws Error unless n > 0.
  ///
  /// Source: Lemire (2019), Fast random integer generation in an interval.
  std::int64_t below(std::int64_t n) {
    if (n <= 0) detail::fail("Rng::below", {"no integer is in [0, ", n, ")"}, "n must be positive");
    const auto bound = static_cast<std::uint64_t>(n);
    if (bound <= 0xFFFFFFFF) {
      for (;;) {
        const std::uint64_t product = next32() * bound;
        if ((product & 0xFFFFFFFF) >= (std::uint64_t{1} << 32) % bound) return static_cast<std::int64_t>(product >> 32);
      }
    }
    __extension__ using Wide = unsigned __int128;
    for (;;) {
      const Wide product = static_cast<Wide>(next64()) * bound;
      if (static_cast<std::uint64_t>(product) >= (0 - bound) % bound) return static_cast<std::int64_t>(product >> 64);
    }
  }

  /// Index i with probability weights[i] / sum(weights). Throws Error unless every weight is finite and >= 0, and one
  /// is > 0.
  std::int64_t categorical(std::span<const double> weights) {
    double total = 0;
    for (const double w : weights) {
      if (!(w >= 0)) detail::fail("Rng::categorical", {"a weight is ", w}, "weights must be >= 0");
      total += w;
    }
    if (!(total > 0 && total - total == 0))
      detail::fail("Rng::categorical", {"the ", weights.size(), " weights sum to ", total},
                   "the sum must be positive and finite");
    const double target = uniform() * total;
    double sum = 0;
    std::size_t last = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] == 0) continue;
      last = i;
      sum += weights[i];
      if (target < sum) break;
    }
    return static_cast<std::int64_t>(last);
  }

  // Fills. Element i is what the scalar call i from here on would give, and the stream moves on by all of them; only
  // the float fills of uniform() and normal() have no scalar form: they take one word an element, not two.

  /// Uniform in [low, high). Throws Error unless low < high and high - low is finite.
  template <class T = float>
  Tensor<T> uniform(const Shape& shape, std::type_identity_t<T> low = 0, std::type_identity_t<T> high = 1) {
    const T width = high - low;
    if (!(low < high && width - width == 0))
      detail::fail("Rng::uniform", {"no interval [", low, ", ", high, ")"},
                   "low must be below high, and the distance finite");
    const T last = below_limit(high);  // low + u * width may round to high
    return fill<T>(shape, width_of<T>, [=](Rng& rng) {
      const T value = low + uniform_from(rng.word<T>()) * width;
      return value < high ? value : last;
    });
  }

  /// Normal with the given mean and standard deviation. Throws Error unless stddev >= 0.
  template <class T = float>
  Tensor<T> normal(const Shape& shape, std::type_identity_t<T> mean = 0, std::type_identity_t<T> stddev = 1) {
    if (!(stddev >= 0)) detail::fail("Rng::normal", {"stddev is ", stddev}, "it must be >= 0");
    return fill<T>(shape, width_of<T>, [=](Rng& rng) { return mean + stddev * normal_from(rng.word<T>()); });
  }

  /// 1 with probability p, else 0. Throws Error unless 0 <= p <= 1.
  template <class T = float>
  Tensor<T> bernoulli(const Shape& shape, double p) {
    const std::uint64_t limit = threshold("Rng::bernoulli", p);
    return fill<T>(shape, 1, [=](Rng& rng) { return static_cast<T>(rng.next32() < limit); });
  }

  /// The numbers 0, ..., n - 1, every order equally likely. Throws Error for a negative n.
  Tensor<std::int64_t> permutation(std::int64_t n) {
    auto result = Tensor<std::int64_t>::empty({n});
    std::int64_t* values = result.mutable_data();
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t j = below(i + 1);
      values[i] = values[j];
      values[j] = i;
    }
    return result;
  }

  /// All of it: key, stream, position, and a zero that is reserved.
  std::array<std::uint64_t, 4> state() const { return {key_, stream_, position_, 0}; }

  /// The Rng whose state() that was. Throws Error for numbers that state() does not give.
  static Rng from_state(std::array<std::uint64_t, 4> state) {
    if (state[3] != 0) detail::fail("Rng::from_state", "the fourth number is not 0", "pass what state() gave");
    Rng rng(state[0]);
    rng.stream_ = state[1];
    rng.move_to(state[2]);
    return rng;
  }

 private:
  template <class T>
  static constexpr std::uint64_t width_of = sizeof(T) / 4;  // in words

  Rng child(std::uint64_t label, std::uint64_t domain) const {
    const PhiloxBlock block = philox4x32(label, stream_, key_ ^ domain);
    Rng result(block.word[0] | std::uint64_t{block.word[1]} << 32);
    result.stream_ = block.word[2] | std::uint64_t{block.word[3]} << 32;
    return result;
  }

  void move_to(std::uint64_t position) {
    position_ = position;
    if (position % 4 != 0) block_ = philox4x32(position / 4, stream_, key_);
  }

  /// The next word that is as wide as T.
  template <class T>
  auto word() {
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "random elements are float or double");
    if constexpr (std::is_same_v<T, float>)
      return next32();
    else
      return next64();
  }

  template <class T>
  static T below_limit(T high) {
    if constexpr (std::is_same_v<T, float>)
      return __builtin_nextafterf(high, -__builtin_inff());
    else
      return __builtin_nextafter(high, -__builtin_inf());
  }

  static std::uint64_t threshold(const char* operation, double p) {
    if (!(p >= 0 && p <= 1)) detail::fail(operation, {"p is ", p}, "a probability is in [0, 1]");
    return static_cast<std::uint64_t>(p * 0x1p32);
  }

  /// A tensor of draw(rng), each of which takes `words` words.
  template <class T, class Draw>
  Tensor<T> fill(const Shape& shape, std::uint64_t words, const Draw& draw) {
    auto result = Tensor<T>::empty(shape);
    T* out = result.mutable_data();
    parallel_for(shape.size(), 1 << 13, [&](std::int64_t begin, std::int64_t end) {
      Rng rng = *this;
      rng.move_to(position_ + static_cast<std::uint64_t>(begin) * words);
      for (std::int64_t i = begin; i < end; ++i) out[i] = draw(rng);
    });
    move_to(position_ + static_cast<std::uint64_t>(shape.size()) * words);
    return result;
  }

  std::uint64_t key_ = 0, stream_ = 0, position_ = 0;
  PhiloxBlock block_{};  // the one that position is in, unless position stands at its first word
};

}  // namespace regimen
