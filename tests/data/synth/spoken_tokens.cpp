// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/spoken_tokens.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "data/synth/checks.hpp"

using namespace test;
using Tokens = Tensor<std::int64_t>;

TEST_CASE_TEMPLATE("without noise the frames are the patterns, for as long as they say", T, float, double) {
  const SpokenTokens voice(Rng(1), {.vocabulary = 5, .features = 3, .noise = 0, .speaker = 0, .pause = 0.5});
  auto tokens = Tokens::empty({300, 4});
  for (std::int64_t k = 0; k < 1200; ++k) tokens.mutable_data()[k] = k * 7 % 5;
  const auto speech = voice.speak<T>(tokens, Rng(2));
  const std::int64_t most = speech.frames.size(1);
  std::vector<std::int64_t> durations, pauses;
  std::int64_t longest = 0;
  for (std::int64_t i = 0; i < 300; ++i) {
    std::int64_t frame = 0;
    const auto is = [&](std::int64_t token) {
      bool same = true;
      for (std::int64_t k = 0; k < 3; ++k)
        same = same && speech.frames(i, frame, k) == (token < 0 ? T(0) : static_cast<T>(voice.patterns()(token, k)));
      return same;
    };
    for (std::int64_t t = 0; t < 4; ++t) {
      const std::int64_t begin = frame;
      while (frame < speech.ends(i, t)) {
        CHECK(is(tokens(i, t)));
        ++frame;
      }
      durations.push_back(frame - begin - 4);
      while (frame < speech.lengths(i) && is(-1)) ++frame;
      if (t < 3) pauses.push_back(frame - speech.ends(i, t));
    }
    CHECK(frame == speech.lengths(i));
    longest = std::max(longest, frame);
    for (; frame < most; ++frame) CHECK(is(-1));
  }
  CHECK(longest == most);
  CHECK(chi_square(Tokens::from(durations, {1200}), {1.0 / 3, 1.0 / 3, 1.0 / 3}) < chi_square_limit(2));
  CHECK(chi_square(Tokens::from(pauses, {900}), {0.5, 0, 1.0 / 6, 1.0 / 6, 1.0 / 6}) < chi_square_limit(3));
}

TEST_CASE("noise, speaker and gain have their spread, speaker and gain one draw a sentence") {
  const auto tokens = Tokens::zeros({400, 5});
  const SpokenTokensOptions options{.vocabulary = 1, .features = 8, .noise = 0.2, .speaker = 0.7, .gain = 0.3};
  const SpokenTokens voice(Rng(3), options);
  const auto speech = voice.speak<double>(tokens, Rng(4));
  // Within a sentence only the noise differs; between sentences the means differ by offset and gain.
  double within = 0, frames = 0;
  double means[400][8] = {};
  for (std::int64_t i = 0; i < 400; ++i) {
    const auto length = static_cast<double>(speech.lengths(i));
    for (std::int64_t k = 0; k < 8; ++k) {
      for (std::int64_t f = 0; f < speech.lengths(i); ++f) means[i][k] += speech.frames(i, f, k) / length;
      for (std::int64_t f = 0; f < speech.lengths(i); ++f) within += std::pow(speech.frames(i, f, k) - means[i][k], 2);
    }
    frames += 8 * (length - 1);
  }
  CHECK(within / frames == doctest::Approx(0.04).epsilon(0.03));
  for (std::int64_t k = 0; k < 8; ++k) {
    double mean = 0, square = 0;
    for (int i = 0; i < 400; ++i) mean += means[i][k] / 400, square += means[i][k] * means[i][k] / 400;
    const double pattern = voice.patterns()(0, k), variance = 0.49 + pattern * pattern * 0.09 / 3 + 0.04 / 25;
    CHECK(std::abs(mean - pattern) < 5 * std::sqrt(variance / 400));
    CHECK(square - mean * mean == doctest::Approx(variance).epsilon(0.3));
  }
  double square = 0;
  for (const double p : SpokenTokens(Rng(5), {.vocabulary = 200}).patterns().span()) square += p * p / 2400;
  CHECK(square == doctest::Approx(1).epsilon(0.15));
}

