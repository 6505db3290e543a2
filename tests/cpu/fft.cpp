// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/fft.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <utility>
#include <vector>

#include "cpu/reference.hpp"
#include "regimen/core/rng.hpp"

using namespace regimen;

namespace {

/// The definition, in long double.
void plain(std::int64_t outer, std::int64_t n, std::int64_t inner, double sign, const double* re, const double* im,
           double* out_re, double* out_im) {
  for (std::int64_t o = 0; o < outer; ++o)
    for (std::int64_t i = 0; i < inner; ++i)
      for (std::int64_t k = 0; k < n; ++k) {
        long double real = 0, imag = 0;
        for (std::int64_t j = 0; j < n; ++j) {
          const long double angle =
              2 * std::numbers::pi_v<long double> * static_cast<long double>(j * k % n) / static_cast<long double>(n);
          const std::int64_t at = (o * n + j) * inner + i;
          const long double c = std::cos(angle), s = static_cast<long double>(sign) * std::sin(angle);
          real += re[at] * c - im[at] * s;
          imag += re[at] * s + im[at] * c;
        }
        out_re[(o * n + k) * inner + i] = static_cast<double>(real);
        out_im[(o * n + k) * inner + i] = static_cast<double>(imag);
      }
}

std::vector<double> normal(std::int64_t count, std::uint64_t seed) {
  const auto x = Rng(seed).normal<double>({count});
  return {x.data(), x.data() + count};
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  return worst;
}

}  // namespace

TEST_CASE("the transform agrees with its definition in long double, at any length and number of lines") {
  for (const std::int64_t n : {1, 2, 3, 4, 6, 7, 8, 13, 16, 32, 45, 64, 97, 128})
    for (const auto& [outer, inner] : {std::pair<std::int64_t, std::int64_t>{1, 1}, {3, 1}, {1, 3}, {19, 1}, {2, 21}}) {
      CAPTURE(n);
      const std::int64_t size = outer * n * inner;
      const auto re = normal(size, 1), im = normal(size, 2);
      std::vector<double> out_re(re.size()), out_im(re.size()), wanted_re(re.size()), wanted_im(re.size());
      const double tolerance = 1e-14 * std::sqrt(static_cast<double>(n));
      kernel::fft(Cpu{}, outer, n, inner, 1.0, re.data(), im.data(), out_re.data(), out_im.data());
      plain(outer, n, inner, -1, re.data(), im.data(), wanted_re.data(), wanted_im.data());
      CHECK(distance(out_re, wanted_re) < tolerance);
      CHECK(distance(out_im, wanted_im) < tolerance);
      kernel::fft(Cpu{}, outer, n, inner, 0.5, im.data(), re.data(), out_im.data(), out_re.data());
      plain(outer, n, inner, 1, re.data(), im.data(), wanted_re.data(), wanted_im.data());
      for (std::size_t i = 0; i < re.size(); ++i) CHECK(std::abs(2 * out_re[i] - wanted_re[i]) < tolerance);
      auto in_place_re = re, in_place_im = im;
      kernel::fft(Cpu{}, outer, n, inner, 0.5, in_place_im.data(), in_place_re.data(), in_place_im.data(),
                  in_place_re.data());
      CHECK(in_place_re == out_re);
      CHECK(in_place_im == out_im);
    }
}

TEST_CASE("half spectra have their own factors at the edges and in the middle") {
  for (const std::int64_t n : {1, 2, 3, 4, 8, 9}) {
    const std::int64_t half = n / 2 + 1;
    const auto x = normal(2 * n, 3);
    const std::vector<double> zero(x.size());
    std::vector<double> re(x.size()), im(x.size()), out_re(static_cast<std::size_t>(2 * half)), out_im(out_re.size());
    plain(2, n, 1, -1, x.data(), zero.data(), re.data(), im.data());
    kernel::rfft(Cpu{}, 2, n, 1, 3.0, 5.0, x.data(), out_re.data(), out_im.data());
    for (std::int64_t o = 0; o < 2; ++o)
      for (std::int64_t k = 0; k < half; ++k) {
        const double factor = k == 0 || 2 * k == n ? 3 : 5;
        CHECK(out_re[static_cast<std::size_t>(o * half + k)] ==
              doctest::Approx(factor * re[static_cast<std::size_t>(o * n + k)]));
        CHECK(std::abs(out_im[static_cast<std::size_t>(o * half + k)] -
                       factor * im[static_cast<std::size_t>(o * n + k)]) < 1e-12);
      }
    std::vector<double> back(x.size());
    kernel::irfft(Cpu{}, 2, n, 1, 1.0 / 3, 1.0 / 5, out_re.data(), out_im.data(), back.data());
    for (std::size_t i = 0; i < x.size(); ++i) CHECK(back[i] == doctest::Approx(static_cast<double>(n) * x[i]));
  }
}

TEST_CASE("roots of unity have the error of a rounding") {
  double worst = 0;
  for (const std::int64_t n : {1, 2, 3, 7, 8, 12, 1000, 4096})
    for (std::int64_t k = 0; k < n; ++k) {
      const kernel::fft_detail::Root root(k, n);
      const long double angle =
          2 * std::numbers::pi_v<long double> * static_cast<long double>(k) / static_cast<long double>(n);
      worst = std::max(worst, std::abs(static_cast<double>(root.re - std::cos(angle))));
      worst = std::max(worst, std::abs(static_cast<double>(root.im + std::sin(angle))));
    }
  CHECK(worst < 1.7e-16);
}

TEST_CASE("the transform has the same bits at any number of threads") {
  const std::int64_t lines = 301, n = 96;
  const auto re = normal(lines * n, 5), im = normal(lines * n, 6);
  CHECK(reference::same_at_any_thread_count([&] {
    std::vector<double> out(2 * re.size());
    kernel::fft(Cpu{}, lines, n, 1, 1.0, re.data(), im.data(), out.data(), out.data() + re.size());
    return out;
  }));
}
