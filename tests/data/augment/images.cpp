// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/augment/images.hpp"

#include "data/augment/checks.hpp"
#include "regimen/autodiff/typed_node.hpp"

using namespace test;

TEST_CASE_TEMPLATE("images have four axes and no gradient, and each one index", T, float, double) {
  const auto x = images<T>();
  const auto sizes = detail::check_images(x, "test");
  CHECK(sizes.pixels() == 42);
  CHECK(sizes.elements() == 126);
  CHECK(fails_with([&] { detail::check_images(x.reshaped({15, 42}), "test"); }, "test", "[15, 42]"));
  CHECK(fails_with([&] { detail::check_images(variable(x), "test"); }, "[5, 3, 6, 7]", "recorded"));
  CHECK(fails_with([] { detail::check_sample_indices(Tensor<std::int64_t>::zeros({2, 1}), 2, "test"); }, "[2, 1]"));
}

TEST_CASE_TEMPLATE("every image is written once, in its place", T, float, double) {
  const auto y = detail::map_images(images<T>(), 1, 2, [](std::int64_t i, const T* from, T* to) {
    for (int j = 0; j < 6; ++j) to[j] = from[j] + static_cast<T>(i);
  });
  CHECK(y.shape() == Shape{5, 3, 1, 2});
  for (std::int64_t i = 0; i < 5; ++i) CHECK(y(i, 0, 0, 1) == images<T>()(i, 0, 0, 1) + static_cast<T>(i));
}
