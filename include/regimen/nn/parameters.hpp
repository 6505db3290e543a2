// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "regimen/autodiff/grad.hpp"
#include "regimen/nn/module.hpp"

namespace regimen {

/// The parameters of a module, or some of them, in two buffers: values [n] and gradients [n], one parameter after the
/// other. The module's tensors are views of the first, so an optimizer's step, an average or a checkpoint is one pass
/// over an array. Made by parameters(model). A copy is another handle on the same buffers.
template <class T = float, class Device = Cpu>
class Parameters {
 public:
  struct Entry {
    std::string name;
    std::int64_t offset, size;  ///< elements [offset, offset + size) of the buffers
    bool trainable;             ///< not frozen
    Tensor<T, Device> value;    ///< the parameter itself
  };
  /// Elements [begin, end) of the buffers, all trainable.
  struct Run {
    std::int64_t begin = 0, end = 0;
    friend bool operator==(const Run&, const Run&) = default;
  };

  Parameters() = default;

  const Tensor<T, Device>& values() const { return values_; }
  const Tensor<T, Device>& gradients() const { return gradients_; }

  /// The parameters, in the module's order. Frozen ones are among them.
  const std::vector<Entry>& entries() const {
    refresh();
    return entries_;
  }
  /// The trainable elements as the fewest ascending runs.
  const std::vector<Run>& runs() const {
    refresh();
    return runs_;
  }
  /// Number of trainable elements.
  std::int64_t trainable_size() const {
    std::int64_t count = 0;
    for (const Run& run : runs()) count += run.end - run.begin;
    return count;
  }

  /// The parameters as variables, for backward() and grad().
  std::span<const Tensor<T, Device>> variables() const {
    refresh();
    return variables_;
  }

  /// Those whose names fit the pattern, on the same buffers: what one of several optimizers is given. Throws Error
  /// where none fits.
  Parameters select(std::string_view pattern) const {
    Parameters result;
    result.values_ = values_;
    result.gradients_ = gradients_;
    std::string names;
    for (const Entry& entry : entries()) {
      if (matches(pattern, entry.name)) result.add(entry);
      names += (names.empty() ? "" : ", ") + entry.name;
    }
    if (result.entries_.empty())
      detail::fail("Parameters::select", {"no parameter fits '", std::string(pattern), "'"}, {"there are ", names});
    return result;
  }

 private:
  template <class U, class D, class Model>
  friend Parameters<U, D> parameters(Model& model);

  void add(Entry entry) {
    variables_.push_back(entry.value);
    entries_.push_back(std::move(entry));
    fresh_ = false;
  }

  static Variable<T, Device>& node_of(const Entry& entry) {
    return *static_cast<Variable<T, Device>*>(entry.value.node());
  }

  /// Brings entries and runs up to date with what has been frozen.
  void refresh() const {
    for (Entry& entry : entries_) {
      const auto& node = node_of(entry);
      if (node.packed_values.data() + node.offset != entry.value.data()) [[unlikely]]
        detail::fail("Parameters", {"'", entry.name, "' has been packed anew since by another parameters(...)"},
                     "call parameters(model) again, on the whole model");
      fresh_ = fresh_ && entry.trainable == !node.frozen;
      entry.trainable = !node.frozen;
    }
    if (fresh_) return;
    runs_.clear();
    for (const Entry& entry : entries_) {
      if (!entry.trainable || entry.size == 0) continue;
      if (!runs_.empty() && runs_.back().end == entry.offset)
        runs_.back().end += entry.size;
      else
        runs_.push_back({entry.offset, entry.offset + entry.size});
    }
    fresh_ = true;
  }

  Tensor<T, Device> values_, gradients_;
  std::vector<Tensor<T, Device>> variables_;
  mutable std::vector<Entry> entries_;
  mutable std::vector<Run> runs_;
  mutable bool fresh_ = false;
};

/// Packs the parameters of a module into one buffer of values and one of gradients (zeros at first), of which its
/// tensors then are views; where they already are, as after an earlier call, nothing moves. Weights that are tied are
/// there once. Throws Error where there is no parameter, or one of another element type than T.
template <class T = float, class Device = Cpu, class Model>
Parameters<T, Device> parameters(Model& model) {
  using Entry = typename Parameters<T, Device>::Entry;
  Parameters<T, Device> result;
  std::int64_t size = 0;
  bool packed = true;
  const auto node_of = [](const auto& tensor) { return static_cast<Variable<T, Device>*>(tensor.node()); };
  for_each_parameter<Device>(model, [&](const std::string& name, auto& tensor) {
    if constexpr (!std::is_same_v<typename std::remove_cvref_t<decltype(tensor)>::Scalar, T>) {
      detail::fail("parameters", {"'", name, "' has another element type"}, "name it, as in parameters<double>(model)");
    } else {
      for (const Entry& entry : result.entries_)
        if (entry.value.node() == tensor.node()) {
          packed = packed && entry.value.data() == tensor.data();
          return;
        }
      const auto* node = node_of(tensor);
      if (!result.entries_.empty()) {
        const auto* first = node_of(result.entries_[0].value);
        packed = packed && node->packed_values.defined() && node->packed_values.data() == first->packed_values.data() &&
                 node->offset == first->offset + size;
      }
      packed = packed && node->packed_values.defined() && tensor.data() == node->packed_values.data() + node->offset;
      result.add({name, size, tensor.size(), !node->frozen, tensor});
      size += tensor.size();
    }
  });
  if (result.entries_.empty())
    detail::fail("parameters", "the module has no parameters",
                 "list its members in REGIMEN_MODULE; make tensors variable(x)");

  if (packed) {
    const auto* first = node_of(result.entries_[0].value);
    result.values_ = first->packed_values.view(first->offset, {size});
    result.gradients_ = first->packed_gradients.view(first->offset, {size});
    return result;
  }
  result.values_ = Tensor<T, Device>::empty({size});
  result.gradients_ = Tensor<T, Device>::zeros({size});
  for (std::size_t i = 0; i < result.entries_.size(); ++i) {
    Entry& entry = result.entries_[i];
    auto* node = node_of(entry.value);
    const auto view = result.values_.view(entry.offset, entry.value.shape());
    view.assign(entry.value);
    node->sink = result.gradients_.view(entry.offset, entry.value.shape());
    node->packed_values = result.values_;
    node->packed_gradients = result.gradients_;
    node->offset = entry.offset;
    entry.value = result.variables_[i] = view.with_node(node);
  }
  for_each_parameter<Device>(model, [&](const std::string&, auto& tensor) {
    if constexpr (std::is_same_v<typename std::remove_cvref_t<decltype(tensor)>::Scalar, T>)
      for (const Entry& entry : result.entries_)
        if (entry.value.node() == tensor.node()) tensor = entry.value;
  });
  return result;
}

/// Gradients of a one-element loss into parameters.gradients(): of the trainable ones; see autodiff/grad.hpp.
template <class T, class Device>
void backward(const Tensor<T, Device>& loss, const Parameters<T, Device>& parameters,
              const BackwardOptions& options = {}) {
  backward(loss, parameters.variables(), options);
}

}  // namespace regimen
