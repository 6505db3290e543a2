// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "regimen/core/error.hpp"
#include "regimen/io/json.hpp"
#include "regimen/train/observer/observer.hpp"

namespace regimen {

struct JsonLinesOptions {
  std::int64_t every = 1;  ///< a line every so many steps; evaluations and a phase's last step always have one
};

/// Writes one JSON object a line: {"phase": ..., "step": ..., "epoch": ..., "loss": ..., <metrics where evaluated>}.
/// Numbers that are not finite are null. A resumed run cuts off what was written after its checkpoint, so that the file
/// ends with the same bytes as that of a run without a stop.
class JsonLines final : public Observer {
 public:
  [[gnu::cold]] explicit JsonLines(std::string path, const JsonLinesOptions& options = {})
      : path_(std::move(path)), every_(options.every) {
    if (every_ < 1) detail::fail("JsonLines", {"every is ", every_}, "it is at least 1");
  }
  JsonLines(const JsonLines&) = delete;
  JsonLines& operator=(const JsonLines&) = delete;
  [[gnu::cold]] ~JsonLines() override {
    if (file_ != nullptr) std::fclose(file_);
  }

  [[gnu::cold]] void phase_begins(const StepReport&) override {
    if (file_ == nullptr) open("w", 0);
  }

  void step(const StepReport& report) override {
    if (report.step % every_ != 0 && !report.evaluated && !report.phase_ends) return;
    std::string text = "{\"phase\":" + detail::json_text(report.phase, "JsonLines") +
                       ",\"step\":" + std::to_string(report.step) + ",\"epoch\":" + std::to_string(report.epoch);
    const auto add = [&](const Metrics& values) {
      for (const auto& [name, value] : values)
        text += "," + detail::json_text(name, "JsonLines") + ":" + detail::json_number(value);
    };
    add(report.losses);
    if (report.evaluated) add(report.metrics);
    text += "}\n";
    if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail("cannot be written");
    written_ += static_cast<std::int64_t>(text.size());
  }

  void phase_ends(const StepReport&) override { flush(); }

  [[gnu::cold]] void save(State& state) override {
    flush();
    state.put("bytes", written_);
  }
  void load(const State& state) override { open("r+", state.get<std::int64_t>("bytes")); }

 private:
  [[gnu::cold]] void open(const char* mode, std::int64_t bytes) {
    if (file_ != nullptr) std::fclose(file_);
    file_ = std::fopen(path_.c_str(), mode);
    if (file_ == nullptr) fail("cannot be opened");
    if (std::fseek(file_, 0, SEEK_END) != 0 || std::ftell(file_) < bytes)
      fail("is shorter than the checkpoint says; it belongs to another run");
    if (::ftruncate(::fileno(file_), static_cast<off_t>(bytes)) != 0 || std::fseek(file_, 0, SEEK_END) != 0)
      fail("cannot be cut to its length");
    written_ = bytes;
  }

  [[gnu::cold]] void flush() {
    if (file_ != nullptr && std::fflush(file_) != 0) fail("cannot be written");
  }

  [[noreturn, gnu::cold]] void fail(const std::string& problem) const {
    detail::fail("JsonLines", {"'", path_, "' ", problem}, "check the path and the free space");
  }

  std::string path_;
  std::int64_t every_, written_ = 0;
  std::FILE* file_ = nullptr;
};

[[gnu::cold]] inline std::shared_ptr<Observer> json_lines(const std::string& path,
                                                          const JsonLinesOptions& options = {}) {
  return std::make_shared<JsonLines>(path, options);
}

}  // namespace regimen
