// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/module_state.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "regimen/nn/parameters.hpp"

using namespace regimen;

namespace module_state_test {

struct Layer {
  Tensor<> weight, bias;
  Layer(std::int64_t size, float value)
      : weight(variable(Tensor<>::full({size, 3}, value))), bias(variable(Tensor<>::full({size}, value))) {}
  REGIMEN_MODULE(weight, bias)
};

struct Model {
  std::vector<Layer> layers;
  Tensor<double> mean = Tensor<double>::ones({4});
  Tensor<std::int64_t> seen = Tensor<std::int64_t>::from({7});
  Rng rng;
  Mode mode;
  explicit Model(float value, std::int64_t size = 2) : layers{{2, value}, {size, value + 1}} {}
  REGIMEN_MODULE(layers, mean, seen, rng, mode)
};

struct Tied {
  Layer first{2, 1}, second{2, 2};
  Tied() { second.weight = first.weight; }
  REGIMEN_MODULE(first, second)
};

template <class M>
State saved(M& model) {
  State state;
  save_module(model, state);
  return state.clone();
}

std::string names(const State& state) {
  std::string text;
  for (const auto& entry : state.entries()) text += entry.name + " ";
  return text;
}

/// Every value of the state as text.
std::string contents(const State& state) {
  std::string text;
  for (const auto& entry : state.entries()) {
    text += entry.name;
    std::visit(
        [&](const auto& value) {
          if constexpr (requires { value.span(); })
            for (const auto x : value.span()) text += " " + std::to_string(x);
        },
        entry.value);
  }
  return text;
}

/// The state without one name, or with another value for it.
State edited(const State& state, const std::string& name, const State::Value* value = nullptr) {
  State result;
  for (const auto& entry : state.entries())
    if (entry.name != name || value != nullptr)
      std::visit([&](const auto& v) { result.put(entry.name, v); }, entry.name == name ? *value : entry.value);
  return result;
}

std::string error_of(const auto& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace module_state_test

using namespace module_state_test;

TEST_CASE("a module's state has its parameters, buffers and random numbers, without their records") {
  Model model(1);
  State state;
  save_module(model, state);
  CHECK(names(state) == "mean seen rng layers.0.weight layers.0.bias layers.1.weight layers.1.bias ");
  const auto weight = state.get<Tensor<>>("layers.1.weight");
  CHECK(weight.node() == nullptr);
  CHECK(weight.data() == model.layers[1].weight.data());
  CHECK(state.get<Rng>("rng").state() == model.rng.state());
}

TEST_CASE("what was saved is read back in place, with the random numbers and the buffers") {
  Model model(1);
  model.rng = Rng(11);
  static_cast<void>(model.rng.next32());
  model.mean.fill(0.25);
  model.seen.fill(12);
  const State state = saved(model);

  Model other(5);
  freeze(other, "layers.0.*");
  const auto packed = parameters(other);
  const float* const home = other.layers[0].weight.data();
  load_module(other, state);
  CHECK(contents(saved(other)) == contents(state));
  CHECK(other.layers[0].weight.data() == home);
  CHECK(packed.values()(0) == 1);
  CHECK(!other.layers[0].weight.requires_grad());
  CHECK(other.layers[1].weight.requires_grad());
  CHECK(other.rng.next64() == model.rng.next64());
}

TEST_CASE("a state that is still shared with the module loads into it as nothing") {
  Model model(1);
  State state;
  save_module(model, state);
  load_module(model, state);
  CHECK(model.layers[0].weight(0, 0) == 1);
}

TEST_CASE("tied weights are in the state once, under their first name") {
  Tied model;
  const State state = saved(model);
  CHECK(names(state) == "first.weight first.bias second.bias ");
  model.first.weight.fill(9);
  load_module(model, state);
  CHECK(model.second.weight(0, 0) == 1);
  CHECK(model.second.weight.node() == model.first.weight.node());
}

TEST_CASE("a state with other names, types or shapes is an error and changes nothing") {
  Model model(1), source(8);
  const State right = saved(source);
  const std::string before = contents(saved(model));
  const auto refused = [&](const State& state) {
    const std::string text = error_of([&] { load_module(model, state); });
    CHECK(contents(saved(model)) == before);
    return text;
  };

  CHECK(refused(edited(right, "layers.1.bias")) ==
        "load_module: there is no 'layers.1.bias' in the state; it was saved from another model");
  State more = right.clone();
  more.put("layers.2.bias", Tensor<>::zeros({2}));
  CHECK(refused(more) == "load_module: the model has no 'layers.2.bias'; it was saved from another model");
  Model wide(8, 6);
  const std::string shapes = refused(saved(wide));
  CHECK(shapes.find("[6, 3]") != std::string::npos);
  CHECK(shapes.find("[2, 3]") != std::string::npos);
  const State::Value doubles = Tensor<double>::zeros({2}), number = 3.0;
  CHECK(refused(edited(right, "layers.1.bias", &doubles)).find("layers.1.bias") != std::string::npos);
  CHECK(refused(edited(right, "rng", &number)) != "no error");
  CHECK(refused(edited(right, "rng")) != "no error");
  CHECK(refused(State()) != "no error");
  load_module(model, right);
  CHECK(contents(saved(model)) == contents(right));
}
