// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <concepts>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

/// What a component needs to resume: named values, in order, and named States inside it. A name is a path: the value
/// "optimizer.m" is the value "m" of scope("optimizer"), and hidden.weight of scope("model") is "model.hidden.weight".
///
/// A component that has state has these two; load checks everything before it changes anything:
///
///   void save(State& state) const { state.put("step", step_); rule_.save(state.scope("rule")); }
///   void load(const State& state) { const auto step = state.get<std::int64_t>("step"); ... }
///
/// Tensors are shared with whoever put them, not copied: write the State out, or clone() it, before training goes on.
class State {
 public:
  using Value =
      std::variant<Tensor<float>, Tensor<double>, Tensor<std::int64_t>, std::int64_t, double, bool, std::string>;

  /// Adds a value: a tensor, an integer, a number, a bool, a text, or an Rng. Throws Error for a name that is there
  /// already or is no path, an undefined tensor, and an integer beyond 64 signed bits.
  template <class V>
  [[gnu::cold]] void put(std::string_view name, const V& value) {
    if constexpr (std::same_as<V, Rng>) {
      auto words = Tensor<std::int64_t>::empty({4});
      std::int64_t* out = words.mutable_data();
      for (const std::uint64_t word : value.state()) *out++ = static_cast<std::int64_t>(word);
      add(name, words);
    } else if constexpr (std::integral<V> && !std::same_as<V, bool>) {
      if (!std::in_range<std::int64_t>(value))
        detail::fail("State::put", {"'", full(name), "' is ", value}, "integers are 64 signed bits");
      add(name, static_cast<std::int64_t>(value));
    } else if constexpr (std::floating_point<V>) {
      add(name, static_cast<double>(value));
    } else if constexpr (std::convertible_to<V, std::string_view>) {
      add(name, std::string(std::string_view(value)));
    } else {
      add(name, Value(value));
    }
  }

  /// The value of a name. V is one of Value's types, or Rng. Throws Error where there is none, or one of another type.
  template <class V>
  [[gnu::cold]] V get(std::string_view name) const {
    const Value& value = at(name);
    if constexpr (std::same_as<V, Rng>) {
      const auto* words = std::get_if<Tensor<std::int64_t>>(&value);
      if (words == nullptr || words->size() != 4) wrong_type(name, value, "an Rng");
      const auto* word = reinterpret_cast<const std::uint64_t*>(words->data());
      return Rng::from_state({word[0], word[1], word[2], word[3]});
    } else {
      const auto* found = std::get_if<V>(&value);
      if (found == nullptr) wrong_type(name, value, type_names[Value(V{}).index()]);
      return *found;
    }
  }

  /// The tensor of a name, which must have this shape: Error otherwise.
  template <class V>
  [[gnu::cold]] V get(std::string_view name, const Shape& shape) const {
    V tensor = get<V>(name);
    if (!(tensor.shape() == shape))
      detail::fail("State::get", {"'", full(name), "' is ", tensor.shape(), ", expected ", shape},
                   "the state belongs to a component of other sizes");
    return tensor;
  }

  /// The integer of a name, which counts something: Error where it is negative, or so large that counting on from it
  /// could overflow.
  [[gnu::cold]] std::int64_t get_count(std::string_view name) const {
    const auto count = get<std::int64_t>(name);
    if (count < 0 || count > std::int64_t{1} << 62)
      detail::fail("State::get_count", {"'", full(name), "' is ", count}, "the state is damaged");
    return count;
  }

  bool contains(std::string_view name) const { return find(name) != nullptr; }

  /// The State inside this one under a name, as scope() has it, but empty where there is none: what a component without
  /// state is loaded from.
  [[gnu::cold]] const State& part(std::string_view name) const {
    static const State empty;
    const auto [first, rest] = split(name);
    const State* inner = child(first);
    if (inner == nullptr) return empty;
    return rest.empty() ? *inner : inner->part(rest);
  }

  /// The State inside this one under a name; the first form adds it where there is none, the second throws Error.
  /// The reference stays valid as more is added.
  [[gnu::cold]] State& scope(std::string_view name) {
    check(name);
    const auto [first, rest] = split(name);
    State* inner = child(first);
    if (inner == nullptr) {
      inner = &scopes_.emplace_back();
      inner->name_ = first;
      inner->path_ = full(first) + ".";
    }
    return rest.empty() ? *inner : inner->scope(rest);
  }
  [[gnu::cold]] const State& scope(std::string_view name) const {
    const auto [first, rest] = split(name);
    const State* inner = child(first);
    if (inner == nullptr) detail::fail("State::scope", {"there is no '", full(name), "'"}, contents());
    return rest.empty() ? *inner : inner->scope(rest);
  }

