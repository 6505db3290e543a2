// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/ctc.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/ops/softmax.hpp"
#include "support/oracle.hpp"

using namespace test;

namespace {

using Indices = Tensor<std::int64_t>;
using Labels = std::vector<std::int64_t>;

/// The probability of a target of sample 0, from all alignments one by one.
double by_enumeration(const Tensor<double>& log_probs, const Labels& target, std::int64_t steps, std::int64_t blank) {
  const std::int64_t classes = log_probs.size(2);
  std::int64_t count = 1;
  for (std::int64_t t = 0; t < steps; ++t) count *= classes;
  double total = 0;
  for (std::int64_t path = 0; path < count; ++path) {
    Labels spelt;
    double log_probability = 0;
    std::int64_t rest = path, before = blank;
    for (std::int64_t t = 0; t < steps; ++t, rest /= classes) {
      const std::int64_t label = rest % classes;
      log_probability += log_probs(t, 0, label);
      if (label != before && label != blank) spelt.push_back(label);
      before = label;
    }
    if (spelt == target) total += std::exp(log_probability);
  }
  return total;
}

double of_one(const Tensor<double>& log_probs, const Labels& target, std::int64_t steps, const CtcOptions& options) {
  const auto size = static_cast<std::int64_t>(target.size());
  return ctc(log_probs, Indices::from(target, {1, size}), Indices::from({steps}), Indices::from({size}), options)
      .item();
}

}  // namespace

TEST_CASE_TEMPLATE("ctc agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss_ctc");
  const auto get = [&](const char* name) { return oracle.get<std::int64_t>(name); };
  const auto targets = get("targets"), inputs = get("input_lengths"), lengths = get("target_lengths");
  const auto check = [&](const char* name, const auto& target, const auto& input, const auto& length,
                         const CtcOptions& options) {
    oracle.check_case<T>(name, {"logits"},
                         [&](const auto& in) { return ctc(log_softmax(in[0]), target, input, length, options); });
  };
  check("ctc.none", targets, inputs, lengths, {.reduction = Reduction::none});
  check("ctc.sum", targets, inputs, lengths, {.reduction = Reduction::sum});
  check("ctc.mean", targets, inputs, lengths, {.divide_by_length = true});
  check("ctc.zero_infinity", targets, get("short_lengths"), lengths,
        {.zero_infinity = true, .reduction = Reduction::none});
  check("ctc.last_blank", get("last_targets"), inputs, Indices::from({2, 2, 0, 1}),
        {.blank = 4, .reduction = Reduction::none});
  check("ctc.long", get("long_targets"), get("long_lengths"), Indices::from({20, 14}), {.reduction = Reduction::none});
}

TEST_CASE("ctc sums the probabilities of all alignments") {
  const auto log_probs = log_softmax(Rng(1).normal<double>({5, 1, 3}, 0, 2));
  for (const std::int64_t blank : {0, 1, 2}) {
    const std::int64_t a = (blank + 1) % 3, b = (blank + 2) % 3;
    for (const Labels& target : std::vector<Labels>{
             {}, {a}, {b}, {a, b}, {a, a}, {a, b, a}, {a, a, b}, {a, a, a}, {a, b, a, b, a}, {a, a, b, b}})
      for (const std::int64_t steps : {1, 2, 3, 5}) {
        const double wanted = by_enumeration(log_probs, target, steps, blank);
        CAPTURE(target.size());
        CAPTURE(steps);
        CHECK(std::exp(-of_one(log_probs, target, steps, {.blank = blank})) == doctest::Approx(wanted).epsilon(1e-12));
      }
  }
}

