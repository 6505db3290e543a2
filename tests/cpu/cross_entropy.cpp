// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/cross_entropy.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using kernel::CrossEntropyOptions;
using reference::index;
using reference::near;
using reference::Stream;

namespace {

const std::int64_t shapes[][2] = {{1, 1}, {0, 3}, {2, 3}, {7, 10}, {5, 16}, {4, 31}, {33, 33}, {3, 1000}};

// Loss, row by row, of the distribution `target` with the weights already in it, and its gradient.
struct Expected {
  std::vector<double> lse, loss, dx;

  void add(const std::vector<double>& x, const std::vector<double>& target, double g) {
    double sum = 0, weight = 0, value = 0;
    for (const double v : x) sum += std::exp(v);
    lse.push_back(std::log(sum));
    for (std::size_t j = 0; j < x.size(); ++j) {
      value -= target[j] * std::log(std::exp(x[j]) / sum);
      weight += target[j];
    }
    loss.push_back(value);
    for (std::size_t j = 0; j < x.size(); ++j) dx.push_back(g * (weight * std::exp(x[j]) / sum - target[j]));
  }
};

template <class T>
std::vector<double> doubles(const std::vector<T>& values, std::int64_t first, std::int64_t count) {
  return std::vector<double>(values.begin() + first, values.begin() + first + count);
}

}  // namespace

TEST_CASE_TEMPLATE("hard labels: losses and gradients agree with the formula, smoothed and weighted too", T, float,
                   double) {
  Stream stream{1};
  for (const auto& [m, n] : shapes)
    for (const double smoothing : {0.0, 0.1, 1.0})
      for (const bool weighted : {false, true}) {
        const auto x = stream.values<T>(m * n, 4), g = stream.values<T>(m);
        const auto labels = stream.indices(m, n);
        auto w = stream.values<T>(n);
        for (T& v : w) v = weighted ? v + T{1.5} : T{1};
        const auto e = static_cast<double>(static_cast<T>(smoothing));
        Expected expected;
        for (std::int64_t i = 0; i < m; ++i) {
          std::vector<double> target(index(n));
          for (std::int64_t j = 0; j < n; ++j)
            target[index(j)] =
                static_cast<double>(w[index(j)]) * (e / static_cast<double>(n) + (j == labels[index(i)] ? 1 - e : 0));
          expected.add(doubles(x, i * n, n), target, static_cast<double>(g[index(i)]));
        }
        const CrossEntropyOptions<T> options{static_cast<T>(smoothing), weighted ? w.data() : nullptr};
        std::vector<T> lse(index(m)), loss(index(m)), dx(x.size());
        kernel::cross_entropy(Cpu{}, m, n, x.data(), labels.data(), options, lse.data(), loss.data());
        CHECK(near(lse, expected.lse, 20));
        CHECK(near(loss, expected.loss, 40));
        kernel::cross_entropy_backward(Cpu{}, m, n, x.data(), labels.data(), options, lse.data(), g.data(), dx.data());
        CHECK(near(dx, expected.dx, 40));
      }
}

TEST_CASE_TEMPLATE("soft targets: losses and gradients agree with the formula", T, float, double) {
  Stream stream{2};
  for (const auto& [m, n] : shapes) {
    const auto x = stream.values<T>(m * n, 4), g = stream.values<T>(m), t = stream.values<T>(m * n);
    Expected expected;
    for (std::int64_t i = 0; i < m; ++i)
      expected.add(doubles(x, i * n, n), doubles(t, i * n, n), static_cast<double>(g[index(i)]));
    std::vector<T> lse(index(m)), loss(index(m)), dx(x.size());
    kernel::cross_entropy_soft(Cpu{}, m, n, x.data(), t.data(), lse.data(), loss.data());
    CHECK(near(loss, expected.loss, 200));
    kernel::cross_entropy_soft_backward(Cpu{}, m, n, x.data(), t.data(), lse.data(), g.data(), dx.data());
    CHECK(near(dx, expected.dx, 40));
  }
}

TEST_CASE_TEMPLATE("a class that cannot occur costs nothing, large logits do not overflow", T, float, double) {
  const T infinity = std::numeric_limits<T>::infinity();
  const std::vector<T> x = {1000, -infinity, 1000, -1000}, t = {T{0.5}, 0, T{0.5}, 0}, g = {1};
  const std::int64_t label = 2, impossible = 1;
  T lse = 0, loss = 0;
  std::vector<T> dx(4);
  kernel::cross_entropy(Cpu{}, 1, 4, x.data(), &label, {}, &lse, &loss);
  CHECK(loss == doctest::Approx(std::log(2.0)));
  kernel::cross_entropy_backward(Cpu{}, 1, 4, x.data(), &label, {}, &lse, g.data(), dx.data());
  CHECK(near(dx, {0.5, 0, -0.5, 0}, 1000));
  kernel::cross_entropy_soft(Cpu{}, 1, 4, x.data(), t.data(), &lse, &loss);
  CHECK(loss == doctest::Approx(std::log(2.0)));
  kernel::cross_entropy(Cpu{}, 1, 4, x.data(), &impossible, {}, &lse, &loss);
  CHECK(loss == infinity);
}

TEST_CASE_TEMPLATE("cross-entropy has the same bits at any thread count", T, float, double) {
  Stream stream{3};
  const std::int64_t m = 5003, n = 11;
  const auto x = stream.values<T>(m * n), g = stream.values<T>(m);
  const auto labels = stream.indices(m, n);
  CHECK(reference::same_at_any_thread_count([&] {
    std::vector<T> lse(index(m)), loss(index(m)), dx(x.size());
    kernel::cross_entropy(Cpu{}, m, n, x.data(), labels.data(), {T{0.25}}, lse.data(), loss.data());
    kernel::cross_entropy_backward(Cpu{}, m, n, x.data(), labels.data(), {T{0.25}}, lse.data(), g.data(), dx.data());
    dx.insert(dx.end(), loss.begin(), loss.end());
    return dx;
  }));
}
