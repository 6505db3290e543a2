// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

namespace regimen {
namespace detail {

/// Whether this thread's operations are recorded.
inline bool& recording() {
  static thread_local constinit bool on = true;
  return on;
}

}  // namespace detail

/// Sets whether this thread's operations are recorded, until the end of the scope.
class GradMode {
 public:
  explicit GradMode(bool on) : before_(detail::recording()) { detail::recording() = on; }
  GradMode(const GradMode&) = delete;
  GradMode& operator=(const GradMode&) = delete;
  ~GradMode() { detail::recording() = before_; }

 private:
  bool before_;
};

/// Nothing is recorded until the end of the scope: `const NoGrad guard;`.
class NoGrad : GradMode {
 public:
  NoGrad() : GradMode(false) {}
};

/// Whether an operation on these tensors is to be recorded.
template <class... Tensors>
bool is_recorded(const Tensors&... inputs) {
  return detail::recording() && (inputs.requires_grad() || ...);
}

/// The same values as a constant: no gradient flows through.
template <class TensorType>
TensorType stop_gradient(const TensorType& x) {
  return x.detach();
}

}  // namespace regimen