  struct Entry {
    std::string name;
    Value value;
  };

  /// All values under their flat names: this State's own, then those of its scopes, each in the order of arrival.
  [[gnu::cold]] std::vector<Entry> entries() const {
    std::vector<Entry> result;
    collect("", result);
    return result;
  }

  /// This State with tensors of its own.
  [[gnu::cold]] State clone() const {
    State result = *this;
    result.own();
    return result;
  }

 private:
  static constexpr const char* type_names[] = {
      "a float tensor", "a double tensor", "an integer tensor", "an integer", "a number", "a bool", "a text"};

  /// The path's first name and the rest.
  [[gnu::cold]] static std::pair<std::string_view, std::string_view> split(std::string_view path) {
    const auto dot = path.find('.');
    if (dot == path.npos) return {path, {}};
    return {path.substr(0, dot), path.substr(dot + 1)};
  }

  [[gnu::cold]] State* child(std::string_view name) {
    for (State& scope : scopes_)
      if (scope.name_ == name) return &scope;
    return nullptr;
  }
  const State* child(std::string_view name) const { return const_cast<State*>(this)->child(name); }

  std::string full(std::string_view name) const { return path_ + std::string(name); }

  [[gnu::cold]] void check(std::string_view path) const {
    if (path.empty() || path.front() == '.' || path.back() == '.' || path.find("..") != path.npos)
      detail::fail("State", {"'", full(path), "' is no name"}, "names are not empty, and joined by single dots");
  }

  [[gnu::cold]] void add(std::string_view name, Value value) {
    check(name);
    const auto dot = name.rfind('.');
    if (dot != name.npos) return scope(name.substr(0, dot)).add(name.substr(dot + 1), std::move(value));
    if (contains(name)) detail::fail("State::put", {"there already is '", full(name), "'"}, "names must differ");
    const bool defined = std::visit(
        [](const auto& v) {
          if constexpr (requires { v.defined(); }) return v.defined();
          return true;
        },
        value);
    if (!defined) detail::fail("State::put", {"the tensor '", full(name), "' is undefined"}, "leave the name out");
    values_.push_back({std::string(name), std::move(value)});
  }

  [[gnu::cold]] const Value* find(std::string_view name) const {
    const auto dot = name.find('.');
    if (dot != name.npos) {
      const State* inner = child(name.substr(0, dot));
      return inner == nullptr ? nullptr : inner->find(name.substr(dot + 1));
    }
    for (const Entry& entry : values_)
      if (entry.name == name) return &entry.value;
    return nullptr;
  }

  [[gnu::cold]] const Value& at(std::string_view name) const {
    const Value* value = find(name);
    if (value == nullptr) detail::fail("State::get", {"there is no '", full(name), "'"}, contents());
    return *value;
  }

  [[noreturn, gnu::cold]] void wrong_type(std::string_view name, const Value& value, const char* wanted) const {
    detail::fail("State::get", {"'", full(name), "' is ", type_names[value.index()], ", expected ", wanted},
                 "the state belongs to another component");
  }

  [[gnu::cold]] std::string contents() const {
    std::string names;
    for (const Entry& entry : values_) names += (names.empty() ? "" : ", ") + entry.name;
    for (const State& scope : scopes_) names += (names.empty() ? "" : ", ") + scope.name_ + ".*";
    return names.empty() ? "nothing is here" : "here are: " + names;
  }

  [[gnu::cold]] void collect(const std::string& prefix, std::vector<Entry>& result) const {
    for (const Entry& entry : values_) result.push_back({prefix + entry.name, entry.value});
    for (const State& scope : scopes_) scope.collect(prefix + scope.name_ + ".", result);
  }

  [[gnu::cold]] void own() {
    for (Entry& entry : values_)
      std::visit(
          [](auto& value) {
            if constexpr (requires { value.clone(); }) value = value.clone();
          },
          entry.value);
    for (State& scope : scopes_) scope.own();
  }

  std::string name_, path_;  // in the State around this one; from the outermost one, for messages
  std::vector<Entry> values_;
  std::list<State> scopes_;
};

}  // namespace regimen