TEST_CASE("gain multiplies the patterns of a sentence") {
  const SpokenTokens voice(Rng(9), {.vocabulary = 2, .features = 2, .noise = 0, .speaker = 0, .gain = 0.3});
  const auto speech = voice.speak<double>(Tokens::zeros({500, 1}), Rng(10));
  double mean = 0, low = 2, high = 0;
  for (std::int64_t i = 0; i < 500; ++i) {
    const double gain = speech.frames(i, 0, 0) / voice.patterns()(0, 0);
    CHECK(speech.frames(i, 3, 1) == doctest::Approx(gain * voice.patterns()(0, 1)));
    mean += gain / 500, low = std::min(low, gain), high = std::max(high, gain);
  }
  CHECK(std::abs(mean - 1) < 5 * 0.6 / std::sqrt(12 * 500.0));
  CHECK((low >= 0.7 && low < 0.71 && high > 1.29 && high <= 1.3));
}

TEST_CASE("sentence i depends on its tokens, the Rng and i alone") {
  const SpokenTokens voice(Rng(6), {.pause = 0.3});
  auto tokens = Tokens::empty({20, 3});
  for (std::int64_t k = 0; k < 60; ++k) tokens.mutable_data()[k] = k % 24;
  const auto all = voice.speak(tokens, Rng(7)), few = voice.speak(tokens.rows(0, 4).clone(), Rng(7));
  CHECK(same_bits(few.ends, all.ends.rows(0, 4).clone()));
  for (std::int64_t i = 0; i < 4; ++i)
    for (std::int64_t f = 0; f < few.lengths(i); ++f) CHECK(few.frames(i, f, 11) == all.frames(i, f, 11));
  CHECK_FALSE(same_bits(voice.speak(tokens, Rng(8)).ends, all.ends));
  CHECK(voice.speak(Tokens::zeros({0, 3}), Rng()).frames.shape() == Shape{0, 0, 12});
  CHECK(voice.speak(Tokens::zeros({2, 0}), Rng()).frames.shape() == Shape{2, 0, 12});
}

TEST_CASE("wrong options and tokens are Errors") {
  CHECK(fails_with([] { SpokenTokens(Rng(), {.vocabulary = 0}); }, "SpokenTokens", "vocabulary is 0"));
  CHECK(fails_with([] { SpokenTokens(Rng(), {.features = 0}); }, "features is 0"));
  CHECK(fails_with([] { SpokenTokens(Rng(), {.min_frames = 0}); }, "min_frames is 0"));
  CHECK(fails_with([] { SpokenTokens(Rng(), {.max_frames = 3}); }, "max_frames is 3"));
  CHECK(fails_with([] { SpokenTokens(Rng(), {.noise = NAN}); }, "noise is nan"));
  CHECK(fails_with([] { SpokenTokens(Rng(), {.speaker = -1}); }, "speaker is -1"));
  CHECK(fails_with([] { SpokenTokens(Rng(), {.gain = 1.5}); }, "gain is 1.5"));
  CHECK(fails_with([] { SpokenTokens(Rng(), {.pause = -0.5}); }, "pause is -0.5"));
  CHECK(fails_with([] { SpokenTokens(Rng(), {.min_pause = -1}); }, "min_pause is -1"));
  CHECK(fails_with([] { SpokenTokens(Rng(), {.max_pause = 1}); }, "max_pause is 1"));
  const SpokenTokens voice(Rng{});
  CHECK(fails_with([&] { voice.speak(Tokens::zeros({3}), Rng()); }, "SpokenTokens::speak", "[3]"));
  CHECK(fails_with([&] { voice.speak(Tokens::full({1, 1}, 24), Rng()); }, "token 24"));
  CHECK(fails_with([&] { voice.speak(Tokens::full({1, 1}, -1), Rng()); }, "token -1"));
}
