// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/kfac.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "optim/model.hpp"
#include "optim/oracle.hpp"
#include "regimen/ops/unary.hpp"
#include "regimen/optim/chain.hpp"
#include "regimen/optim/sgd.hpp"

using namespace test;

namespace {

template <class T>
struct Net {
  HiddenPart<T> first;
  OutPart<T> second;
  REGIMEN_MODULE(first, second)
};

/// The net of two layers, its data, and its layers for K-FAC.
template <class T>
struct Problem {
  Oracle oracle{"optim_b"};
  Tensor<T> x = oracle.get<T>("kfac.in.x"), target = oracle.get<T>("kfac.in.target");
  Net<T> net{{variable(oracle.get<T>("kfac.in.w1")), variable(oracle.get<T>("kfac.in.b1"))},
             {variable(oracle.get<T>("kfac.in.w2"))}};
  Parameters<T> packed = parameters<T>(net);

  std::vector<KfacLayer<T>> forward() const {
    const auto z = matmul(x, net.first.weight, {.transpose_b = true}) + net.first.bias, h = tanh(z);
    return {{"first", x, z}, {"second", h, matmul(h, net.second.weight, {.transpose_b = true})}};
  }
  Tensor<T> loss(const std::vector<KfacLayer<T>>& layers) const {
    const auto error = layers[1].outputs - target;
    return sum(error * error) / T(2);
  }
  auto estimate() {
    return [this](Parameters<T>&) {
      const auto layers = forward();
      return kfac_layers(loss(layers), layers);
    };
  }
  template <class Update>
  void train(Update& optimizer, std::int64_t step, std::int64_t count) {
    for (std::int64_t t = step; t < step + count; ++t) {
      backward(loss(forward()) / T(6), packed);
      optimizer.update(packed, Progress{t});
    }
  }
};

constexpr KfacOptions with = {.damping = 0.1, .decay = 0.6, .every = 2};

}  // namespace

TEST_CASE_TEMPLATE("five steps of K-FAC are those of the paper's formulas", T, float, double) {
  Problem<T> problem;
  auto optimizer = chain<T>(kfac<T>(with, problem.estimate()), sgd<T>({.lr = 0.5}));
  problem.train(optimizer, 0, 5);
  problem.oracle.check("kfac.out", problem.packed.values());
}

TEST_CASE("for one layer with least squares K-FAC without damping is the exact natural gradient") {
  Rng rng(7);
  auto x = Tensor<double>::empty({9, 3});
  for (std::int64_t i = 0; i < 27; ++i) x.mutable_data()[i] = rng.normal();
  HiddenPart<double> model{variable(Tensor<double>::zeros({2, 3})), variable(Tensor<double>::zeros({2}))};
  auto packed = parameters<double>(model);
  for (std::int64_t i = 0; i < 8; ++i) packed.gradients().mutable_data()[i] = std::sin(static_cast<double>(i));
  const auto before = packed.gradients().clone();
  const auto y = [&] { return matmul(x, model.weight, {.transpose_b = true}) + model.bias; };
  // Labels y + (1, 0) sqrt 2 and y + (0, 1) sqrt 2 for each x: the model's mean of g g^T, the identity, without chance.
  auto once = Tensor<double>::zeros({18, 2});
  for (std::int64_t i = 0; i < 18; ++i) once.mutable_data()[2 * i + i / 9] = std::sqrt(2.0);
  auto factored = kfac<double>({.damping = 0}, [&](Parameters<double>&) {
    return std::vector<KfacLayer<double>>{{"", concat({x, x}), once}};
  });
  factored.update(packed, Progress{});
  const auto found = packed.gradients().clone();
  packed.gradients().assign(before);
  auto exact = natural_gradient<double>({.damping = 0}, [&](Parameters<double>& p) {
    return gauss_newton(parameter_jacobian(y(), p).reshaped({9, 2, 8}));
  });
  exact.update(packed, Progress{});
  CHECK(relative_error(packed.gradients(), found) < 1e-12);
  CHECK(relative_error(found, before) > 0.1);
}

TEST_CASE("for one input with a softmax K-FAC is the exact natural gradient as the damping goes") {
  // F = H x a a^T; the gradient of a sample is in its range, where the limit of both is the same.
  const auto a = Tensor<double>::from({1, -2}, {1, 2});
  const double p[] = {0.5, 0.3, 0.2};
  OutPart<double> model{variable(Tensor<double>::zeros({3, 2}))};
  auto packed = parameters<double>(model);
  auto rows = Tensor<double>::empty({3, 3}), inputs = Tensor<double>::empty({3, 2}),
       h = Tensor<double>::empty({1, 3, 3});
  for (std::int64_t k = 0; k < 3; ++k)
    for (std::int64_t i = 0; i < 3; ++i) {
      rows.mutable_data()[3 * k + i] = std::sqrt(3 * p[k]) * (p[i] - (i == k ? 1 : 0));
      h.mutable_data()[3 * k + i] = (i == k ? p[i] : 0) - p[i] * p[k];
      if (i < 2) inputs.mutable_data()[2 * k + i] = a(0, i);
    }
  for (std::int64_t i = 0; i < 6; ++i)
    packed.gradients().mutable_data()[i] = (p[i / 2] - (i / 2 == 1 ? 1 : 0)) * a(0, i % 2);
  const auto before = packed.gradients().clone();
  auto factored = kfac<double>({.damping = 1e-16}, [&](Parameters<double>&) {
    return std::vector<KfacLayer<double>>{{"", inputs, rows}};
  });
  factored.update(packed, Progress{});
  const auto found = packed.gradients().clone();
  packed.gradients().assign(before);
  auto exact = natural_gradient<double>({.damping = 1e-9}, [&](Parameters<double>& all) {
    const auto y = matmul(a, model.weight, {.transpose_b = true});
    return gauss_newton(parameter_jacobian(y, all).reshaped({1, 3, 6}), h);
  });
  exact.update(packed, Progress{});
  CHECK(relative_error(packed.gradients(), found) < 1e-5);
}

