// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

struct SpokenTokensOptions {
  std::int64_t vocabulary = 24;
  std::int64_t features = 12;
  std::int64_t min_frames = 4, max_frames = 6;  ///< of a token
  double noise = 0.3;                           ///< standard deviation of every feature of every frame
  double speaker = 0.5;                         ///< standard deviation of the offset that a sentence's frames share
  double gain = 0;                              ///< a sentence's factor is uniform in [1 - gain, 1 + gain)
  double pause = 0;                             ///< probability of a pause after a token
  std::int64_t min_pause = 2, max_pause = 4;    ///< frames of a pause
};

/// Sentences as frames, the longest in full and the others filled up with zeros.
template <class T = float>
struct SpokenSentences {
  Tensor<T> frames;              ///< [n, most frames, features]
  Tensor<std::int64_t> lengths;  ///< [n]: frames of each sentence
  Tensor<std::int64_t> ends;     ///< [n, length]: the frame after the last one of each token
};

/// A stand-in for speech: every token has a pattern, which it emits for a random time; what a recogniser has to undo.
///
///   frame = gain pattern[token] + offset + noise,   patterns standard normal;   in a pause only noise
///
///   const SpokenTokens voice(rng.split("voice"), {.vocabulary = 24});
///   const auto speech = voice.speak(text.sample(rng.split("text"), 500, 6), rng.split("train"));
class SpokenTokens {
 public:
  /// Throws Error for no tokens, features or frames, a range whose end is before its start, negative standard
  /// deviations, or a gain or pause outside [0, 1].
  explicit SpokenTokens(Rng rng, const SpokenTokensOptions& options = {}) : options_(options) {
    detail::check_count("SpokenTokens", "vocabulary", options.vocabulary, 1);
    detail::check_count("SpokenTokens", "features", options.features, 1);
    detail::check_count("SpokenTokens", "min_frames", options.min_frames, 1);
    detail::check_count("SpokenTokens", "max_frames", options.max_frames, options.min_frames);
    detail::check_not_negative("SpokenTokens", "noise", options.noise);
    detail::check_not_negative("SpokenTokens", "speaker", options.speaker);
    detail::check_fraction("SpokenTokens", "gain", options.gain);
    detail::check_fraction("SpokenTokens", "pause", options.pause);
    detail::check_count("SpokenTokens", "min_pause", options.min_pause, 0);
    detail::check_count("SpokenTokens", "max_pause", options.max_pause, options.min_pause);
    patterns_ = rng.normal<double>({options.vocabulary, options.features});
  }

  /// The patterns [vocabulary, features].
  const Tensor<double>& patterns() const { return patterns_; }

  /// Sentences [n, length] spoken; sentence i is a function of its tokens, `rng` and i alone. Throws Error for another
  /// shape, or a token outside the vocabulary.
  template <class T = float>
  SpokenSentences<T> speak(const Tensor<std::int64_t>& tokens, const Rng& rng) const {
    if (tokens.rank() != 2) detail::fail("SpokenTokens::speak", {"tokens are ", tokens.shape()}, "pass [n, length]");
    for (const std::int64_t token : tokens.span())
      if (token < 0 || token >= options_.vocabulary)
        detail::fail("SpokenTokens::speak", {"token ", token, " is outside the vocabulary of ", options_.vocabulary});
    const std::int64_t count = tokens.size(0), length = tokens.size(1), features = options_.features;
    SpokenSentences<T> speech{{}, Tensor<std::int64_t>::zeros({count}), Tensor<std::int64_t>::empty(tokens.shape())};
    std::vector<std::vector<double>> sentences(static_cast<std::size_t>(count));
    std::int64_t most = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      std::vector<double>& frames = sentences[static_cast<std::size_t>(i)];
      Rng own = rng.split(static_cast<std::uint64_t>(i));
      const double gain = 1 + options_.gain * (2 * own.uniform() - 1);
      const auto offset = own.normal<double>({features}, 0, options_.speaker);
      const auto between = [&](std::int64_t low, std::int64_t high) { return low + own.below(high - low + 1); };
      std::int64_t& frame = speech.lengths.mutable_data()[i];
      for (std::int64_t t = 0; t < length; ++t) {
        const double* pattern = patterns_.data() + tokens.data()[i * length + t] * features;
        const std::int64_t end = frame + between(options_.min_frames, options_.max_frames);
        for (; frame < end; ++frame)
          for (std::int64_t k = 0; k < features; ++k)
            frames.push_back(gain * pattern[k] + offset.data()[k] + options_.noise * own.normal());
        speech.ends.mutable_data()[i * length + t] = end;
        if (!own.bernoulli(options_.pause)) continue;
        const std::int64_t silent = between(options_.min_pause, options_.max_pause);
        for (std::int64_t k = 0; k < silent * features; ++k) frames.push_back(options_.noise * own.normal());
        frame += silent;
      }
      most = std::max(most, frame);
    }
    speech.frames = Tensor<T>::zeros({count, most, features});
    T* out = speech.frames.mutable_data();
    for (const std::vector<double>& frames : sentences) {
      std::transform(frames.begin(), frames.end(), out, [](double value) { return static_cast<T>(value); });
      out += most * features;
    }
    return speech;
  }

 private:
  SpokenTokensOptions options_;
  Tensor<double> patterns_;
};

}  // namespace regimen
