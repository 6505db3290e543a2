// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/complex_init.hpp"

#include <doctest/doctest.h>

#include "nn/support.hpp"
#include "regimen/ops/reduce.hpp"

using namespace test;

TEST_CASE("complex weights have independent parts of the right variance, and no direction") {
  Rng rng(1);
  const auto close_to = [](double got, double wanted) { return std::fabs(got - wanted) < 0.03 * std::fabs(wanted); };
  const auto kaiming = init::complex_kaiming<double>({200, 10, 5}, rng);  // 50 inputs
  CHECK(close_to(mean(square(kaiming.real)).item(), 0.02));
  CHECK(close_to(mean(square(kaiming.imag)).item(), 0.02));
  CHECK(close_to(mean(abs(kaiming)).item(), std::sqrt(0.02) * std::sqrt(std::acos(-1) / 2)));  // of a Rayleigh variable
  CHECK(std::fabs(mean(kaiming.real * kaiming.imag).item()) < 0.03 * 0.02);
  const auto xavier = init::complex_xavier<double>({150, 50}, rng);
  CHECK(close_to(mean(square(xavier.real)).item(), 1. / 200));
  CHECK(close_to(mean(square(xavier.imag)).item(), 1. / 200));
  Rng again(1);
  CHECK(same_bits(init::complex_kaiming<double>({200, 10, 5}, again).imag, kaiming.imag));
}

TEST_CASE("complex weights refuse shapes without fans") {
  Rng rng(1);
  CHECK(fails_with([&] { init::complex_kaiming({3}, rng); }, "[3]"));
  CHECK(fails_with([&] { init::complex_xavier({3}, rng); }, "[3]"));
}
