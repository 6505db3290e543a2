// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "regimen/io/state_file.hpp"
#include "regimen/train/program.hpp"

namespace regimen {

struct CheckpointOptions {
  std::int64_t every_steps = 0;  ///< counted over all phases; 0: not by steps
  double every_seconds = 60;     ///< 0: not by time
};

/// Writes a program's State to a file as training goes on, and when a phase has ended; the file is whole at any
/// instant. For RunOptions::checkpoint:
///
///   program.run({.checkpoint = checkpoint_to("run.safetensors", {.every_seconds = 30})});
inline std::function<void(const StepReport&, const std::function<State()>&)> checkpoint_to(
    const std::string& path, const CheckpointOptions& options = {}) {
  if (options.every_steps < 0 || !(options.every_seconds >= 0))
    detail::fail("checkpoint_to", {"every ", options.every_steps, " steps or ", options.every_seconds, " seconds"},
                 "neither may be negative");
  using Clock = std::chrono::steady_clock;
  return [path, options, steps = std::int64_t{0}, last = Clock::now()](const StepReport& report,
                                                                       const std::function<State()>& snapshot) mutable {
    ++steps;
    const double seconds = std::chrono::duration<double>(Clock::now() - last).count();
    const bool due = (options.every_steps > 0 && steps % options.every_steps == 0) ||
                     (options.every_seconds > 0 && seconds >= options.every_seconds);
    if (!due && !report.phase_ends) return;
    write_state(path, snapshot());
    last = Clock::now();
  };
}

/// Brings a program to the state of a checkpoint. Returns false, and does nothing, where there is no such file; throws
/// Error where it is damaged or of another program.
template <class T, class Device>
[[gnu::cold]] bool resume(Program<T, Device>& program, const std::string& path) {
  struct stat status;
  if (::stat(path.c_str(), &status) != 0 && errno == ENOENT) return false;
  program.load(read_state(path));
  return true;
}

}  // namespace regimen
