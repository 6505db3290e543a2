// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/rms_norm.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::near;
using reference::Stream;

namespace {

template <class T>
void check(std::int64_t m, std::int64_t n, bool scaled, Stream& stream) {
  const auto x = stream.values<T>(m * n), gamma = stream.values<T>(n), g = stream.values<T>(m * n);
  const double epsilon = 0.25;
  std::vector<double> y(x.size()), rstd(index(m)), dx(x.size()), dgamma(gamma.size());
  for (std::size_t i = 0; i < index(m); ++i) {
    double square = 0, product = 0;
    const auto at = [&](const std::vector<T>& v, std::size_t j) { return static_cast<double>(v[i * index(n) + j]); };
    const auto factor = [&](std::size_t j) { return scaled ? static_cast<double>(gamma[j]) : 1; };
    for (std::size_t j = 0; j < index(n); ++j) {
      square += at(x, j) * at(x, j);
      product += at(g, j) * factor(j) * at(x, j);
    }
    rstd[i] = 1 / std::sqrt(square / static_cast<double>(n) + epsilon);
    for (std::size_t j = 0; j < index(n); ++j) {
      y[i * index(n) + j] = at(x, j) * rstd[i] * factor(j);
      dx[i * index(n) + j] =
          rstd[i] * (at(g, j) * factor(j) - at(x, j) * rstd[i] * rstd[i] * product / static_cast<double>(n));
      dgamma[j] += at(g, j) * at(x, j) * rstd[i];
    }
  }
  INFO(m, " ", n);
  const double terms = 20 + 4 * std::sqrt(static_cast<double>(m + n));
  const T* const factors = scaled ? gamma.data() : nullptr;
  std::vector<T> result(x.size()), result_rstd(index(m)), result_x(x.size()), result_gamma(gamma.size());
  kernel::rms_norm(Cpu{}, m, n, x.data(), factors, static_cast<T>(epsilon), result.data(), result_rstd.data());
  CHECK(near(result, y, terms));
  CHECK(near(result_rstd, rstd, terms));
  kernel::rms_norm_backward(Cpu{}, m, n, x.data(), factors, result_rstd.data(), g.data(), result_x.data(),
                            result_gamma.data());
  CHECK(near(result_x, dx, terms));
  CHECK(near(result_gamma, dgamma, terms));
  std::vector<T> again(x.size());
  kernel::rms_norm_backward(Cpu{}, m, n, x.data(), factors, result_rstd.data(), g.data(), again.data(),
                            static_cast<T*>(nullptr));
  CHECK(again == result_x);
}

}  // namespace

TEST_CASE_TEMPLATE("rms_norm and its gradients agree with loops", T, float, double) {
  Stream stream{1};
  for (const std::int64_t m : {0, 1, 3, 300})
    for (const std::int64_t n : {1, 5, 16, 67, 300}) check<T>(m, n, (m + n) % 2 == 0, stream);
}

TEST_CASE_TEMPLATE("rms_norm has the same bits at any thread count", T, float, double) {
  Stream stream{2};
  const std::int64_t m = 500, n = 300;
  const auto x = stream.values<T>(m * n), gamma = stream.values<T>(n), g = stream.values<T>(m * n);
  CHECK(reference::same_at_any_thread_count([&] {
    std::vector<T> all(x.size() * 2 + index(m + n));
    T *y = all.data(), *dx = y + m * n, *rstd = dx + m * n, *dgamma = rstd + m;
    kernel::rms_norm(Cpu{}, m, n, x.data(), gamma.data(), T(1e-5), y, rstd);
    kernel::rms_norm_backward(Cpu{}, m, n, x.data(), gamma.data(), rstd, g.data(), dx, dgamma);
    return all;
  }));
}
