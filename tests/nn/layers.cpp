// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// What holds for every layer. A new one adds a row.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/nn/activation.hpp"
#include "regimen/nn/batch_norm.hpp"
#include "regimen/nn/blur_pool.hpp"
#include "regimen/nn/conv1d.hpp"
#include "regimen/nn/conv2d.hpp"
#include "regimen/nn/conv_transpose.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/flatten.hpp"
#include "regimen/nn/ghost_batch_norm.hpp"
#include "regimen/nn/group_norm.hpp"
#include "regimen/nn/instance_norm.hpp"
#include "regimen/nn/layer_norm.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module_state.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/nn/patch_embedding.hpp"
#include "regimen/nn/pool.hpp"
#include "regimen/nn/rms_norm.hpp"
#include "regimen/nn/sequential.hpp"
#include "regimen/nn/siren.hpp"
#include "regimen/nn/stochastic_depth.hpp"
#include "regimen/nn/weight_standardisation.hpp"

using namespace test;

namespace {

struct Traits {
  bool random = false;       ///< draws random numbers in training
  bool mixes_batch = false;  ///< a sample's output depends on the others in training
};

Shape with_batch(std::int64_t n, const Shape& sample) {
  Shape shape{n};
  for (const std::int64_t size : sample) shape.append(size);
  return shape;
}

/// Calls f(name, shape of a sample, layer made from rng, traits) for every layer.
template <class T, class F>
void for_each_layer(std::uint64_t seed, const F& f) {
  Rng rng(seed);
  f("Linear", Shape{3}, Linear<T>(3, 4, rng));
  f("Linear of sequences", Shape{2, 3}, Linear<T>(3, 2, rng));
  f("Linear without bias", Shape{3}, Linear<T>(3, 2, rng, {.bias = false}));
  f("Linear with tanh", Shape{3}, Linear<T>(3, 2, rng, {.activation = Activation::tanh}));
  f("Linear with relu", Shape{3}, Linear<T>(3, 5, rng, {.activation = Activation::relu}));
  f("Linear with sigmoid", Shape{3}, Linear<T>(3, 2, rng, {.activation = Activation::sigmoid}));
  f("Conv2d", Shape{2, 4, 3}, Conv2d<T>(2, 3, 2, rng));
  f("Conv2d with options", Shape{2, 5, 4}, Conv2d<T>(2, 4, {3, 2}, rng, {.stride = 2, .padding = 1, .groups = 2}));
  f("MaxPool2d", Shape{2, 4, 5}, MaxPool2d());
  f("MaxPool2d with options", Shape{4, 5}, MaxPool2d({.window = 3, .stride = 2, .padding = 1}));
  f("AvgPool2d", Shape{2, 4, 5}, AvgPool2d());
  f("Flatten", Shape{2, 3, 2}, Flatten());
  f("Relu", Shape{5}, Relu{});
  f("Tanh", Shape{5}, Tanh{});
  f("Sigmoid", Shape{5}, Sigmoid{});
  f("Gelu", Shape{5}, Gelu{});
  f("Silu", Shape{5}, Silu{});
  f("Softplus", Shape{5}, Softplus{});
  f("LeakyRelu", Shape{5}, LeakyRelu{});
  f("Dropout", Shape{6}, Dropout(0.3, rng), Traits{.random = true});
  f("LayerNorm", Shape{5}, LayerNorm<T>(5));
  f("LayerNorm over two axes", Shape{2, 3}, LayerNorm<T>(Shape{2, 3}));
  f("BatchNorm", Shape{3}, BatchNorm<T>(3), Traits{.mixes_batch = true});
  f("BatchNorm of images", Shape{2, 2, 3}, BatchNorm<T>(2), Traits{.mixes_batch = true});
  f("Conv1d", Shape{2, 5}, Conv1d<T>(2, 4, 3, rng, {.stride = 2, .padding = 1, .groups = 2}));
  f("Conv2d of each channel", Shape{3, 4, 3}, Conv2d<T>(3, 3, 3, rng, {.padding = 1, .groups = 3}));
  f("ConvTranspose1d", Shape{2, 4}, ConvTranspose1d<T>(2, 3, 3, rng, {.stride = 2}));
  f("ConvTranspose2d", Shape{2, 2, 3}, ConvTranspose2d<T>(2, 2, 2, rng, {.stride = 2, .padding = 1}));
  f("GroupNorm", Shape{4, 3}, GroupNorm<T>(2, 4));
  f("InstanceNorm", Shape{2, 3, 2}, InstanceNorm<T>(2));
  f("RMSNorm", Shape{5}, RMSNorm<T>(5));
  f("GhostBatchNorm", Shape{3}, GhostBatchNorm<T>(3), Traits{.mixes_batch = true});
  f("StochasticDepth", Shape{2, 3}, StochasticDepth(0.4, rng), Traits{.random = true});
  f("PatchEmbedding", Shape{1, 2, 4}, PatchEmbedding<T>(1, 2, 3, rng));
  f("SirenLayer", Shape{2}, SirenLayer<T>(2, 3, rng, {.omega = 2}));
  f("BlurPool2d", Shape{2, 4, 3}, BlurPool2d());
  f("WeightStandardised", Shape{3}, WeightStandardised(Linear<T>(3, 2, rng)));
  f("Sequential", Shape{1, 4, 4},
    Sequential<T>{Conv2d<T>(1, 2, 3, rng), Tanh{}, Flatten{}, Dropout(0.2, rng), Linear<T>(8, 3, rng)},
    Traits{.random = true});
}

template <class T, class F>
void for_each_layer_with_traits(std::uint64_t seed, const F& f) {
  for_each_layer<T>(seed, [&](const char* name, const Shape& sample, auto layer, Traits traits = {}) {
    CAPTURE(name);
    f(sample, layer, traits);
  });
}

/// Something else for the parameters than their first values, some of which are 0 or 1.
template <class T, class Model>
void disturb(Model& model, std::uint64_t seed) {
  Rng rng(seed);
  for_each_parameter(model, [&](const std::string&, auto& tensor) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<T>>)
      tensor.assign(rng.uniform<T>(tensor.shape(), T(-0.9), T(1.1)));
  });
}

}  // namespace

