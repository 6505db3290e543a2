// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/adafactor.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <type_traits>
#include <vector>

#include "optim/model.hpp"

using namespace test;

TEST_CASE("adafactor options outside their ranges are errors") {
  CHECK(message([] { adafactor({.decay_power = 0}); }) == "adafactor: decay_power is 0; decay_power must be in (0, 1]");
  CHECK(message([] { adafactor({.clip = 0}); }) == "adafactor: clip is 0; clip must be positive and finite");
  CHECK_THROWS_AS(adafactor({.beta1 = 1}), Error);
  CHECK_THROWS_AS(adafactor({.epsilon1 = -1}), Error);
  CHECK_THROWS_AS(adafactor({.epsilon2 = -1}), Error);
  CHECK_THROWS_AS(adafactor({.weight_decay = -1}), Error);
}

namespace {

double root_mean_square(const std::vector<double>& x, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (std::size_t i = begin; i < end; ++i) sum += x[i] * x[i];
  return std::sqrt(sum / static_cast<double>(end - begin));
}

}  // namespace

TEST_CASE_TEMPLATE("ten steps of adafactor are those of the formula in plain doubles", T, float, double) {
  for (const bool all : {false, true}) {
    CAPTURE(all);
    AdafactorOptions options;
    if (all)
      options = {.lr = 0.05,
                 .scale_parameter = false,
                 .decay_power = 0.5,
                 .beta1 = 0.75,
                 .clip = 0.5,
                 .epsilon1 = 1e-4,
                 .weight_decay = 0.1,
                 .decay_mask = "*.weight"};
    auto parameters = parts<T>();
    auto optimizer = adafactor<T>(options);
    std::vector<double> p, g(112), u(112), m(112), v(112), r(17), c(4);
    for (const T value : values(parameters)) p.push_back(static_cast<double>(value));
    double worst = 0;
    for (int t = 1; t <= 10; ++t) {
      train(parameters, optimizer, t - 1, 1);
      const double beta2 = 1 - std::pow(t, all ? -0.5 : -0.8), epsilon = all ? 1e-4 : 1e-30;
      const double lr = all ? 0.05 : 0.01;
      for (std::size_t i = 0; i < 112; ++i) {
        const auto index = static_cast<std::int64_t>(i);
        g[i] = curvature(index) * (p[i] - minimum(index));
        v[i] = beta2 * v[i] + (1 - beta2) * (g[i] * g[i] + epsilon);
        u[i] = g[i] / std::sqrt(v[i]);
      }
      double mean = 0;
      for (std::size_t i = 0; i < 17; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < 4; ++j) sum += g[4 * i + j] * g[4 * i + j] + epsilon;
        r[i] = beta2 * r[i] + (1 - beta2) * sum / 4;
        mean += r[i] / 17;
      }
      for (std::size_t j = 0; j < 4; ++j) {
        double sum = 0;
        for (std::size_t i = 0; i < 17; ++i) sum += g[4 * i + j] * g[4 * i + j] + epsilon;
        c[j] = beta2 * c[j] + (1 - beta2) * sum / 17;
      }
      for (std::size_t i = 0; i < 68; ++i) u[i] = g[i] / std::sqrt(r[i / 4] * c[i % 4] / mean);
      const std::size_t bounds[] = {0, 68, 71, 72, 112};
      for (int part = 0; part < 4; ++part) {
        const std::size_t begin = bounds[part], end = bounds[part + 1];
        const double excess = std::fmax(1.0, root_mean_square(u, begin, end) / (all ? 0.5 : 1));
        const double rate = lr * (all ? 1 : std::fmax(1e-3, root_mean_square(p, begin, end)));
        for (std::size_t i = begin; i < end; ++i) {
          m[i] = all ? 0.75 * m[i] + 0.25 * u[i] / excess : u[i] / excess;
          p[i] -= rate * m[i] + (all && part % 3 == 0 ? lr * 0.1 * p[i] : 0);
          worst = std::fmax(worst, std::fabs(p[i] - static_cast<double>(parameters.values().data()[i])));
        }
      }
    }
    CHECK(worst < (std::is_same_v<T, float> ? 1e-5 : 1e-13));
  }
}

TEST_CASE("a matrix's second moment is its rows and columns alone, and the default rate falls after 10000 steps") {
  auto parameters = parts<float>();
  auto optimizer = adafactor({});
  train(parameters, optimizer, 0, 1);
  const State state = through_file(optimizer);
  CHECK(state.get<Tensor<float>>("parameter0.0").shape() == Shape{17});
  CHECK(state.get<Tensor<float>>("parameter0.1").shape() == Shape{4});
  CHECK(state.get<Tensor<float>>("parameter3.0").shape() == Shape{40});
  CHECK(AdafactorOptions().lr(0) == 0.01);
  CHECK(AdafactorOptions().lr(39999) == doctest::Approx(0.005));
}

TEST_CASE("a gradient of zeros, with epsilon 0 too, moves nothing") {
  auto parameters = parts<double>();
  parameters.gradients().fill(0);
  const auto before = values(parameters);
  auto optimizer = adafactor<double>({.epsilon1 = 0});
  optimizer.update(parameters, Progress{});
  CHECK(values(parameters) == before);
}
