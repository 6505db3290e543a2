// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/train/observer/observer.hpp"

#include <doctest/doctest.h>

#include "train/support.hpp"

using namespace regimen;
using namespace test;

TEST_CASE("an observer need not hear of anything") {
  Observer observer;
  State state;
  observer.phase_begins({});
  observer.step({});
  observer.phase_ends({});
  observer.save(state);
  observer.load(state);
  CHECK(state.entries().empty());
}

TEST_CASE("an observer hears beginnings, steps and ends in order, after one another for each observer") {
  Net net{Rng(1)};
  const auto data = toy();
  Phase<> first = training(net, data), none = first, last = first;
  first.name = "first";
  none.name = "none";
  none.until = steps(0);
  last.name = "last";
  last.until = steps(1);
  Program program(net, {first, none, last});
  std::string heard;
  const auto listen = [&](const std::string& who) {
    auto watch = std::make_shared<Watch>();
    watch->begins = [&, who](const StepReport& report) {
      heard += who + "begin " + report.phase + " " + std::to_string(report.step) + "/" +
               std::to_string(report.step_limit) + "\n";
    };
    watch->steps = [&, who](const StepReport& report) {
      heard += who + "step " + std::to_string(report.step) + (report.phase_ends ? " last\n" : "\n");
    };
    watch->ends = [&, who](const StepReport& report) {
      heard += who + "end " + std::to_string(report.phase_index) + "\n";
    };
    return watch;
  };
  program.run({.observers = {listen("a "), listen("b ")}});
  CHECK(heard ==
        "a begin first 0/2\nb begin first 0/2\na step 1\nb step 1\na step 2 last\nb step 2 last\na end 0\nb end 0\n"
        "a begin none 0/0\nb begin none 0/0\na end 1\nb end 1\n"
        "a begin last 0/1\nb begin last 0/1\na step 1 last\nb step 1 last\na end 2\nb end 2\n");
}
