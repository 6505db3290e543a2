// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/norm.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::near;
using reference::Stream;

namespace {

// y, and the gradients for g, of a normalisation: group_of(i) is the statistic that element i belongs to, channel_of(i)
// its gamma and beta. The groups' statistics are given or, where null, computed.
template <class T>
struct Expected {
  std::vector<double> mean, variance, y, dx, dgamma, dbeta;

  template <class Group, class Channel>
  Expected(std::int64_t groups, Group group_of, std::int64_t channels, Channel channel_of, const std::vector<T>& x,
           const std::vector<T>& g, const T* gamma, const T* beta, double epsilon, const T* given_mean,
           const T* given_variance)
      : mean(index(groups)),
        variance(mean),
        y(x.size()),
        dx(x.size()),
        dgamma(index(channels)),
        dbeta(index(channels)) {
    std::vector<double> count(index(groups)), level(index(groups)), slope(index(groups)), h(x.size()), u(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) ++count[group_of(i)];
    for (std::size_t i = 0; i < x.size(); ++i) mean[group_of(i)] += static_cast<double>(x[i]) / count[group_of(i)];
    for (std::size_t i = 0; i < x.size(); ++i)
      variance[group_of(i)] += std::pow(static_cast<double>(x[i]) - mean[group_of(i)], 2) / count[group_of(i)];
    if (given_mean != nullptr)
      for (std::size_t k = 0; k < mean.size(); ++k)
        mean[k] = static_cast<double>(given_mean[k]), variance[k] = static_cast<double>(given_variance[k]);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t s = group_of(i), c = channel_of(i);
      const double up = static_cast<double>(g[i]);
      h[i] = (static_cast<double>(x[i]) - mean[s]) / std::sqrt(variance[s] + epsilon);
      u[i] = up * (gamma != nullptr ? static_cast<double>(gamma[c]) : 1);
      y[i] = h[i] * (gamma != nullptr ? static_cast<double>(gamma[c]) : 1) +
             (beta != nullptr ? static_cast<double>(beta[c]) : 0);
      dgamma[c] += up * h[i];
      dbeta[c] += up;
      level[s] += u[i] / count[s];
      slope[s] += u[i] * h[i] / count[s];
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t s = group_of(i);
      dx[i] = (given_mean != nullptr ? u[i] : u[i] - level[s] - h[i] * slope[s]) / std::sqrt(variance[s] + epsilon);
    }
  }
};

}  // namespace

TEST_CASE_TEMPLATE("layer norm and its gradients agree with double-precision loops", T, float, double) {
  const std::int64_t shapes[][2] = {{1, 2}, {0, 5}, {3, 31}, {33, 33}, {70, 101}, {700, 17}, {2, 5000}};
  Stream stream{1};
  for (const auto& [m, n] : shapes)
    for (int affine = 0; affine < 4; ++affine) {
      auto x = stream.values<T>(m * n, 2);
      const auto g = stream.values<T>(m * n), gamma = stream.values<T>(n), beta = stream.values<T>(n);
      for (T& v : x) v += T{3};
      const T *w = affine % 2 == 1 ? gamma.data() : nullptr, *b = affine / 2 == 1 ? beta.data() : nullptr;
      const auto columns = index(n);
      const Expected<T> expected(
          m, [=](std::size_t i) { return i / columns; }, n, [=](std::size_t i) { return i % columns; }, x, g, w, b,
          0.125, nullptr, nullptr);
      std::vector<T> y(x.size()), dx(x.size()), mean(index(m)), rstd(index(m)), dgamma(columns), dbeta(columns);
      kernel::layer_norm(Cpu{}, m, n, x.data(), w, b, T{0.125}, y.data(), mean.data(), rstd.data());
      CHECK(near(y, expected.y, 30));
      CHECK(near(mean, expected.mean, 10));
      kernel::layer_norm_backward(Cpu{}, m, n, x.data(), w, mean.data(), rstd.data(), g.data(), dx.data(),
                                  dgamma.data(), dbeta.data());
      CHECK(near(dx, expected.dx, 30));
      CHECK(near(dgamma, expected.dgamma, 200));
      CHECK(near(dbeta, expected.dbeta, 200));
    }
}

