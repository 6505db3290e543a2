// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "regimen/core/state.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/nn/pattern.hpp"
#include "regimen/optim/check.hpp"
#include "regimen/optim/optimizer.hpp"
#include "regimen/optim/schedule/schedule.hpp"

namespace regimen::detail {

/// Consecutive trainable elements: where they begin in the parameters and in an optimizer's state, and whether the mask
/// selects them.
struct Stretch {
  std::int64_t parameter, state, count;
  bool masked;
};

/// The trainable elements of a set of parameters as stretches, found at the first use and checked at the later ones.
class Layout {
 public:
  explicit Layout(const char* operation, std::string mask = "*") : operation_(operation), mask_(std::move(mask)) {}

  /// Throws Error where the trainable set is not the one of the first use, or of the state that was loaded.
  template <class T, class Device>
  void match(const Parameters<T, Device>& parameters) {
    const auto& runs = parameters.runs();
    if (!known_) {
      for (const auto& run : runs) runs_.push_back({run.begin, run.end});
      known_ = true;
    }
    bool same = runs.size() == runs_.size();
    for (std::size_t i = 0; same && i < runs.size(); ++i)
      same = runs[i].begin == runs_[i].begin && runs[i].end == runs_[i].end;
    if (!same) [[unlikely]]
      fail(operation_,
           "the trainable set has changed: " + std::to_string(total()) + " elements at the first update, now " +
               std::to_string(total_of(runs)) + " in " + std::to_string(runs.size()) + " runs",
           "begin with a new optimizer after freezing or unfreezing");
    if (stretches_.empty()) find_stretches(parameters);
  }

  const std::vector<Stretch>& stretches() const { return stretches_; }

  /// Number of trainable elements; 0 before the first use.
  std::int64_t total() const { return total_of(runs_); }

  void save(State& state) const {
    auto runs = Tensor<std::int64_t>::empty({static_cast<std::int64_t>(runs_.size()), 2});
    std::int64_t* out = runs.mutable_data();
    for (const Run& run : runs_) {
      *out++ = run.begin;
      *out++ = run.end;
    }
    state.put("runs", runs);
  }

  /// An unused layout with this one's mask.
  Layout fresh() const { return Layout(operation_, mask_); }

  /// The layout that was saved, with this one's mask.
  Layout loaded(const State& state) const {
    const auto runs = state.get<Tensor<std::int64_t>>("runs");
    Layout result = fresh();
    result.known_ = true;
    std::int64_t before = 0;
    bool right = runs.rank() == 2 && runs.size(1) == 2;
    for (std::int64_t i = 0; right && i < runs.size(0); ++i) {
      const Run run{runs.data()[2 * i], runs.data()[2 * i + 1]};
      right = before <= run.begin && run.begin < run.end;
      before = run.end;
      result.runs_.push_back(run);
    }
    if (!right) fail(operation_, "the saved runs are not ascending pairs", "the state is damaged");
    return result;
  }

 private:
  struct Run {
    std::int64_t begin, end;
  };

  template <class Runs>
  static std::int64_t total_of(const Runs& runs) {
    std::int64_t sum = 0;
    for (const auto& run : runs) sum += run.end - run.begin;
    return sum;
  }

  template <class T, class Device>
  void find_stretches(const Parameters<T, Device>& parameters) {
    std::int64_t state = 0;
    for (const auto& entry : parameters.entries()) {
      if (!entry.trainable || entry.size == 0) continue;
      const bool masked = matches(mask_, entry.name);
      Stretch* last = stretches_.empty() ? nullptr : &stretches_.back();
      if (last != nullptr && last->masked == masked && last->parameter + last->count == entry.offset)
        last->count += entry.size;
      else
        stretches_.push_back({entry.offset, state, entry.size, masked});
      state += entry.size;
    }
  }

  const char* operation_;
  std::string mask_;
  bool known_ = false;
  std::vector<Run> runs_;
  std::vector<Stretch> stretches_;
};

/// Throws Error unless `state` was saved by a component of this kind.
inline void check_kind(const char* operation, const State& state) {
  const auto kind = state.get<std::string>("kind");
  if (kind != operation)
    fail(operation, "the state is of '" + kind + "'", "load it into the kind of component that saved it");
}

/// An optimizer's arrays, each with one element a trainable element, zero at first, and the number of updates done.
/// A copy has arrays of its own.
template <class T, class Device>
class OptimizerState {
 public:
  OptimizerState(const char* operation, std::vector<const char*> names, std::string mask = "*")
      : operation_(operation), names_(std::move(names)), layout_(operation, std::move(mask)) {}
  OptimizerState(const OptimizerState& other)
      : operation_(other.operation_), names_(other.names_), updates_(other.updates_), layout_(other.layout_) {
    for (const auto& array : other.arrays_) arrays_.push_back(array.clone());
  }
  OptimizerState(OptimizerState&&) noexcept = default;
  OptimizerState& operator=(OptimizerState other) noexcept {
    operation_ = other.operation_;
    names_.swap(other.names_);
    arrays_.swap(other.arrays_);
    updates_ = other.updates_;
    std::swap(layout_, other.layout_);
    return *this;
  }
  ~OptimizerState() = default;

  const char* operation() const { return operation_; }
  std::int64_t updates() const { return updates_; }

  /// Begins an update of these parameters: sizes the arrays at the first. Returns its number, from 1.
  std::int64_t begin(const Parameters<T, Device>& parameters) {
    layout_.match(parameters);
    if (arrays_.size() != names_.size())
      for (std::size_t i = 0; i < names_.size(); ++i) arrays_.push_back(Tensor<T, Device>::zeros({layout_.total()}));
    return ++updates_;
  }

  /// Throws Error where the trainable set is not the one of the first update.
  void match(const Parameters<T, Device>& parameters) { layout_.match(parameters); }

  const std::vector<Stretch>& stretches() const { return layout_.stretches(); }
  T* array(int i) const { return arrays_[static_cast<std::size_t>(i)].mutable_data(); }

  void save(State& state) const {
    state.put("kind", operation_);
    state.put("updates", updates_);
    if (updates_ == 0) return;
    layout_.save(state);
    for (std::size_t i = 0; i < names_.size(); ++i) state.put(names_[i], arrays_[i]);
  }

  void load(const State& state) {
    check_kind(operation_, state);
    const auto updates = state.get_count("updates");
    Layout layout = updates == 0 ? layout_.fresh() : layout_.loaded(state);
    std::vector<Tensor<T, Device>> arrays;
    if (updates > 0)
      for (const char* name : names_)
        arrays.push_back(state.get<Tensor<T, Device>>(name, Shape{layout.total()}).clone());
    layout_ = std::move(layout);
    arrays_ = std::move(arrays);
    updates_ = updates;
  }

 private:
  const char* operation_;
  std::vector<const char*> names_;
  std::vector<Tensor<T, Device>> arrays_;
  std::int64_t updates_ = 0;
  Layout layout_;
};

/// The learning rate of a step. Throws Error where it is negative or not finite.
inline double learning_rate(const char* operation, const Schedule& lr, const Progress& progress) {
  const double value = lr(progress.step);
  if (!(value >= 0) || !std::isfinite(value)) [[unlikely]]
    fail(operation,
         "the learning rate at step " + std::to_string(progress.step) + " is " + number_text(value) + " (" + lr.name() +
             ")",
         "it must be finite and not negative");
  return value;
}

}  // namespace regimen::detail
