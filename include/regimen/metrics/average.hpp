// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

namespace regimen {

/// How the classes' scores become one: their plain mean, one score over all decisions together, or their mean weighted
/// by the number of samples of the class.
enum class Average { macro, micro, weighted };

}  // namespace regimen
