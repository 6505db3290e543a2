// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

namespace regimen {

/// Tag of the host. Kernels overload on it: `kernel::softmax(Cpu{}, ...)`.
struct Cpu {
  static constexpr const char* name = "cpu";
};

}  // namespace regimen
