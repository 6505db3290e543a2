// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/pattern.hpp"

/// Makes a struct a module: lists the members that hold its parameters, buffers, random numbers, mode and submodules.
/// Each is named by its member's name, inside a submodule "submodule.member", in a std::vector "member.0", ...
///
///   struct Mlp {
///     Linear<> hidden, out;
///     Mlp(int in, int width, int classes, Rng& rng) : hidden{in, width, rng}, out{width, classes, rng} {}
///     auto operator()(const Tensor<>& x) const { return out(relu(hidden(x))); }
///     REGIMEN_MODULE(hidden, out)  // "hidden.weight", "hidden.bias", "out.weight", "out.bias"
///   };
///
/// A tensor member that is a variable(x) is a parameter, any other a buffer; an undefined one is left out. Copying a
/// module copies its handles: both share the parameters; see clone().
#define REGIMEN_MODULE(...)                                                          \
  template <class Visitor>                                                           \
  void visit_members(Visitor& visitor) {                                             \
    ::regimen::detail::visit_each(visitor, #__VA_ARGS__ __VA_OPT__(, ) __VA_ARGS__); \
  }

namespace regimen {

/// Whether a module is being trained; a member of layers that behave differently then, such as Dropout.
struct Mode {
  bool training = true;
};

/// A leaf of a module with its whole name: a tensor that is defined, an Rng or a Mode.
template <class Device = Cpu>
struct Leaf {
  using Pointer =
      std::variant<Tensor<float, Device>*, Tensor<double, Device>*, Tensor<std::int64_t, Device>*, Rng*, Mode*>;

  std::string name;
  Pointer member;
};

/// A walk over all that a module consists of, which gathers its leaves.
template <class Device = Cpu>
class MemberVisitor {
 public:
  /// What has been met; the visitor is empty then.
  std::vector<Leaf<Device>> take() { return std::move(leaves_); }

  /// Visits a member: a leaf, a module, or a container of either.
  template <class Member>
  void member(std::string_view name, Member& member) {
    const std::size_t size = path_.size();
    if (size != 0) path_ += '.';
    path_ += name;
    visit(member);
    path_.resize(size);
  }

  template <class Member>
  void visit(Member& member) {
    if constexpr (requires { member.visit_members(*this); }) {
      member.visit_members(*this);
    } else if constexpr (std::is_constructible_v<typename Leaf<Device>::Pointer, Member*>) {
      if constexpr (requires { member.defined(); }) {
        if (!member.defined()) return;
      }
      leaves_.push_back({path_, &member});
    } else if constexpr (requires { member.begin(), member.end(); }) {
      std::size_t i = 0;
      for (auto& element : member) this->member(std::to_string(i++), element);
    } else {
      static_assert(
          !sizeof(Member),
          "REGIMEN_MODULE: members are tensors, Rng, Mode, structs with REGIMEN_MODULE, or containers of these");
    }
  }

 private:
  std::string path_;
  std::vector<Leaf<Device>> leaves_;
};

/// A struct with REGIMEN_MODULE.
template <class M>
concept Module = requires(M value, MemberVisitor<Cpu>& visitor) {
  value.visit_members(visitor);
};

namespace detail {

/// Visits members under the names of the macro's text, "hidden, out".
template <class Visitor, class... Members>
void visit_each(Visitor& visitor, std::string_view names, Members&... members) {
  [[maybe_unused]] const auto next = [&] {
    const auto end = names.find(',');
    std::string_view name = names.substr(0, end);
    names.remove_prefix(end == names.npos ? names.size() : end + 1);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && (name.back() == ' ' || name.back() == '_')) name.remove_suffix(1);
    return name;
  };
  (visitor.member(next(), members), ...);
}

template <class Member>
inline constexpr bool is_real_tensor = requires(Member member) {
  member.node();
  requires std::is_floating_point_v<typename Member::Scalar>;
};

}  // namespace detail

/// All leaves of a module. They point into it: they last as long as its members stay where they are.
template <class Device = Cpu, class Model>
std::vector<Leaf<Device>> leaves(Model& model) {
  MemberVisitor<Device> visitor;
  visitor.visit(model);
  return visitor.take();
}

/// Calls f(name, leaf) for every leaf of a module, with its whole name: tensors that are defined, Rng and Mode.
template <class Device = Cpu, class Model, class F>
void for_each_member(Model& model, F&& f) {
  for (const Leaf<Device>& leaf : leaves<Device>(model))
    std::visit([&](auto* member) { f(leaf.name, *member); }, leaf.member);
}

/// Calls f(name, tensor) for every parameter of a module, frozen or not. A parameter that stands in two places (tied
/// weights) is met at both.
template <class Device = Cpu, class Model, class F>
void for_each_parameter(Model& model, F&& f) {
  for_each_member<Device>(model, [&](const std::string& name, auto& leaf) {
    if constexpr (detail::is_real_tensor<std::remove_cvref_t<decltype(leaf)>>) {
      if (leaf.node() != nullptr) f(name, leaf);
    }
  });
}

/// Sets every layer of a module to training or to evaluation.
template <class Device = Cpu, class Model>
void set_training(Model& model, bool training) {
  for_each_member<Device>(model, [&](const std::string&, auto& leaf) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(leaf)>, Mode>) leaf.training = training;
  });
}

