// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/parameters.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/optim/sgd.hpp"

using namespace regimen;

namespace parameters_test {

template <class T>
struct Layer {
  Tensor<T> weight, bias;
  explicit Layer(T value = 1)
      : weight(variable(Tensor<T>::full({2, 3}, value))), bias(variable(Tensor<T>::full({2}, value + T(0.5)))) {}
  REGIMEN_MODULE(weight, bias)
};

template <class T>
struct Model {
  Layer<T> hidden{1}, out{2};
  Tensor<T> mean = Tensor<T>::ones({5});
  REGIMEN_MODULE(hidden, out, mean)
};

template <class T>
struct Bigger {
  Tensor<T> front = variable(Tensor<T>::zeros({4}));
  Model<T> model;
  REGIMEN_MODULE(front, model)
};

template <class T>
struct Tied {
  Layer<T> first{1}, second{2};
  Tied() { second.weight = first.weight; }
  REGIMEN_MODULE(first, second)
};

struct Mixed {
  Layer<float> single;
  Layer<double> fine;
  REGIMEN_MODULE(single, fine)
};

struct Buffers {
  Tensor<> mean = Tensor<>::ones({5});
  REGIMEN_MODULE(mean)
};

/// sum(weight^2) / 2 + sum(3 bias), so that the gradients are the weight and 3.
template <class T>
Tensor<T> loss_of(const Layer<T>& layer) {
  return sum(layer.weight * layer.weight) * 0.5 + sum(layer.bias * 3);
}

template <class T>
std::vector<T> list(const Tensor<T>& tensor) {
  return {tensor.span().begin(), tensor.span().end()};
}

template <class T>
std::vector<T> joined(std::initializer_list<std::vector<T>> parts) {
  std::vector<T> result;
  for (const auto& part : parts) result.insert(result.end(), part.begin(), part.end());
  return result;
}

template <class T>
std::vector<T> repeated(std::size_t count, T value) {
  return std::vector<T>(count, value);
}

std::string error_of(const auto& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

using Runs = std::vector<Parameters<>::Run>;

}  // namespace parameters_test

using namespace parameters_test;

TEST_CASE_TEMPLATE("packing keeps names, shapes and values, and makes the module's tensors views", T, float, double) {
  Model<T> model;
  const auto p = parameters<T>(model);
  std::string names;
  for (const auto& entry : p.entries()) names += entry.name + " ";
  CHECK(names == "hidden.weight hidden.bias out.weight out.bias ");
  CHECK(list(p.values()) ==
        joined<T>({repeated<T>(6, 1), repeated<T>(2, 1.5), repeated<T>(6, 2), repeated<T>(2, 2.5)}));
  CHECK(list(p.gradients()) == repeated<T>(16, 0));
  CHECK(p.entries()[2].offset == 8);
  CHECK(p.entries()[2].size == 6);
  CHECK(p.entries()[2].value.shape() == Shape{2, 3});
  CHECK(model.out.weight.shape() == Shape{2, 3});
  CHECK(model.out.weight.requires_grad());
  CHECK(model.out.weight.data() == p.values().data() + 8);
  CHECK(model.mean.node() == nullptr);

  p.values().mutable_data()[13] = 7;
  CHECK(model.out.weight(1, 2) == 7);
  model.hidden.bias.fill(4);
  CHECK(p.values()(6) == 4);
}

TEST_CASE("packing again moves nothing and keeps the gradients") {
  Model<float> model;
  const auto first = parameters(model);
  first.gradients().fill(3);
  const float* const weight = model.hidden.weight.data();
  const auto second = parameters(model);
  CHECK(model.hidden.weight.data() == weight);
  CHECK(second.values().data() == first.values().data());
  CHECK(second.gradients().data() == first.gradients().data());
  CHECK(second.gradients()(15) == 3);
  CHECK(first.entries().size() == second.entries().size());
  const auto handle = first;
  CHECK(handle.values().data() == first.values().data());
}

TEST_CASE("the parameters of a submodule are a view of the whole") {
  Model<float> model;
  const auto whole = parameters(model);
  const auto part = parameters(model.out);
  CHECK(part.entries()[0].name == "weight");
  CHECK(part.entries()[0].offset == 0);
  CHECK(part.values().shape() == Shape{8});
  CHECK(part.values().data() == whole.values().data() + 8);
  CHECK(part.gradients().data() == whole.gradients().data() + 8);
  CHECK(whole.entries().size() == 4);
  auto optimized = part;
  part.gradients().fill(1);
  sgd({.lr = 1}).update(optimized, {});
  CHECK(model.out.weight(0, 0) == 1);
  CHECK(model.hidden.weight(0, 0) == 1);
  CHECK(whole.values()(8) == 1);
}

TEST_CASE("parameters that a larger module packs anew make the older set an error") {
  Bigger<float> bigger;
  auto old = parameters(bigger.model);
  old.values().fill(6);
  const auto loss = loss_of(bigger.model.out);
  const auto whole = parameters(bigger);
  CHECK(whole.values().size() == 20);
  CHECK(bigger.model.hidden.bias(1) == 6);
  CHECK(bigger.model.hidden.bias.data() == whole.values().data() + 10);
  const std::string text =
      "Parameters: 'hidden.weight' has been packed anew since by another parameters(...); call parameters(model) "
      "again, "
      "on the whole model";
  CHECK(error_of([&] { static_cast<void>(old.entries()); }) == text);
  CHECK(error_of([&] { static_cast<void>(old.runs()); }) == text);
  CHECK(error_of([&] { static_cast<void>(old.variables()); }) == text);
  CHECK(error_of([&] { static_cast<void>(old.select("out.*")); }) == text);
  CHECK(error_of([&] { backward(loss, old); }) == text);
  CHECK(error_of([&] { sgd({.lr = 1}).update(old, {}); }) == text);
  CHECK(parameters(bigger.model).values().data() == whole.values().data() + 4);
}

TEST_CASE("a set in another order, or of a module with one parameter more, is packed anew") {
  Layer<float> a(1), b(2);
  std::vector<Layer<float>> both{a, b}, turned;
  const auto first = parameters(both);
  turned = {both[1], both[0]};
  const auto second = parameters(turned);
  CHECK(second.values().data() != first.values().data());
  CHECK(list(second.values()) ==
        joined<float>({repeated(6, 2.0f), repeated(2, 2.5f), repeated(6, 1.0f), repeated(2, 1.5f)}));
}

TEST_CASE("weights that are tied are packed once and stay tied") {
  Tied<float> model;
  const auto p = parameters(model);
  CHECK(p.entries().size() == 3);
  CHECK(p.values().size() == 10);
  CHECK(model.first.weight.data() == p.values().data());
  CHECK(model.second.weight.data() == p.values().data());
  CHECK(parameters(model).values().data() == p.values().data());
  backward(loss_of(model.first) + loss_of(model.second), p);
  CHECK(list(p.gradients()) == joined<float>({repeated(6, 2.0f), repeated(2, 3.0f), repeated(2, 3.0f)}));
}

TEST_CASE("runs are the fewest stretches of trainable elements, and follow freezing") {
  Model<float> model;
  const auto p = parameters(model);
  CHECK(p.runs() == Runs{{0, 16}});
  freeze(model, "hidden.bias");
  CHECK(p.runs() == Runs{{0, 6}, {8, 16}});
  CHECK(p.trainable_size() == 14);
  CHECK(!p.entries()[1].trainable);
  freeze(model, "out.*");
  CHECK(p.runs() == Runs{{0, 6}});
  freeze(model);
  CHECK(p.runs().empty());
  CHECK(p.trainable_size() == 0);
  unfreeze(model, "*.bias");
  CHECK(p.runs() == Runs{{6, 8}, {14, 16}});
}

TEST_CASE("a selection is on the same buffers, with its own runs") {
  Model<float> model;
  freeze(model, "out.bias");
  const auto p = parameters(model);
  const auto biases = p.select("*.bias");
  CHECK(biases.values().data() == p.values().data());
  CHECK(biases.gradients().data() == p.gradients().data());
  CHECK(biases.entries().size() == 2);
  CHECK(biases.entries()[1].offset == 14);
  CHECK(biases.runs() == Runs{{6, 8}});
  unfreeze(model);
  CHECK(biases.runs() == Runs{{6, 8}, {14, 16}});
  CHECK(p.select("hidden.*").runs() == Runs{{0, 8}});
  CHECK(error_of([&] { static_cast<void>(biases.select("out.weight")); }) ==
        "Parameters::select: no parameter fits 'out.weight'; there are hidden.bias, out.bias");
}

TEST_CASE("no parameter, or one of another element type, is an error and moves nothing") {
  Buffers buffers;
  CHECK(error_of([&] { parameters(buffers); }).find("parameters: the module has no parameters") == 0);
  Mixed mixed;
  const float* const home = mixed.single.weight.data();
  CHECK(error_of([&] { parameters(mixed); }) ==
        "parameters: 'fine.weight' has another element type; name it, as in parameters<double>(model)");
  CHECK_THROWS_AS(parameters<double>(mixed), Error);
  CHECK(mixed.single.weight.data() == home);
}

TEST_CASE("empty parameters have a name and no elements") {
  Layer<float> layer;
  layer.bias = variable(Tensor<>::zeros({0}));
  const auto p = parameters(layer);
  CHECK(p.entries().size() == 2);
  CHECK(p.values().size() == 6);
  CHECK(p.runs() == Runs{{0, 6}});
  CHECK(parameters(layer).values().data() == p.values().data());
}

TEST_CASE_TEMPLATE("backward gives the gradients of grad(), and replaces those of before", T, float, double) {
  Model<T> model;
  const auto p = parameters<T>(model);
  const auto loss = [&] {
    return loss_of(model.hidden) + loss_of(model.out) + sum(model.hidden.weight * model.out.weight * model.out.weight);
  };
  const auto wanted = grad(loss(), std::vector<Tensor<T>>(p.variables().begin(), p.variables().end()));
  const auto all = joined<T>({list(wanted[0]), list(wanted[1]), list(wanted[2]), list(wanted[3])});
  CHECK(all[0] == 5);  // w + v^2 at w = 1, v = 2
  CHECK(all[8] == 6);  // v + 2 w v
  p.gradients().fill(100);
  for (int i = 0; i < 2; ++i) {
    backward(loss(), p);
    CHECK(list(p.gradients()) == all);
  }
}

TEST_CASE("accumulate adds to the gradients that are there") {
  Model<float> model;
  const auto p = parameters(model);
  p.gradients().fill(100);
  backward(loss_of(model.out), p, {.accumulate = true});
  backward(loss_of(model.out) * 2, p, {.accumulate = true});
  CHECK(list(p.gradients()) == joined<float>({repeated(8, 100.0f), repeated(6, 106.0f), repeated(2, 109.0f)}));
}

TEST_CASE("parameters that the loss does not depend on get zeros") {
  Model<float> model;
  const auto p = parameters(model);
  p.gradients().fill(100);
  backward(loss_of(model.out), p);
  CHECK(list(p.gradients()) == joined<float>({repeated(8, 0.0f), repeated(6, 2.0f), repeated(2, 3.0f)}));
}

TEST_CASE("backward leaves the gradients of frozen parameters, and of those that are not selected") {
  Model<float> model;
  const auto p = parameters(model);
  p.gradients().fill(100);
  freeze(model, "hidden.weight");
  backward(loss_of(model.hidden) + loss_of(model.out), p.select("*.weight"));
  CHECK(list(p.gradients()) == joined<float>({repeated(8, 100.0f), repeated(6, 2.0f), repeated(2, 100.0f)}));
}

TEST_CASE("a loss that no trainable parameter leads to is an error") {
  Model<float> model;
  const auto p = parameters(model);
  freeze(model);
  CHECK(error_of([&] { backward(loss_of(model.out), p); }).find("backward: the loss does not depend on any variable") ==
        0);
  unfreeze(model);
  const auto unrecorded = [&] {
    const NoGrad guard;
    return loss_of(model.out);
  }();
  CHECK_THROWS_AS(backward(unrecorded, p), Error);
  CHECK(error_of([&] { backward(model.out.weight * 2.0f, p); }).find("[2, 3]") != std::string::npos);
}

TEST_CASE("the record is released by backward unless it is kept") {
  Model<float> model;
  const auto p = parameters(model);
  const auto loss = loss_of(model.out);
  backward(loss, p, {.keep_graph = true});
  backward(loss, p, {.accumulate = true});
  CHECK(p.gradients()(8) == 4);
  CHECK(error_of([&] { backward(loss, p); }).find("was released by an earlier backward()") != std::string::npos);
}

TEST_CASE("an update between forward and backward is the error of an overwritten tensor") {
  Model<float> model;
  auto p = parameters(model);
  auto optimizer = sgd({.lr = 0.1});
  const auto loss = loss_of(model.out);
  backward(loss, p, {.keep_graph = true});
  optimizer.update(p, {});
  CHECK(error_of([&] { backward(loss, p); }).find("was overwritten after it was used") != std::string::npos);
  backward(loss_of(model.out), p);
  CHECK(p.gradients()(8) == doctest::Approx(1.8));
}
