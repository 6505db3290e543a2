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

/// Prints the last line, writes the results where --json asks for them, and returns the exit code: 0 only if the claim
/// held. The claim is metric - baseline >= margin.
inline int verdict(const Options& options, double metric, double baseline, double margin, bool holds,
                   nlohmann::json results = nlohmann::json::object()) {
  std::printf("verdict: %s  metric=%.4f baseline=%.4f margin=%.4f\n", holds ? "holds" : "fails", metric, baseline, margin);
  if (!options.json.empty()) {
    results["metric"] = metric;
    results["baseline"] = baseline;
    results["margin"] = margin;
    results["verdict"] = holds ? "holds" : "fails";
    regimen::AtomicFile file(options.json, "--json");
    file.write(results.dump(2) + "\n");
    file.commit();
  }
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
