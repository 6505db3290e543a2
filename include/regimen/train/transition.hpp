// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "regimen/core/state.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/nn/module_state.hpp"

namespace regimen {

/// The model of a Program, whatever its type, and the names of its parameters that are frozen across phases.
template <class Device = Cpu>
class ModelHandle {
 public:
  template <class Model>
  [[gnu::cold]] explicit ModelHandle(Model& model)
      : visit_([&model](MemberVisitor<Device>& visitor) { visitor.visit(model); }),
        keep_tensors_([&model]() -> std::function<void()> {
          if constexpr (std::is_copy_constructible_v<Model> && std::is_copy_assignable_v<Model>)
            return [&model, kept = model] { model = kept; };
          else
            return [] {};
        }) {
    for_each_parameter<Device>(*this, [&](const std::string& name, auto& tensor) {
      if (tensor.node()->frozen) frozen_.push_back(name);
    });
  }

  void visit_members(MemberVisitor<Device>& visitor) { visit_(visitor); }

  /// Parameters that fit stay constant in all phases to come, whatever these train; unfreeze() ends that. Throws Error
  /// where none fits.
  void freeze(const std::string& pattern) { set("freeze", pattern, true); }
  void unfreeze(const std::string& pattern) { set("unfreeze", pattern, false); }
  bool is_frozen(const std::string& name) const {
    for (const std::string& frozen : frozen_)
      if (frozen == name) return true;
    return false;
  }

  /// Makes trainable what fits the pattern and is not frozen across phases, and freezes all else; layers whose mode's
  /// name fits are in training mode.
  void set_trainable(const std::string& pattern) {
    for_each_member<Device>(*this, [&](const std::string& name, auto& leaf) {
      if constexpr (requires { leaf.training; })
        leaf.training = matches(pattern, name);
      else if constexpr (requires { leaf.node(); }) {
        if (leaf.node() != nullptr) leaf.node()->frozen = is_frozen(name) || !matches(pattern, name);
      }
    });
  }

  /// What puts the model back to what it is now: its tensors (where it can be copied), their values, and what is
  /// frozen.
  std::function<void(ModelHandle&)> backup() {
    State values;
    save_module(*this, values);
    return [put_back = keep_tensors_(), values = values.clone(), frozen = frozen_](ModelHandle& handle) {
      put_back();
      load_module(handle, values);
      handle.frozen_ = frozen;
      for_each_parameter<Device>(
          handle, [&](const std::string& name, auto& tensor) { tensor.node()->frozen = handle.is_frozen(name); });
    };
  }

  [[gnu::cold]] void save(State& state) const {
    std::string names;
    for (const std::string& name : frozen_) names += name + "\n";
    state.put("frozen", names);
  }
  [[gnu::cold]] void load(const State& state) {
    const auto names = state.get<std::string>("frozen");
    frozen_.clear();
    for (std::size_t begin = 0; begin < names.size();) {
      const auto end = names.find('\n', begin);
      frozen_.push_back(names.substr(begin, end - begin));
      begin = end + 1;
    }
  }

 private:
  [[gnu::cold]] void set(const char* operation, const std::string& pattern, bool frozen) {
    detail::set_frozen<Device>(operation, *this, pattern, frozen);
    std::vector<std::string> kept;
    for (std::string& name : frozen_)
      if (!matches(pattern, name)) kept.push_back(std::move(name));
    frozen_ = std::move(kept);
    if (!frozen) return;
    for_each_parameter<Device>(*this, [&](const std::string& name, auto&) {
      if (matches(pattern, name)) frozen_.push_back(name);
    });
  }

  std::function<void(MemberVisitor<Device>&)> visit_;
  std::function<std::function<void()>()> keep_tensors_;
  std::vector<std::string> frozen_;
};

/// A change of the model between phases. f may change which tensors the model consists of, and their values, from
/// nothing but the model and what it holds itself: a resumed run does it again.
template <class Device = Cpu>
struct Transition {
  std::string name;
  std::function<void(ModelHandle<Device>&)> apply;
};

/// From now on the parameters that fit are constants in every phase, or no longer are.
template <class Device = Cpu>
[[gnu::cold]] Transition<Device> freezing(const std::string& pattern) {
  return {"freeze " + pattern, [pattern](ModelHandle<Device>& model) { model.freeze(pattern); }};
}
template <class Device = Cpu>
[[gnu::cold]] Transition<Device> unfreezing(const std::string& pattern) {
  return {"unfreeze " + pattern, [pattern](ModelHandle<Device>& model) { model.unfreeze(pattern); }};
}

/// Puts another module in the place of `part`, a member of the model: replacing(model.head, [=] { return Linear<>(64,
/// 20, rng); }). `make` is called when the phase begins: a copy of it, so that a mutable one gives the same each time.
template <class Device = Cpu, class Part, class Make>
[[gnu::cold]] Transition<Device> replacing(Part& part, Make make) {
  return {"replace", [&part, make](ModelHandle<Device>&) {
            Make fresh = make;
            part = fresh();
          }};
}

/// Overwrites the parameters that fit with f(name, shape): reinitialising("head.*.weight", [rng](auto& name, auto&
/// shape) mutable { return rng.normal(shape, 0, 0.02f); }). f is copied first, so each run draws the same numbers.
template <class T = float, class Device = Cpu, class F>
[[gnu::cold]] Transition<Device> reinitialising(const std::string& pattern, F f) {
  return {"initialise " + pattern, [pattern, f](ModelHandle<Device>& model) {
            F draw = f;
            bool any = false;
            for_each_parameter<Device>(model, [&](const std::string& name, auto& tensor) {
              if constexpr (std::is_same_v<typename std::remove_cvref_t<decltype(tensor)>::Scalar, T>) {
                if (!matches(pattern, name)) return;
                tensor.assign(draw(name, tensor.shape()).detach());
                any = true;
              }
            });
            if (!any)
              detail::fail("reinitialising", {"no parameter fits '", pattern, "'"},
                           "see for_each_parameter() for the names");
          }};
}

}  // namespace regimen
