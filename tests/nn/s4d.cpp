// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/s4d.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "nn/module_checks.hpp"
#include "support/oracle.hpp"

using namespace test;

namespace {

template <class T>
Tensor<T> by_steps(const S4d<T>& layer, const Tensor<T>& x) {
  std::vector<Tensor<T>> outputs;
  ComplexTensor<T> state;
  for (std::int64_t t = 0; t < x.size(1); ++t) {
    const auto result = layer.step(select(x, 1, t), state);
    outputs.push_back(result.output);
    state = result.state;
  }
  return stack(outputs, 1);
}

const Discretisation both[] = {Discretisation::zoh, Discretisation::bilinear};

}  // namespace

TEST_CASE_TEMPLATE("S4d agrees with the recurrence in complex numbers, as convolution and by steps", T, float, double) {
  const Oracle oracle("nn_e_sequence");
  for (const auto discretisation : both) {
    const std::string name = discretisation == Discretisation::zoh ? "s4d.zoh" : "s4d.bilinear";
    for (const bool steps : {false, true}) {
      oracle.check_case<T>(name, {"x", "log_dt", "log_a_real", "a_imag", "c_real", "c_imag", "d"}, [&](const auto& in) {
        Rng rng(1);
        S4d<T> layer(3, rng, {.state = 8, .discretisation = discretisation});
        layer.log_dt = in[1], layer.log_a_real = in[2], layer.a_imag = in[3];
        layer.c.real = in[4], layer.c.imag = in[5], layer.d = in[6];
        return steps ? by_steps(layer, in[0]) : layer(in[0]);
      });
    }
  }
}

TEST_CASE("S4d by steps is the convolution over a long sequence") {
  Rng rng(2);
  for (const auto discretisation : both)
    for (const auto init : {S4dInit::lin, S4dInit::inv, S4dInit::legs}) {
      const S4d<double> layer(4, rng, {.state = 16, .init = init, .discretisation = discretisation});
      const auto x = rng.normal<double>({2, 300, 4});
      CHECK(distance(layer(x).detach(), by_steps(layer, x).detach()) < 1e-10);
    }
}

TEST_CASE("the kernel of S4d is 2 Re(C A^l B)") {
  Rng rng(3);
  const S4d<double> layer(2, rng, {.state = 6});
  const auto k = layer.kernel(5);
  REQUIRE(k.shape() == Shape{2, 5});
  for (int i = 0; i < 2; ++i)
    for (int l = 0; l < 5; ++l) {
      double total = 0;
      for (int n = 0; n < 3; ++n) {
        const std::complex<double> a(-0.5, std::numbers::pi * n), c(layer.c.real(i, n), layer.c.imag(i, n));
        const auto a_bar = std::exp(a * std::exp(layer.log_dt(i)));
        total += 2 * std::real(c * std::pow(a_bar, l) * (a_bar - 1.) / a);
      }
      CHECK(k(i, l) == doctest::Approx(total).epsilon(1e-12));
    }
  CHECK(fails_with([&] { layer.kernel(0); }, "S4d::kernel", "length is 0"));
}

TEST_CASE("a constant input fills S4d's state by zero-order hold as the continuous system") {
  Rng rng(4);
  S4d<double> layer(1, rng, {.state = 2, .dt_min = 0.05, .dt_max = 0.05});
  const std::complex<double> a(-0.5, 3), c(0.3, -0.8);
  layer.a_imag.fill(3), layer.c.real.fill(0.3), layer.c.imag.fill(-0.8), layer.d.fill(0);
  const auto y = layer(Tensor<double>::ones({1, 40, 1}));
  for (const int t : {0, 9, 39})  // s(time) = (e^(a time) - 1) / a
    CHECK(y(0, t, 0) == doctest::Approx(2 * std::real(c * (std::exp(a * (0.05 * (t + 1))) - 1.) / a)));
}

