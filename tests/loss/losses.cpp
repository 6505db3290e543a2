// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// What holds for every loss. A new one adds a row.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/loss/bce.hpp"
#include "regimen/loss/bce_with_logits.hpp"
#include "regimen/loss/bradley_terry.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/loss/focal.hpp"
#include "regimen/loss/hinge.hpp"
#include "regimen/loss/huber.hpp"
#include "regimen/loss/kl.hpp"
#include "regimen/loss/l1.hpp"
#include "regimen/loss/logit_adjusted.hpp"
#include "regimen/loss/mse.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/loss/symmetric_cross_entropy.hpp"

using namespace test;

namespace {

template <class T>
struct Row {
  using Loss = std::function<Tensor<T>(const Tensor<T>& predictions, Reduction reduction)>;
  using Optimum = std::function<Tensor<T>(std::int64_t n)>;

  Row(std::string title, const Shape& shape, Loss function, Optimum best = nullptr, bool is_weighted = false)
      : name(std::move(title)),
        sample(shape),
        loss(std::move(function)),
        optimum(std::move(best)),
        weighted_mean(is_weighted) {}

  std::string name;
  Shape sample;  ///< of a sample's predictions
  Loss loss;
  Optimum optimum;     ///< predictions with a loss of 0, where there are some
  bool weighted_mean;  ///< the mean is not that of the samples' losses
};

Shape with_batch(std::int64_t n, const Shape& sample) {
  Shape shape{n};
  for (const std::int64_t size : sample) shape.append(size);
  return shape;
}

/// Some numbers that do not depend on anything but their place.
template <class T>
Tensor<T> numbers(const Shape& shape, std::uint64_t seed) {
  Rng rng(seed);
  return rng.normal<T>(shape);
}
Tensor<std::int64_t> labels(const Shape& shape, std::int64_t classes) {
  const auto result = Tensor<std::int64_t>::empty(shape);
  std::int64_t* values = result.mutable_data();
  for (std::int64_t i = 0; i < shape.size(); ++i) values[i] = (i * 7 + 1) % classes;
  return result;
}
template <class T>
Tensor<T> signs(const Shape& shape) {
  const auto result = Tensor<T>::empty(shape);
  T* values = result.mutable_data();
  for (std::int64_t i = 0; i < shape.size(); ++i) values[i] = i % 3 == 0 ? T{-1} : T{1};
  return result;
}
template <class T>
Tensor<T> distributions(const Shape& shape, std::uint64_t seed) {
  return softmax(numbers<T>(shape, seed), -1);
}
/// Scores that are far above the others' for the labels.
template <class T>
Tensor<T> certain(const Shape& shape, std::int64_t classes) {
  return one_hot<T>(labels(shape, classes), classes) * T{200};
}

template <class T>
std::vector<Row<T>> rows() {
  using X = Tensor<T>;
  const auto of = [](const X& x) { return x.shape(); };
  const auto without = [](const X& x) { return x.shape().without(-1); };
  const auto w = X::from({T(0.5), T(2), T(1)});
  return {
      {"mse", Shape{4}, [=](const X& x, Reduction r) { return mse(x, numbers<T>(of(x), 1), {.reduction = r}); },
       [](std::int64_t n) {
         return numbers<T>({n, 4}, 1);
       }},
      {"mse of one output", Shape{},
       [=](const X& x, Reduction r) { return mse(x, numbers<T>(of(x), 2), {.reduction = r}); },
       [](std::int64_t n) { return numbers<T>({n}, 2); }},
      {"mse of images", Shape{2, 3},
       [=](const X& x, Reduction r) { return mse(x, numbers<T>(of(x), 3), {.reduction = r}); },
       [](std::int64_t n) {
         return numbers<T>({n, 2, 3}, 3);
       }},
      {"mse's targets", Shape{2},
       [=](const X& x, Reduction r) { return mse(numbers<T>(of(x), 4), x, {.reduction = r}); },
       [](std::int64_t n) {
         return numbers<T>({n, 2}, 4);
       }},
      {"mse of what depends on itself", Shape{2},
       [=](const X& x, Reduction r) { return mse(x * x, x, {.reduction = r}); },
       [](std::int64_t n) {
         return X::ones({n, 2});
       }},
      {"l1", Shape{4}, [=](const X& x, Reduction r) { return l1(x, numbers<T>(of(x), 5), {.reduction = r}); },
       [](std::int64_t n) {
         return numbers<T>({n, 4}, 5);
       }},
      {"huber", Shape{2, 3},
       [=](const X& x, Reduction r) { return huber(x, numbers<T>(of(x), 6), {.delta = 0.7, .reduction = r}); },
       [](std::int64_t n) {
         return numbers<T>({n, 2, 3}, 6);
       }},
      {"bce_with_logits", Shape{3},
       [=](const X& x, Reduction r) { return bce_with_logits(x, sigmoid(numbers<T>(of(x), 7)), {.reduction = r}); }},
      {"bce_with_logits with weights", Shape{3},
       [=](const X& x, Reduction r) {
         return bce_with_logits(x, (signs<T>(of(x)) + T{1}) * T{0.5}, {.pos_weight = w, .reduction = r});
       },
       [](std::int64_t n) {
         return signs<T>({n, 3}) * T{800};
       }},
      {"bce_with_logits' targets", Shape{},
       [=](const X& x, Reduction r) { return bce_with_logits(numbers<T>(of(x), 8), sigmoid(x), {.reduction = r}); }},
      {"cross_entropy", Shape{3},
       [=](const X& x, Reduction r) { return cross_entropy(x, labels(without(x), 3), {.reduction = r}); },
       [](std::int64_t n) { return certain<T>({n}, 3); }},
      {"cross_entropy of sequences", Shape{2, 3},
       [=](const X& x, Reduction r) { return cross_entropy(x, labels(without(x), 3), {.reduction = r}); },
       [](std::int64_t n) {
         return certain<T>({n, 2}, 3);
       }},
      {"cross_entropy with smoothing and weights", Shape{3},
       [=](const X& x, Reduction r) {
         return cross_entropy(x, labels(without(x), 3), {.smoothing = 0.2, .class_weights = w, .reduction = r});
       },
       nullptr, true},
      {"cross_entropy of distributions", Shape{3},
       [=](const X& x, Reduction r) {
         return cross_entropy(x, distributions<T>(of(x), 9), {.smoothing = 0.1, .class_weights = w, .reduction = r});
       }},
      {"cross_entropy's distributions", Shape{2, 3},
       [=](const X& x, Reduction r) { return cross_entropy(numbers<T>(of(x), 10), softmax(x, -1), {.reduction = r}); }},
      {"kl_divergence", Shape{3},
       [=](const X& x, Reduction r) {
         return kl_divergence(log_softmax(x, -1), distributions<T>(of(x), 11), {.reduction = r});
       },
       [](std::int64_t n) {
         return numbers<T>({n, 3}, 11);
       }},
      {"kl_divergence's targets", Shape{2, 3},
       [=](const X& x, Reduction r) {
         return kl_divergence(log_softmax(numbers<T>(of(x), 12), -1), softmax(x, -1), {.reduction = r});
       },
       [](std::int64_t n) {
         return numbers<T>({n, 2, 3}, 12);
       }},
      {"kl_from_logits", Shape{3},
       [=](const X& x, Reduction r) {
         return kl_from_logits(x, numbers<T>(of(x), 13), {.temperature = 2, .reduction = r});
       },
       [](std::int64_t n) {
         return numbers<T>({n, 3}, 13);
       }},
      {"kl_from_logits' targets", Shape{3},
       [=](const X& x, Reduction r) { return kl_from_logits(numbers<T>(of(x), 14), x, {.reduction = r}); },
       [](std::int64_t n) {
         return numbers<T>({n, 3}, 14);
       }},
      {"hinge", Shape{4}, [=](const X& x, Reduction r) { return hinge(x, signs<T>(of(x)), {.reduction = r}); },
       [](std::int64_t n) {
         return signs<T>({n, 4}) * T{2};
       }},
      {"squared hinge", Shape{4},
       [=](const X& x, Reduction r) { return hinge(x, signs<T>(of(x)), {.squared = true, .reduction = r}); },
       [](std::int64_t n) {
         return signs<T>({n, 4}) * T{2};
       }},
      {"crammer_singer_hinge", Shape{3},
       [=](const X& x, Reduction r) {
         return crammer_singer_hinge(x, labels(without(x), 3), {.margin = 2, .reduction = r});
       },
       [](std::int64_t n) { return certain<T>({n}, 3); }},
      {"bce", Shape{3},
       [=](const X& x, Reduction r) { return bce(sigmoid(x), sigmoid(numbers<T>(of(x), 15)), {.reduction = r}); }},
      {"bradley_terry", Shape{2},
       [=](const X& x, Reduction r) {
         return bradley_terry(x, numbers<T>(of(x), 16), {.margin = 0.5, .smoothing = 0.1, .reduction = r});
       }},
      {"focal", Shape{3},
       [=](const X& x, Reduction r) {
         return focal(x, labels(without(x), 3), {.gamma = 1.5, .class_weights = w, .reduction = r});
       },
       [](std::int64_t n) { return certain<T>({n}, 3); }},
      {"binary_focal", Shape{2, 3},
       [=](const X& x, Reduction r) { return binary_focal(x, (signs<T>(of(x)) + T{1}) * T{0.5}, {.reduction = r}); },
       [](std::int64_t n) {
         return signs<T>({n, 2, 3}) * T{800};
       }},
      {"logit_adjusted", Shape{2, 3},
       [=](const X& x, Reduction r) {
         return logit_adjusted(x, labels(without(x), 3), log(w * T(2.0 / 7)), {.tau = 1.5, .reduction = r});
       },
       [](std::int64_t n) {
         return certain<T>({n, 2}, 3);
       }},
      {"symmetric_cross_entropy", Shape{3},
       [=](const X& x, Reduction r) { return symmetric_cross_entropy(x, labels(without(x), 3), {.reduction = r}); },
       [](std::int64_t n) { return certain<T>({n}, 3); }},
      {"crammer_singer_hinge of sequences", Shape{2, 3},
       [=](const X& x, Reduction r) { return crammer_singer_hinge(x, labels(without(x), 3), {.reduction = r}); },
       [](std::int64_t n) {
         return certain<T>({n, 2}, 3);
       }},
      {"squared multi_margin_hinge", Shape{2, 3},
       [=](const X& x, Reduction r) {
         return multi_margin_hinge(x, labels(without(x), 3), {.squared = true, .reduction = r});
       },
       [](std::int64_t n) {
         return certain<T>({n, 2}, 3);
       }},
  };
}

constexpr Reduction reductions[] = {Reduction::none, Reduction::mean, Reduction::sum};

}  // namespace