TEST_CASE("kfac_layers gives the gradients of the samples' own losses, and the inputs without their record") {
  Problem<double> problem;
  const auto layers = problem.forward(), found = kfac_layers(problem.loss(layers), layers);
  CHECK(found[0].name == "first");
  CHECK(relative_error(found[1].outputs, (layers[1].outputs - problem.target).detach()) < 1e-15);
  CHECK(found[1].inputs.node() == nullptr);
  CHECK(found[0].outputs.shape() == Shape{6, 4});
}

TEST_CASE("other parameters' gradients stay, as do a frozen bias's") {
  Problem<double> problem;
  freeze(problem.net, "first.bias");
  auto optimizer = kfac<double>({}, [&](Parameters<double>& p) {
    auto layers = problem.estimate()(p);
    layers.pop_back();
    return layers;
  });
  problem.packed.gradients().fill(1);
  optimizer.update(problem.packed, Progress{});
  const auto g = problem.packed.gradients();
  CHECK(g(0) != 1);
  for (std::int64_t i = 12; i < 24; ++i) CHECK(g(i) == 1);
}

TEST_CASE_TEMPLATE("saved in the middle and loaded elsewhere, K-FAC ends with the same bits, and copies go on alone", T,
                   float, double) {
  for (const std::int64_t middle : {0, 1, 2}) {
    Problem<T> a, b;
    Optimizer<T> optimizer = chain<T>(kfac<T>(with, a.estimate()), sgd<T>({.lr = 0.5}));
    Optimizer<T> resumed = chain<T>(kfac<T>(with, b.estimate()), sgd<T>({.lr = 0.5}));
    a.train(optimizer, 0, middle);
    b.train(resumed, 0, 1);
    resumed.load(through_file(optimizer));
    b.packed.values().assign(a.packed.values());
    Optimizer<T> copy = optimizer;  // estimates from a
    const auto half = a.packed.values().clone();
    a.train(optimizer, middle, 3);
    b.train(resumed, middle, 3);
    CHECK(values(a.packed) == values(b.packed));
    a.packed.values().assign(half);
    a.train(copy, middle, 3);
    CHECK(values(a.packed) == values(b.packed));
  }
}

TEST_CASE("wrong options, layers, sizes and states are errors") {
  using Layers = std::vector<KfacLayer<float>>;
  auto all = parts<float>();
  const auto x = Tensor<float>::ones({2, 4}), g = Tensor<float>::ones({2, 17});
  const auto text = [&](Layers layers, const KfacOptions& options = {}) {
    return message([&] {
      auto optimizer = kfac(options, [&](Parameters<float>&) { return layers; });
      optimizer.update(all, Progress{});
    });
  };
  CHECK(text({}, {.damping = -1}) == "kfac: damping is -1; damping must be finite and not negative");
  CHECK(text({}, {.decay = 1}) == "kfac: decay is 1; decay must be in [0, 1)");
  CHECK(text({}, {.every = 0}) == "kfac: every is 0; every must be at least 1 and at most 2^60");
  CHECK(text({{"out", x, g}}) == "kfac: there is no trainable matrix 'out.weight'; name the layers as the module does");
  CHECK(text({{"", x, g}}) == "kfac: there is no trainable matrix 'weight'; name the layers as the module does");
  CHECK(
      text({{"hidden", g, x}}) ==
      "kfac: 'hidden' has inputs [2, 17] and output gradients [2, 4], its weight is [17, 4]; they are [n, in] and [n, "
      "out], n at least 1");
  CHECK(text({{"hidden", x.rows(0, 0), g.rows(0, 0)}}).find("kfac: 'hidden' has inputs [0, 4]") == 0);
  CHECK(text({{"hidden", x, g}}, {.damping = 0}).find("is not positive definite") != std::string::npos);

  Problem<float> problem;
  int which = 0;
  auto optimizer = kfac<float>({}, [&](Parameters<float>& p) {
    auto layers = problem.estimate()(p);
    if (which == 1) layers.pop_back();
    if (which == 2) std::swap(layers[0], layers[1]);
    return layers;
  });
  optimizer.update(problem.packed, Progress{});
  which = 1;
  CHECK(message([&] { optimizer.update(problem.packed, Progress{}); }) ==
        "kfac: the estimate is of 1 layers, the first was of 2; return the same layers each time");
  which = 2;
  CHECK(message([&] { optimizer.update(problem.packed, Progress{}); }) ==
        "kfac: layer 0 is 'second', and was 'first'; return the same layers each time");
  State other;
  other.put("kind", "adam");
  CHECK_THROWS_AS(optimizer.load(other), Error);
  State damaged;
  for (const auto& entry : through_file(optimizer).entries())
    if (entry.name != "layer1.g_inverse")
      std::visit([&](const auto& value) { damaged.put(entry.name, value); }, entry.value);
  CHECK_THROWS_AS(optimizer.load(damaged), Error);
}
