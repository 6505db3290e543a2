// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/train/program.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "regimen/ops/shape.hpp"
#include "train/support.hpp"

using namespace regimen;
using namespace test;

namespace {

/// The weight of one parameter vector.
struct Point {
  Tensor<> at;
  explicit Point(float x = 1) : at(variable(Tensor<>::from({x, -x}))) {}
  REGIMEN_MODULE(at)
};

Phase<> descent(const Point& point, std::int64_t count, double lr = 0.1) {
  return {.name = "descent",
          .objective = [&point](const Step&) { return sum(square(point.at)) * 0.5f; },
          .optimizer = sgd({.lr = lr}),
          .until = steps(count)};
}

/// Generator and discriminator.
struct Pair {
  Net g{Rng(1)}, d{Rng(2)};
  REGIMEN_MODULE(g, d)
};

/// Remembers what it hears.
struct Listening {
  std::vector<float>* heard;
  std::int64_t drawn = 0;
  Tensor<std::int64_t> next() { return Tensor<std::int64_t>::from({drawn++ % 4, 5}); }
  void observe(const Tensor<std::int64_t>& indices, const Tensor<float>& losses) {
    for (std::int64_t i = 0; i < losses.size(); ++i) {
      heard->push_back(static_cast<float>(indices.data()[i]));
      heard->push_back(losses.data()[i]);
    }
  }
  std::int64_t epoch() const { return drawn / 4; }
  void save(State& state) const { state.put("drawn", drawn); }
  void load(const State& state) { drawn = state.get<std::int64_t>("drawn"); }
};

}  // namespace

TEST_CASE("a program of one phase is gradient descent") {
  Point point;
  Program program(point, {descent(point, 3, 0.5)});
  CHECK_FALSE(program.finished());
  program.run();
  CHECK(program.finished());
  CHECK(point.at.data()[0] == 0.125f);
  CHECK(point.at.data()[1] == -0.125f);
  program.run();  // nothing is left to do
  CHECK(point.at.data()[0] == 0.125f);
}

TEST_CASE("training in double works like that in float") {
  struct {
    Linear<double> layer;
    void visit_members(MemberVisitor<Cpu>& visitor) { visitor.member("layer", layer); }
  } model{[] {
    Rng rng(1);
    return Linear<double>(3, 2, rng);
  }()};
  std::vector<float> heard;
  Phase<double> phase{.name = "p",
                      .objective =
                          [&](const Step& step) {
                            return mean(square(model.layer(Tensor<double>::ones({step.indices.size(), 3}))), {1});
                          },
                      .sampler = Listening{&heard},
                      .optimizer = sgd<double>({.lr = 0.1}),
                      .until = steps(2)};
  Program<double> program(model, {phase});
  program.run();
  CHECK(heard.size() == 8);
  CHECK(heard[1] > heard[5]);
}

TEST_CASE("a phase of no steps changes nothing but by its surgery") {
  Net net{Rng(1)};
  const auto data = toy();
  auto phase = training(net, data);
  phase.until = steps(0);
  const auto before = values(net);
  Program(net, {phase}).run();
  CHECK(same(values(net), before));
  phase.before = {reinitialising("out.bias", [](const auto&, const Shape& s) { return Tensor<>::ones(s); })};
  Program(net, {phase}).run();
  CHECK(net.out.bias.data()[0] == 1);
}

TEST_CASE("epochs end a phase at the sampler's") {
  Net net{Rng(1)};
  const auto data = toy();
  auto phase = training(net, data);
  phase.until = epochs(2);
  std::int64_t count = 0, epoch = -1;
  std::vector<std::int64_t> before;
  phase.objective = [&, f = phase.objective](const Step& step) {
    before.push_back(step.epoch);
    CHECK(step.step == count);
    return f(step);
  };
  Program(net, {phase}).run({.observers = {watch([&](const StepReport& report) {
                               count = report.step, epoch = report.epoch;
                             })}});
  CHECK(count == 6);
  CHECK(epoch == 2);
  CHECK(before == std::vector<std::int64_t>{0, 0, 0, 1, 1, 1});
}

