// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// g++ -std=c++20 -O2 -march=native -fopenmp -I include -I examples $(pkg-config --cflags eigen3)
// examples/quickstart.cpp -o quickstart
//
// A small student learns from a large teacher, in phases, on real handwritten digits:
//
//   1. teacher  a network 64-256-256-10 learns from all 1437 training images and their labels
//   2. hint     the student 64-32-32-10, 24 times smaller, learns to predict the teacher's first hidden layer (FitNets,
//               Romero et al. 2015)
//   3. distil   the student learns the teacher's soft outputs (Hinton et al. 2015), images that the teacher finds easy
//               first (a curriculum, Bengio et al. 2009)
//   4. alone    a student with the same first weights learns from 100 labelled images, for as many steps as 2 and 3
//
// Only 100 of the training images have labels for a student; phases 2 and 3 use all images and no label. Claim: in the
// mean over five seeds the student of the phases is right on at least 3 points more of the 360 test images than the one
// that learns alone. The teacher must reach 97 %.
#include <cstdio>
#include <string>
#include <vector>

#include "regimen/curriculum/curriculum_sampler.hpp"
#include "regimen/data/epoch_sampler.hpp"
#include "regimen/data/read/digits.hpp"
#include "regimen/data/split.hpp"
#include "regimen/distill/hint.hpp"
#include "regimen/distill/soft_targets.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/metrics/accuracy.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/ops/unary.hpp"
#include "regimen/optim/adamw.hpp"
#include "regimen/optim/schedule/cosine.hpp"
#include "regimen/train/checkpoint.hpp"
#include "regimen/train/observer/json_lines.hpp"
#include "regimen/train/observer/progress_bar.hpp"
#include "support/example.hpp"

using namespace regimen;

struct Net {
  Linear<> first, second, out;
  Net(int width, Rng rng) : first{64, width, rng}, second{width, width, rng}, out{width, 10, rng} {}
  Tensor<> hidden(const Tensor<>& x) const { return relu(first(x)); }
  Tensor<> operator()(const Tensor<>& x) const { return out(relu(second(hidden(x)))); }
  REGIMEN_MODULE(first, second, out)
};

struct Study {
  Net teacher, student, alone;
  HintRegressor<> regressor;
  explicit Study(Rng rng)
      : teacher(256, rng.split("teacher")),
        student(32, rng.split("student")),
        alone(32, rng.split("student")),
        regressor(32, 256, rng) {}
  REGIMEN_MODULE(teacher, student, alone, regressor)
};

struct Settings {
  std::int64_t seeds = 5, teacher_epochs = 30, hint_steps = 600, distil_steps = 1800;
  std::string data = "examples/data", out = ".";
  bool resume = false;
};

/// Test accuracies of one seed.
struct Result {
  double teacher, distilled, alone;
};

