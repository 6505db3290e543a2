// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "regimen/nn/parameters.hpp"

namespace regimen::detail {

/// A set of parameters divided among several optimizers. The parts are handles on the set's own buffers.
template <class T, class Device>
class Partition {
 public:
  /// The `count` parts of a set: part which(entry) has the entry. A part that no entry is in has no entries. Found at
  /// the first call, and anew for a set on other buffers or of other size.
  template <class F>
  std::vector<Parameters<T, Device>>& of(const Parameters<T, Device>& parameters, std::size_t count, const F& which) {
    const auto& entries = parameters.entries();
    if (parts_.size() == count && size_ == entries.size() && values_.data() == parameters.values().data())
      return parts_;
    std::vector<std::string> names(count);
    for (const auto& entry : entries) {
      std::string& list = names[which(entry)];
      list += (list.empty() ? "" : ",") + entry.name;
    }
    std::vector<Parameters<T, Device>> parts;
    for (const std::string& list : names)
      parts.push_back(list.empty() ? Parameters<T, Device>() : parameters.select(list));
    parts_ = std::move(parts);
    size_ = entries.size();
    values_ = parameters.values();
    return parts_;
  }

 private:
  std::vector<Parameters<T, Device>> parts_;
  std::size_t size_ = 0;
  Tensor<T, Device> values_;  // the set's, held so that its address stays taken
};

}  // namespace regimen::detail