TEST_CASE("layers have gradients to second order, by inputs and parameters, in training and evaluation") {
  for_each_layer_with_traits<double>(1, [&](const Shape& sample, auto& layer, Traits) {
    disturb<double>(layer, 2);
    Rng rng(3);
    std::vector<Tensor<double>> inputs = {rng.normal<double>(with_batch(3, sample))};
    for_each_parameter(layer, [&](const std::string&, auto& tensor) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<double>>)
        inputs.push_back(tensor.clone());
    });
    for (const bool training : {true, false}) {
      CAPTURE(training);
      set_training(layer, training);
      const auto f = [&](const auto& in) {
        auto copy = clone(layer);  // with the same random numbers in each evaluation
        std::size_t i = 1;
        for_each_parameter(copy, [&](const std::string&, auto& tensor) {
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<double>>) tensor = in[i++];
        });
        return Tensor<double>(copy(in[0]));
      };
      const auto check = gradcheck(f, inputs, {.order = 2});
      CHECK_MESSAGE(check, check.message);
    }
  });
}

TEST_CASE_TEMPLATE("layers map an empty batch to an empty batch", T, float, double) {
  for_each_layer_with_traits<T>(4, [&](const Shape& sample, auto& layer, Traits traits) {
    const auto one = [&](std::int64_t n) { return Tensor<T>::ones(with_batch(n, sample)); };
    if (traits.mixes_batch) {
      CHECK_THROWS_AS(layer(one(0)), Error);  // there are no statistics
      set_training(layer, false);
    }
    const auto x = variable(one(0));
    const auto y = layer(x);
    CHECK(y.shape() == layer(one(2)).shape().with(0, 0));
    CHECK(grad(y, {x}, {}, Tensor<T>::empty(y.shape()))[0].shape() == x.shape());
  });
}

