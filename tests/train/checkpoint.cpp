// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/train/checkpoint.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "regimen/curriculum/curriculum_sampler.hpp"
#include "regimen/train/observer/json_lines.hpp"
#include "train/support.hpp"

using namespace regimen;
using namespace test;

namespace {

struct Study {
  Net teacher{Rng(1)}, student{Rng(2)};
  REGIMEN_MODULE(teacher, student)
};

/// Three phases with everything that a run has to take up again: random numbers in the model and beside it, momentum,
/// an end with a memory, a best model, surgery, samplers that listen, and one that is made of the teacher's losses.
struct Run {
  Study model;
  Dataset<> data = toy();
  Rng noise{7};
  Tensor<> targets;
  std::int64_t fail_after = -1;  ///< objectives until one throws
  std::shared_ptr<Observer> log;
  Program<> program;

  explicit Run(const std::string& log_path, std::int64_t width = 3)
      : log(json_lines(log_path)), program(model, phases(width)) {
    program.track("noise", noise);
  }

  void count() {
    if (fail_after-- == 0) throw std::runtime_error("objective");
  }

  std::vector<Phase<>> phases(std::int64_t width) {
    Phase<> teacher{.name = "teacher",
                    .objective = on(data,
                                    [this](const Batch<>& b) {
                                      count();
                                      const auto x = b.inputs + noise.normal(b.inputs.shape(), 0.0f, 0.1f);
                                      return cross_entropy(model.teacher(x), b.labels, {.reduction = Reduction::none});
                                    }),
                    .sampler = CurriculumSampler(Tensor<>::zeros({24}), Rng(11), {.batch_size = 7, .rescore_every = 2}),
                    .trainable = "teacher.*",
                    .optimizer = sgd({.lr = 0.5, .momentum = 0.9}),
                    .until = plateau("loss", {.patience = 3}) || steps(9),
                    .evaluate =
                        [this] {
                          return Metrics{{"loss", cross_entropy(model.teacher(data.inputs), data.labels).item()}};
                        },
                    .evaluate_every = 2,
                    .keep_best = {"loss", false}};
    Phase<> distil{
        .name = "distil",
        .objective =
            [this](const Step& step) {
              count();
              const auto b = gather(Dataset<>{.inputs = data.inputs, .targets = targets}, step.indices);
              return mean(square(model.student(b.inputs) - b.targets), {1});
            },
        .trainable = "student.*",
        .optimizer = sgd(
            {.lr = Schedule([](std::int64_t step) { return 0.1 / static_cast<double>(1 + step); }), .momentum = 0.5}),
        .until = epochs(2),
        .before = {reinitialising("student.*.weight",
                                  [rng = Rng(3)](const auto&, const Shape& shape) mutable {
                                    return rng.normal(shape, 0.0f, 0.5f);
                                  }),
                   freezing("student.hidden.bias")},
        .prepare =
            [this](Phase<>& phase) {
              targets = model.teacher(data.inputs);
              phase.sampler = ShuffledSampler(data.size(), Rng(12), {.batch_size = 10});
            }};
    Phase<> tune = training(model.student, data);
    tune.objective = on(data, [this](const Batch<>& b) {
      count();
      return cross_entropy(model.student(b.inputs), b.labels);
    });
    tune.name = "tune";
    tune.trainable = "student.*";
    tune.until = steps(4);
    tune.before = {replacing(model.student.out, [rng = Rng(4), width]() mutable { return Linear<>(8, width, rng); }),
                   unfreezing("*")};
    return {teacher, distil, tune};
  }

  /// All that a finished run leaves.
  State result() {
    REQUIRE(program.finished());
    State state = values(model);
    state.put("noise", noise);
    return state;
  }
};

enum class Stop { observer_save, observer_file, objective };

/// Stops after `step` steps, if the run is as long, and finishes in a run of its own. Returns whether it was as long.
bool stop_and_resume(Stop stop, std::int64_t step, const State& wanted, const std::string& wanted_log) {
  const TemporaryFolder folder;
  const std::string checkpoint = folder / "checkpoint", log = folder / "log";
  bool stopped = false;
  {
    Run run(log);
    std::int64_t done = 0;
    const auto stopping = watch([&](const StepReport&) {
      if (stop != Stop::objective && ++done == step) throw std::runtime_error("observer");
    });
    if (stop == Stop::objective) run.fail_after = step;
    try {
      RunOptions options{.observers = {run.log, stopping}};
      if (stop != Stop::observer_save)
        options.checkpoint = checkpoint_to(checkpoint, {.every_steps = 1, .every_seconds = 0});
      run.program.run(options);
    } catch (const std::runtime_error&) {
      stopped = true;
    }
    if (stopped && stop == Stop::observer_save) {
      State state;
      run.program.save(state);
      write_state(checkpoint, state);
    }
  }
  Run run(log);
  CHECK(resume(run.program, checkpoint) ==
        (stop == Stop::observer_save ? stopped : step > 0 && (stop == Stop::objective || step > 1)));
  run.program.run({.observers = {run.log, std::make_shared<Observer>()}});
  CHECK(same(run.result(), wanted));
  CHECK(read_bytes(log) == wanted_log);
  return stopped;
}

}  // namespace

