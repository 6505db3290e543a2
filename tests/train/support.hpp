// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <variant>

#include "regimen/core/state.hpp"
#include "regimen/data/epoch_sampler.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module_state.hpp"
#include "regimen/ops/unary.hpp"
#include "regimen/optim/sgd.hpp"
#include "regimen/train/program.hpp"
#include "support/files.hpp"

namespace regimen::test {

/// Whether an Error of f names all of the texts.
template <class F, class... Texts>
bool fails_with(F f, const Texts&... texts) {
  const std::string text = error_of(f);
  return text != "no Error" && ((text.find(texts) != text.npos) && ...);
}

/// Names, types, shapes and bits.
inline bool same(const State& a, const State& b) {
  const auto x = a.entries(), y = b.entries();
  if (x.size() != y.size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i].name != y[i].name || x[i].value.index() != y[i].value.index()) return false;
    const bool equal = std::visit(
        [&]<class V>(const V& value) {
          const V& other = std::get<V>(y[i].value);
          if constexpr (requires { value.shape(); })
            return value.shape() == other.shape() &&
                   std::memcmp(value.data(), other.data(),
                               sizeof(*value.data()) * static_cast<std::size_t>(value.size())) == 0;
          else
            return value == other;
        },
        x[i].value);
    if (!equal) return false;
  }
  return true;
}

/// A copy of what a module holds.
template <class Model>
State values(Model& model) {
  State state;
  save_module(model, state);
  return state.clone();
}

/// Three inputs, two classes, dropout between the layers.
struct Net {
  Linear<> hidden;
  Dropout drop;
  Linear<> out;
  explicit Net(Rng rng, double p = 0.25) : hidden(3, 8, rng), drop(p, rng), out(8, 2, rng) {}
  Tensor<> operator()(const Tensor<>& x) const { return out(drop(tanh(hidden(x)))); }
  REGIMEN_MODULE(hidden, drop, out)
};

/// Two classes that a network can tell apart.
inline Dataset<> toy(std::int64_t n = 24) {
  Rng rng(3);
  Dataset<> dataset{.inputs = rng.normal({n, 3}), .labels = Tensor<std::int64_t>::empty({n})};
  for (std::int64_t i = 0; i < n; ++i)
    dataset.labels.mutable_data()[i] = dataset.inputs.data()[3 * i] > dataset.inputs.data()[3 * i + 1] ? 1 : 0;
  return dataset;
}

inline Objective<> classify(const Net& net, const Dataset<>& dataset) {
  return on(dataset, [&net](const Batch<>& b) { return cross_entropy(net(b.inputs), b.labels); });
}

/// A phase that trains a Net in two steps; tests change what they are about.
inline Phase<> training(const Net& net, const Dataset<>& dataset) {
  return {.name = "training",
          .objective = classify(net, dataset),
          .sampler = ShuffledSampler(dataset.size(), Rng(5), {.batch_size = 8}),
          .optimizer = sgd({.lr = 0.1, .momentum = 0.9}),
          .until = steps(2)};
}

/// Calls functions.
struct Watch : Observer {
  std::function<void(const StepReport&)> begins = {}, steps = {}, ends = {};
  void phase_begins(const StepReport& report) override {
    if (begins) begins(report);
  }
  void step(const StepReport& report) override {
    if (steps) steps(report);
  }
  void phase_ends(const StepReport& report) override {
    if (ends) ends(report);
  }
};
inline std::shared_ptr<Watch> watch(std::function<void(const StepReport&)> steps) {
  auto result = std::make_shared<Watch>();
  result->steps = std::move(steps);
  return result;
}

}  // namespace regimen::test
