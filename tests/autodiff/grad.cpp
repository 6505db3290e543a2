// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/autodiff/grad.hpp"

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <vector>

#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/unary.hpp"

using namespace regimen;

namespace {

template <class F>
std::string message(const F& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}
bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

Tensor<> parameter(const Tensor<>& values) {
  const auto x = variable(values);
  static_cast<TypedNode<float, Cpu>*>(x.node())->sink = Tensor<>::full(values.shape(), 77);
  return x;
}
Tensor<> sink(const Tensor<>& x) { return static_cast<TypedNode<float, Cpu>*>(x.node())->sink; }
void run(const Tensor<>& loss, const std::vector<Tensor<>>& variables, const BackwardOptions& options = {}) {
  backward(loss, std::span<const Tensor<>>(variables), options);
}

}  // namespace

TEST_CASE("derivatives of x^4 to fifth order") {
  const auto x = variable(Tensor<double>::scalar(1.5));
  const auto y = x * x * x * x;
  const auto d1 = grad(y, {x}, {.create_graph = true})[0];
  const auto d2 = grad(d1, {x}, {.create_graph = true})[0];
  const auto d3 = grad(d2, {x}, {.create_graph = true})[0];
  const auto d4 = grad(d3, {x}, {.create_graph = true})[0];
  CHECK(d1.item() == doctest::Approx(4 * 1.5 * 1.5 * 1.5));
  CHECK(d2.item() == doctest::Approx(12 * 1.5 * 1.5));
  CHECK(d3.item() == doctest::Approx(24 * 1.5));
  CHECK(d4.item() == doctest::Approx(24));
  const auto d5 = grad(d4, {x}, {.allow_unused = true})[0];
  CHECK(d5.item() == 0);
}

TEST_CASE("gradients are constants unless they are to be differentiated again") {
  const auto x = variable(Tensor<>::from({2}));
  CHECK(!grad(x * x, {x})[0].requires_grad());
  CHECK(grad(x * x, {x}, {.create_graph = true})[0].requires_grad());
}

TEST_CASE("an input that y does not depend on is an Error, or zeros if asked for") {
  const auto x = variable(Tensor<>::from({1, 2})), z = variable(Tensor<>::zeros({2, 3}));
  const auto y = sum(x);
  const auto text = message([&] { grad(y, {x, z}); });
  CHECK(has(text, "does not depend on input 1 of shape [2, 3]"));
  CHECK(has(text, "allow_unused"));
  const auto g = grad(y, {x, z}, {.allow_unused = true});
  CHECK(g[0](1) == 1);
  CHECK(g[1].shape() == Shape{2, 3});
  CHECK(g[1](1, 2) == 0);
  CHECK(grad(Tensor<>::scalar(3), {x}, {.allow_unused = true})[0](0) == 0);
}

TEST_CASE("a constant input is an Error that names its shape") {
  const auto x = variable(Tensor<>::from({1, 2}));
  CHECK(has(message([&] { grad(sum(x), {x, Tensor<>::zeros({4})}); }), "input 1 of shape [4] is a constant"));
}

TEST_CASE("y of several elements needs a seed of its shape") {
  const auto x = variable(Tensor<>::from({1, 2}));
  const auto text = message([&] { grad(x * x, {x}); });
  CHECK(has(text, "y has shape [2] and no seed was given"));
  CHECK(has(text, "reduce it to one number"));
  CHECK(has(message([&] { grad(x * x, {x}, {}, Tensor<>::ones({3})); }), "the seed is [3] and y is [2]"));
  CHECK(grad(x * x, {x}, {}, Tensor<>::from({10, 100}))[0](1) == 400);
  CHECK(grad(reshape(x * x, {2, 1}), {x}, {}, Tensor<>::from({10, 100}, {2, 1}))[0](0) == 20);
}

TEST_CASE("y itself, and an input on the way, have gradients") {
  const auto x = variable(Tensor<>::from({3}));
  const auto y = x * x, z = y * 2;
  CHECK(grad(x, {x})[0].item() == 1);
  const auto g = grad(z, {z, y, x});
  CHECK(g[0].item() == 1);
  CHECK(g[1].item() == 2);
  CHECK(g[2].item() == 12);
}

TEST_CASE("the seed's own gradient is the forward derivative") {
  const auto x = variable(Tensor<>::from({3, 4})), u = variable(Tensor<>::from({1, 1}));
  const auto g = grad(x * x, {x}, {.create_graph = true}, u)[0];
  CHECK(grad(g, {u}, {}, Tensor<>::from({1, 10}))[0](1) == 80);
}

TEST_CASE("backward writes into the sinks, adds on request, and gives zeros to what is unused") {
  const auto a = parameter(Tensor<>::from({1, 2})), b = parameter(Tensor<>::from({3})),
             c = parameter(Tensor<>::from({4}));
  const auto loss = [&] { return sum(a * a * b); };
  run(loss(), {a, b, c});
  CHECK(sink(a)(1) == 12);
  CHECK(sink(b)(0) == 5);
  CHECK(sink(c)(0) == 0);
  run(loss(), {a, b, c}, {.accumulate = true});
  CHECK(sink(a)(1) == 24);
  CHECK(sink(c)(0) == 0);
  run(loss(), {a, b, c});
  CHECK(sink(a)(1) == 12);
  CHECK(grad(loss(), {a})[0](1) == 12);  // grad() leaves the sinks alone
  CHECK(sink(a)(1) == 12);
  run(sum(a), {a});
  CHECK(sink(a)(0) == 1);
  run(b, {b});
  CHECK(sink(b)(0) == 1);
}

TEST_CASE("backward leaves frozen variables out") {
  const auto a = parameter(Tensor<>::from({1})), b = parameter(Tensor<>::from({3}));
  a.node()->frozen = true;
  run(a * b, {a, b});
  CHECK(sink(a)(0) == 77);
  CHECK(sink(b)(0) == 1);
}

TEST_CASE("a second backward without keep_graph is an Error that tells the remedy") {
  const auto a = parameter(Tensor<>::from({2}));
  const auto loss = a * a;
  run(loss, {a}, {.keep_graph = true});
  run(loss, {a});
  CHECK(sink(a)(0) == 4);
  const auto text = message([&] { run(loss, {a}); });
  CHECK(has(text, "operator*: its record was released"));
  CHECK(has(text, "{.keep_graph = true}"));
}

TEST_CASE("backward refuses a loss of several elements and a constant one") {
  const auto a = parameter(Tensor<>::from({1, 2}));
  CHECK(has(message([&] { run(a * a, {a}); }), "y has shape [2]"));
  CHECK(has(message([&] { run(Tensor<>::scalar(1), {a}); }), "does not depend on any variable"));
  const NoGrad guard;
  CHECK(has(message([&] { run(sum(a), {a}); }), "NoGrad"));
}

TEST_CASE("a pass that finds no target leaves nothing behind for the next") {
  const auto x = variable(Tensor<>::scalar(3)), other = variable(Tensor<>::scalar(5));
  const auto y = x * x;
  CHECK(grad(y, {other}, {.allow_unused = true})[0].item() == 0);
  CHECK(grad(y * 2.0f, {x})[0].item() == 12);
}