TEST_CASE("only what the pattern names changes, and only its layers are in training mode") {
  const auto data = toy();
  for (const bool frozen : {false, true}) {
    Pair pair;
    auto phase = training(pair.g, data);
    phase.trainable = "g.out.*, d.*";
    phase.objective = [&](const Step& step) {
      CHECK_FALSE(pair.g.drop.mode.training);
      CHECK(pair.d.drop.mode.training);
      const auto b = gather(data, step.indices);
      return cross_entropy(pair.g(b.inputs) + pair.d(b.inputs), b.labels);
    };
    if (frozen) phase.before = {freezing("d.*")};
    const auto before = values(pair);
    Program(pair, {phase}).run();
    const auto after = values(pair);
    CHECK(same(after.scope("g.hidden"), before.scope("g.hidden")));
    CHECK_FALSE(same(after.scope("g.out"), before.scope("g.out")));
    CHECK(same(after.scope("d.out"), before.scope("d.out")) == frozen);
    CHECK(same(after.scope("d.hidden"), before.scope("d.hidden")) == frozen);
    CHECK(same(after.scope("g.drop"), before.scope("g.drop")));
    // At the end all that is not frozen across phases is trainable again, and the model is in evaluation mode.
    CHECK_FALSE(pair.g.hidden.weight.node()->frozen);
    CHECK(pair.d.hidden.weight.node()->frozen == frozen);
    CHECK_FALSE(pair.d.drop.mode.training);
  }
}

TEST_CASE("what a phase freezes or unfreezes holds for those after it") {
  Net net{Rng(1)};
  const auto data = toy();
  auto free = training(net, data), frozen = free, thawed = free;
  frozen.before = {freezing("hidden.*")};
  thawed.before = {unfreezing("hidden.bias")};
  std::vector<State> after{values(net)};
  const auto keep = std::make_shared<Watch>();
  keep->ends = [&](const StepReport&) { after.push_back(values(net)); };
  Program(net, {frozen, free, thawed}).run({.observers = {keep}});
  const auto weight = [&](std::size_t i) { return after[i].get<Tensor<>>("hidden.weight").data()[0]; };
  const auto bias = [&](std::size_t i) { return after[i].get<Tensor<>>("hidden.bias").data()[0]; };
  CHECK(same(after[0].scope("hidden"), after[2].scope("hidden")));
  CHECK_FALSE(same(after[1].scope("out"), after[2].scope("out")));
  CHECK(weight(3) == weight(0));
  CHECK(bias(3) != bias(0));
}

TEST_CASE("a replaced part is trained") {
  Net net{Rng(1)};
  const auto data = toy();
  auto first = training(net, data), second = first;
  Rng rng(8);
  second.before = {replacing(net.out, [rng]() mutable { return Linear<>(8, 3, rng); })};
  const Tensor<> made = [rng]() mutable { return Linear<>(8, 3, rng).weight; }();
  Program(net, {first, second}).run();
  CHECK(net.out.weight.shape() == Shape{3, 8});
  CHECK(net.out.weight.data()[0] != made.data()[0]);
  CHECK(std::fabs(net.out.weight.data()[0] - made.data()[0]) < 0.1f);
}

TEST_CASE("each of several turns changes its own parameters, as often as it should") {
  Pair pair;
  const auto data = toy();
  std::string order;
  State before = values(pair);
  const auto turn = [&](const std::string& name, Net& mine, Net& other) {
    return [&, name](const Step& step) {
      order += name;
      CHECK(mine.drop.mode.training);
      CHECK_FALSE(other.drop.mode.training);
      CHECK_FALSE(mine.out.weight.node()->frozen);
      CHECK(other.out.weight.node()->frozen);
      const auto b = gather(data, step.indices);
      return cross_entropy(mine(b.inputs) - other(b.inputs), b.labels);
    };
  };
  Phase<> phase{.name = "gan",
                .sampler = ShuffledSampler(data.size(), Rng(5), {.batch_size = 8}),
                .until = steps(5),
                .turns = {{.name = "d",
                           .objective = turn("d", pair.d, pair.g),
                           .trainable = "d.*",
                           .optimizer = sgd({.lr = 0.1}),
                           .updates = 2},
                          {.name = "g",
                           .objective = turn("g", pair.g, pair.d),
                           .trainable = "g.*",
                           .optimizer = sgd({.lr = 0.1, .momentum = 0.9}),
                           .every = 2}}};
  std::string names;
  Program(pair, {phase}).run({.observers = {watch([&](const StepReport& report) {
                                for (const auto& [name, value] : report.losses) names += name + " ";
                                const State after = values(pair);
                                const bool even = (report.step - 1) % 2 == 0;
                                CHECK(same(after.scope("g"), before.scope("g")) == !even);
                                CHECK_FALSE(same(after.scope("d"), before.scope("d")));
                                before = after;
                              })}});
  CHECK(order == "ddgddddgddddg");
  CHECK(names == "d.loss g.loss d.loss d.loss g.loss d.loss d.loss g.loss ");
}

