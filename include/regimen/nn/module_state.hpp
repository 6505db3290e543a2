// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "regimen/core/state.hpp"
#include "regimen/nn/module.hpp"

namespace regimen {

namespace detail {

/// The values of leaves that save_module puts into a State.
template <class Device>
[[gnu::cold]] void save_leaves(const std::vector<Leaf<Device>>& leaves, State& state) {
  std::vector<const Node*> seen;  // tied weights stand there once
  for (const auto& leaf : leaves)
    std::visit(
        [&](const auto* member) {
          if constexpr (requires { member->detach(); }) {
            const Node* const own = member->node();
            for (const Node* node : seen)
              if (node == own) return;
            if (own != nullptr) seen.push_back(own);
            state.put(leaf.name, member->detach());
          } else if constexpr (!requires { member->training; }) {
            state.put(leaf.name, *member);
          }
        },
        leaf.member);
}

template <class Device>
[[gnu::cold]] void load_leaves(const std::vector<Leaf<Device>>& leaves, const State& state) {
  State own;
  save_leaves(leaves, own);
  const auto wanted = own.entries(), found = state.entries();
  for (const State::Entry& entry : wanted) {
    if (!state.contains(entry.name))
      fail("load_module", {"there is no '", entry.name, "' in the state"}, "it was saved from another model");
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
      fail("load_module", {"the model has no '", entry.name, "'"}, "it was saved from another model");
  for (const auto& leaf : leaves)
    std::visit(
        [&](auto* member) {
          using Member = std::remove_pointer_t<decltype(member)>;
          if constexpr (std::is_same_v<Member, Rng>)
            *member = state.get<Rng>(leaf.name);
          else if constexpr (!std::is_same_v<Member, Mode>) {
            if (state.contains(leaf.name)) member->assign(state.get<Member>(leaf.name));
          }
        },
        leaf.member);
}

}  // namespace detail

/// Puts a module's parameters, buffers and random numbers into a State, under their names. The tensors are shared.
template <class Model>
void save_module(Model& model, State& state) {
  detail::save_leaves(leaves(model), state);
}

/// Reads back what save_module put: the elements are overwritten in place, so that whoever shares them sees them.
/// Throws Error, and changes nothing, where the State has not exactly the module's names, types and shapes.
template <class Model>
void load_module(Model& model, const State& state) {
  detail::load_leaves(leaves(model), state);
}

}  // namespace regimen