TEST_CASE_TEMPLATE("a sample's output does not depend on the batch around it", T, float, double) {
  for_each_layer_with_traits<T>(5, [&](const Shape& sample, auto& layer, Traits) {
    set_training(layer, false);
    Rng rng(6);
    const auto x = rng.normal<T>(with_batch(5, sample));
    const auto all = layer(x).detach(), one = layer(x.rows(2, 3)).detach();
    CHECK(distance(all.rows(2, 3), one) < 1e-6);
  });
}

TEST_CASE_TEMPLATE("a layer that was saved and loaded goes on with the same bits", T, float, double) {
  for_each_layer_with_traits<T>(7, [&](const Shape& sample, auto& layer, Traits) {
    disturb<T>(layer, 8);
    Rng rng(9);
    const auto x = rng.normal<T>(with_batch(3, sample));
    layer(x);  // moves random numbers and running statistics on
    auto other = clone(layer);
    disturb<T>(other, 10);
    for_each_member(other, [](const std::string&, auto& leaf) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(leaf)>, Rng>) leaf = Rng(11);
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(leaf)>, Tensor<T>>)
        if (leaf.node() == nullptr) leaf.fill(T{5});
    });
    State state;
    save_module(layer, state);
    load_module(other, state.clone());
    CHECK(same_bits(layer(x).detach(), other(x).detach()));
    set_training(layer, false);
    set_training(other, false);
    CHECK(same_bits(layer(x).detach(), other(x).detach()));
  });
}

TEST_CASE("layers that draw or mix differ between training and evaluation, the others do not") {
  for_each_layer_with_traits<double>(12, [&](const Shape& sample, auto& layer, Traits traits) {
    Rng rng(13);
    const auto x = rng.normal<double>(with_batch(20, sample));
    const auto training = layer(x).detach();
    set_training(layer, false);
    const auto evaluation = layer(x).detach();
    CHECK(same_bits(training, evaluation) == !(traits.random || traits.mixes_batch));
    CHECK(same_bits(layer(x).detach(), evaluation));
  });
}

TEST_CASE("layers in float agree with those in double") {
  std::vector<Tensor<float>> floats;
  for_each_layer_with_traits<float>(14, [&](const Shape& sample, auto& layer, Traits traits) {
    disturb<float>(layer, 15);
    set_training(layer, traits.mixes_batch);
    Rng rng(16);
    floats.push_back(layer(rng.normal<double>(with_batch(4, sample)).template to<float>()).detach());
  });
  std::size_t i = 0;
  for_each_layer_with_traits<double>(14, [&](const Shape& sample, auto& layer, Traits traits) {
    for_each_parameter(layer, [rng = Rng(15)](const std::string&, auto& tensor) mutable {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<double>>)
        tensor.assign(rng.uniform<float>(tensor.shape(), -0.9f, 1.1f).template to<double>());
    });
    set_training(layer, traits.mixes_batch);
    Rng rng(16);
    CHECK(distance(layer(rng.normal<double>(with_batch(4, sample))).detach().template to<float>(), floats[i++]) < 2e-5);
  });
}

TEST_CASE("a clone of a layer shares nothing with it") {
  for_each_layer_with_traits<float>(17, [&](const Shape& sample, auto& layer, Traits) {
    set_training(layer, false);
    Rng rng(18);
    const auto x = rng.normal(with_batch(3, sample));
    const auto before = layer(x).detach();
    auto twin = clone(layer);
    CHECK(same_bits(twin(x).detach(), before));
    disturb<float>(twin, 19);
    CHECK(same_bits(layer(x).detach(), before));
  });
}
