// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/softmax.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::near;
using reference::Stream;

namespace {

const std::int64_t shapes[][2] = {{1, 1},  {3, 0},  {0, 3},   {2, 3},    {7, 10},
                                  {5, 16}, {4, 31}, {33, 33}, {3, 1000}, {2, 50021}};

struct Row {
  std::vector<double> x, log_p;
  double log_sum;
};

template <class T>
Row row(const std::vector<T>& x, std::int64_t i, std::int64_t n) {
  Row r;
  for (std::int64_t j = 0; j < n; ++j) r.x.push_back(static_cast<double>(x[index(i * n + j)]));
  const double peak = n == 0 ? 0 : *std::max_element(r.x.begin(), r.x.end());
  double sum = 0;
  for (const double v : r.x) sum += std::exp(v - peak);
  r.log_sum = peak + std::log(sum);
  for (const double v : r.x) r.log_p.push_back(v - peak - std::log(sum));
  return r;
}

}  // namespace

TEST_CASE_TEMPLATE("softmax, log_softmax and logsumexp agree with double-precision loops", T, float, double) {
  Stream stream{1};
  for (const auto& [m, n] : shapes)
    for (const double scale : {1.0, 50.0, 3e4}) {
      const auto x = stream.values<T>(m * n, scale);
      std::vector<double> p, log_p, sums;
      for (std::int64_t i = 0; i < m; ++i) {
        const Row r = row(x, i, n);
        sums.push_back(r.log_sum);
        for (const double v : r.log_p) log_p.push_back(v), p.push_back(std::exp(v));
      }
      std::vector<T> out(x.size()), out_sums(index(m));
      kernel::softmax(Cpu{}, m, n, x.data(), out.data());
      CHECK(near(out, p, 10));
      kernel::log_softmax(Cpu{}, m, n, x.data(), out.data());
      CHECK(near(out, log_p, 20));
      kernel::logsumexp(Cpu{}, m, n, x.data(), out_sums.data());
      CHECK(near(out_sums, sums, 20));
      auto in_place = x;
      kernel::log_softmax(Cpu{}, m, n, in_place.data(), in_place.data());
      CHECK(in_place == out);
    }
}

TEST_CASE_TEMPLATE("softmax of equal logits is uniform, even at the ends of the range", T, float, double) {
  for (const T value : {T{0}, std::numeric_limits<T>::max(), std::numeric_limits<T>::lowest()}) {
    const std::vector<T> x(8, value);
    std::vector<T> out(8);
    kernel::softmax(Cpu{}, 1, 8, x.data(), out.data());
    CHECK(out == std::vector<T>(8, T{0.125}));
  }
}

TEST_CASE_TEMPLATE("infinities and NaN are handled as PyTorch handles them", T, float, double) {
  const T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  for (const std::int64_t n : {1, 2, 5, 17, 70}) {
    const auto size = index(n);
    std::vector<T> x(size, -infinity), out(size), sum(1);
    kernel::softmax(Cpu{}, 1, n, x.data(), out.data());
    CHECK(std::isnan(out[0]));
    kernel::log_softmax(Cpu{}, 1, n, x.data(), out.data());
    CHECK(std::isnan(out[size - 1]));
    kernel::logsumexp(Cpu{}, 1, n, x.data(), sum.data());
    CHECK(sum[0] == -infinity);
    x[0] = 3;  // one class is possible: it has probability 1
    kernel::softmax(Cpu{}, 1, n, x.data(), out.data());
    CHECK(out[0] == 1);
    if (n > 1) CHECK(out[size - 1] == 0);
    kernel::log_softmax(Cpu{}, 1, n, x.data(), out.data());
    CHECK(out[0] == 0);
    if (n > 1) CHECK(out[size - 1] == -infinity);
    x[size / 2] = infinity;
    kernel::softmax(Cpu{}, 1, n, x.data(), out.data());
    CHECK(std::isnan(out[size / 2]));
    kernel::logsumexp(Cpu{}, 1, n, x.data(), sum.data());
    CHECK(sum[0] == infinity);
    x[size / 2] = nan;
    kernel::softmax(Cpu{}, 1, n, x.data(), out.data());
    CHECK(std::isnan(out[0]));
    kernel::logsumexp(Cpu{}, 1, n, x.data(), sum.data());
    CHECK(std::isnan(sum[0]));
  }
}

TEST_CASE_TEMPLATE("the backward kernels are the Jacobians times the gradient", T, float, double) {
  Stream stream{2};
  for (const auto& [m, n] : shapes) {
    const auto x = stream.values<T>(m * n, 2), g = stream.values<T>(m * n);
    std::vector<double> softmax_dx, log_dx;
    for (std::int64_t i = 0; i < m; ++i) {
      const Row r = row(x, i, n);
      double dot = 0, total = 0;
      for (std::int64_t j = 0; j < n; ++j) {
        const double v = static_cast<double>(g[index(i * n + j)]);
        dot += std::exp(r.log_p[index(j)]) * v;
        total += v;
      }
      for (std::int64_t j = 0; j < n; ++j) {
        const double p = std::exp(r.log_p[index(j)]), v = static_cast<double>(g[index(i * n + j)]);
        softmax_dx.push_back(p * (v - dot));
        log_dx.push_back(v - p * total);
      }
    }
    std::vector<T> y(x.size()), dx(x.size());
    kernel::softmax(Cpu{}, m, n, x.data(), y.data());
    kernel::softmax_backward(Cpu{}, m, n, y.data(), g.data(), dx.data());
    CHECK(near(dx, softmax_dx, 10));
    kernel::log_softmax(Cpu{}, m, n, x.data(), y.data());
    kernel::log_softmax_backward(Cpu{}, m, n, y.data(), g.data(), dx.data());
    CHECK(near(dx, log_dx, 20));
  }
}

TEST_CASE_TEMPLATE("softmax and its backward have the same bits at any thread count", T, float, double) {
  Stream stream{3};
  const std::int64_t large[][2] = {{40000, 3}, {1001, 101}, {5, 20000}};
  for (const auto& [m, n] : large) {
    const auto x = stream.values<T>(m * n);
    CHECK(reference::same_at_any_thread_count([&, m = m, n = n] {
      std::vector<T> y(x.size());
      kernel::softmax(Cpu{}, m, n, x.data(), y.data());
      kernel::softmax_backward(Cpu{}, m, n, y.data(), x.data(), y.data());
      return y;
    }));
  }
}
