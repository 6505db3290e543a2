// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/linear.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "ops/table.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/unary.hpp"

using namespace regimen;
using table::closed;
using table::message;
using table::random;

namespace {

constexpr Activation activations[] = {Activation::none, Activation::relu, Activation::tanh, Activation::sigmoid};

/// The same from matmul, + and the activations.
template <class T>
Tensor<T> composed(const Tensor<T>& x, const Tensor<T>& w, const Tensor<T>& b, Activation activation) {
  auto z = matmul(x, w, {.transpose_b = w.rank() == 2});
  if (b.defined()) z = z + b;
  switch (activation) {
    case Activation::none:
      return z;
    case Activation::relu:
      return relu(z);
    case Activation::tanh:
      return tanh(z);
    case Activation::sigmoid:
      return sigmoid(z);
  }
  return z;
}

}  // namespace

TEST_CASE("linear is product, bias and activation, with right gradients to second order") {
  const Shape inputs[] = {{3}, {4, 3}, {2, 2, 3}, {1, 3}, {0, 3}, {2, 0, 3}};
  for (const auto activation : activations)
    for (const auto& shape : inputs)
      for (const bool has_bias : {true, false}) {
        CAPTURE(static_cast<int>(activation));
        CAPTURE(shape.to_string());
        const auto x = random(shape, 1), w = random({2, 3}, 2), b = random({2}, 3);
        const Tensor<double> bias = has_bias ? b : Tensor<double>();
        const auto y = linear(x, w, bias, activation);
        REQUIRE(y.shape() == shape.with(-1, 2));
        if (x.rank() > 1) CHECK(closed(y, composed(x, w, bias, activation), 1e-14));
        std::vector<Tensor<double>> in = {x, w};
        if (has_bias) in.push_back(b);
        const auto check = gradcheck(
            [&](const auto& v) { return square(linear(v[0], v[1], has_bias ? v[2] : Tensor<double>(), activation)); },
            in, {.order = 2, .step = 1e-6, .tolerance = 1e-5});
        CHECK_MESSAGE(check.ok, check.message);
      }
  CHECK(linear(Tensor<>::zeros({2, 3}), Tensor<>::zeros({0, 3}), {}).shape() == Shape{2, 0});
  CHECK(closed(linear(Tensor<>::zeros({2, 0}), Tensor<>::zeros({2, 0}), Tensor<>::from({1, 2})), {1, 2, 1, 2}, {2, 2}));
}

TEST_CASE("backward adds to the sinks of weight and bias as to other gradients") {
  const auto x = random({5, 3}, 1);
  for (const auto activation : activations) {
    std::vector<Tensor<double>> parameters = {variable(random({2, 3}, 2)), variable(random({2}, 3))};
    const auto loss = [&] {
      // Two uses: the second adds to what the first has put there.
      return sum(linear(x, parameters[0], parameters[1], activation)) +
             sum(square(linear(x * 2, parameters[0], parameters[1])));
    };
    const auto expected = grad(loss(), parameters);
    std::vector<Tensor<double>> sinks;
    for (const auto& p : parameters) {
      sinks.push_back(Tensor<double>::full(p.shape(), 7));
      static_cast<TypedNode<double, Cpu>*>(p.node())->sink = sinks.back();
    }
    backward(loss(), std::span<const Tensor<double>>(parameters));
    for (std::size_t i = 0; i < 2; ++i) CHECK(closed(sinks[i], expected[i], 1e-13));
    backward(loss(), std::span<const Tensor<double>>(parameters), {.accumulate = true});
    for (std::size_t i = 0; i < 2; ++i) CHECK(closed(sinks[i], expected[i] * 2, 1e-13));
  }
}

TEST_CASE("errors of linear name the shapes") {
  const auto x = Tensor<>::zeros({4, 3}), w = Tensor<>::zeros({2, 5});
  const auto text = message([&] { linear(x, w, Tensor<>::zeros({2})); });
  CHECK(text.find("linear: ") == 0);
  CHECK(text.find("x is [4, 3], weight [2, 5], bias [2]") != std::string::npos);
  CHECK_THROWS_AS(linear(x, Tensor<>::zeros({2, 3}), Tensor<>::zeros({3})), Error);
  CHECK_THROWS_AS(linear(x, Tensor<>::zeros({3}), {}), Error);
  CHECK_THROWS_AS(linear(Tensor<>::scalar(1), w, {}), Error);
}
