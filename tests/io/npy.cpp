// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/io/npy.hpp"

#include <cmath>

#include "support/files.hpp"

using namespace regimen;
using namespace regimen::test;

namespace {

/// A file with this header, of NPY 1.0 or 2.0, and these elements.
std::string file_with(const std::string& header, const std::string& elements, char version = 1) {
  const auto length = static_cast<std::uint32_t>(header.size());
  const std::string number(reinterpret_cast<const char*>(&length), version == 1 ? 2 : 4);
  return std::string("\x93NUMPY") + version + '\0' + number + header + elements;
}

template <class T>
std::string bytes_of(std::initializer_list<T> values) {
  return std::string(reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T));
}

}  // namespace

TEST_CASE_TEMPLATE("a written tensor comes back", T, float, double, std::int32_t, std::int64_t, std::uint8_t) {
  const TemporaryFolder folder;
  for (const Shape& shape : {Shape{}, Shape{5}, Shape{2, 3}, Shape{0, 3}, Shape{1, 2, 1, 3}}) {
    const auto x = Tensor<T>::empty(shape);
    for (std::int64_t i = 0; i < x.size(); ++i) x.mutable_data()[i] = static_cast<T>(7 * i + 1);
    write_npy(folder / "f", x);
    const auto y = read_npy<T>(folder / "f");
    CHECK(y.shape() == shape);
    CHECK(std::equal(x.span().begin(), x.span().end(), y.span().begin()));
  }
}

TEST_CASE("the file is NumPy's, byte by byte") {
  const TemporaryFolder folder;
  const auto header = [](std::string text) {
    text.resize(117, ' ');
    return text + "\n";
  };
  write_npy(folder / "f", Tensor<>::from({1, 2, 3, 4, 5, 6}, {2, 3}));
  CHECK(read_bytes(folder / "f") == file_with(header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"),
                                              bytes_of<float>({1, 2, 3, 4, 5, 6})));
  write_npy(folder / "f", Tensor<std::int64_t>::from({7}));
  CHECK(read_bytes(folder / "f") ==
        file_with(header("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }"), bytes_of<std::int64_t>({7})));
  write_npy(folder / "f", Tensor<double>::scalar(7));
  CHECK(read_bytes(folder / "f") ==
        file_with(header("{'descr': '<f8', 'fortran_order': False, 'shape': (), }"), bytes_of<double>({7})));
}

TEST_CASE("version 2.0, other spacing and another order of the keys are read") {
  const TemporaryFolder folder;
  write_bytes(folder / "f", file_with("{\"shape\":(2),'fortran_order':False ,  'descr':'|u1'}", "\1\xff", 2));
  CHECK(read_npy<std::int64_t>(folder / "f")(1) == 255);
  CHECK(read_npy(folder / "f")(1) == 255);
}

TEST_CASE("element types convert where no integer is changed") {
  const TemporaryFolder folder;
  const auto write = [&](const char* type, const std::string& elements) {
    write_bytes(folder / "f",
                file_with(std::string("{'descr': '") + type + "', 'fortran_order': False, 'shape': (1,)}", elements));
  };
  write("<f8", bytes_of<double>({0.1}));
  CHECK(read_npy<float>(folder / "f").item() == 0.1f);
  CHECK(read_npy<double>(folder / "f").item() == 0.1);
  CHECK_THROWS_AS(read_npy<std::int64_t>(folder / "f"), Error);
  write("<f8", bytes_of<double>({std::nan("")}));
  CHECK(std::isnan(read_npy<float>(folder / "f").item()));
  write("<i8", bytes_of<std::int64_t>({(1 << 24) + 1}));
  CHECK(read_npy<std::int32_t>(folder / "f").item() == (1 << 24) + 1);
  CHECK(read_npy<double>(folder / "f").item() == (1 << 24) + 1);
  CHECK(error_of([&] { read_npy<float>(folder / "f"); }).find("element 0 is 16777217") != std::string::npos);
  write("<i4", bytes_of<std::int32_t>({-1}));
  CHECK(read_npy<std::int64_t>(folder / "f").item() == -1);
  CHECK_THROWS_AS(read_npy<std::uint8_t>(folder / "f"), Error);
}

TEST_CASE("a damaged file is an Error or a whole tensor") {
  const TemporaryFolder folder;
  write_npy(folder / "f", Tensor<>::from({1, 2}, {2, 1}));
  damage(folder, read_bytes(folder / "f"), [](const std::string& path) {
    if (read_npy(path).size() * 4 > 8) FAIL_CHECK("more elements than the file has");
  });
}

TEST_CASE("a file that is not such an array is an Error that says what is wrong") {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& bytes) {
    write_bytes(folder / "f", bytes);
    return error_of([&] { read_npy(folder / "f"); });
  };
  const auto contains = [](const std::string& text, const char* part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  };
  const auto header = [](const char* type, const char* order, const char* shape) {
    return std::string("{'descr': '") + type + "', 'fortran_order': " + order + ", 'shape': " + shape + "}";
  };
  CHECK(error(file_with(header("<f4", "False", "(1,)"), "1234")) == "no Error");
  contains(error("\x93NUMPX\1"), "does not begin as an NPY file");
  contains(error(file_with("{}", "", 3)), "NPY version 3.0");
  contains(error(file_with(header("<f4", "True", "(1,)"), "1234")), "numpy.ascontiguousarray");
  for (const char* type : {">f4", "<f2", "<c8", "|O", "|b1"})
    contains(error(file_with(header(type, "False", "(1,)"), "1234")), "convert the array with astype");
  contains(error(file_with(header("<f4", "False", "(2,)"), "1234")), "shape [2] does not fit the 4 bytes");
  contains(error(file_with(header("<f4", "False", "(1,)"), "12345")), "does not fit the 5 bytes");
  contains(error(file_with(header("<f4", "False", "(1152921504606846976,)"), "")), "does not fit");
  contains(error(file_with(header("<f4", "False", "(4611686018427387904,)"), "")), "does not fit");
  contains(error(file_with(header("<f4", "False", "(4611686018427387904, 4)"), "")), "too many elements");
  contains(error(file_with(header("<f4", "False", "(99999999999999999999,)"), "")), "not an NPY header");
  contains(error(file_with(header("<f4", "False", "(1,1,1,1,1,1,1,1,1)"), "1234")), "rank above 8");
  for (const char* shape : {"(-1,)", "(1", "1", "(1.5,)", "(1,,)", "[1]", "(1 1)"})
    contains(error(file_with(header("<f4", "False", shape), "1234")), "not an NPY header");
  for (const char* bad : {"", "{", "{}", "{'descr': '<f4'}", "{'descr: 1", "{'descr': '<f4', 'descr': '<f4'}",
                          "{'descr': '<f4', 'fortran_order': None, 'shape': ()}",
                          "{'descr': '<f4', 'fortran_order': False, 'shape': ()} x",
                          "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'more': ''}"})
    contains(error(file_with(bad, "1234")), "not an NPY header");
}
