// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "regimen/core/state.hpp"
#include "regimen/nn/module.hpp"

namespace regimen {

/// Puts a module's parameters, buffers and random numbers into a State, under their names. The tensors are shared.
template <class Model>
void save_module(Model& model, State& state) {
  std::vector<const Node*> seen;  // tied weights stand there once
  for_each_member(model, [&](const std::string& name, auto& leaf) {
    using Leaf = std::remove_cvref_t<decltype(leaf)>;
    if constexpr (std::is_same_v<Leaf, Mode>) {
      return;
    } else if constexpr (requires { leaf.detach(); }) {
      for (const Node* node : seen)
        if (node == leaf.node()) return;
      if (leaf.node() != nullptr) seen.push_back(leaf.node());
      state.put(name, leaf.detach());
    } else {
      state.put(name, leaf);
    }
  });
}

/// Reads back what save_module put: the elements are overwritten in place, so that whoever shares them sees them.
/// Throws Error, and changes nothing, where the State has not exactly the module's names, types and shapes.
template <class Model>
void load_module(Model& model, const State& state) {
  State own;
  save_module(model, own);
  const auto wanted = own.entries(), found = state.entries();
  for (const State::Entry& entry : wanted) {
    if (!state.contains(entry.name))
      detail::fail("load_module", {"there is no '", entry.name, "' in the state"}, "it was saved from another model");
    std::visit(
        [&](const auto& value) {
          using V = std::remove_cvref_t<decltype(value)>;
          if constexpr (requires { value.shape(); })
            static_cast<void>(state.get<V>(entry.name, value.shape()));
          else
            static_cast<void>(state.get<V>(entry.name));
        },
        entry.value);
  }
  for (const State::Entry& entry : found)
    if (!own.contains(entry.name))
      detail::fail("load_module", {"the model has no '", entry.name, "'"}, "it was saved from another model");
  for_each_member(model, [&](const std::string& name, auto& leaf) {
    using Leaf = std::remove_cvref_t<decltype(leaf)>;
    if constexpr (std::is_same_v<Leaf, Rng>)
      leaf = state.get<Rng>(name);
    else if constexpr (!std::is_same_v<Leaf, Mode>) {
      if (state.contains(name)) leaf.assign(state.get<Leaf>(name));
    }
  });
}

}  // namespace regimen