TEST_CASE("ctc of sequences in a batch is that of each alone, and reduces over samples") {
  Rng rng(2);
  const auto log_probs = log_softmax(rng.normal<double>({4, 2, 3}));
  const auto targets = Indices::from({1, 2, 2, 77}, {2, 2}), inputs = Indices::from({4, 2});
  const auto lengths = Indices::from({2, 1});
  const auto none = ctc(log_probs, targets, inputs, lengths, {.reduction = Reduction::none});
  const auto first = slice(log_probs, 1, 0, 1), second = slice(log_probs, 1, 1, 2);
  CHECK(none(0) == doctest::Approx(of_one(first, {1, 2}, 4, {})).epsilon(1e-14));
  CHECK(none(1) == doctest::Approx(of_one(second, {2}, 2, {})).epsilon(1e-14));
  CHECK(ctc(log_probs, targets, inputs, lengths).item() == doctest::Approx((none(0) + none(1)) / 2));
  CHECK(ctc(log_probs, targets, inputs, lengths, {.divide_by_length = true}).item() ==
        doctest::Approx((none(0) / 2 + none(1)) / 2));
}

TEST_CASE("ctc has gradients to second order, by log_probs that are no distribution too") {
  const auto x = Rng(3).normal<double>({4, 2, 3});
  const auto targets = Indices::from({1, 1, 2, 0}, {2, 2}), inputs = Indices::from({4, 3});
  const auto lengths = Indices::from({2, 1});
  for (const bool normalised : {true, false}) {
    const auto f = [&](const auto& in) {
      return ctc(normalised ? log_softmax(in[0]) : in[0], targets, inputs, lengths, {.reduction = Reduction::none});
    };
    const auto result = gradcheck(f, {x}, {.order = 2});
    CHECK_MESSAGE(result, result.message);
  }
}

TEST_CASE("minus the gradient of ctc is a distribution over the classes at each step") {
  const auto x = variable(log_softmax(Rng(4).normal<double>({6, 1, 4})));
  const auto loss = ctc(x, Indices::from({2, 3}, {1, 2}), Indices::from({5}), Indices::from({2}));
  const auto totals = sum(grad(loss, {x})[0], -1);
  for (int t = 0; t < 6; ++t) CHECK(totals(t, 0) == doctest::Approx(t < 5 ? -1. : 0.));
}

TEST_CASE("a target that does not fit costs infinity or nothing, and has no gradient") {
  const auto x = variable(log_softmax(Rng(5).normal<double>({2, 2, 3})));
  const auto targets = Indices::from({1, 1, 1, 2}, {2, 2}), inputs = Indices::from({2, 2}), two = Indices::from({2, 2});
  const auto losses = ctc(x, targets, inputs, two, {.reduction = Reduction::none});
  CHECK(losses(0) == INFINITY);
  CHECK(losses(1) == doctest::Approx(-x(0, 1, 1) - x(1, 1, 2)));
  const auto gradient = grad(sum(losses), {x})[0];
  CHECK(all_finite(gradient));
  CHECK(distance(select(gradient, 1, 0), Tensor<double>::zeros({2, 3})) == 0);
  CHECK(ctc(x, targets, inputs, two, {.zero_infinity = true, .reduction = Reduction::sum}).item() == losses(1));
  // No steps spell nothing, and nothing else.
  const auto none = ctc(x, targets, Indices::from({0, 0}), Indices::from({0, 1}), {.reduction = Reduction::none});
  CHECK(none(0) == 0);
  CHECK(none(1) == INFINITY);
}

TEST_CASE("ctc takes classes of probability 0, hands NaN on, and does not overflow") {
  const double never = -INFINITY;
  const auto x = variable(Tensor<double>::from({never, 0, never, 0, never, never, never, 0, never}, {3, 1, 3}));
  const auto one = Indices::from({3});
  const auto loss = ctc(x, Indices::from({1, 1}, {1, 2}), one, Indices::from({2}));
  CHECK(loss.item() == 0);
  CHECK(all_finite(grad(loss, {x})[0]));
  CHECK(ctc(x, Indices::from({2}, {1, 1}), one, Indices::from({1})).item() == INFINITY);
  const auto bad = Tensor<double>::full({3, 1, 3}, NAN);
  CHECK(std::isnan(ctc(bad, Indices::from({2}, {1, 1}), one, Indices::from({1})).item()));
  const auto far = Tensor<>::full({300, 1, 3}, -200.f);  // e^-60000 a path
  const auto value = ctc(far, Indices::from({2}, {1, 1}), Indices::from({300}), Indices::from({1})).item();
  CHECK(value == doctest::Approx(60000 - std::log(300 * 301 / 2)).epsilon(1e-5));
}