TEST_CASE("a turn leaves the other's parameters as they were, to the bit") {
  Pair pair;
  const auto data = toy();
  const auto phase = [&](const char* name, Net& mine, const char* trainable) {
    auto result = training(mine, data);
    result.name = name;
    result.turns = {{.name = name,
                     .objective =
                         [&](const Step& step) {
                           const auto b = gather(data, step.indices);
                           return cross_entropy(pair.g(b.inputs) - pair.d(b.inputs), b.labels);
                         },
                     .trainable = trainable,
                     .optimizer = sgd({.lr = 0.1})}};
    result.objective = {};
    result.optimizer = {};
    return result;
  };
  const auto before = values(pair);
  Program(pair, {phase("d", pair.d, "d.*")}).run();
  const auto middle = values(pair);
  CHECK(same(middle.scope("g"), before.scope("g")));
  Program(pair, {phase("g", pair.g, "g.*")}).run();
  CHECK(same(values(pair).scope("d"), middle.scope("d")));
  CHECK_FALSE(same(values(pair).scope("g"), middle.scope("g")));
}

TEST_CASE("the sampler hears the samples' losses, and their mean is minimised") {
  Point point;
  std::vector<float> heard;
  auto phase = descent(point, 2);
  phase.sampler = Listening{&heard};
  phase.objective = [&](const Step& step) {
    return sum(point.at * Tensor<>::from({1, 0})) * Tensor<>::from({2, static_cast<float>(step.step)});
  };
  double loss = 0;
  Program(point, {phase}).run({.observers = {watch([&](const StepReport& report) {
                                 loss = report.losses[0].second;
                               })}});
  // 1 - 0.1 (2 + 0) / 2 = 0.9
  CHECK(heard == std::vector<float>{0, 2, 5, 0, 1, 2 * 0.9f, 5, 0.9f});
  CHECK(loss == doctest::Approx(1.35));
}

TEST_CASE("the optimizer's progress counts a phase's updates, from 0 in each") {
  Point point;
  auto phase = descent(point, 3);
  std::vector<std::int64_t> asked;
  phase.optimizer = sgd({.lr = Schedule([&asked](std::int64_t step) { return asked.push_back(step), 0.0; })});
  Program(point, {phase, phase}).run();
  CHECK(asked == std::vector<std::int64_t>{0, 1, 2, 0, 1, 2});
}

TEST_CASE("a model is evaluated in evaluation mode, unrecorded, when it should be and at the end") {
  Net net{Rng(1)};
  const auto data = toy();
  auto phase = training(net, data);
  phase.until = steps(5);
  phase.evaluate_every = 2;
  int count = 0;
  phase.evaluate = [&]() -> Metrics {
    CHECK_FALSE(net.drop.mode.training);
    CHECK(net(data.inputs).node() == nullptr);
    return {{"count", ++count}};
  };
  phase.objective = [&, f = phase.objective](const Step& step) {
    CHECK(net.drop.mode.training);
    return f(step);
  };
  std::string evaluated;
  Program program(net, {phase});
  program.run({.observers = {watch([&](const StepReport& report) {
                 if (report.evaluated)
                   evaluated += std::to_string(report.step) + ":" +
                                std::to_string(static_cast<int>(report.metrics[0].second)) + " ";
               })}});
  CHECK(evaluated == "2:1 4:2 5:3 ");
  CHECK(program.metrics() == Metrics{{"count", 3}});
}

TEST_CASE("keep_best ends with the best model and its metrics") {
  for (const bool maximise : {false, true}) {
    Net net{Rng(1)};
    const auto data = toy();
    auto phase = training(net, data);
    phase.until = steps(6);
    phase.evaluate_every = 1;
    phase.keep_best = {"score", maximise};
    std::int64_t done = 0;
    const double scores[] = {NAN, 2, 1, 3, 3, 2};  // after each step
    bool ended = false;
    phase.evaluate = [&]() -> Metrics { return {{"score", ended ? 7 : scores[done++]}}; };
    std::vector<State> after;
    Program program(net, {phase});
    program.run({.observers = {watch([&](const StepReport& report) {
                   after.push_back(values(net));
                   ended = report.phase_ends;
                 })}});
    const auto final = values(net);
    CHECK(same(final, after[maximise ? 3 : 2]));
    CHECK(program.metrics() == Metrics{{"score", 7}});
  }
}

TEST_CASE("what cannot be run is refused by name") {
  Point point;
  const auto refused = [&](auto change, const char* text) {
    auto phase = descent(point, 2);
    change(phase);
    return fails_with([&] { Program(point, {phase}); }, "'descent'", text);
  };
  CHECK(refused([](Phase<>& p) { p.until = {}; }, "has no end"));
  CHECK(refused([](Phase<>& p) { p.objective = {}; }, "lacks its objective"));
  CHECK(refused([](Phase<>& p) { p.optimizer = {}; }, "optimizer"));
  CHECK(refused(
      [](Phase<>& p) {
        const Turn<> turn{.name = "a", .objective = p.objective, .optimizer = p.optimizer};
        p.turns = {turn};
      },
      "turns"));
  for (int fault = 0; fault < 5; ++fault)
    CHECK(refused(
        [&](Phase<>& p) {
          Turn<> turn{.name = "a", .objective = p.objective, .optimizer = p.optimizer};
          if (fault == 0) turn.name = "";
          if (fault == 1) turn.objective = {};
          if (fault == 2) turn.optimizer = {};
          if (fault == 3) turn.updates = 0;
          if (fault == 4) turn.every = 0;
          p.objective = {};
          p.optimizer = {};
          p.turns = {turn};
        },
        "incomplete turn"));
  CHECK(refused([](Phase<>& p) { p.evaluate_every = -1; }, "-1"));
  CHECK(refused([](Phase<>& p) { p.keep_best = {"accuracy"}; }, "never evaluates"));
}

