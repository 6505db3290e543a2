// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/module.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace regimen;

namespace module_test {

struct Layer {
  Tensor<> weight, bias;
  Layer() = default;
  explicit Layer(float value) : weight(variable(Tensor<>::full({2, 3}, value))), bias(variable(Tensor<>::ones({2}))) {}
  REGIMEN_MODULE(weight, bias)
};

struct Dropper {
  Rng rng_{3};
  Mode mode;
  REGIMEN_MODULE(rng_, mode)
};

struct Nothing {
  REGIMEN_MODULE()
};

struct Model {
  std::vector<Layer> blocks{Layer(1), Layer(2)};
  Layer out_{3};
  Dropper dropper;
  Tensor<> mean = Tensor<>::full({4}, 5);
  Tensor<std::int64_t> seen = Tensor<std::int64_t>::from({7});
  Tensor<double> fine = variable(Tensor<double>::ones({1}));
  std::vector<Tensor<>> scales{variable(Tensor<>::ones({1})), Tensor<>::ones({2})};
  Nothing nothing;
  std::vector<Model> inner;
  REGIMEN_MODULE(blocks, out_, dropper, mean, seen, fine, scales, nothing, inner)
};

struct Tied {
  Layer first{1}, second{2};
  Tied() { second.weight = first.weight; }
  REGIMEN_MODULE(first, second)
};

std::string member_names(Model& model) {
  std::string names;
  for_each_member(model, [&](const std::string& name, auto&) { names += name + " "; });
  return names;
}

template <class M>
std::string parameter_names(M& model) {
  std::string names;
  for_each_parameter(model, [&](const std::string& name, auto&) { names += name + " "; });
  return names;
}

std::string error_of(const auto& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace module_test

using namespace module_test;

TEST_CASE("leaves are named by their path of members, and undefined tensors are left out") {
  Model model;
  CHECK(member_names(model) ==
        "blocks.0.weight blocks.0.bias blocks.1.weight blocks.1.bias out.weight out.bias dropper.rng dropper.mode "
        "mean seen fine scales.0 scales.1 ");
  model.blocks[1].bias = {};
  model.out_ = {};
  model.mean = {};
  CHECK(member_names(model) ==
        "blocks.0.weight blocks.0.bias blocks.1.weight dropper.rng dropper.mode seen fine scales.0 scales.1 ");
  model.blocks.clear();
  CHECK(parameter_names(model) == "fine scales.0 ");
}

TEST_CASE("parameters are the variables; frozen ones are still parameters") {
  Model model;
  const std::string all =
      "blocks.0.weight blocks.0.bias blocks.1.weight blocks.1.bias out.weight out.bias fine scales.0 ";
  CHECK(parameter_names(model) == all);
  freeze(model);
  CHECK(parameter_names(model) == all);
  model.inner.resize(1);
  CHECK(parameter_names(model).find("inner.0.blocks.1.weight") != std::string::npos);
  Nothing nothing;
  CHECK(parameter_names(nothing).empty());
}

TEST_CASE("structs with REGIMEN_MODULE are modules, others are not") {
  static_assert(Module<Model> && Module<Nothing> && Module<Layer>);
  static_assert(!Module<int> && !Module<Tensor<>> && !Module<std::vector<Layer>>);
}

TEST_CASE("a list of modules is walked by itself") {
  std::vector<Layer> layers{Layer(1), Layer(2)};
  CHECK(parameter_names(layers) == "0.weight 0.bias 1.weight 1.bias ");
}

TEST_CASE("freezing makes the parameters that fit constants, until they are unfrozen") {
  Model model;
  CHECK(freeze(model, "blocks.*, *.bias") == 5);
  CHECK(!model.blocks[0].weight.requires_grad());
  CHECK(!model.out_.bias.requires_grad());
  CHECK(model.out_.weight.requires_grad());
  CHECK(freeze(model, "out.bias") == 1);
  CHECK(unfreeze(model, "blocks.1.*") == 2);
  CHECK(model.blocks[1].weight.requires_grad());
  CHECK(!model.blocks[0].weight.requires_grad());
  CHECK(unfreeze(model) == 8);
  CHECK(model.out_.bias.requires_grad());
}

TEST_CASE("freezing what is not there is an error with the names that are") {
  Layer layer(1);
  CHECK(error_of([&] { freeze(layer, "biases"); }) ==
        "freeze: no parameter fits 'biases'; the module has weight, bias");
  CHECK(layer.weight.requires_grad());
  CHECK(error_of([&] { unfreeze(layer, ""); }) == "unfreeze: no parameter fits ''; the module has weight, bias");
  Nothing nothing;
  CHECK(error_of([&] { freeze(nothing); }) == "freeze: no parameter fits '*'; the module has none");
}

TEST_CASE("set_training reaches every mode") {
  Model model;
  model.inner.resize(2);
  set_training(model, false);
  CHECK(!model.dropper.mode.training);
  CHECK(!model.inner[1].dropper.mode.training);
  set_training(model, true);
  CHECK(model.dropper.mode.training);
  CHECK(model.inner[1].dropper.mode.training);
}

TEST_CASE("a copy of a module shares its parameters") {
  Layer layer(1);
  Layer copy = layer;
  copy.weight.fill(9);
  CHECK(layer.weight(0, 0) == 9);
  freeze(copy);
  CHECK(!layer.weight.requires_grad());
}

TEST_CASE("a clone has values of its own, and is frozen as the model is") {
  Model model;
  freeze(model, "out.*");
  model.dropper.mode.training = false;
  Model copy = clone(model);
  CHECK(parameter_names(copy) == parameter_names(model));
  CHECK(copy.blocks[1].weight(1, 2) == 2);
  CHECK(!copy.out_.weight.requires_grad());
  CHECK(copy.blocks[0].weight.requires_grad());
  CHECK(copy.mean.node() == nullptr);
  CHECK(copy.dropper.rng_.state() == model.dropper.rng_.state());
  CHECK(!copy.dropper.mode.training);
  copy.blocks[1].weight.fill(0);
  copy.mean.fill(0);
  copy.seen.fill(0);
  copy.fine.fill(0);
  copy.scales[1].fill(0);
  unfreeze(copy);
  copy.dropper.rng_.next64();
  CHECK(model.blocks[1].weight(1, 2) == 2);
  CHECK(model.mean(0) == 5);
  CHECK(model.seen(0) == 7);
  CHECK(model.fine(0) == 1);
  CHECK(model.scales[1](0) == 1);
  CHECK(!model.out_.weight.requires_grad());
  CHECK(copy.dropper.rng_.state() != model.dropper.rng_.state());
}

TEST_CASE("weights that are tied in the model are tied in its clone") {
  const Tied model;
  Tied copy = clone(model);
  CHECK(copy.first.weight.node() == copy.second.weight.node());
  CHECK(copy.first.weight.data() == copy.second.weight.data());
  CHECK(copy.first.weight.node() != model.first.weight.node());
  CHECK(copy.first.weight.data() != model.first.weight.data());
  CHECK(copy.first.bias.data() != copy.second.bias.data());
  copy.second.weight.fill(8);
  CHECK(copy.first.weight(1, 1) == 8);
  CHECK(model.first.weight(1, 1) == 1);
}