TEST_CASE_TEMPLATE("reductions agree", T, float, double) {
  for (const auto& row : rows<T>()) {
    CAPTURE(row.name);
    const auto x = numbers<T>(with_batch(5, row.sample), 20);
    const auto each = row.loss(x, Reduction::none);
    CHECK(each.shape() == Shape{5});
    double total = 0;
    for (const T v : each.span()) total += static_cast<double>(v);
    const auto all = row.loss(x, Reduction::sum), middle = row.loss(x, Reduction::mean);
    CHECK(all.shape() == Shape{});
    CHECK(middle.shape() == Shape{});
    CHECK(all.item() == doctest::Approx(total).epsilon(1e-5));
    if (!row.weighted_mean) CHECK(middle.item() == doctest::Approx(total / 5).epsilon(1e-5));
  }
}

TEST_CASE("losses have gradients to second order") {
  for (const auto& row : rows<double>())
    for (const Reduction reduction : reductions) {
      CAPTURE(row.name);
      CAPTURE(static_cast<int>(reduction));
      const auto x = numbers<double>(with_batch(3, row.sample), 21);
      const auto check = gradcheck([&](const auto& in) { return row.loss(in[0], reduction); }, {x}, {.order = 2});
      CHECK_MESSAGE(check, check.message);
    }
}