namespace detail {

template <class Device, class Model>
std::int64_t set_frozen(const char* operation, Model& model, std::string_view pattern, bool frozen) {
  std::int64_t count = 0;
  std::string names;
  for_each_parameter<Device>(model, [&](const std::string& name, auto& tensor) {
    names += (names.empty() ? "" : ", ") + name;
    if (!matches(pattern, name)) return;
    tensor.node()->frozen = frozen;
    ++count;
  });
  if (count == 0)
    fail(operation, "no parameter fits '" + std::string(pattern) + "'",
         "the module has " + (names.empty() ? "none" : names));
  return count;
}

}  // namespace detail

/// The parameters that fit the pattern count as constants until unfreeze(): no gradient, no update. Returns how many
/// they are. Throws Error where none fits.
template <class Device = Cpu, class Model>
std::int64_t freeze(Model& model, std::string_view pattern = "*") {
  return detail::set_frozen<Device>("freeze", model, pattern, true);
}
template <class Device = Cpu, class Model>
std::int64_t unfreeze(Model& model, std::string_view pattern = "*") {
  return detail::set_frozen<Device>("unfreeze", model, pattern, false);
}

/// A copy with tensors of its own: same values, same frozen parameters, and parameters that are tied in the model are
/// tied in the copy.
template <class Device = Cpu, class Model>
Model clone(const Model& model) {
  Model copy = model;
  // The model's parameters, and the copy's.
  std::vector<std::pair<const Node*, Tensor<float, Device>>> floats;
  std::vector<std::pair<const Node*, Tensor<double, Device>>> doubles;
  const auto known = [&]<class T>(const Tensor<T, Device>&) -> auto& {
    if constexpr (std::is_same_v<T, float>) return floats;
    if constexpr (std::is_same_v<T, double>) return doubles;
  };
  for_each_member<Device>(copy, [&](const std::string&, auto& leaf) {
    using Leaf = std::remove_cvref_t<decltype(leaf)>;
    if constexpr (detail::is_real_tensor<Leaf>) {
      const Node* const from = leaf.node();
      if (from != nullptr)
        for (const auto& [node, copied] : known(leaf))
          if (node == from) {
            leaf = copied;
            return;
          }
      leaf = leaf.clone();
      if (from == nullptr) return;
      leaf = variable(leaf);
      leaf.node()->frozen = from->frozen;
      known(leaf).push_back({from, leaf});
    } else if constexpr (requires { leaf.clone(); }) {
      leaf = leaf.clone();
    }
  });
  return copy;
}

}  // namespace regimen