TEST_CASE("ctc of no samples is no losses, and of targets of no labels the blanks") {
  const auto nothing = Indices::zeros({0});
  CHECK(ctc(Tensor<>::zeros({3, 0, 2}), Indices::zeros({0, 4}), nothing, nothing, {.reduction = Reduction::none})
            .shape() == Shape{0});
  const auto x = log_softmax(Rng(6).normal<double>({3, 1, 2}));
  CHECK(of_one(x, {}, 3, {}) == doctest::Approx(-x(0, 0, 0) - x(1, 0, 0) - x(2, 0, 0)));
  CHECK(ctc(Tensor<>::zeros({0, 1, 2}), Indices::zeros({1, 0}), Indices::zeros({1}), Indices::zeros({1})).item() == 0);
}

TEST_CASE("ctc_greedy_decode merges equal neighbours and leaves blanks out") {
  const auto best = Indices::from({0, 1, 1, 1, 1, 0, 1, 2, 2, 2}, {5, 2});  // sample 0: 0 1 1 1 2, sample 1: 1 1 0 2 2
  const auto logits = one_hot<double>(best, 3);
  CHECK(ctc_greedy_decode(logits, Indices::from({5, 5})) == std::vector<Labels>{{1, 2}, {1, 2}});
  CHECK(ctc_greedy_decode(logits, Indices::from({4, 0})) == std::vector<Labels>{{1}, {}});
  CHECK(ctc_greedy_decode(logits, Indices::from({5, 5}), 1) == std::vector<Labels>{{0, 2}, {0, 2}});
  const auto apart = one_hot<double>(Indices::from({2, 0, 2}, {3, 1}), 3);
  CHECK(ctc_greedy_decode(apart, Indices::from({3})) == std::vector<Labels>{{2, 2}});
  CHECK(ctc_greedy_decode(Tensor<>::zeros({0, 1, 3}), Indices::from({0})) == std::vector<Labels>{{}});
}

TEST_CASE("ctc refuses what does not fit") {
  const auto x = Tensor<>::zeros({4, 2, 3});
  const auto targets = Indices::from({1, 2}, {2, 1}), inputs = Indices::from({4, 4}), ones = Indices::from({1, 1});
  CHECK(fails_with([&] { ctc(Tensor<>::zeros({4, 3}), targets, inputs, ones); }, "ctc", "log_probs are [4, 3]"));
  CHECK(fails_with([&] { ctc(x, targets, inputs, ones, {.blank = 3}); }, "blank is 3", "[4, 2, 3]"));
  CHECK(fails_with([&] { ctc(x, targets, inputs, ones, {.blank = -1}); }, "blank is -1"));
  CHECK(fails_with([&] { ctc(x, targets, Indices::from({4}), ones); }, "input_lengths are [1] for 2 samples"));
  CHECK(fails_with([&] { ctc(x, targets, Indices::from({4, 5}), ones); }, "one of input_lengths is 5", "0 to 4"));
  CHECK(fails_with([&] { ctc(x, targets, inputs, Indices::from({1, 2})); }, "one of target_lengths is 2", "0 to 1"));
  CHECK(fails_with([&] { ctc(x, targets, inputs, Indices::from({-1, 1})); }, "one of target_lengths is -1"));
  CHECK(fails_with([&] { ctc(x, Indices::from({1, 2}), inputs, ones); }, "targets are [2]"));
  CHECK(fails_with([&] { ctc(x, Indices::from({1}, {1, 1}), inputs, ones); }, "targets are [1, 1]"));
  CHECK(fails_with([&] { ctc(x, Indices::from({1, 3}, {2, 1}), inputs, ones); }, "label 0 of sample 1 is 3", "[0, 3)"));
  CHECK(fails_with([&] { ctc(x, Indices::from({0, 1}, {2, 1}), inputs, ones); }, "label 0 of sample 0 is 0"));
  CHECK(fails_with([&] { ctc_greedy_decode(x, Indices::from({5, 0})); }, "one of input_lengths is 5"));
}
