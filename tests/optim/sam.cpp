// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/sam.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <type_traits>
#include <vector>

#include "optim/model.hpp"

using namespace test;

namespace {

/// sum_i c_i p_i^4 / 4 over hidden.weight and out.weight, whose gradient is c_i p_i^3.
template <class T>
struct Quartic {
  Packed<T>* parameters;
  int* calls;

  Tensor<T> operator()(double scale) const {
    ++*calls;
    const auto square = parameters->model.hidden.weight * parameters->model.hidden.weight;
    const auto other = parameters->model.out.weight * parameters->model.out.weight;
    return (sum(square * square) + sum(other * other) * T(2)) * static_cast<T>(scale / 4);
  }
};

double coefficient(std::int64_t i) { return i < 68 ? 1 : i < 72 ? 0 : 2; }

}  // namespace

TEST_CASE("sam's radius must be positive, and its gradient finite") {
  auto parameters = parts<double>();
  CHECK(message([&] { sam_perturb(parameters, {.rho = 0}); }) == "sam: rho is 0; rho must be positive and finite");
  parameters.gradients().mutable_data()[3] = INFINITY;
  const auto before = values(parameters);
  CHECK(message([&] { sam_perturb(parameters); }).find("sam: the gradient's norm is inf") == 0);
  CHECK(values(parameters) == before);
}

TEST_CASE_TEMPLATE("the way up is rho long along the gradient, and the way back exact", T, float, double) {
  for (const bool adaptive : {false, true}) {
    CAPTURE(adaptive);
    auto parameters = parts<T>();
    parameters.set("hidden.bias", false);
    differentiate(parameters);
    const auto before = values(parameters);
    const auto home = sam_perturb(parameters, {.rho = 0.25, .adaptive = adaptive});
    double norm = 0;
    const auto weight = [&](std::size_t i) {
      return (i >= 68 && i < 71) ? 0 : adaptive ? std::fabs(static_cast<double>(before[i])) : 1;
    };
    for (std::size_t i = 0; i < before.size(); ++i)
      norm += std::pow(weight(i) * static_cast<double>(parameters.gradients().data()[i]), 2);
    for (std::size_t i = 0; i < before.size(); ++i) {
      const double g = static_cast<double>(parameters.gradients().data()[i]);
      const double wanted = static_cast<double>(before[i]) + 0.25 * weight(i) * weight(i) * g / std::sqrt(norm);
      CHECK(std::fabs(static_cast<double>(parameters.values().data()[i]) - wanted) <
            (std::is_same_v<T, float> ? 1e-6 : 1e-14));
    }
    sam_restore(parameters, home);
    CHECK(values(parameters) == before);
  }
}

TEST_CASE("where the gradient is 0 nothing moves") {
  auto parameters = parts<double>();
  parameters.gradients().fill(0);
  const auto before = values(parameters);
  sam_perturb(parameters, {.rho = 1});
  CHECK(values(parameters) == before);
}

TEST_CASE_TEMPLATE("the robust objective has the loss here and the gradient up there", T, float, double) {
  auto parameters = parts<T>();
  int calls = 0;
  const Quartic<T> objective{&parameters, &calls};
  auto robust = sharpness_aware(objective, static_cast<const Parameters<T>&>(parameters), {.rho = 0.5});
  const auto before = values(parameters);
  const double scale = 1.5;
  const T here = objective(scale).item();
  calls = 0;
  const auto loss = robust(scale);
  CHECK(calls == 2);
  CHECK(values(parameters) == before);
  CHECK(loss.item() == doctest::Approx(here));
  backward(loss, parameters);
  double norm = 0;
  std::vector<double> g;
  for (std::size_t i = 0; i < before.size(); ++i) {
    g.push_back(scale * coefficient(static_cast<std::int64_t>(i)) * std::pow(static_cast<double>(before[i]), 3));
    norm += g.back() * g.back();
  }
  double worst = 0, moved = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double up = static_cast<double>(before[i]) + 0.5 * g[i] / std::sqrt(norm);
    const double wanted = scale * coefficient(static_cast<std::int64_t>(i)) * up * up * up;
    worst = std::fmax(worst, std::fabs(static_cast<double>(parameters.gradients().data()[i]) - wanted));
    moved = std::fmax(moved, std::fabs(wanted - g[i]));
  }
  CHECK(worst < (std::is_same_v<T, float> ? 1e-5 : 1e-13));
  CHECK(moved > 0.1);
}

TEST_CASE("an objective of one value a sample gives each sample's loss, and the gradient of their mean") {
  auto parameters = parts<double>();
  int calls = 0;
  const Quartic<double> one{&parameters, &calls};
  const auto samples = [&](double scale) { return one(scale) * Tensor<double>::from({0.5, 1.5, 4}); };
  const Parameters<double>& all = parameters;
  auto robust = sharpness_aware(samples, all, {.rho = 0.5});
  auto mean_robust = sharpness_aware(one, all, {.rho = 0.5});
  const auto losses = robust(1.0);
  CHECK(losses.shape() == Shape{3});
  CHECK(losses.data()[2] == doctest::Approx(4 * one(1.0).item()));
  backward(mean(losses), parameters);
  const double g = parameters.gradients().data()[5];
  backward(mean_robust(2.0), parameters);  // the samples' mean is 2
  CHECK(g == doctest::Approx(parameters.gradients().data()[5]));
}

TEST_CASE("an objective that throws up there leaves the parameters as they were") {
  auto parameters = parts<double>();
  int calls = 0;
  const Quartic<double> objective{&parameters, &calls};
  const auto throwing = [&](double scale) {
    const auto loss = objective(scale);
    if (calls == 2) throw Error("objective", "no second time");
    return loss;
  };
  auto robust = sharpness_aware(throwing, static_cast<const Parameters<double>&>(parameters), {.rho = 0.5});
  const auto before = values(parameters);
  CHECK_THROWS_AS(robust(1.0), Error);
  CHECK(values(parameters) == before);
}
