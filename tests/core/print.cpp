// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/print.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <sstream>

using namespace regimen;

TEST_CASE("scalars and vectors stand on one line") {
  CHECK(to_string(Tensor<>::scalar(2.5f)) == "Tensor<float> [] 2.5");
  CHECK(to_string(Tensor<double>::from({1, -0.25, 1e-9})) == "Tensor<double> [3] [    1 -0.25 1e-09]");
  CHECK(to_string(Tensor<std::int64_t>::from({1, -20})) == "Tensor<int64> [2] [  1 -20]");
  CHECK(to_string(Tensor<unsigned char>::from({200})) == "Tensor<uint8> [1] [200]");
}

TEST_CASE("matrices are aligned, and blank lines part higher axes") {
  CHECK(to_string(Tensor<>::from({1, 2, 3, 0.5f, -1, 1e6f}, {2, 3})) ==
        "Tensor<float> [2, 3]\n"
        "[[    1     2     3]\n"
        " [  0.5    -1 1e+06]]");
  CHECK(to_string(Tensor<>::from({1, 2, 3, 4}, {2, 1, 2})) ==
        "Tensor<float> [2, 1, 2]\n"
        "[[[1 2]]\n"
        "\n"
        " [[3 4]]]");
}

TEST_CASE("more than 1000 elements are elided") {
  const auto x = Tensor<>::zeros({1001});
  x.mutable_data()[1000] = 77;
  CHECK(to_string(x) == "Tensor<float> [1001] [ 0  0  0 ...  0  0 77]");
  CHECK(to_string(Tensor<>::ones({7, 200})) ==
        "Tensor<float> [7, 200]\n"
        "[[1 1 1 ... 1 1 1]\n"
        " [1 1 1 ... 1 1 1]\n"
        " [1 1 1 ... 1 1 1]\n"
        " ...\n"
        " [1 1 1 ... 1 1 1]\n"
        " [1 1 1 ... 1 1 1]\n"
        " [1 1 1 ... 1 1 1]]");
  CHECK(to_string(Tensor<>::ones({1000})).find("...") == std::string::npos);
}

TEST_CASE("empty, undefined and non-finite tensors have a text") {
  CHECK(to_string(Tensor<>()) == "Tensor<float> undefined");
  CHECK(to_string(Tensor<>::zeros({0})) == "Tensor<float> [0] []");
  CHECK(to_string(Tensor<>::zeros({2, 0})) == "Tensor<float> [2, 0]\n[[]\n []]");
  CHECK(to_string(Tensor<>::zeros({1 << 30, 0})).size() < 100);
  const float inf = std::numeric_limits<float>::infinity();
  CHECK(to_string(Tensor<>::from({inf, -inf, inf - inf})).find("[ inf -inf") != std::string::npos);
}

TEST_CASE("a tensor goes into a stream") {
  std::ostringstream stream;
  stream << "x = " << Tensor<>::from({1, 2}) << '\n';
  CHECK(stream.str() == "x = Tensor<float> [2] [1 2]\n");
}
