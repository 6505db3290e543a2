// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/train/observer/json_lines.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "train/support.hpp"

using namespace regimen;
using namespace test;

namespace {

StepReport at(std::int64_t step) {
  return {.phase = "p", .step = step, .epoch = 1, .losses = {{"loss", 0.5}}, .metrics = {{"accuracy", 0.25}}};
}

}  // namespace

TEST_CASE("a step is a line, with metrics where they are new") {
  const TemporaryFolder folder;
  JsonLines log(folder / "log");
  log.phase_begins({});
  log.step(at(1));
  auto report = at(2);
  report.evaluated = true;
  report.losses[0].second = NAN;
  log.step(report);
  log.phase_ends(report);
  CHECK(read_bytes(folder / "log") ==
        "{\"phase\":\"p\",\"step\":1,\"epoch\":1,\"loss\":0.5}\n"
        "{\"phase\":\"p\",\"step\":2,\"epoch\":1,\"loss\":null,\"accuracy\":0.25}\n");
}

TEST_CASE("with `every`, other steps have a line only if they evaluate or are the last") {
  const TemporaryFolder folder;
  JsonLines log(folder / "log", {.every = 4});
  log.phase_begins({});
  for (std::int64_t step = 1; step <= 7; ++step) {
    auto report = at(step);
    report.evaluated = step == 2;
    report.phase_ends = step == 7;
    log.step(report);
  }
  log.phase_ends({});
  const auto text = read_bytes(folder / "log");
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
  for (const char* step : {"\"step\":2,", "\"step\":4,", "\"step\":7,"}) CHECK(text.find(step) != text.npos);
}

TEST_CASE("a resumed log is cut at its checkpoint") {
  const TemporaryFolder folder;
  State state;
  std::string whole;
  {
    JsonLines log(folder / "log");
    log.phase_begins({});
    log.step(at(1));
    log.save(state);
    CHECK(read_bytes(folder / "log").size() == static_cast<std::size_t>(state.get<std::int64_t>("bytes")));
    log.step(at(2));
    log.step(at(3));
    log.phase_ends({});
    whole = read_bytes(folder / "log");
  }
  write_bytes(folder / "log", whole + "{\"phase\":\"half a li");
  JsonLines log(folder / "log");
  log.load(state);
  log.phase_begins(at(1));
  log.step(at(2));
  log.step(at(3));
  log.phase_ends({});
  CHECK(read_bytes(folder / "log") == whole);
}

TEST_CASE("a new run begins a new file") {
  const TemporaryFolder folder;
  write_bytes(folder / "log", "old\n");
  JsonLines log(folder / "log");
  log.phase_begins({});
  log.phase_ends({});
  CHECK(read_bytes(folder / "log").empty());
}

TEST_CASE("a log of another run, or that cannot be written, is refused") {
  const TemporaryFolder folder;
  State state;
  state.put("bytes", 100);
  write_bytes(folder / "log", "short");
  JsonLines log(folder / "log");
  CHECK(fails_with([&] { log.load(state); }, folder / "log", "shorter"));
  CHECK(read_bytes(folder / "log") == "short");
  CHECK_THROWS_AS(log.load(State()), Error);
  JsonLines missing(folder / "no/log");
  CHECK(fails_with([&] { missing.phase_begins({}); }, "no/log", "cannot be opened"));
  CHECK(fails_with([&] { JsonLines(folder / "log", {.every = 0}); }, "every is 0"));
}