TEST_CASE_TEMPLATE("batch norm and its gradients agree with double-precision loops", T, float, double) {
  const std::int64_t shapes[][3] = {{2, 1, 1}, {5, 3, 1},  {33, 31, 1}, {700, 17, 1},
                                    {1, 2, 9}, {4, 5, 33}, {300, 3, 7}, {3, 2, 3001}};
  Stream stream{2};
  for (const auto& [n, c, inner] : shapes)
    for (int form = 0; form < 4; ++form) {
      const bool of_batch = form < 2;
      auto x = stream.values<T>(n * c * inner, 2);
      const auto g = stream.values<T>(n * c * inner), gamma = stream.values<T>(c), beta = stream.values<T>(c);
      for (T& v : x) v += T{3};
      const T *w = form % 2 == 1 ? gamma.data() : nullptr, *b = form % 2 == 1 ? beta.data() : nullptr;
      std::vector<T> y(x.size()), dx(x.size()), mean(index(c), T{2.5}), variance(index(c), T{1.5}), dgamma(index(c)),
          dbeta(index(c));
      const auto channel = [channels = index(c), length = index(inner)](std::size_t i) {
        return i / length % channels;
      };
      const Expected<T> expected(c, channel, c, channel, x, g, w, b, 0.125, of_batch ? nullptr : mean.data(),
                                 of_batch ? nullptr : variance.data());
      if (of_batch) kernel::batch_norm_statistics(Cpu{}, n, c, inner, x.data(), mean.data(), variance.data());
      CHECK(near(mean, expected.mean, 20));
      CHECK(near(variance, expected.variance, 40));
      kernel::batch_norm(Cpu{}, n, c, inner, x.data(), w, b, mean.data(), variance.data(), T{0.125}, y.data());
      CHECK(near(y, expected.y, 40));
      kernel::batch_norm_backward(Cpu{}, n, c, inner, x.data(), w, mean.data(), variance.data(), T{0.125}, of_batch,
                                  g.data(), dx.data(), dgamma.data(), dbeta.data());
      CHECK(near(dx, expected.dx, 40));
      CHECK(near(dgamma, expected.dgamma, 300));
      CHECK(near(dbeta, expected.dbeta, 300));
    }
}

TEST_CASE_TEMPLATE("norms have the same bits at any thread count", T, float, double) {
  Stream stream{3};
  const std::int64_t shapes[][3] = {{3001, 65, 1}, {40, 33, 101}};
  for (const auto& s : shapes) {
    const std::int64_t n = s[0], c = s[1], inner = s[2], size = n * c * inner;
    const auto x = stream.values<T>(size), g = stream.values<T>(size), gamma = stream.values<T>(c * inner);
    CHECK(reference::same_at_any_thread_count([&] {
      std::vector<T> y(index(size)), dgamma(index(c)), dbeta(index(c)), mean(index(c)), variance(index(c));
      kernel::batch_norm_statistics(Cpu{}, n, c, inner, x.data(), mean.data(), variance.data());
      kernel::batch_norm_backward(Cpu{}, n, c, inner, x.data(), gamma.data(), mean.data(), variance.data(), T{1}, true,
                                  g.data(), y.data(), dgamma.data(), dbeta.data());
      y.insert(y.end(), dgamma.begin(), dgamma.end());
      return y;
    }));
    CHECK(reference::same_at_any_thread_count([&] {
      std::vector<T> y(index(size)), dgamma(index(c * inner)), mean(index(n)), rstd(index(n));
      kernel::layer_norm(Cpu{}, n, c * inner, x.data(), gamma.data(), gamma.data(), T{1}, y.data(), mean.data(),
                         rstd.data());
      kernel::layer_norm_backward(Cpu{}, n, c * inner, x.data(), gamma.data(), mean.data(), rstd.data(), g.data(),
                                  y.data(), dgamma.data(), static_cast<T*>(nullptr));
      y.insert(y.end(), dgamma.begin(), dgamma.end());
      return y;
    }));
  }
}
