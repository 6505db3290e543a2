// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// killed_program FOLDER: trains a small network in two phases, with a log and a checkpoint every few steps in FOLDER,
// and goes on from the checkpoint if there is one. kill.py kills it again and again. At the end it writes FOLDER/model.
#include <string>

#include "regimen/data/epoch_sampler.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/ops/unary.hpp"
#include "regimen/optim/adamw.hpp"
#include "regimen/train/checkpoint.hpp"
#include "regimen/train/observer/json_lines.hpp"

using namespace regimen;

namespace {

struct Net {
  Linear<> hidden, out;
  Dropout drop;
  explicit Net(Rng rng) : hidden(16, 48, rng), out(48, 4, rng), drop(0.2, rng) {}
  Tensor<> operator()(const Tensor<>& x) const { return out(drop(tanh(hidden(x)))); }
  REGIMEN_MODULE(hidden, out, drop)
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const std::string folder = arguments[1];
  Rng rng(1);
  const Dataset<> data{.inputs = rng.normal({400, 16}), .labels = [&] {
                         auto labels = Tensor<std::int64_t>::empty({400});
                         for (std::int64_t i = 0; i < 400; ++i) labels.mutable_data()[i] = rng.below(4);
                         return labels;
                       }()};
  Net net(rng.split("net"));
  Rng noise = rng.split("noise");
  Phase<> first{.name = "first",
                .objective = on(data,
                                [&](const Batch<>& b) {
                                  const auto x = b.inputs + noise.normal(b.inputs.shape(), 0.0f, 0.1f);
                                  return cross_entropy(net(x), b.labels);
                                }),
                .sampler = ShuffledSampler(400, rng.split("first"), {.batch_size = 64}),
                .optimizer = adamw({.lr = 1e-3}),
                .until = steps(3000),
                .evaluate =
                    [&] {
                      return Metrics{{"loss", cross_entropy(net(data.inputs), data.labels).item()}};
                    },
                .evaluate_every = 100,
                .keep_best = {"loss", false}};
  Phase<> second = first;
  second.name = "second";
  second.trainable = "out.*";
  Program program(net, {first, second});
  program.track("noise", noise);
  resume(program, folder + "/checkpoint");
  program.run({.observers = {json_lines(folder + "/log")},
               .checkpoint = checkpoint_to(folder + "/checkpoint", {.every_steps = 7, .every_seconds = 0})});
  State state;
  save_module(net, state);
  write_state(folder + "/model", state);
}
