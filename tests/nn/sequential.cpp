// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/sequential.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "nn/support.hpp"
#include "regimen/nn/activation.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module_state.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/ops/reduce.hpp"

using namespace test;

namespace {

struct Block {
  Sequential<> inner;
  Linear<> head;
  explicit Block(Rng& rng) : inner{Linear(2, 3, rng), Tanh{}}, head(3, 1, rng) {}
  Tensor<> operator()(const Tensor<>& x) const { return head(inner(x)); }
  REGIMEN_MODULE(inner, head)
};

}  // namespace

TEST_CASE("sequential applies its layers in order, under their numbers") {
  Rng rng(1);
  Sequential net{Linear(2, 4, rng), Relu{}, Linear(4, 3, rng, {.bias = false})};
  CHECK(net.size() == 3);
  CHECK(names(net) == "0.weight 0.bias 2.weight ");
  const auto x = rng.normal({5, 2});
  const auto& first = net[0].as<Linear<>>();
  const auto& last = net[2].as<Linear<>>();
  CHECK(same_bits(net(x), last(relu(first(x)))));
  CHECK(net[1].is<Relu>());
  CHECK(!net[1].is<Linear<>>());
}

TEST_CASE("sequential without layers returns its input") {
  const auto x = Tensor<>::ones({2});
  CHECK(same_bits(Sequential<>()(x), x));
}

TEST_CASE("functions are layers") {
  Rng rng(2);
  Sequential net{[](const Tensor<>& x) { return x * 2.0f; }, [](const auto& x) { return x + 1.0f; }};
  CHECK(net(Tensor<>::scalar(3)).item() == 7);
  CHECK(names(net) == "");
}

TEST_CASE("layers are appended and replaced") {
  Rng rng(3);
  Sequential<double> net;
  net.append(Linear<double>(2, 4, rng)).append(Relu{}).append(Linear<double>(4, 3, rng));
  net.replace(1, Tanh{}).replace(2, Linear<double>(4, 7, rng));
  CHECK(net.size() == 3);
  CHECK(net(Tensor<double>::ones({1, 2})).shape() == Shape{1, 7});
  CHECK(net[1].is<Tanh>());
}

TEST_CASE("a copy has its own modules, which share parameters, and a clone has its own parameters") {
  Rng rng(4);
  Sequential net{Linear(2, 2, rng), Dropout(0.5, rng)};
  Sequential copy = net;
  set_training(copy, false);
  CHECK(net[1].as<Dropout>().mode.training);
  CHECK(!copy[1].as<Dropout>().mode.training);
  CHECK(copy[0].as<Linear<>>().weight.data() == net[0].as<Linear<>>().weight.data());
  Sequential twin = clone(net);
  CHECK(twin[0].as<Linear<>>().weight.data() != net[0].as<Linear<>>().weight.data());
  CHECK(same_bits(twin[0].as<Linear<>>().weight, net[0].as<Linear<>>().weight));
  const auto x = rng.normal({3, 2});
  CHECK(same_bits(twin(x), net(x)));
  copy = Sequential{Relu{}};
  CHECK(copy.size() == 1);
  CHECK(net.size() == 2);
}

TEST_CASE("sequentials nest, in structs and in each other") {
  Rng rng(5);
  Sequential net;
  net.append(Block(rng)).append(Sequential{Linear(1, 2, rng), Relu{}});
  CHECK(names(net) == "0.inner.0.weight 0.inner.0.bias 0.head.weight 0.head.bias 1.0.weight 1.0.bias ");
  CHECK(net(Tensor<>::ones({3, 2})).shape() == Shape{3, 2});
}

TEST_CASE("sequential's parameters pack, train, freeze, save and load") {
  Rng rng(6);
  Sequential net{Linear(2, 8, rng), Tanh{}, Linear(8, 1, rng)};
  auto packed = parameters(net);
  CHECK(packed.values().size() == 33);
  CHECK(net[0].as<Linear<>>().weight.data() == packed.values().data());
  const auto x = rng.normal({4, 2});
  backward(sum(net(x)), packed);
  double size = 0;
  for (const float g : packed.gradients().span()) size += std::fabs(g);
  CHECK(size > 0);
  CHECK(freeze(net, "0.*") == 2);
  CHECK(packed.trainable_size() == 9);

  State state;
  save_module(net, state);
  Rng other(7);
  Sequential loaded{Linear(2, 8, other), Tanh{}, Linear(8, 1, other)};
  CHECK(!same_bits(loaded(x), net(x)));
  load_module(loaded, state);
  CHECK(same_bits(loaded(x), net(x)));
}

TEST_CASE("layers that are not there, or are of another type, are errors") {
  Rng rng(8);
  Sequential net{Linear(2, 2, rng)};
  CHECK(fails_with([&] { net[1]; }, "layer 1 of 1"));
  CHECK(fails_with([&] { net[-1]; }, "layer -1 of 1"));
  CHECK(fails_with([&] { net.replace(1, Relu{}); }, "Sequential::replace"));
  CHECK(fails_with([&] { net[0].as<Relu>(); }, "AnyLayer::as"));
}