TEST_CASE_TEMPLATE("losses are zero at the optimum, and their gradients too", T, float, double) {
  for (const auto& row : rows<T>()) {
    if (!row.optimum) continue;
    CAPTURE(row.name);
    const auto x = variable(row.optimum(4));
    const auto loss = row.loss(x, Reduction::mean);
    CHECK(loss.item() == doctest::Approx(0).epsilon(1e-6));
    const auto dx = grad(loss, {x})[0];
    for (const T v : dx.span()) CHECK(std::abs(v) < 1e-6);
  }
}

TEST_CASE("losses are not negative") {
  for (const auto& row : rows<double>()) {
    CAPTURE(row.name);
    const auto losses = row.loss(numbers<double>(with_batch(50, row.sample), 22), Reduction::none);
    for (const double v : losses.span()) CHECK(v >= 0);
  }
}

TEST_CASE_TEMPLATE("losses and gradients are finite for extreme predictions", T, float, double) {
  for (const auto& row : rows<T>()) {
    CAPTURE(row.name);
    const auto x = variable(numbers<T>(with_batch(20, row.sample), 23) * T(1e4));
    const auto loss = row.loss(x, Reduction::mean);
    CHECK(all_finite(loss));
    CHECK(all_finite(grad(loss, {x})[0]));
  }
}

