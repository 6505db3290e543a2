// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/poisson_nll.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("poisson_nll agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  for (const bool full : {false, true})
    for (const bool rates : {false, true}) {
      const std::string name = std::string("poisson_nll.") + (rates ? "rates." : "") + (full ? "True" : "False");
      const PoissonNllOptions options{.log_input = !rates, .full = full, .epsilon = 1e-3};
      oracle.check_case<T>(name, {"input", "target"},
                           [&](const std::vector<Tensor<T>>& in) { return poisson_nll(in[0], in[1], options); });
    }
}

TEST_CASE("poisson_nll is least at the count") {
  const auto t = Tensor<double>::from({1, 4, 20});
  const auto x = variable(log(t));
  for (const double v : grad(poisson_nll(x, t), {x})[0].span()) CHECK(std::abs(v) < 1e-14);
  CHECK(poisson_nll(Tensor<double>::from({3}), Tensor<double>::from({0}), {.log_input = false}).item() == 3);
}

TEST_CASE("full poisson_nll is -log of the probability to Stirling's accuracy") {
  const double rate = 9, count = 12;
  const double want = rate - count * std::log(rate) + std::lgamma(count + 1);
  const auto x = Tensor<double>::from({std::log(rate)}), t = Tensor<double>::from({count});
  CHECK(std::abs(poisson_nll(x, t, {.full = true}).item() - want) < 1 / (12 * count) + 1e-6);
}

TEST_CASE("poisson_nll has gradients to second order") {
  Rng rng(1);
  const auto x = rng.normal<double>({4, 3}), t = rng.uniform<double>({4, 3}, 2, 5);
  for (const bool full : {false, true}) {
    const auto f = [=](const auto& in) { return poisson_nll(in[0], in[1], {.full = full}); };
    const auto check = gradcheck(f, {x, t}, {.order = 2});
    CHECK_MESSAGE(check, check.message);
  }
  const auto rates = [](const auto& in) { return poisson_nll(in[0], in[1], {.log_input = false}); };
  const auto check = gradcheck(rates, {exp(x), t}, {.order = 2});
  CHECK_MESSAGE(check, check.message);
}

TEST_CASE("poisson_nll refuses what does not fit") {
  CHECK(fails_with([] { poisson_nll(Tensor<>::zeros({3, 1}), Tensor<>::zeros({3})); }, "poisson_nll", "[3, 1]", "[3]"));
  CHECK(fails_with([] { poisson_nll(Tensor<>::zeros({3}), Tensor<>::zeros({3}), {.epsilon = -1}); }, "epsilon is -1"));
}