TEST_CASE("a run that stopped at any step ends with the same bits and the same log as one that did not") {
  const TemporaryFolder folder;
  Run uncut(folder / "log");
  uncut.program.run({.observers = {uncut.log}});
  const State wanted = uncut.result();
  const std::string text = read_bytes(folder / "log");
  const auto count = std::count(text.begin(), text.end(), '\n');
  CHECK(count > 10);
  for (std::int64_t step = 1; step <= count; ++step) {
    CAPTURE(step);
    CHECK(stop_and_resume(Stop::observer_save, step, wanted, text));
    CHECK(stop_and_resume(Stop::observer_file, step, wanted, text));
    CHECK(stop_and_resume(Stop::objective, step - 1, wanted, text));
  }
  Run again(folder / "log");
  again.program.run({.observers = {again.log}, .checkpoint = checkpoint_to(folder / "end")});
  Run finished(folder / "log");
  CHECK(resume(finished.program, folder / "end"));
  CHECK(same(finished.result(), wanted));
  finished.program.run({.observers = {finished.log}});
  CHECK(same(finished.result(), wanted));
  CHECK(read_bytes(folder / "log") == text);
}

TEST_CASE("a state of another program, or a damaged one, changes nothing") {
  const TemporaryFolder folder;
  const auto checkpoints = [&](std::int64_t width) {
    std::vector<State> states;
    Run run(folder / "other", width);
    run.program.run({.observers = {run.log}, .checkpoint = [&](const StepReport&, const auto& snapshot) {
                       states.push_back(snapshot().clone());
                     }});
    return states;
  };
  const auto own = checkpoints(3), other = checkpoints(5);
  Run uncut(folder / "uncut");
  uncut.program.run({.observers = {uncut.log}});

  for (const std::int64_t stop : {0, 2, 8, 11}) {
    Run run(folder / "log");
    if (stop > 0)
      CHECK_THROWS_AS(run.program.run({.observers = {run.log, watch([&, n = stop](const StepReport&) mutable {
                                                       if (--n == 0) throw std::runtime_error("stop");
                                                     })}}),
                      std::runtime_error);
    State before, after;
    run.program.save(before);
    before = before.clone();
    // Another width of the last layer shows when the model is loaded, after the surgery.
    CHECK_THROWS_AS(run.program.load(other.back()), Error);
    // A value that is missing may show after all others are read.
    const auto entries = own[own.size() - 2].entries();
    for (std::size_t missing = 0; missing < entries.size(); ++missing) {
      if (entries[missing].name.starts_with("observers")) continue;  // these are read by run()
      CAPTURE(entries[missing].name);
      State damaged;
      for (std::size_t i = 0; i < entries.size(); ++i)
        if (i != missing) std::visit([&](const auto& value) { damaged.put(entries[i].name, value); }, entries[i].value);
      CHECK_THROWS_AS(run.program.load(damaged), Error);
    }
    run.program.save(after);
    CHECK(same(after, before));
    run.program.run({.observers = {run.log, std::make_shared<Observer>()}});
    CHECK(same(run.result(), uncut.result()));
    CHECK(read_bytes(folder / "log") == read_bytes(folder / "uncut"));
  }

  Net net{Rng(1)};
  const auto data = toy();
  Program stranger(net, {training(net, data)});
  const auto before = values(net);
  CHECK(fails_with([&] { stranger.load(own[0]); }, "'teacher', 'distil', 'tune'", "'training'"));
  CHECK(same(values(net), before));
}

TEST_CASE("a damaged file changes neither model nor program") {
  const TemporaryFolder folder;
  const std::string path = folder / "checkpoint";
  Run run(folder / "log");
  CHECK_FALSE(resume(run.program, path));
  State before, after;
  run.program.save(before);
  before = before.clone();
  {
    Run other(folder / "log");
    other.program.run({.checkpoint = checkpoint_to(path)});
  }
  const std::string whole = read_bytes(path);
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    write_bytes(path, whole.substr(0, size));
    CHECK_THROWS_AS(resume(run.program, path), Error);
  }
  run.program.save(after);
  CHECK(same(after, before));
  write_bytes(path, whole);
  CHECK(resume(run.program, path));
  CHECK(run.program.finished());
}

TEST_CASE("a checkpoint is written every so many steps, and when a phase ends") {
  const TemporaryFolder folder;
  Net net{Rng(1)};
  const auto data = toy();
  auto phase = training(net, data);
  phase.until = steps(7);
  const auto write = checkpoint_to(folder / "checkpoint", {.every_steps = 3, .every_seconds = 0});
  std::string when;
  Program(net, {phase, phase}).run({.checkpoint = [&](const StepReport& report, const auto& snapshot) {
    write(report, [&] {
      when += std::to_string(report.phase_index) + ":" + std::to_string(report.step) + " ";
      return snapshot();
    });
  }});
  CHECK(when == "0:3 0:6 0:7 1:2 1:5 1:7 ");
  CHECK(read_state(folder / "checkpoint").get<std::int64_t>("phase") == 2);
}

TEST_CASE("by time, a checkpoint waits for it") {
  const TemporaryFolder folder;
  int written = 0;
  const auto often = checkpoint_to(folder / "a", {.every_seconds = 1e-9}), never = checkpoint_to(folder / "b");
  const auto snapshot = [&] { return ++written, State(); };
  often({}, snapshot);
  never({}, snapshot);
  CHECK(written == 1);
  CHECK(fails_with([&] { checkpoint_to(folder / "a", {.every_steps = -1}); }, "checkpoint_to", "-1"));
  CHECK(fails_with([&] { checkpoint_to(folder / "a", {.every_seconds = -1}); }, "checkpoint_to", "-1"));
}
