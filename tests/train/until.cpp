// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/train/until.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "train/support.hpp"

using namespace regimen;

namespace {

StepReport after(std::int64_t step, double loss) { return {.step = step, .losses = {{"loss", loss}}}; }

/// The first step, from 1 on, after which the rule is reached on these losses; 0 if none.
std::int64_t end(Until rule, const std::vector<double>& losses) {
  for (std::size_t i = 0; i < losses.size(); ++i)
    if (rule.reached(after(static_cast<std::int64_t>(i) + 1, losses[i]))) return static_cast<std::int64_t>(i) + 1;
  return 0;
}

}  // namespace

TEST_CASE("steps are reached at their number, epochs at theirs") {
  CHECK(end(steps(3), {1, 1, 1, 1}) == 3);
  CHECK(steps(0).reached({}));
  CHECK_FALSE(steps(1).reached({}));
  CHECK(epochs(2).reached({.epoch = 2}));
  CHECK_FALSE(epochs(2).reached({.epoch = 1}));
  CHECK(epochs(0).reached({}));
}

TEST_CASE("when asks its function") {
  CHECK(end(when([](const StepReport& report) { return report.losses[0].second < 2; }), {3, 2, 1}) == 3);
}

TEST_CASE("reaches and falls_to compare with a loss") {
  CHECK(end(reaches("loss", 2), {1, 2, 3}) == 2);
  CHECK(end(falls_to("loss", 2), {3, 2, 1}) == 2);
  CHECK(end(reaches("loss", 2), {NAN, NAN}) == 0);
  CHECK(end(reaches("other", 0), {1, 2, 3}) == 0);
}

TEST_CASE("a metric counts in the step that evaluates it alone") {
  Until rule = reaches("accuracy", 0.5);
  CHECK_FALSE(rule.reached({.metrics = {{"accuracy", 0.9}}}));
  CHECK(rule.reached({.evaluated = true, .metrics = {{"accuracy", 0.9}}}));
  Until flat = plateau("accuracy", {.patience = 1, .maximise = true});
  CHECK_FALSE(flat.reached({.evaluated = true, .metrics = {{"accuracy", 0.9}}}));
  CHECK_FALSE(flat.reached({.metrics = {{"accuracy", 0.9}}}));
  CHECK(flat.reached({.evaluated = true, .metrics = {{"accuracy", 0.9}}}));
}

TEST_CASE("a plateau is a number of values in a row without a gain") {
  CHECK(end(plateau("loss", {.patience = 2}), {3, 2, 2, 1, 1, 2}) == 6);
  CHECK(end(plateau("loss", {.patience = 2, .min_delta = 0.5}), {3, 2.6, 2.4, 2.3}) == 0);
  CHECK(end(plateau("loss", {.patience = 2, .min_delta = 0.5}), {3, 2.6, 2.55, 2.4}) == 3);
  CHECK(end(plateau("loss", {.patience = 2, .maximise = true}), {1, 2, 2, 1}) == 4);
  CHECK(end(plateau("loss", {.patience = 2}), {NAN, 3, 2, NAN, NAN}) == 5);
  CHECK(end(plateau("loss", {.patience = 2}), {NAN, NAN}) == 2);
  CHECK_FALSE(plateau("loss").reached({}));
}

TEST_CASE("|| ends at the first of its sides, && once both are reached") {
  const std::vector<double> losses{3, 2, 1, 1, 1};
  CHECK(end(steps(4) || falls_to("loss", 2), losses) == 2);
  CHECK(end(steps(1) || falls_to("loss", 2), losses) == 1);
  CHECK(end(steps(4) && falls_to("loss", 2), losses) == 4);
  CHECK(end(steps(1) && falls_to("loss", 2), losses) == 2);
  CHECK(end((steps(1) && steps(3)) || steps(5), losses) == 3);
}

TEST_CASE("a combination asks both sides, whatever the first says") {
  for (const bool first : {false, true})
    for (const bool all : {false, true}) {
      int asked = 0;
      const Until a = when([&](const StepReport&) { return ++asked, first; });
      const Until b = when([&](const StepReport&) { return ++asked, !first; });
      Until both = all ? a && b : a || b;
      CHECK(both.reached({}) == !all);
      CHECK(asked == 2);
    }
}

TEST_CASE("the step limit is what is certain") {
  CHECK(steps(7).step_limit() == 7);
  CHECK(epochs(7).step_limit() == 0);
  CHECK((steps(7) || steps(3)).step_limit() == 3);
  CHECK((steps(7) && steps(3)).step_limit() == 7);
  CHECK((steps(7) || plateau("loss")).step_limit() == 7);
  CHECK((plateau("loss") || steps(7)).step_limit() == 7);
  CHECK((steps(7) && plateau("loss")).step_limit() == 0);
}

TEST_CASE("a copy counts by itself") {
  Until a = plateau("loss", {.patience = 1});
  CHECK_FALSE(a.reached(after(1, 1)));
  Until b = a;
  CHECK(b.reached(after(2, 1)));
  CHECK_FALSE(a.reached(after(2, 0.5)));
}

TEST_CASE("a combination goes on where it was saved, at any moment") {
  const std::vector<double> losses{5, 4, 4, 3, 3, 3, 2, 2};
  const Until whole = (plateau("loss", {.patience = 3}) && steps(2)) || plateau("loss", {.patience = 4});
  const auto last = end(whole, losses);
  CHECK(last == 0);
  for (std::size_t stop = 0; stop < losses.size(); ++stop) {
    Until first = whole, rest = whole, uncut = whole;
    for (std::size_t i = 0; i < stop; ++i) {
      const auto report = after(static_cast<std::int64_t>(i) + 1, losses[i]);
      CHECK(first.reached(report) == uncut.reached(report));
    }
    State state;
    first.save(state);
    rest.load(state);
    for (std::size_t i = stop; i < losses.size() + 6; ++i) {
      const auto report = after(static_cast<std::int64_t>(i) + 1, i < losses.size() ? losses[i] : 2);
      CHECK(rest.reached(report) == uncut.reached(report));
    }
  }
}

TEST_CASE("a state of another rule changes nothing") {
  Until rule = plateau("loss", {.patience = 2}) || plateau("loss", {.patience = 9});
  CHECK_FALSE(rule.reached(after(1, 1)));
  CHECK_FALSE(rule.reached(after(2, 1)));
  State state;
  plateau("loss").save(state.scope("a"));
  CHECK_THROWS_AS(rule.load(state), Error);
  CHECK(rule.reached(after(3, 1)));
}

TEST_CASE("an end that cannot be is refused") {
  CHECK(test::fails_with([] { steps(-1); }, "steps", "-1"));
  CHECK(test::fails_with([] { epochs(-2); }, "epochs", "-2"));
  CHECK(test::fails_with([] { plateau("loss", {.patience = 0}); }, "plateau", "patience 0"));
  CHECK(test::fails_with([] { plateau("loss", {.min_delta = -1}); }, "plateau", "min_delta -1"));
  CHECK(test::fails_with([] { Until().reached({}); }, "no end"));
  CHECK_FALSE(Until().defined());
}
