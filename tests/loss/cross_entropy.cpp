// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/cross_entropy.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "support/oracle.hpp"

using namespace test;

namespace {

const auto logits = Tensor<double>::from({1, 2, 3, 0, -1, 4, 2, 2, 2, 0.5, -0.5, 0}, {4, 3});
const auto labels = Tensor<std::int64_t>::from({2, 0, 1, 1});
const auto weights = Tensor<double>::from({0.5, 2, 1});

/// -log p[i, j].
double surprise(int i, int j) {
  double total = 0;
  for (int k = 0; k < 3; ++k) total += std::exp(logits(i, k));
  return std::log(total) - logits(i, j);
}

}  // namespace

TEST_CASE("cross_entropy is -log p of the label") {
  const auto losses = cross_entropy(logits, labels, {.reduction = Reduction::none});
  double total = 0;
  for (int i = 0; i < 4; ++i) {
    const double want = surprise(i, static_cast<int>(labels(i)));
    CHECK(losses(i) == doctest::Approx(want));
    total += want;
  }
  CHECK(cross_entropy(logits, labels).item() == doctest::Approx(total / 4));
  CHECK(cross_entropy(logits, labels, {.reduction = Reduction::sum}).item() == doctest::Approx(total));
}

TEST_CASE("cross_entropy of equal logits is log(classes)") {
  CHECK(cross_entropy(Tensor<>::full({2, 10}, 3), Tensor<std::int64_t>::from({4, 9})).item() ==
        doctest::Approx(std::log(10.)));
}

TEST_CASE("the mean with class weights divides by the weights of the labels") {
  double total = 0, divisor = 0;
  for (int i = 0; i < 4; ++i) {
    const int y = static_cast<int>(labels(i));
    total += weights(y) * surprise(i, y);
    divisor += weights(y);
  }
  CHECK(cross_entropy(logits, labels, {.class_weights = weights}).item() == doctest::Approx(total / divisor));
  CHECK(cross_entropy(logits, labels, {.class_weights = weights, .reduction = Reduction::sum}).item() ==
        doctest::Approx(total));
}

TEST_CASE("smoothing mixes in the mean over classes, with their weights") {
  double plain = 0, weighted = 0, divisor = 0;
  for (int i = 0; i < 4; ++i) {
    const int y = static_cast<int>(labels(i));
    plain += 0.7 * surprise(i, y);
    weighted += 0.7 * weights(y) * surprise(i, y);
    divisor += weights(y);
    for (int j = 0; j < 3; ++j) {
      plain += 0.1 * surprise(i, j);
      weighted += 0.1 * weights(j) * surprise(i, j);
    }
  }
  CHECK(cross_entropy(logits, labels, {.smoothing = 0.3}).item() == doctest::Approx(plain / 4));
  CHECK(cross_entropy(logits, labels, {.smoothing = 0.3, .class_weights = weights}).item() ==
        doctest::Approx(weighted / divisor));
}

TEST_CASE("distributions that are certain give the loss of their labels, smoothed and weighted alike") {
  auto targets = Tensor<double>::zeros({4, 3});
  for (int i = 0; i < 4; ++i) targets.mutable_data()[3 * i + labels(i)] = 1;
  for (const double smoothing : {0., 0.3})
    for (const auto& w : {Tensor<double>{}, weights}) {
      const CrossEntropyLossOptions<double> options{smoothing, w, Reduction::none};
      CHECK(distance(cross_entropy(logits, targets, options), cross_entropy(logits, labels, options)) < 1e-14);
    }
}

TEST_CASE("cross_entropy of distributions is the mean under them") {
  const auto targets = Tensor<double>::from({0.2, 0.3, 0.5, 1, 0, 0, 0.25, 0.5, 0.25, 0, 0.5, 0.5}, {4, 3});
  double total = 0;
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 3; ++j) total += weights(j) * targets(i, j) * surprise(i, j);
  CHECK(cross_entropy(logits, targets, {.class_weights = weights}).item() == doctest::Approx(total / 4));
}

TEST_CASE("cross_entropy's gradient is softmax less one-hot, over the samples") {
  const auto x = variable(logits);
  const auto dx = grad(cross_entropy(x, labels), {x})[0];
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 3; ++j)
      CHECK(dx(i, j) == doctest::Approx((std::exp(-surprise(i, j)) - (labels(i) == j ? 1 : 0)) / 4));
}

TEST_CASE("cross_entropy refuses shapes, labels and options that do not fit") {
  const auto x = Tensor<>::zeros({2, 3});
  CHECK(fails_with([&] { cross_entropy(x, Tensor<std::int64_t>::from({0})); }, "[2, 3]", "[1]"));
  CHECK(fails_with([&] { cross_entropy(x, Tensor<std::int64_t>::from({0, 3})); }, "label 3"));
  CHECK(fails_with([&] { cross_entropy(x, Tensor<>::zeros({2, 4})); }, "[2, 3]", "[2, 4]"));
  CHECK(fails_with([&] { cross_entropy(x, x, {.smoothing = 1.5}); }, "smoothing is 1.5"));
  CHECK(fails_with([&] { cross_entropy(x, x, {.class_weights = Tensor<>::ones({2})}); }, "[2]", "[2, 3]"));
  CHECK(fails_with(
      [&] {
        cross_entropy(x, Tensor<std::int64_t>::from({0, 1}), {.class_weights = Tensor<>::ones({2})});
      },
      "[2]", "[2, 3]"));
}

TEST_CASE_TEMPLATE("cross_entropy agrees with PyTorch", T, float, double) {
  using X = Tensor<T>;
  const Oracle oracle("loss");
  const auto w = oracle.get<T>("class_weights");
  const auto agrees = [&](const std::string& name, const CrossEntropyLossOptions<T>& options) {
    const auto y = oracle.get<std::int64_t>(name + ".in.labels");
    oracle.check_case<T>(name, {"logits"}, [&](const std::vector<X>& in) { return cross_entropy(in[0], y, options); });
  };
  for (const auto& [suffix, reduction] :
       {std::pair{"mean", Reduction::mean}, {"sum", Reduction::sum}, {"none", Reduction::none}}) {
    agrees(std::string("cross_entropy.") + suffix, {.reduction = reduction});
    agrees(std::string("cross_entropy.weighted.") + suffix,
           {.smoothing = 0.2, .class_weights = w, .reduction = reduction});
    const CrossEntropyLossOptions<T> options{.smoothing = 0.1, .class_weights = w, .reduction = reduction};
    oracle.check_case<T>(std::string("cross_entropy.soft.") + suffix, {"logits", "targets"},
                         [&](const std::vector<X>& in) { return cross_entropy(in[0], in[1], options); });
  }
  agrees("cross_entropy.smoothed", {.smoothing = 0.3});
  agrees("cross_entropy.sequences", {});
}

TEST_CASE("a class that cannot occur costs nothing, and everything where it is the label") {
  const auto x = variable(Tensor<>::from({0, 1, -INFINITY, 2, -INFINITY, 3}, {2, 3}));
  const auto loss = cross_entropy(x, Tensor<std::int64_t>::from({1, 0}));
  CHECK(loss.item() == doctest::Approx((std::log1p(std::exp(-1.)) + std::log1p(std::exp(1.))) / 2));
  CHECK(all_finite(grad(loss, {x})[0]));
  CHECK(cross_entropy(x, Tensor<std::int64_t>::from({2, 0})).item() == INFINITY);
}
