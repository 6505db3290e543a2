// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "nn/support.hpp"
#include "regimen/data/augment/images.hpp"

namespace test {

/// Images in which every element differs.
template <class T>
Tensor<T> images() {
  return Rng(1).uniform<T>({5, 3, 6, 7});
}

/// f(images, indices) draws for each sample by its index alone, takes an empty batch, and refuses other shapes.
template <class T, class F>
void check_by_sample(const F& f) {
  const auto x = images<T>();
  const auto indices = Tensor<std::int64_t>::from({4, 9, 2, 0, 7});
  const Tensor<T> all = f(x, indices);
  for (std::int64_t i = 0; i < 5; ++i)
    CHECK(same_bits(all.rows(i, i + 1), f(x.rows(i, i + 1).clone(), indices.rows(i, i + 1).clone())));
  CHECK(f(x.rows(0, 0), indices.rows(0, 0)).size(0) == 0);
  CHECK(fails_with([&] { f(x, indices.rows(0, 2)); }, "5", "[2]"));
  CHECK(fails_with([&] { f(x.reshaped({5, 126}), indices); }, "[5, 126]"));
}

}  // namespace test