TEST_CASE("S4d starts with the imaginary parts of its initialisations, steps in their range and real parts -1/2") {
  const Oracle oracle("nn_e_sequence");
  Rng rng(5);
  for (const std::int64_t order : {2, 8, 20}) {
    const S4d<double> layer(2, rng, {.state = order, .init = S4dInit::legs});
    oracle.check("s4d.legs" + std::to_string(order), select(layer.a_imag, 0, 1).detach(), 1e-10);
  }
  const S4d<double> inverse(1, rng, {.state = 4, .init = S4dInit::inv}), linear(1, rng, {.state = 4});
  CHECK(inverse.a_imag(0, 0) == doctest::Approx(4 / std::numbers::pi * 3));
  CHECK(inverse.a_imag(0, 1) == doctest::Approx(4 / std::numbers::pi / 3));
  CHECK(linear.a_imag(0, 0) == 0);
  CHECK(linear.a_imag(0, 1) == doctest::Approx(std::numbers::pi));
  CHECK(std::exp(linear.log_a_real(0, 1)) == doctest::Approx(0.5));
  const S4d<> layer(2000, rng, {.state = 2, .dt_min = 0.01, .dt_max = 0.1});
  double least = 0, most = -10, squares = 0;
  for (const float v : layer.log_dt.span()) least = std::fmin(least, v), most = std::fmax(most, v);
  for (const float v : layer.c.imag.span()) squares += v * v / 2000;
  CHECK(least == doctest::Approx(std::log(0.01)).epsilon(0.01));
  CHECK(most == doctest::Approx(std::log(0.1)).epsilon(0.01));
  CHECK(squares == doctest::Approx(0.5).epsilon(0.1));
}

TEST_CASE("S4d has gradients to second order, does not look ahead, and is copied, saved and loaded") {
  Rng rng(6);
  const auto x = rng.normal<double>({2, 3, 2});
  for (const auto discretisation : both) {
    S4d<double> layer(
        2, rng, {.state = 2, .init = S4dInit::legs, .discretisation = discretisation, .dt_min = 0.1, .dt_max = 1});
    CHECK(names(layer) == "log_dt log_a_real a_imag c.real c.imag d ");
    check_module_gradients(layer, {x}, [](const auto& f, const auto& in) { return f(in[0]); });
    check_module_gradients(layer, {slice(x, 1, 0, 2)},
                           [](const auto& f, const auto& in) { return by_steps(f, in[0]); });
    check_module_copies(layer, [&](const auto& f) { return f(x); });
    CHECK(distance(layer(slice(x, 1, 0, 2)).detach(), slice(layer(x).detach(), 1, 0, 2)) < 1e-15);
  }
}

TEST_CASE("S4d of nothing is nothing, and it names sizes that do not fit") {
  Rng rng(7);
  const S4d<> layer(3, rng, {.state = 4});
  CHECK(layer(Tensor<>::zeros({2, 0, 3})).shape() == Shape{2, 0, 3});
  CHECK(layer(Tensor<>::zeros({0, 2, 3})).shape() == Shape{0, 2, 3});
  CHECK(layer.step(Tensor<>::zeros({0, 3})).output.shape() == Shape{0, 3});
  CHECK(fails_with([&] { layer(Tensor<>::zeros({2, 3})); }, "S4d", "x is [2, 3]", "width 3"));
  CHECK(fails_with([&] { layer(Tensor<>::zeros({2, 3, 4})); }, "x is [2, 3, 4]"));
  CHECK(fails_with([&] { layer.step(Tensor<>::zeros({2, 4})); }, "S4d::step", "[2, 4]"));
  const auto state = layer.step(Tensor<>::zeros({2, 3})).state;
  CHECK(fails_with([&] { layer.step(Tensor<>::zeros({1, 3}), state); }, "[2, 3, 2]", "[1, 3, 2]"));
  CHECK(fails_with([&] { S4d<>(0, rng); }, "width 0"));
  CHECK(fails_with([&] { S4d<>(3, rng, {.state = 5}); }, "state 5"));
  CHECK(fails_with([&] { S4d<>(3, rng, {.state = 0}); }, "state 0"));
  CHECK(fails_with([&] { S4d<>(3, rng, {.dt_min = 0}); }, "dt from 0"));
  CHECK(fails_with([&] { S4d<>(3, rng, {.dt_min = 0.2}); }, "dt_min <= dt_max"));
  CHECK(fails_with([&] { S4d<>(3, rng, {.dt_max = NAN}); }, "dt from"));
}
