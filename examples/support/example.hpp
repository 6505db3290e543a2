// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// What every example shares: its options, statistics over seeds, and the verdict.
#pragma once

#define CXXOPTS_NO_REGEX  // the regular expressions of <regex> cost seconds of compile time
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cxxopts.hpp>
#include <string>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/io/atomic_file.hpp"
#include "regimen/io/json.hpp"

namespace example {

/// The options that every example has; an example adds its own by add().
class Options {
 public:
  bool smoke = false;      ///< at most three seconds: does it run?
  std::uint64_t seed = 0;  ///< the first seed
  std::string json;        ///< file for the results

  explicit Options(const std::string& name, const std::string& about) : options_(name, about) {
    add("smoke", smoke, "a short run that only shows that it works");
    options_.add_options()("full", "the whole run (default)");
    add("seed", seed, "the first seed");
    add("json", json, "write the results to this file");
  }

  /// An option --name whose value is `field`'s until the command line gives another.
  template <class Field>
  void add(const std::string& name, Field& field, const std::string& help) {
    auto value = cxxopts::value<Field>(field);
    if constexpr (std::is_same_v<Field, bool>)
      options_.add_options()(name, help, value);
    else if constexpr (std::is_same_v<Field, std::string>)
      options_.add_options()(name, help, field.empty() ? value : value->default_value(field));
    else
      options_.add_options()(name, help, value->default_value(std::to_string(field)));
  }

  /// False where the program is to stop with exit_code: after --help, or an option that is wrong.
  bool parse(int argc, char** argv) {
    try {
      options_.add_options()("h,help", "show this text");
      const auto result = options_.parse(argc, argv);
      if (result.count("help") != 0) {
        std::fputs(options_.help().c_str(), stdout);
        return false;
      }
      if (!result.unmatched().empty()) throw cxxopts::exceptions::specification("there are arguments that are no options");
      return true;
    } catch (const cxxopts::exceptions::exception& error) {
      std::fprintf(stderr, "%s; --help lists the options\n", error.what());
      exit_code = 2;
      return false;
    }
  }
  int exit_code = 0;

 private:
  cxxopts::Options options_;
};

/// Numbers over seeds.
struct Values {
  std::vector<double> list;

  void add(double value) { list.push_back(value); }
  double mean() const {
    double sum = 0;
    for (const double value : list) sum += value;
    return sum / static_cast<double>(list.size());
  }
  /// Standard deviation of the sample (divided by n - 1); 0 for one value.
  double deviation() const {
    double sum = 0;
    for (const double value : list) sum += (value - mean()) * (value - mean());
    return list.size() < 2 ? 0 : std::sqrt(sum / static_cast<double>(list.size() - 1));
  }
};

/// Named lists of numbers, such as a method's results over the seeds.
using Results = std::vector<std::pair<std::string, std::vector<double>>>;

/// Prints the last line, writes the results where --json asks for them, and returns the exit code: 0 only if the claim
/// held. The claim is metric - baseline >= margin.
inline int verdict(const Options& options, double metric, double baseline, double margin, bool holds,
                   const Results& results = {}) {
  std::printf("verdict: %s  metric=%.4f baseline=%.4f margin=%.4f\n", holds ? "holds" : "fails", metric, baseline, margin);
  if (options.json.empty()) return holds ? 0 : 1;
  using regimen::detail::json_number;
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
int run(Body body) {
  try {
    return body();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 2;
  }
}

}  // namespace example
