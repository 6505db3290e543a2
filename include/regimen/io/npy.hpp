// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "regimen/core/error.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/io/atomic_file.hpp"
#include "regimen/io/convert.hpp"
#include "regimen/io/file.hpp"

namespace regimen {
namespace detail {

/// What the header of an NPY file says.
struct NpyHeader {
  std::string type;
  bool fortran_order = false;
  Shape shape;
};

/// Reads a header: a Python literal such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }.
class NpyHeaderParser {
 public:
  NpyHeaderParser(std::string_view text, const FileReader& file) : text_(text), file_(file) {}

  NpyHeader parse() {
    NpyHeader header;
    bool type = false, order = false, shape = false;
    expect('{');
    while (!take('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !type) {
        header.type = quoted();
        type = true;
      } else if (key == "fortran_order" && !order) {
        header.fortran_order = boolean();
        order = true;
      } else if (key == "shape" && !shape) {
        header.shape = tuple();
        shape = true;
      } else {
        fail();
      }
      if (!take(',') && peek() != '}') fail();
    }
    if (peek() != '\0' || !type || !order || !shape) fail();
    return header;
  }

 private:
  [[noreturn]] void fail() const { file_.fail("its header is not an NPY header", "the file is corrupt"); }

  /// The next character but blanks, '\0' at the end.
  char peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }

  std::string quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') fail();
    const auto end = text_.find(quote, ++at_);
    if (end == text_.npos) fail();
    const auto begin = at_;
    at_ = end + 1;
    return std::string(text_.substr(begin, end - begin));
  }

  bool boolean() {
    peek();
    const bool value = text_.substr(at_).starts_with("True");
    if (!value && !text_.substr(at_).starts_with("False")) fail();
    at_ += value ? 4 : 5;
    return value;
  }

  Shape tuple() {
    Shape shape;
    expect('(');
    while (!take(')')) {
      std::int64_t size = 0;
      if (peek() < '0' || peek() > '9') fail();
      for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_)
        if (__builtin_mul_overflow(size, 10, &size) || __builtin_add_overflow(size, text_[at_] - '0', &size)) fail();
      shape.append(size);
      if (!take(',') && peek() != ')') fail();
    }
    return shape;
  }

  std::string_view text_;
  const FileReader& file_;
  std::size_t at_ = 0;
};

template <class T>
constexpr const char* npy_type() {
  if (std::is_same_v<T, float>) return "<f4";
  if (std::is_same_v<T, double>) return "<f8";
  if (std::is_same_v<T, std::int32_t>) return "<i4";
  if (std::is_same_v<T, std::int64_t>) return "<i8";
  static_assert(std::is_arithmetic_v<T> && (sizeof(T) >= 4 || std::is_same_v<T, std::uint8_t>), "no NPY type");
  return "|u1";
}

}  // namespace detail

/// Reads an array that NumPy saved: NPY 1.0 or 2.0, C order, little-endian f4, f8, i4, i8 or u1, into a tensor of T.
/// f8 becomes float by rounding; an integer that T does not hold, or a fraction for an integer T, is an Error. So is
/// any file that is not exactly such an array, and memory is taken only for as many elements as the file holds.
///
/// Source of the format: numpy.lib.format.
template <class T = float>
Tensor<T> read_npy(const std::string& path) {
  detail::FileReader file(path, "read_npy");
  const std::string magic = file.read_text(6, "magic number");
  if (magic != "\x93NUMPY") file.fail("it does not begin as an NPY file does", "save it with numpy.save");
  const auto major = file.read<std::uint8_t>("version"), minor = file.read<std::uint8_t>("version");
  if ((major != 1 && major != 2) || minor != 0)
    file.fail("NPY version " + std::to_string(major) + "." + std::to_string(minor) + ", and 1.0 and 2.0 are read");
  const std::uint64_t length =
      major == 1 ? file.read<std::uint16_t>("header's length") : file.read<std::uint32_t>("header's length");
  const std::string text = file.read_text(length, "header");
  const detail::NpyHeader header = detail::NpyHeaderParser(text, file).parse();
  if (header.fortran_order) file.fail("the array is in Fortran order", "save numpy.ascontiguousarray(array) instead");
  using enum detail::ElementType;
  for (const auto& [name, type] : {std::pair("<f4", f32), {"<f8", f64}, {"<i4", i32}, {"<i8", i64}, {"|u1", u8}})
    if (header.type == name) return detail::read_elements<T>(file, header.shape, type);
  file.fail("the type is '" + header.type + "', and <f4, <f8, <i4, <i8 and |u1 are read",
            "convert the array with astype before saving it");
}

/// Writes a tensor as numpy.save would, atomically: NPY 1.0. T is float, double, or an integer type of 32 or 64 signed
/// bits or 8 unsigned ones. Throws Error where the file cannot be written; an earlier file is then as it was.
template <class T>
void write_npy(const std::string& path, const Tensor<T>& tensor) {
  std::string header = std::string("{'descr': '") + detail::npy_type<T>() + "', 'fortran_order': False, 'shape': (";
  for (const std::int64_t size : tensor.shape()) header += std::to_string(size) + (tensor.rank() == 1 ? "," : ", ");
  if (tensor.rank() > 1) header.resize(header.size() - 2);
  header += "), }";
  header.append(63 - (10 + header.size()) % 64, ' ') += '\n';  // the elements begin at a multiple of 64
  const auto length = static_cast<std::uint16_t>(header.size());
  AtomicFile file(path, "write_npy");
  file.write(std::string_view("\x93NUMPY\1\0", 8));
  file.write(&length, sizeof(length));
  file.write(header);
  file.write(tensor.data(), tensor.span().size_bytes());
  file.commit();
}

}  // namespace regimen
