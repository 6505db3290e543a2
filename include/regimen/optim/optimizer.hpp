// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include "regimen/core/error.hpp"
#include "regimen/core/state.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/optim/progress.hpp"

namespace regimen {

/// What can be an Optimizer or a link of a chain: it changes the parameters' gradients (a transform), their values (an
/// optimizer) or neither, and can be saved and loaded. For example a transform that flips gradients' signs:
///
///   struct Flip {
///     template <class T>
///     void update(Parameters<T>& parameters, const Progress&) {
///       for (const auto& run : parameters.runs())
///         kernel::scale(Cpu{}, run.end - run.begin, T(-1), parameters.gradients().mutable_data() + run.begin);
///     }
///     void save(State&) const {}
///     void load(const State&) {}
///   };
template <class U, class T, class Device>
concept GradientTransform = std::copy_constructible<U> &&
    requires(U transform, const U& saved, Parameters<T, Device>& parameters, const Progress& progress, State& to,
             const State& from) {
  transform.update(parameters, progress);
  saved.save(to);
  transform.load(from);
};

/// Any optimizer as a value: adamw({...}), chain(...), or a struct of yours. A copy is independent: it continues with a
/// state of its own.
template <class T = float, class Device = Cpu>
class Optimizer {
 public:
  using Scalar = T;
  using DeviceType = Device;

  /// No optimizer: update() is an Error.
  Optimizer() = default;

  template <class U>
  requires(!std::is_same_v<std::remove_cvref_t<U>, Optimizer> && GradientTransform<std::remove_cvref_t<U>, T, Device>)
      Optimizer(U&& rule)
      : rule_(new RuleOf<std::remove_cvref_t<U>>(std::forward<U>(rule))) {}

  Optimizer(const Optimizer& other) : rule_(other.rule_ == nullptr ? nullptr : other.rule_->clone()) {}
  Optimizer(Optimizer&& other) noexcept : rule_(std::exchange(other.rule_, nullptr)) {}
  // Two operators for clang 14, as in Tensor.
  Optimizer& operator=(const Optimizer& other) { return *this = Optimizer(other); }
  Optimizer& operator=(Optimizer&& other) noexcept {
    Optimizer taken(std::move(other));
    std::swap(rule_, taken.rule_);
    return *this;
  }
  ~Optimizer() { delete rule_; }

  bool defined() const { return rule_ != nullptr; }

  /// One update of the trainable parameters from their gradients.
  void update(Parameters<T, Device>& parameters, const Progress& progress) { rule().update(parameters, progress); }

  void save(State& state) const { rule().save(state); }
  /// Throws Error, and changes nothing, where the state is not of an optimizer of the same kind.
  void load(const State& state) { rule().load(state); }

 private:
  struct Rule {
    virtual ~Rule() = default;
    virtual Rule* clone() const = 0;
    virtual void update(Parameters<T, Device>& parameters, const Progress& progress) = 0;
    virtual void save(State& state) const = 0;
    virtual void load(const State& state) = 0;
  };
  template <class U>
  struct RuleOf final : Rule {
    explicit RuleOf(const U& from) : u(from) {}
    explicit RuleOf(U&& from) : u(std::move(from)) {}
    Rule* clone() const override { return new RuleOf(u); }
    void update(Parameters<T, Device>& parameters, const Progress& progress) override {
      u.update(parameters, progress);
    }
    void save(State& state) const override { u.save(state); }
    void load(const State& state) override { u.load(state); }
    U u;
  };

  Rule& rule() const {
    if (rule_ == nullptr) [[unlikely]]
      detail::fail("Optimizer", "used before it was given a value", "assign one, for example adamw({...})");
    return *rule_;
  }

  Rule* rule_ = nullptr;
};

}  // namespace regimen