TEST_CASE("what goes wrong in a step is an Error that names phase and step") {
  const auto fails = [](auto change, auto... texts) {
    Point point;
    auto phase = descent(point, 5);
    change(point, phase);
    Program program(point, {phase});
    return fails_with([&] { program.run(); }, "descent", texts...);
  };
  const auto at_third = [](double value) {
    return [value](Point& point, Phase<>& phase) {
      phase.objective = [&point, value](const Step& step) {
        return sum(point.at) * (step.step == 2 ? static_cast<float>(value) : 1.0f);
      };
    };
  };
  CHECK(fails(at_third(NAN), "step 3", "not a number"));
  CHECK(fails(at_third(std::numeric_limits<double>::infinity()), "step 3"));
  CHECK(fails([](Point& p, Phase<>& phase) { phase.objective = [&](const Step&) {
                                               return reshape(p.at, {1, 2});
                                             }; },
              "[1, 2]"));
  CHECK(fails([](Point&, Phase<>& phase) { phase.objective = [](const Step&) { return Tensor<>(); }; }, "no loss"));
  CHECK(fails(
      [](Point& p, Phase<>& phase) {
        phase.sampler = SequentialSampler(9, {.batch_size = 3});
        phase.objective = [&](const Step&) { return p.at * 1.0f; };
      },
      "[2]", "[3]"));
  CHECK(fails(
      [](Point&, Phase<>& phase) {
        phase.evaluate = [] { return Metrics{{"accuracy", 1}}; };
        phase.keep_best = {"f1"};
      },
      "'f1'"));
}

TEST_CASE("a pattern that fits no parameter is refused") {
  Point point;
  auto phase = descent(point, 1);
  phase.trainable = "student.*";
  Program program(point, {phase});
  CHECK(fails_with([&] { program.run(); }, "student.*", "at"));
}

TEST_CASE("prepare is called once a phase, in evaluation mode, and may set the sampler") {
  Net net{Rng(1)};
  const auto data = toy();
  auto phase = training(net, data);
  int prepared = 0;
  phase.sampler = {};
  phase.prepare = [&](Phase<>& p) {
    ++prepared;
    CHECK_FALSE(net.drop.mode.training);
    CHECK(net(data.inputs).node() == nullptr);
    p.sampler = SequentialSampler(4, {.batch_size = 2});
  };
  const auto f = phase.objective;
  phase.objective = [&, f](const Step& step) {
    CHECK(net.drop.mode.training);
    CHECK(step.indices.data()[0] == 2 * step.step);
    return f(step);
  };
  const auto run = [&](Program<>& program) {
    bool stopped = false;
    try {
      program.run({.observers = {watch([&](const StepReport& report) {
                     if (report.step == 1) throw std::runtime_error("stop");
                   })}});
    } catch (const std::runtime_error&) {
      stopped = true;
    }
    return stopped;
  };
  Program program(net, {phase});
  CHECK(run(program));
  CHECK(prepared == 1);
  State state;
  program.save(state);
  state = state.clone();
  program.run();  // goes on by itself
  CHECK(prepared == 1);
  Program resumed(net, {phase});
  resumed.load(state);
  CHECK(prepared == 2);
  CHECK(resumed.step() == 1);
  resumed.run({.observers = {std::make_shared<Observer>()}});
  CHECK(prepared == 2);
}

TEST_CASE("what is tracked is saved and loaded, under different names") {
  Point point;
  Program program(point, {descent(point, 1)});
  Rng rng(4);
  auto sampler = SequentialSampler(9, {.batch_size = 3});
  program.track("noise", rng);
  program.track("other", sampler);
  CHECK(fails_with([&] { program.track("noise", rng); }, "noise"));
  rng.next64();
  static_cast<void>(sampler.next());
  State state;
  program.save(state);
  const Rng saved = rng;
  rng.next64();
  static_cast<void>(sampler.next());
  program.load(state);
  CHECK(rng.state() == saved.state());
  CHECK(sampler.next().data()[0] == 3);
}
