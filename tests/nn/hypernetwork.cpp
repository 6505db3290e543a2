// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/hypernetwork.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "nn/module_checks.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/ops/unary.hpp"
#include "support/oracle.hpp"

using namespace test;

namespace {

/// A perceptron; `tied` has the weight of `first` again.
struct Perceptron {
  explicit Perceptron(Rng& rng) : first(2, 2, rng), tied(first.weight), last(2, 1, rng) {}
  Tensor<double> operator()(const Tensor<double>& x) const { return last(tanh(linear(tanh(first(x)), tied, {}))); }
  Linear<double> first;
  Tensor<double> tied;
  Linear<double> last;
  REGIMEN_MODULE(first, tied, last)
};

}  // namespace

TEST_CASE_TEMPLATE("a hypernetwork of a linear map agrees with PyTorch", T, float, double) {
  const Oracle oracle("nn_d_vision");
  Rng rng(1);
  const Linear<T> target(3, 2, rng);
  Hypernetwork<T> hyper(target, 4, rng, {.hidden = {5}});
  oracle.check_case<T>("hypernetwork", {"x", "condition", "w0", "b0", "w1", "b1"}, [&](const auto& in) {
    hyper.hidden[0].weight = in[2];
    hyper.hidden[0].bias = in[3];
    hyper.out.weight = in[4];
    hyper.out.bias = in[5];
    return hyper.apply(target, in[1])(in[0]);
  });
}

TEST_CASE("a hypernetwork starts as its target for every condition, and leaves the target alone") {
  Rng rng(2);
  const Perceptron target(rng);
  Hypernetwork<double> hyper(target, 3, rng, {.hidden = {4, 5}});
  CHECK(hyper.out.weight.shape() == Shape{9, 5});  // 4 + 2 + 2 + 1: what is tied counts once
  const auto x = rng.normal<double>({4, 2}), condition = rng.normal<double>({3});
  const auto before = target(x).detach();
  CHECK(same_bits(hyper.apply(target, condition)(x).detach(), before));
  disturb_parameters(hyper, 3);
  const auto model = hyper.apply(target, condition);
  CHECK(!same_bits(model(x).detach(), before));
  CHECK(same_bits(target(x).detach(), before));
  CHECK(same_bits(model.tied.detach(), model.first.weight.detach()));
  const auto w = hyper(condition).detach();
  CHECK(same_bits(model.first.weight.detach(), w.view(0, {2, 2})));
  CHECK(same_bits(model.first.bias.detach(), w.view(4, {2})));
  CHECK(same_bits(model.last.weight.detach(), w.view(6, {1, 2})));
  CHECK(same_bits(model.last.bias.detach(), w.view(8, {1})));
  const auto conditions = rng.normal<double>({5, 3});
  CHECK(hyper(conditions).shape() == Shape{5, 9});
  CHECK(distance(hyper(conditions[2]).detach(), hyper(conditions).detach()[2]) < 1e-14);
}

TEST_CASE("a hypernetwork has gradients to second order, by condition and parameters, and is copied with its bits") {
  Rng rng(4);
  const Perceptron target(rng);
  const auto x = rng.normal<double>({2, 2}), condition = rng.normal<double>({3});
  Hypernetwork<double> hyper(target, 3, rng, {.hidden = {3}});
  CHECK(names(hyper) == "hidden.0.weight hidden.0.bias out.weight out.bias ");
  disturb_parameters(hyper, 5);
  check_module_gradients(hyper, {x, condition},
                         [&](const auto& f, const auto& in) { return f.apply(target, in[1])(in[0]); });
  check_module_copies(hyper, [&](const auto& f) { return f.apply(target, condition)(x); });
  const Hypernetwork<double> affine(target, 3, rng, {.hidden = {}});
  CHECK(affine.out.weight.shape() == Shape{9, 3});
}

TEST_CASE("a model with other parameters has their values, constant or recorded") {
  Rng rng(6);
  const Linear<double> layer(2, 1, rng);
  const auto x = Tensor<double>::from({5, 7}, {1, 2});
  CHECK(with_parameters(layer, Tensor<double>::from({1, 2, 3}))(x).item() == 22);
  const auto w = variable(Tensor<double>::from({1, 2, 3}));
  CHECK(same_bits(grad(with_parameters(layer, w)(x), {w})[0], Tensor<double>::from({5, 7, 1})));
}

TEST_CASE("hypernetworks name what does not fit") {
  Rng rng(7);
  const Linear<> target(3, 2, rng);
  CHECK(fails_with([&] { with_parameters(target, Tensor<>::zeros({7})); }, "with_parameters", "[7]", "8 elements"));
  CHECK(fails_with([&] { with_parameters(target, Tensor<>::zeros({9})); }, "with_parameters", "[9]", "8 elements"));
  CHECK(fails_with([&] { with_parameters(target, Tensor<>::zeros({1, 8})); }, "with_parameters", "[1, 8]", "vector"));
  CHECK(fails_with([&] { with_parameters(target, Tensor<double>::zeros({8})); }, "with_parameters", "'weight'"));
  CHECK(fails_with([&] { Hypernetwork<>(target, 0, rng); }, "Linear", "0 inputs"));
  CHECK(fails_with([&] { Hypernetwork<>(target, 2, rng, {.hidden = {0}}); }, "Linear", "0 outputs"));
  CHECK(fails_with([&] { Hypernetwork<>(Mode{}, 2, rng); }, "Hypernetwork", "no parameters"));
  const Hypernetwork<> hyper(target, 4, rng);
  CHECK(fails_with([&] { hyper.apply(target, Tensor<>::zeros({3})); }, "linear", "[3]"));
  CHECK(fails_with([&] { hyper.apply(target, Tensor<>::zeros({1, 4})); }, "with_parameters", "[1, 8]"));
}
