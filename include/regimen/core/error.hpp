// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace regimen {

/// What every failure of the library throws. The text reads `operation: problem; remedy`, for example
///
///   matmul: inner sizes differ, a is [64, 784] and b is [512, 10]; transpose an operand or check the layer's sizes
class Error : public std::runtime_error {
 public:
  Error(std::string operation, std::string problem, std::string remedy = {})
      : std::runtime_error(operation + ": " + problem + (remedy.empty() ? "" : "; " + remedy)),
        operation_(std::move(operation)),
        problem_(std::move(problem)),
        remedy_(std::move(remedy)) {}

  const std::string& operation() const noexcept { return operation_; }
  const std::string& problem() const noexcept { return problem_; }
  const std::string& remedy() const noexcept { return remedy_; }

 private:
  std::string operation_, problem_, remedy_;
};

namespace detail {

/// Throws an Error. Out of line, and with overloads for literals, so that a check costs its caller one compare and one
/// cold call, and the compiler little.
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(const std::string& operation, const std::string& problem,
                                                        const std::string& remedy = {}) {
  throw Error(operation, problem, remedy);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(const char* operation, const std::string& problem,
                                                        const char* remedy = "") {
  throw Error(operation, problem, remedy);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(const char* operation, const char* problem,
                                                        const char* remedy = "") {
  throw Error(operation, problem, remedy);
}

}  // namespace detail
}  // namespace regimen
