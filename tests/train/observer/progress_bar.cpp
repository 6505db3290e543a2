// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/train/observer/progress_bar.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <string>

using namespace regimen;

namespace {

double now = 0;

struct Shown {
  std::FILE* out = std::tmpfile();
  ProgressBar bar{{.out = out, .clock = [] { return now; }}};
  ~Shown() { std::fclose(out); }
  std::string text() const {
    std::string result;
    std::rewind(out);
    for (int c = std::fgetc(out); c != EOF; c = std::fgetc(out)) result += static_cast<char>(c);
    return result;
  }
};

StepReport at(std::int64_t step, std::int64_t limit) {
  return {.phase = "warm-up", .step = step, .step_limit = limit, .losses = {{"loss", 0.5}}};
}

/// A phase whose steps take a second each.
std::string phase(std::int64_t steps, std::int64_t limit, std::int64_t from = 0) {
  Shown shown;
  now = 100;
  shown.bar.phase_begins(at(from, limit));
  for (std::int64_t step = from + 1; step <= steps; ++step) {
    ++now;
    shown.bar.step(at(step, limit));
  }
  shown.bar.phase_ends(at(steps, limit));
  return shown.text();
}

}  // namespace

TEST_CASE("a short phase shows nothing") { CHECK(phase(1, 1).empty()); }

TEST_CASE("elsewhere than on a terminal there is a line after two seconds, then one every ten, and one at the end") {
  CHECK(phase(14, 20) ==
        "warm-up 10% 2/20 loss 0.5 1 steps/s, 0:18 left\n"
        "warm-up 60% 12/20 loss 0.5 1 steps/s, 0:08 left\n"
        "warm-up 70% 14/20 loss 0.5 1 steps/s, 0:06 left\n");
}

TEST_CASE("a phase without a limit shows neither part nor time left") {
  CHECK(phase(3, 0) == "warm-up 2 loss 0.5 1 steps/s\nwarm-up 3 loss 0.5 1 steps/s\n");
}

TEST_CASE("the rate of a resumed phase is that of this run") {
  CHECK(phase(52, 4000, 50) ==
        "warm-up 1% 52/4000 loss 0.5 1 steps/s, 1:05:48 left\nwarm-up 1% 52/4000 loss 0.5 1 steps/s, 1:05:48 left\n");
}

TEST_CASE("metrics stand behind the loss") {
  Shown shown;
  now = 0;
  shown.bar.phase_begins(at(0, 0));
  now = 3;
  auto report = at(3, 0);
  report.metrics = {{"accuracy", 0.75}};
  shown.bar.step(report);
  CHECK(shown.text() == "warm-up 3 loss 0.5 accuracy 0.75 1 steps/s\n");
}
