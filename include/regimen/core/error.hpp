// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
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

/// A part of a message: a text, a number, or sizes (of a Shape). It refers to what it is made of.
class Piece {
 public:
  Piece(const char* text) : text_(text), size_(std::strlen(text)) {}
  Piece(std::string_view text) : text_(text.data()), size_(text.size()) {}
  Piece(const std::string& text) : text_(text.data()), size_(text.size()) {}
  template <std::integral V>
  Piece(V value)
      : kind_(std::is_signed_v<V> ? Kind::integer : Kind::natural), integer_(static_cast<std::int64_t>(value)) {}
  template <std::floating_point V>
  Piece(V value) : kind_(Kind::number), number_(static_cast<double>(value)) {}
  template <class S>
  requires std::same_as<decltype(std::declval<const S&>().begin()), const std::int64_t*> Piece(const S& sizes)
      : kind_(Kind::sizes), sizes_(sizes.begin()), size_(static_cast<std::size_t>(sizes.end() - sizes.begin())) {}

  void append_to(std::string& message) const {
    if (kind_ == Kind::text) message.append(text_, size_);
    if (kind_ == Kind::integer) message += std::to_string(integer_);
    if (kind_ == Kind::natural) message += std::to_string(static_cast<std::uint64_t>(integer_));
    if (kind_ == Kind::number) message += std::to_string(number_);
    if (kind_ != Kind::sizes) return;
    message += '[';
    for (std::size_t i = 0; i < size_; ++i) (message += i == 0 ? "" : ", ") += std::to_string(sizes_[i]);
    message += ']';
  }

 private:
  enum class Kind { text, integer, natural, number, sizes };
  Kind kind_ = Kind::text;
  union {
    const char* text_;
    std::int64_t integer_;
    double number_;
    const std::int64_t* sizes_;
  };
  std::size_t size_ = 0;
};

/// The pieces in a row.
[[gnu::cold, gnu::noinline]] inline std::string text(std::initializer_list<Piece> pieces) {
  std::string message;
  for (const Piece& piece : pieces) piece.append_to(message);
  return message;
}

/// Throws an Error. Out of line, and with the message in pieces, so that a check costs its caller one compare and one
/// cold call, and the compiler little.
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(Piece operation, std::initializer_list<Piece> problem,
                                                        std::initializer_list<Piece> remedy) {
  throw Error(text({operation}), text(problem), text(remedy));
}
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(Piece operation, std::initializer_list<Piece> problem,
                                                        Piece remedy = "") {
  fail(operation, problem, {remedy});
}
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(Piece operation, Piece problem,
                                                        std::initializer_list<Piece> remedy) {
  fail(operation, {problem}, remedy);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(Piece operation, Piece problem, Piece remedy = "") {
  fail(operation, {problem}, {remedy});
}

}  // namespace detail
}  // namespace regimen
