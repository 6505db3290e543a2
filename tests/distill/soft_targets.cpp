// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/distill/soft_targets.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/core/rng.hpp"

using namespace regimen;

namespace {

constexpr std::int64_t samples = 3, classes = 4;

template <class T>
Tensor<T> student() {
  return Tensor<T>::from({T(0.5), T(-1), T(2), T(0), T(1), T(1.5), T(-0.5), T(3), T(0), T(0.25), T(-2), T(1)},
                         {samples, classes});
}
template <class T>
Tensor<T> teacher() {
  return Tensor<T>::from({T(1), T(-2), T(2.5), T(0.5), T(-1), T(0), T(1), T(2), T(3), T(-0.25), T(0), T(-1)},
                         {samples, classes});
}
Tensor<std::int64_t> labels() { return Tensor<std::int64_t>::from({2, 3, 0}); }

/// log softmax(z[i] / temperature)[j], in doubles.
template <class T>
double log_probability(const Tensor<T>& z, std::int64_t i, std::int64_t j, double temperature) {
  double total = 0;
  for (std::int64_t k = 0; k < classes; ++k) total += std::exp(static_cast<double>(z(i, k)) / temperature);
  return static_cast<double>(z(i, j)) / temperature - std::log(total);
}

/// The definition, term by term.
template <class T>
double expected(std::int64_t i, double temperature, double alpha) {
  double kl = 0;
  for (std::int64_t j = 0; j < classes; ++j) {
    const double p = log_probability(teacher<T>(), i, j, temperature);
    kl += std::exp(p) * (p - log_probability(student<T>(), i, j, temperature));
  }
  return alpha * temperature * temperature * kl - (1 - alpha) * log_probability(student<T>(), i, labels()(i), 1.0);
}

std::string error_of(const auto& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE_TEMPLATE("the loss is its definition, for each sample, their mean and their sum", T, float, double) {
  const double tolerance = sizeof(T) == 4 ? 1e-5 : 1e-13;
  for (const double temperature : {0.5, 1.0, 4.0})
    for (const double alpha : {0.0, 0.3, 1.0}) {
      const auto loss = [&](Reduction reduction) {
        return distillation_loss(student<T>(), teacher<T>(), labels(),
                                 {.temperature = temperature, .alpha = alpha, .reduction = reduction});
      };
      const auto each = loss(Reduction::none);
      CHECK(each.shape() == Shape{samples});
      double total = 0;
      for (std::int64_t i = 0; i < samples; ++i) {
        const double value = expected<T>(i, temperature, alpha);
        CHECK(std::fabs(static_cast<double>(each(i)) - value) < tolerance);
        total += value;
      }
      CHECK(std::fabs(static_cast<double>(loss(Reduction::sum).item()) - total) < 3 * tolerance);
      CHECK(std::fabs(static_cast<double>(loss(Reduction::mean).item()) - total / samples) < tolerance);
    }
}

TEST_CASE("a student that agrees with its teacher has no loss but the labels' and no gradient from the teacher") {
  const auto z = variable(student<double>());
  const auto loss = distillation_loss(z, student<double>() + 5.0, labels(), {.temperature = 3, .alpha = 1});
  CHECK(std::fabs(loss.item()) < 1e-14);
  for (const double g : grad(loss, {z})[0].span()) CHECK(std::fabs(g) < 1e-14);
}

TEST_CASE("a large temperature regresses the centred logits: half their mean squared error") {
  const auto z = variable(student<double>());
  const auto v = teacher<double>();
  const auto loss = distillation_loss(z, v, labels(), {.temperature = 1e4, .alpha = 1, .reduction = Reduction::none});
  const auto gradient = grad(sum(loss), {z})[0];
  for (std::int64_t i = 0; i < samples; ++i) {
    double mean = 0, squares = 0;
    for (std::int64_t j = 0; j < classes; ++j) mean += (z(i, j) - v(i, j)) / classes;
    for (std::int64_t j = 0; j < classes; ++j) {
      const double difference = z(i, j) - v(i, j) - mean;
      squares += difference * difference;
      CHECK(gradient(i, j) == doctest::Approx(difference / classes).epsilon(1e-3));
    }
    CHECK(loss(i) == doctest::Approx(squares / (2 * classes)).epsilon(1e-3));
  }
}

TEST_CASE("the gradient is T times the difference of the soft probabilities, and none flows to the teacher") {
  const double temperature = 2.5;
  const auto z = variable(student<double>()), v = variable(teacher<double>());
  const auto loss =
      distillation_loss(z, v, labels(), {.temperature = temperature, .alpha = 1, .reduction = Reduction::sum});
  const auto gradients = grad(loss, {z, v}, {.allow_unused = true});
  for (std::int64_t i = 0; i < samples; ++i)
    for (std::int64_t j = 0; j < classes; ++j) {
      CHECK(gradients[0](i, j) == doctest::Approx(temperature * (std::exp(log_probability(z, i, j, temperature)) -
                                                                 std::exp(log_probability(v, i, j, temperature)))));
      CHECK(gradients[1](i, j) == 0);
    }
}

TEST_CASE("gradients to second order") {
  const auto y = labels();
  const auto v = teacher<double>();
  for (const double alpha : {0.0, 0.7, 1.0})
    for (const Reduction reduction : {Reduction::none, Reduction::mean, Reduction::sum}) {
      const auto check = gradcheck(
          [&](const auto& in) {
            return distillation_loss(in[0], v, y, {.temperature = 1.5, .alpha = alpha, .reduction = reduction});
          },
          {student<double>()}, {.order = 2});
      CHECK_MESSAGE(check.ok, check.message);
    }
}

TEST_CASE("the axes between samples and classes are averaged") {
  Rng rng(2);
  const auto z = rng.normal<double>({2, 3, 4}), v = rng.normal<double>({2, 3, 4});
  const auto y = Tensor<std::int64_t>::from({0, 1, 2, 3, 0, 1}, {2, 3});
  const auto wide = distillation_loss(z, v, y, {.reduction = Reduction::none});
  const auto flat =
      distillation_loss(z.reshaped({6, 4}), v.reshaped({6, 4}), y.reshaped({6}), {.reduction = Reduction::none});
  CHECK(wide.shape() == Shape{2});
  for (std::int64_t i = 0; i < 2; ++i)
    CHECK(wide(i) == doctest::Approx((flat(3 * i) + flat(3 * i + 1) + flat(3 * i + 2)) / 3));
}

TEST_CASE("a class that the teacher excludes counts 0, also where the student excludes it too") {
  const float excluded = -std::numeric_limits<float>::infinity();
  const auto v = Tensor<>::from({1, 2, excluded}, {1, 3}), y = Tensor<>::from({2, 1, excluded}, {1, 3});
  const auto two = Tensor<>::from({1, 2}, {1, 2}), turned = Tensor<>::from({2, 1}, {1, 2});
  const auto label = Tensor<std::int64_t>::from({1});
  const float wanted = distillation_loss(turned, two, label).item();
  CHECK(distillation_loss(y, v, label).item() == doctest::Approx(wanted));
  const auto z = variable(Tensor<>::from({2, 1, 3}, {1, 3}));
  const auto loss = distillation_loss(z, v, label);
  CHECK(std::isfinite(loss.item()));
  for (const float g : grad(loss, {z})[0].span()) CHECK(std::isfinite(g));
}

TEST_CASE("what has no part in the loss may be left out") {
  CHECK(distillation_loss(student<float>(), teacher<float>(), {}, {.alpha = 1}).item() > 0);
  CHECK(distillation_loss(student<float>(), {}, labels(), {.alpha = 0}).item() > 0);
}

TEST_CASE("shapes, labels and options that do not fit are errors that show them") {
  const auto loss = [](const Tensor<>& z, const Tensor<>& v, const Tensor<std::int64_t>& y,
                       const DistillationOptions& options = {}) {
    return error_of([&] { static_cast<void>(distillation_loss(z, v, y, options)); });
  };
  const auto z = student<float>(), v = teacher<float>();
  CHECK(loss(z, Tensor<>::ones({3, 5}), labels()) ==
        "distillation_loss: the student's logits are [3, 4] and the teacher's [3, 5]; both have one logit a class for "
        "the same samples");
  CHECK(loss(z, v, Tensor<std::int64_t>::from({1, 2})).find("the logits are [3, 4] and the labels [2]") !=
        std::string::npos);
  CHECK(loss(Tensor<>::scalar(1), v, labels()).find("are []") != std::string::npos);
  CHECK(loss(z, v, Tensor<std::int64_t>::from({1, 2, 4})).find("label 4") != std::string::npos);
  CHECK(loss(z, v, labels(), {.temperature = 0}).find("temperature is 0") != std::string::npos);
  CHECK(loss(z, v, labels(), {.temperature = std::nan("")}) != "no error");
  CHECK(loss(z, v, labels(), {.temperature = std::numeric_limits<double>::infinity()}) != "no error");
  CHECK(loss(z, v, labels(), {.alpha = 1.5}).find("alpha is 1.5") != std::string::npos);
  CHECK(loss(z, v, labels(), {.alpha = std::nan("")}) != "no error");
  CHECK(loss(z, {}, labels()) != "no error");
  CHECK(loss(z, v, {}) != "no error");
}
