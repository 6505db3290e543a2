// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/curriculum/scores.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/curriculum/curriculum_sampler.hpp"

using namespace regimen;

namespace {

/// Sample i has the loss (i - 3)^2.
template <class T>
Tensor<T> parabola(const Tensor<std::int64_t>& indices) {
  const auto losses = Tensor<T>::empty(indices.shape());
  for (std::int64_t i = 0; i < indices.size(); ++i) {
    const T distance = static_cast<T>(indices.data()[i] - 3);
    losses.mutable_data()[i] = distance * distance;
  }
  return losses;
}

}  // namespace

TEST_CASE_TEMPLATE("scores are the losses in the samples' order, whatever the chunk", T, float, double) {
  for (const std::int64_t chunk : {1, 3, 7, 100}) {
    std::vector<std::int64_t> sizes;
    const Tensor<float> scores = score_dataset(7, chunk, [&](const Tensor<std::int64_t>& indices) {
      sizes.push_back(indices.size());
      return parabola<T>(indices);
    });
    CHECK(scores.shape() == Shape{7});
    for (std::int64_t i = 0; i < 7; ++i) CHECK(scores(i) == static_cast<float>((i - 3) * (i - 3)));
    CHECK(static_cast<std::int64_t>(sizes.size()) == (7 + chunk - 1) / chunk);
    CHECK(sizes.back() == (chunk == 3 ? 1 : chunk == 1 ? 1 : 7));
  }
}

TEST_CASE("a curriculum on scores begins with what the teacher finds easy") {
  const auto scores = score_dataset(10, 4, parabola<float>);
  CurriculumSampler sampler(scores, Rng(1), {.batch_size = 3, .pace = 0.3});
  std::vector<bool> seen(10);
  const auto batch = sampler.next();
  CHECK(batch.size() == 3);
  for (const std::int64_t index : batch.span()) seen[static_cast<std::size_t>(index)] = true;
  CHECK(seen == std::vector<bool>{false, false, true, true, true, false, false, false, false, false});
}

TEST_CASE("scoring is not recorded, and recording goes on afterwards") {
  const auto x = variable(Tensor<>::ones({2}));
  static_cast<void>(score_dataset(4, 2, [&](const Tensor<std::int64_t>& indices) {
    CHECK(!is_recorded(x));
    return parabola<float>(indices);
  }));
  CHECK(is_recorded(x));
}

TEST_CASE("no samples have no scores, and nobody is asked") {
  const auto scores = score_dataset(0, 5, [](const Tensor<std::int64_t>& indices) {
    FAIL("asked");
    return parabola<float>(indices);
  });
  CHECK(scores.shape() == Shape{0});
}

TEST_CASE("losses of another shape, NaN, and counts that cannot be are errors") {
  CHECK_THROWS_WITH_AS(score_dataset(5, 3, [](const auto&) { return Tensor<>::ones({2}); }),
                       "score_dataset: the losses of 3 samples are [2]; give one loss a sample: [3]", Error);
  CHECK_THROWS_WITH_AS(score_dataset(5, 3, [](const auto&) { return Tensor<>::ones({}); }),
                       "score_dataset: the losses of 3 samples are []; give one loss a sample: [3]", Error);
  CHECK_THROWS_WITH_AS(score_dataset(4, 2,
                                     [](const Tensor<std::int64_t>& indices) {
                                       const auto losses = parabola<double>(indices);
                                       if (indices(0) == 2) losses.mutable_data()[1] = std::nan("");
                                       return losses;
                                     }),
                       "score_dataset: the loss of sample 3 is NaN; look for the operation that gave it, or for a "
                       "sample that is not finite",
                       Error);
  CHECK_THROWS_AS(score_dataset(-1, 2, parabola<float>), Error);
  CHECK_THROWS_AS(score_dataset(3, 0, parabola<float>), Error);
}
