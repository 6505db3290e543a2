// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "regimen/optim/each_parameter.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen::detail {

/// The state of an optimizer that keeps tensors of other sizes than the parameters': some for each trainable parameter,
/// zero at first, and the number of updates done. A copy has tensors of its own.
template <class T, class Device>
class PartStates {
 public:
  using Tensors = std::vector<Tensor<T, Device>>;

  explicit PartStates(const char* operation) : operation_(operation), layout_(operation) {}
  PartStates(const PartStates& other)
      : operation_(other.operation_), updates_(other.updates_), checked_(other.checked_), layout_(other.layout_) {
    for (const Tensors& tensors : other.tensors_) {
      Tensors& copy = tensors_.emplace_back();
      for (const auto& tensor : tensors) copy.push_back(tensor.clone());
    }
  }
  PartStates(PartStates&&) noexcept = default;
  PartStates& operator=(PartStates other) noexcept {
    operation_ = other.operation_;
    updates_ = other.updates_;
    checked_ = other.checked_;
    tensors_.swap(other.tensors_);
    std::swap(layout_, other.layout_);
    return *this;
  }
  ~PartStates() = default;

  const char* operation() const { return operation_; }
  std::int64_t updates() const { return updates_; }

  /// Begins an update: at the first, makes the tensors of each part, of the shapes that shapes(part) lists. Throws
  /// Error where loaded tensors have other shapes. Returns the update's number, from 1.
  template <class F>
  std::int64_t begin(const Parameters<T, Device>& parameters, const F& shapes) {
    layout_.match(parameters);
    if (!checked_) {
      std::vector<Tensors> made;
      each_parameter(parameters, [&](const Part& part) {
        const std::size_t i = made.size();
        Tensors& tensors = made.emplace_back();
        for (const Shape& shape : shapes(part)) tensors.push_back(Tensor<T, Device>::zeros(shape));
        if (updates_ == 0) return;
        bool same = i < tensors_.size() && tensors_[i].size() == tensors.size();
        for (std::size_t j = 0; same && j < tensors.size(); ++j) same = tensors_[i][j].shape() == tensors[j].shape();
        if (!same)
          fail(operation_, {"the loaded state does not fit '", part.name, "' of shape ", part.shape},
               "load it into the same optimizer, of the same options and model");
      });
      if (updates_ > 0 && tensors_.size() != made.size())
        fail(operation_, {"the loaded state is of ", tensors_.size(), " parameters, the model has ", made.size()},
             "load it into the same optimizer, of the same options and model");
      if (updates_ == 0) tensors_ = std::move(made);
      checked_ = true;
    }
    return ++updates_;
  }

  /// The tensors of the i-th trainable parameter, in each_parameter's order.
  Tensors& of(std::size_t i) { return tensors_[i]; }

  void save(State& state) const {
    state.put("kind", operation_);
    state.put("updates", updates_);
    if (updates_ == 0) return;
    layout_.save(state);
    auto counts = Tensor<std::int64_t>::empty({static_cast<std::int64_t>(tensors_.size())});
    std::int64_t* out = counts.mutable_data();
    for (const Tensors& tensors : tensors_) *out++ = static_cast<std::int64_t>(tensors.size());
    state.put("counts", counts);
    for (std::size_t i = 0; i < tensors_.size(); ++i)
      for (std::size_t j = 0; j < tensors_[i].size(); ++j) state.put(name(i, j), tensors_[i][j]);
  }

  void load(const State& state) {
    check_kind(operation_, state);
    const auto updates = state.get_count("updates");
    Layout layout = updates == 0 ? layout_.fresh() : layout_.loaded(state);
    std::vector<Tensors> all;
    if (updates > 0) {
      const auto counts = state.get<Tensor<std::int64_t>>("counts");
      for (std::int64_t i = 0; i < counts.size(); ++i) {
        Tensors& tensors = all.emplace_back();
        for (std::int64_t j = 0; j < counts.data()[i]; ++j)
          tensors.push_back(
              state.get<Tensor<T, Device>>(name(static_cast<std::size_t>(i), static_cast<std::size_t>(j))).clone());
      }
    }
    layout_ = std::move(layout);
    tensors_ = std::move(all);
    updates_ = updates;
    checked_ = false;
  }

 private:
  static std::string name(std::size_t i, std::size_t j) {
    return "parameter" + std::to_string(i) + "." + std::to_string(j);
  }

  const char* operation_;
  std::int64_t updates_ = 0;
  bool checked_ = false;  // the tensors have the parameters' shapes
  std::vector<Tensors> tensors_;
  Layout layout_;
};

}  // namespace regimen::detail
