// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/dct.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "regimen/ops/reduce.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using table::closed;

namespace {

using Value = Tensor<double>;

constexpr std::pair<const char*, FftNorm> norms[] = {
    {"backward", FftNorm::backward}, {"ortho", FftNorm::ortho}, {"forward", FftNorm::forward}};

}  // namespace

TEST_CASE_TEMPLATE("dct and idct agree with the matrices of cosines in PyTorch", T, float, double) {
  const test::Oracle oracle("ops_e_fft");
  for (const auto& entry : norms) {
    const std::string name = entry.first;
    const FftNorm scaled = entry.second;
    for (const std::int64_t n : {1, 5, 8})
      oracle.check_case<T>("dct" + std::to_string(n) + "_" + name, {"x"},
                           [=](const auto& in) { return dct(in[0], {.norm = scaled}); });
    oracle.check_case<T>("idct_" + name, {"x"},
                         [=](const auto& in) { return idct(in[0], {.axis = 0, .norm = scaled}); });
  }
}

TEST_CASE("idct is the inverse of dct, along each axis, and the orthogonal one keeps the norm") {
  for (const std::int64_t n : {1, 2, 3, 6, 16, 21})
    for (const auto& [name, norm] : norms) {
      const auto x = random({2, n, 3}, static_cast<std::uint64_t>(n));
      CHECK(closed(idct(dct(x, {.axis = 1, .norm = norm}), {.axis = 1, .norm = norm}), x, 1e-13));
      const auto line = reshape(x, {6, n});
      CHECK(closed(dct(idct(line, {.norm = norm}), {.norm = norm}), line, 1e-13));
    }
  const auto x = random({9});
  CHECK(sum(square(dct(x, {.norm = FftNorm::ortho}))).item() == doctest::Approx(sum(square(x)).item()).epsilon(1e-13));
}

TEST_CASE("the orthogonal dct of a constant has one coefficient") {
  CHECK(closed(dct(Value::full({4}, 3), {.norm = FftNorm::ortho}), {6, 0, 0, 0}, {4}, 1e-14));
}

TEST_CASE("gradients of dct and idct agree with differences to second order") {
  const auto cube = [](const auto& y) { return y * y * y; };
  CHECK(structure::check([&](const auto& v) { return cube(dct(v[0], {.norm = FftNorm::ortho})); }, {random({2, 5})}));
  CHECK(structure::check([&](const auto& v) { return cube(idct(v[0], {.axis = 0})); }, {random({4, 2})}));
  CHECK(dct(Value::zeros({0, 3})).shape() == Shape{0, 3});
}

TEST_CASE("dct and idct refuse empty and wrong axes") {
  CHECK(has(message([] { dct(random({2, 0})); }), "dct: axis -1 of shape [2, 0] has no elements"));
  CHECK(has(message([] { idct(random({0}), {.axis = 0}); }), "idct: axis 0 of shape [0]"));
  CHECK(has(message([] { idct(random({3}), {.axis = 1}); }), "idct: axis 1 is outside shape [3]"));
}
