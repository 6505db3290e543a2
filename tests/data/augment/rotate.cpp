// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/augment/rotate.hpp"

#include "data/augment/checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("no turn changes nothing, quarter turns permute the pixels of a square", T, float, double) {
  CHECK(same_bits(rotate(images<T>(), 0), images<T>()));
  const auto x = Rng(2).uniform<T>({1, 1, 5, 5});
  const auto turned = rotate(x, 90), back = rotate(turned, -90);
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j) CHECK(turned(0, 0, i, j) == doctest::Approx(x(0, 0, j, 4 - i)).epsilon(1e-5));
  CHECK(distance(back, x) < 1e-5);
}

TEST_CASE_TEMPLATE("a turn of a plane is the turned plane, where all four neighbours are inside", T, float, double) {
  auto x = Tensor<T>::empty({1, 1, 9, 9});
  const auto plane = [](double y, double z) { return 0.3 * y - 0.7 * z + 1; };
  for (int i = 0; i < 9; ++i)
    for (int j = 0; j < 9; ++j) x.mutable_data()[9 * i + j] = static_cast<T>(plane(i - 4, j - 4));
  const double angle = 30, c = std::cos(angle * M_PI / 180), s = std::sin(angle * M_PI / 180);
  const auto turned = rotate(x, angle);
  // With 90 degrees as above: the value at (i, j) comes from (j, 4 - i), which is (y, z) -> (c y + s z, c z - s y).
  for (int i = -2; i <= 2; ++i)
    for (int j = -2; j <= 2; ++j)
      CHECK(turned(0, 0, i + 4, j + 4) == doctest::Approx(plane(c * i + s * j, c * j - s * i)).epsilon(1e-4));
}

TEST_CASE_TEMPLATE("a random rotation is drawn for each sample", T, float, double) {
  check_by_sample<T>([](const auto& x, const auto& indices) { return random_rotation(x, indices, Rng(3)); });
}
