// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "regimen/train/observer/observer.hpp"

namespace regimen {

struct ProgressBarOptions {
  std::FILE* out = stderr;
  double after = 2;        ///< seconds of a phase without a word: short work shows nothing
  double line_every = 10;  ///< seconds between lines where `out` is no terminal
  /// Seconds since some moment; replace it to test what is shown.
  double (*clock)() = [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
};

/// Shows how far a phase is, its loss, its rate and the time left: a bar in place on a terminal, now and then a plain
/// line elsewhere. Phases without a limit of steps show no bar and no time left.
class ProgressBar final : public Observer {
 public:
  explicit ProgressBar(const ProgressBarOptions& options = {})
      : options_(options), terminal_(::isatty(::fileno(options.out)) == 1) {}

  [[gnu::cold]] void phase_begins(const StepReport& report) override {
    begin_ = options_.clock();
    shown_ = begin_ + options_.after - period();
    first_step_ = report.step;
    visible_ = false;
  }

  void step(const StepReport& report) override {
    const double now = options_.clock();
    if (now - shown_ < period()) return;
    shown_ = now;
    visible_ = true;
    show(report, now);
  }

  [[gnu::cold]] void phase_ends(const StepReport& report) override {
    if (!visible_) return;
    show(report, options_.clock());
    if (terminal_) std::fputc('\n', options_.out);
    std::fflush(options_.out);
  }

 private:
  double period() const { return terminal_ ? 0.1 : options_.line_every; }

  [[gnu::cold]] static std::string duration(double seconds) {
    const auto whole = static_cast<std::int64_t>(seconds + 0.5);
    char text[48];
    if (whole >= 3600)
      std::snprintf(text, sizeof(text), "%lld:%02lld:%02lld", static_cast<long long>(whole / 3600),
                    static_cast<long long>(whole / 60 % 60), static_cast<long long>(whole % 60));
    else
      std::snprintf(text, sizeof(text), "%lld:%02lld", static_cast<long long>(whole / 60),
                    static_cast<long long>(whole % 60));
    return text;
  }

  [[gnu::cold]] void show(const StepReport& report, double now) const {
    const double rate = static_cast<double>(report.step - first_step_) / std::max(now - begin_, 1e-9);
    std::string line = report.phase + " ";
    if (report.step_limit > 0) {
      const double part = std::min(1.0, static_cast<double>(report.step) / static_cast<double>(report.step_limit));
      if (terminal_) {
        const auto full = static_cast<std::size_t>(20 * part);
        line += "[" + std::string(full, '#') + std::string(20 - full, '.') + "] ";
      }
      line += std::to_string(static_cast<int>(100 * part)) + "% ";
    }
    line += std::to_string(report.step);
    if (report.step_limit > 0) line += "/" + std::to_string(report.step_limit);
    char text[64];
    for (const auto* values : {&report.losses, &report.metrics})
      for (const auto& [name, value] : *values) {
        std::snprintf(text, sizeof(text), " %.4g", value);
        line += " " + name + text;
      }
    std::snprintf(text, sizeof(text), " %.4g steps/s", rate);
    line += text;
    if (report.step_limit > report.step && rate > 0)
      line += ", " + duration(static_cast<double>(report.step_limit - report.step) / rate) + " left";
    if (terminal_)
      std::fprintf(options_.out, "\r%s\x1b[K", line.c_str());
    else
      std::fprintf(options_.out, "%s\n", line.c_str());
    std::fflush(options_.out);
  }

  ProgressBarOptions options_;
  bool terminal_, visible_ = false;
  double begin_ = 0, shown_ = 0;
  std::int64_t first_step_ = 0;
};

[[gnu::cold]] inline std::shared_ptr<Observer> progress_bar(const ProgressBarOptions& options = {}) {
  return std::make_shared<ProgressBar>(options);
}

}  // namespace regimen
