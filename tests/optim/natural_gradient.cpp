// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/natural_gradient.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/softmax.hpp"
#include "regimen/optim/chain.hpp"
#include "regimen/optim/sgd.hpp"

using namespace test;

namespace {

/// y = x weight^T + bias.
template <class T>
Tensor<T> outputs(const HiddenPart<T>& model, const Tensor<T>& x) {
  return matmul(x, model.weight, {.transpose_b = true}) + model.bias;
}

/// The Hessians diag(p) - p p^T of softmax losses for the probabilities p [n, k].
template <class T>
Tensor<T> softmax_hessians(const Tensor<T>& p) {
  const std::int64_t n = p.size(0), k = p.size(1);
  auto h = Tensor<T>::empty({n, k, k});
  for (std::int64_t i = 0; i < n * k * k; ++i) {
    const std::int64_t sample = i / (k * k), row = i / k % k, column = i % k;
    h.mutable_data()[i] = (row == column ? p(sample, row) : T(0)) - p(sample, row) * p(sample, column);
  }
  return h;
}

}  // namespace

TEST_CASE_TEMPLATE("the natural gradient of softmax regression is that of a sum over samples and labels", T, float,
                   double) {
  const Oracle oracle("optim_b");
  HiddenPart<T> model{variable(oracle.get<T>("natural.in.w")), variable(oracle.get<T>("natural.in.b"))};
  auto packed = parameters<T>(model);
  const auto x = oracle.get<T>("natural.in.x");
  const auto labels = oracle.get<std::int64_t>("natural.in.labels");
  const auto logits = outputs(model, x), p = softmax(logits).detach();
  // From the logits' Jacobian and the losses' Hessians.
  const auto j = parameter_jacobian(logits, packed);
  CHECK(j.shape() == Shape{18, 15});
  const auto f = gauss_newton(j.reshaped({6, 3, 15}), softmax_hessians(p));
  oracle.check("natural.fisher", f);
  // From the gradients of log p_k, each with weight p_k.
  const auto scores = parameter_jacobian(log_softmax(logits), packed) * sqrt(p * T(3)).reshaped({18, 1});
  oracle.check("natural.fisher", fisher(scores));
  // The transform.
  auto hot = Tensor<T>::zeros({6, 3});
  for (std::int64_t i = 0; i < 6; ++i) hot.mutable_data()[3 * i + labels(i)] = 1;
  backward(-mean(sum(log_softmax(logits) * hot, {1})), packed);
  oracle.check("natural.gradient", packed.gradients());
  auto natural = natural_gradient<T>({.damping = 0.05}, [&](Parameters<T>&) { return f; });
  natural.update(packed, Progress{});
  oracle.check("natural.out", packed.gradients());
}

TEST_CASE("one natural step of least squares without damping is Newton's: it ends in the minimum") {
  Rng rng(2);
  auto x = Tensor<double>::empty({9, 3}), target = Tensor<double>::empty({9, 2});
  for (std::int64_t i = 0; i < 27; ++i) x.mutable_data()[i] = rng.normal();
  for (std::int64_t i = 0; i < 18; ++i) target.mutable_data()[i] = rng.normal();
  HiddenPart<double> model{variable(Tensor<double>::zeros({2, 3})), variable(Tensor<double>::zeros({2}))};
  auto packed = parameters<double>(model);
  const auto differentiate = [&] {
    const auto error = outputs(model, x) - target;
    backward(sum(error * error) / 18.0, packed);
  };
  Optimizer<double> optimizer = chain<double>(
      natural_gradient<double>({.damping = 0},
                               [&](Parameters<double>& p) {
                                 return gauss_newton(parameter_jacobian(outputs(model, x), p).reshaped({9, 2, 8}));
                               }),
      sgd<double>({.lr = 1}));
  differentiate();
  optimizer.update(packed, Progress{});
  differentiate();
  for (const double g : packed.gradients().span()) CHECK(std::fabs(g) < 1e-13);
  CHECK(std::fabs(packed.values()(0)) > 1e-3);
  State state;  // it has no state
  natural_gradient<double>({}, [](Parameters<double>& p) { return p.values(); }).save(state);
  CHECK(state.entries().empty());
}

TEST_CASE("frozen parameters have no columns, and keep their gradients") {
  auto all = parts<double>();
  all.set("*.weight", false);
  CHECK(parameter_jacobian(all.model.norm.scale * 3.0 + all.model.hidden.bias, all).shape() == Shape{3, 4});
  const auto j = parameter_jacobian(all.model.norm.scale * 3.0 + all.model.hidden.bias, all);
  CHECK(j(1, 0) == 0);
  CHECK(j(1, 1) == 1);
  CHECK(j(1, 3) == 3);
  all.gradients().fill(6);
  auto natural = natural_gradient<double>({.damping = 1}, [](Parameters<double>&) {
    auto f = Tensor<double>::zeros({4, 4});
    for (std::int64_t i = 0; i < 4; ++i) f.mutable_data()[5 * i] = static_cast<double>(i);
    return f;
  });
  natural.update(all, Progress{});
  const auto g = all.gradients();
  CHECK(g(67) == 6);
  CHECK(g(68) == doctest::Approx(6));
  CHECK(g(69) == doctest::Approx(3));
  CHECK(g(70) == doctest::Approx(2));
  CHECK(g(71) == doctest::Approx(1.5));
  CHECK(g(72) == 6);
}

TEST_CASE("wrong shapes, metrics that are not positive definite and constants are errors") {
  auto all = parts<float>();
  const auto metric = [](Parameters<float>&) { return Tensor<float>::zeros({112, 112}); };
  CHECK(message([&] { natural_gradient({.damping = -1}, metric); }) ==
        "natural_gradient: damping is -1; damping must be finite and not negative");
  all.gradients().fill(1);
  auto singular = natural_gradient({.damping = 0}, metric);
  CHECK(message([&] { singular.update(all, Progress{}); }) ==
        "natural_gradient: the matrix [112, 112] with damping 0 is not positive definite; raise the damping, and look "
        "for "
        "NaN");
  CHECK(all.gradients()(3) == 1);
  auto wrong = natural_gradient({}, [](Parameters<float>&) { return Tensor<float>::zeros({3, 3}); });
  CHECK(message([&] { wrong.update(all, Progress{}); }) ==
        "natural_gradient: the metric is [3, 3] for 112 trainable elements; return a square matrix of that size");
  CHECK(message([&] {
          parameter_jacobian(Tensor<float>::zeros({2}), all);
        }).find("parameter_jacobian: the values do not depend on any trainable parameter") == 0);
  CHECK_THROWS_AS(fisher(Tensor<float>::zeros({0, 3})), Error);
  CHECK_THROWS_AS(fisher(Tensor<float>::zeros({3})), Error);
  CHECK_THROWS_AS(gauss_newton(Tensor<float>::zeros({2, 3})), Error);
  CHECK(message([] {
          gauss_newton(Tensor<float>::zeros({2, 3, 4}), Tensor<float>::zeros({2, 3, 4}));
        }) == "gauss_newton: j is [2, 3, 4] and h is [2, 3, 4]; h is [n, k, k] for j [n, k, d]");
}