Result study(const Settings& settings, std::uint64_t seed, const Split<float>& digits) {
  Rng rng(seed);
  Study model(rng.split("model"));
  const Dataset<>&train = digits.train, &test = digits.test;
  const auto picked = train_test_split(train, rng.split("labels"), {.test_size = 100, .stratified = true});
  const Dataset<>& labelled = picked.test;
  const auto score = [&](const Net& net) {
    return [&] { return Metrics{{"accuracy", accuracy(net(test.inputs), test.labels)}}; };
  };
  const auto optimizer = [&](std::int64_t steps) { return adamw({.lr = cosine({.peak = 3e-3, .steps = steps})}); };
  const std::int64_t batch = 64, epoch = (train.size() + batch - 1) / batch;

  Phase<> teacher{
      .name = "teacher",
      .objective = on(train, [&](const Batch<>& b) { return cross_entropy(model.teacher(b.inputs), b.labels); }),
      .sampler = ShuffledSampler(train.size(), rng.split("teacher"), {.batch_size = batch}),
      .trainable = "teacher.*",
      .optimizer = optimizer(settings.teacher_epochs * epoch),
      .until = epochs(settings.teacher_epochs),
      .evaluate = score(model.teacher)};

  Phase<> hint{.name = "hint",
               .objective = on(train,
                               [&](const Batch<>& b) {
                                 return hint_loss(model.regressor(model.student.hidden(b.inputs)),
                                                  model.teacher.hidden(b.inputs));
                               }),
               .sampler = ShuffledSampler(train.size(), rng.split("hint"), {.batch_size = batch}),
               .trainable = "student.first.*, regressor.*",
               .optimizer = optimizer(settings.hint_steps),
               .until = steps(settings.hint_steps)};

  Tensor<> targets;  // the teacher's logits of all training images
  Phase<> distil{
      .name = "distil",
      .objective =
          [&](const Step& step) {
            const Batch<> b = gather(Dataset<>{.inputs = train.inputs, .targets = targets}, step.indices);
            return distillation_loss(model.student(b.inputs), b.targets, {}, {.temperature = 4, .alpha = 1});
          },
      .trainable = "student.*",
      .optimizer = optimizer(settings.distil_steps),
      .until = steps(settings.distil_steps),
      .prepare =
          [&](Phase<>& phase) {
            targets = model.teacher(train.inputs);
            const auto losses = cross_entropy(targets, argmax(targets, 1), {.reduction = Reduction::none});
            phase.sampler = CurriculumSampler(
                losses, rng.split("distil"),
                {.batch_size = batch, .pace = linear_pace({.start = 0.3, .steps = settings.distil_steps / 3})});
          },
      .evaluate = score(model.student)};

  const std::int64_t alone_steps = settings.hint_steps + settings.distil_steps;
  Phase<> alone{
      .name = "alone",
      .objective = on(labelled, [&](const Batch<>& b) { return cross_entropy(model.alone(b.inputs), b.labels); }),
      .sampler = ShuffledSampler(labelled.size(), rng.split("alone"), {.batch_size = batch}),
      .trainable = "alone.*",
      .optimizer = optimizer(alone_steps),
      .until = steps(alone_steps),
      .evaluate = score(model.alone)};

  Program program(model, {teacher, hint, distil, alone});
  const std::string stem = settings.out + "/quickstart-" + std::to_string(seed);
  if (settings.resume) resume(program, stem + "-checkpoint.safetensors");
  program.run({.observers = {progress_bar(), json_lines(stem + ".jsonl", {.every = 20})},
               .checkpoint = checkpoint_to(stem + "-checkpoint.safetensors", {.every_steps = 1000})});

  State student;
  save_module(model.student, student);
  write_state(stem + "-student.safetensors", student);
  return {accuracy(model.teacher(test.inputs), test.labels), accuracy(model.student(test.inputs), test.labels),
          accuracy(model.alone(test.inputs), test.labels)};
}

int main(int argc, char** argv) {
  Settings settings;
  example::Options options("A student network learns from a teacher in phases, beside one that learns alone.");
  options.add("seeds", settings.seeds, "number of seeds");
  options.add("data", settings.data, "folder of the digits");
  options.add("out", settings.out, "folder for logs, checkpoints and students; it must exist");
  options.add("resume", settings.resume, "go on from the checkpoints in --out");
  options.parse(argc, argv);
  if (options.smoke) settings.seeds = 1;

  return example::run([&] {
    const Split<float> split = train_test_split(digits(settings.data), Rng(1), {.test_size = 360});
    std::printf("seed   teacher  distilled  alone\n");
    example::Values teacher, distilled, alone;
    for (std::int64_t i = 0; i < settings.seeds; ++i) {
      const std::uint64_t seed = options.seed + static_cast<std::uint64_t>(i);
      const Result result = study(settings, seed, split);
      std::printf("%4llu   %6.2f%%    %6.2f%%  %6.2f%%\n", static_cast<unsigned long long>(seed), 100 * result.teacher,
                  100 * result.distilled, 100 * result.alone);
      std::fflush(stdout);
      teacher.add(100 * result.teacher);
      distilled.add(100 * result.distilled);
      alone.add(100 * result.alone);
    }
    std::printf("mean   %6.2f%%    %6.2f%%  %6.2f%%\n", teacher.mean(), distilled.mean(), alone.mean());
    std::printf(" std   %6.2f     %6.2f   %6.2f\n", teacher.deviation(), distilled.deviation(), alone.deviation());
    const double margin = 3;
    return example::verdict(options, distilled.mean(), alone.mean(), margin,
                            distilled.mean() - alone.mean() >= margin && teacher.mean() >= 97,
                            {{"teacher", teacher.list}, {"distilled", distilled.list}, {"alone", alone.list}});
  });
}
