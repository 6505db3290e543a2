// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

enum class WordOrder {
  same,
  reversed,
  swapped,  ///< neighbours exchanged: 2 1 4 3 ..., an odd last one stays
  rotated   ///< the first word goes to the end
};

struct CipherOptions {
  std::int64_t vocabulary = 24;
  std::int64_t contexts = 1;  ///< tables; the one for a word is that of the word before it modulo this
  WordOrder order = WordOrder::same;
};

/// A language that another is translated to word by word, and then put in an order of its own:
///
///   y_j = table[x_{j-1} mod contexts][x_j],   x_{-1} = 0,   each table a random permutation of the vocabulary
///
/// With one context a translation from a source of known entropy has the same entropy.
///
///   const Cipher french(rng.split("french"), {.vocabulary = 24, .order = WordOrder::swapped});
///   const auto source = text.sample(rng, 4000, 8), target = french.translate(source);
class Cipher {
 public:
  /// Throws Error for a vocabulary or contexts below 1.
  explicit Cipher(const Rng& rng, const CipherOptions& options = {}) : options_(options) {
    detail::check_count("Cipher", "vocabulary", options.vocabulary, 1);
    detail::check_count("Cipher", "contexts", options.contexts, 1);
    table_ = Tensor<std::int64_t>::empty({options.contexts, options.vocabulary});
    for (std::int64_t c = 0; c < options.contexts; ++c) {
      const auto row = rng.split(static_cast<std::uint64_t>(c)).permutation(options.vocabulary);
      std::copy(row.data(), row.data() + row.size(), table_.mutable_data() + c * options.vocabulary);
    }
  }

  /// The tables [contexts, vocabulary].
  const Tensor<std::int64_t>& table() const { return table_; }

  /// Sentences [n, length], translated. Throws Error for another shape, or a word outside the vocabulary.
  Tensor<std::int64_t> translate(const Tensor<std::int64_t>& source) const {
    if (source.rank() != 2) detail::fail("Cipher::translate", {"sentences are ", source.shape()}, "pass [n, length]");
    for (const std::int64_t word : source.span())
      if (word < 0 || word >= options_.vocabulary)
        detail::fail("Cipher::translate", {"word ", word, " is outside the vocabulary of ", options_.vocabulary},
                     "words are in [0, vocabulary)");
    const std::int64_t length = source.size(1);
    auto result = Tensor<std::int64_t>::empty(source.shape());
    for (std::int64_t i = 0; i < source.size(0); ++i) {
      const std::int64_t* x = source.data() + i * length;
      std::int64_t* y = result.mutable_data() + i * length;
      for (std::int64_t j = 0; j < length; ++j) {
        const std::int64_t context = (j == 0 ? 0 : x[j - 1]) % options_.contexts;
        y[j] = table_.data()[context * options_.vocabulary + x[j]];
      }
      if (options_.order == WordOrder::reversed) std::reverse(y, y + length);
      if (options_.order == WordOrder::swapped)
        for (std::int64_t j = 0; j + 1 < length; j += 2) std::swap(y[j], y[j + 1]);
      if (options_.order == WordOrder::rotated && length > 0) std::rotate(y, y + 1, y + length);
    }
    return result;
  }

 private:
  CipherOptions options_;
  Tensor<std::int64_t> table_;
};

}  // namespace regimen