TEST_CASE_TEMPLATE("losses of one sample are the same in every reduction", T, float, double) {
  for (const auto& row : rows<T>()) {
    if (row.weighted_mean) continue;
    CAPTURE(row.name);
    const auto x = numbers<T>(with_batch(1, row.sample), 24);
    const auto each = row.loss(x, Reduction::none);
    CHECK(each.shape() == Shape{1});
    CHECK(row.loss(x, Reduction::mean).item() == doctest::Approx(each.item()).epsilon(1e-5));
    CHECK(row.loss(x, Reduction::sum).item() == doctest::Approx(each.item()).epsilon(1e-5));
  }
}

TEST_CASE_TEMPLATE("losses of no samples are none, their sum is zero, and there is no mean", T, float, double) {
  for (const auto& row : rows<T>()) {
    CAPTURE(row.name);
    const auto x = variable(Tensor<T>::empty(with_batch(0, row.sample)));
    CHECK(row.loss(x, Reduction::none).shape() == Shape{0});
    const auto total = row.loss(x, Reduction::sum);
    CHECK(total.item() == 0);
    CHECK(grad(total, {x})[0].shape() == x.shape());
    CHECK_THROWS_AS(row.loss(x, Reduction::mean), Error);
  }
}

TEST_CASE_TEMPLATE("a sample's loss does not depend on the others", T, float, double) {
  for (const auto& row : rows<T>()) {
    CAPTURE(row.name);
    const auto x = numbers<T>(with_batch(6, row.sample), 25);
    const auto changed = x.clone();
    const std::int64_t each = x.size() / 6;
    for (std::int64_t j = 0; j < each; ++j) changed.mutable_data()[5 * each + j] -= T(5 + j * j);
    const auto before = row.loss(x, Reduction::none), after = row.loss(changed, Reduction::none);
    CHECK(same_bits(before.rows(0, 5), after.rows(0, 5)));
    CHECK(before(5) != after(5));
  }
}
