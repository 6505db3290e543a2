// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
// says: chain: each link needs update(Parameters<T>&, const Progress&), save(State&) const and load(const State&)
#include "regimen/optim/chain.hpp"
#include "regimen/optim/clip.hpp"

#ifdef RIGHT
auto part = regimen::clip_by_global_norm(1.0);
#else
auto part = 1.0;
#endif

auto optimizer = regimen::chain(part);
