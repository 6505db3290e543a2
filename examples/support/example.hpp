// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// What every example shares: its options, statistics over seeds, and the verdict.
#pragma once

#include <getopt.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/io/atomic_file.hpp"

namespace example {

/// The options that every example has; an example adds its own by add(). Built on the C library's getopt_long, which
/// costs no compile time.
class Options {
 public:
  bool smoke = false;      ///< at most three seconds: does it run?
  std::uint64_t seed = 0;  ///< the first seed
  std::string json;        ///< file for the results

  [[gnu::cold]] explicit Options(std::string about) : about_(std::move(about)) {
    add("smoke", smoke, "a short run that only shows that it works");
    add("full", full_, "the whole run (default)");
    add("seed", seed, "the first seed");
    add("json", json, "write the results to this file");
  }
  Options(const Options&) = delete;  // the list points to the fields
  Options& operator=(const Options&) = delete;

  /// An option --name whose value is `field`'s until the command line gives another; a bool's option takes no value.
  void add(const char* name, bool& field, const std::string& help) { list_.push_back({name, help, &field}); }
  void add(const char* name, std::int64_t& field, const std::string& help) { add_number(name, field, help); }
  void add(const char* name, std::uint64_t& field, const std::string& help) { add_number(name, field, help); }
  void add(const char* name, double& field, const std::string& help) { add_number(name, field, help); }
  [[gnu::cold]] void add(const char* name, std::string& field, const std::string& help) {
    list_.push_back({name, field.empty() ? help : help + " (" + field + ")", &field});
  }

  /// Sets the fields. Ends the program after --help, and with exit code 2 where an option is wrong.
  [[gnu::cold]] void parse(int argc, char** argv) {
    std::vector<::option> options{{"help", no_argument, nullptr, 'h'}};
    for (const Option& option : list_)
      options.push_back({option.name, option.value() ? required_argument : no_argument, nullptr,
                         first_key + static_cast<int>(&option - list_.data())});
    options.push_back({});
    for (int key; (key = ::getopt_long(argc, argv, "h", options.data(), nullptr)) != -1;) {
      if (key == 'h') help(argv[0]);
      if (key == '?') stop();
      const Option& option = list_[static_cast<std::size_t>(key - first_key)];
      if (set(option, ::optarg)) continue;
      std::fprintf(stderr, "%s: --%s cannot be '%s'\n", argv[0], option.name, ::optarg);
      stop();
    }
    if (::optind < argc) {
      std::fprintf(stderr, "%s: '%s' is no option\n", argv[0], argv[::optind]);
      stop();
    }
    if (full_) smoke = false;
  }

 private:
  static constexpr int first_key = 1000;  // beyond the letters

  struct Option {
    const char* name;
    std::string help;
    std::variant<bool*, std::int64_t*, std::uint64_t*, double*, std::string*> field;

    const char* value() const {  // what help() calls it; null: the option takes none
      if (std::holds_alternative<bool*>(field)) return nullptr;
      return std::holds_alternative<std::string*>(field) ? "TEXT" : "NUMBER";
    }
  };

  template <class Number>
  [[gnu::cold]] void add_number(const char* name, Number& field, const std::string& help) {
    list_.push_back({name, help + " (" + std::to_string(field) + ")", &field});
  }

  template <class Number>
  [[gnu::cold]] static bool read(const char* text, Number* number) {
    const char* end = text + std::strlen(text);
    const auto [stop, error] = std::from_chars(text, end, *number);
    return error == std::errc() && stop == end;
  }

  [[gnu::cold]] static bool set(const Option& option, const char* text) {
    if (auto* const* flag = std::get_if<bool*>(&option.field)) return **flag = true;
    if (auto* const* integer = std::get_if<std::int64_t*>(&option.field)) return read(text, *integer);
    if (auto* const* natural = std::get_if<std::uint64_t*>(&option.field)) return read(text, *natural);
    if (auto* const* number = std::get_if<double*>(&option.field)) return read(text, *number);
    *std::get<std::string*>(option.field) = text;
    return true;
  }

  [[noreturn, gnu::cold]] void help(const char* program) const {
    std::printf("Usage: %s [OPTION...]\n%s\n\n", program, about_.c_str());
    for (const Option& option : list_) {
      const std::string name = std::string(option.name) + (option.value() ? std::string("=") + option.value() : "");
      std::printf("  --%-18s %s\n", name.c_str(), option.help.c_str());
    }
    std::printf("  -h, --%-14s show this text\n", "help");
    std::exit(0);
  }

  [[noreturn, gnu::cold]] static void stop() {
    std::fputs("--help lists the options\n", stderr);
    std::exit(2);
  }

  std::string about_;
  std::vector<Option> list_;
  bool full_ = false;
};

/// Numbers over seeds.
struct Values {
  std::vector<double> list;

  void add(double value) { list.push_back(value); }
  [[gnu::cold]] double mean() const {
    double sum = 0;
    for (const double value : list) sum += value;
    return sum / static_cast<double>(list.size());
  }
  /// Standard deviation of the sample (divided by n - 1); 0 for one value.
  [[gnu::cold]] double deviation() const {
    double sum = 0;
    for (const double value : list) sum += (value - mean()) * (value - mean());
    return list.size() < 2 ? 0 : std::sqrt(sum / static_cast<double>(list.size() - 1));
  }
};

/// A number in JSON, to the last bit; null where it is not finite.
[[gnu::cold]] inline std::string json_number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), value - value == 0 ? "%.17g" : "null", value);
  return text;
}

/// Named lists of numbers, such as a method's results over the seeds.
using Results = std::vector<std::pair<std::string, std::vector<double>>>;

/// Prints the last line, writes the results where --json asks for them, and returns the exit code: 0 only if the claim
/// held. The claim is metric - baseline >= margin.
[[gnu::cold]] inline int verdict(const Options& options, double metric, double baseline, double margin, bool holds,
                                 const Results& results = {}) {
  std::printf("verdict: %s  metric=%.4f baseline=%.4f margin=%.4f\n", holds ? "holds" : "fails", metric, baseline,
              margin);
  if (options.json.empty()) return holds ? 0 : 1;
  std::string text = "{\n";
  for (const auto& [name, list] : results) {
    text += "  \"" + name + "\": [";
    for (const double& value : list) text += (&value == list.data() ? "" : ", ") + json_number(value);
    text += "],\n";
  }
  text += "  \"metric\": " + json_number(metric) + ",\n  \"baseline\": " + json_number(baseline) +
          ",\n  \"margin\": " + json_number(margin) + ",\n  \"verdict\": \"" + (holds ? "holds" : "fails") + "\"\n}\n";
  regimen::AtomicFile file(options.json, "--json");
  file.write(text);
  file.commit();
  return holds ? 0 : 1;
}

/// Runs an example's body; an Error becomes a message and exit code 2.
template <class Body>
[[gnu::cold]] int run(Body body) {
  try {
    return body();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 2;
  }
}

}  // namespace example
