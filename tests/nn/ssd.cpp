// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/ssd.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

namespace {

using Values = std::vector<Tensor<double>>;

Values inputs(std::int64_t batch, std::int64_t length, std::int64_t heads, std::int64_t size, std::int64_t n) {
  Rng rng(1);
  return {rng.normal<double>({batch, length, heads, size}),
          rng.uniform<double>({batch, length, heads}),
          -rng.uniform<double>({heads}, 0, 3),
          rng.normal<double>({batch, length, n}),
          rng.normal<double>({batch, length, n}),
          rng.normal<double>({heads})};
}

template <class List, class T = typename std::remove_cvref_t<decltype(std::declval<List>()[0])>::Scalar>
ScanOutput<T> part(const List& v, std::int64_t begin, std::int64_t end, const std::type_identity_t<Tensor<T>>& state,
                   std::int64_t chunk) {
  const auto cut = [&](std::size_t i) { return slice(v[i], 1, begin, end); };
  return ssd(cut(0), cut(1), v[2], cut(3), cut(4), v[5], state, {.chunk = chunk});
}

}  // namespace

TEST_CASE_TEMPLATE("ssd agrees with the recurrence step by step, for chunks of any size", T, float, double) {
  const Oracle oracle("nn_e_sequence");
  for (const std::int64_t chunk : {0, 1, 3, 7, 64}) {
    CAPTURE(chunk);
    oracle.check_case<T>("ssd", {"x", "dt", "a", "b", "c", "d"},
                         [&](const auto& in) { return part(in, 0, 7, {}, chunk).output; });
  }
}

TEST_CASE("ssd by chunks is ssd by steps over a long sequence, with its state, and strong decay does not overflow") {
  auto in = inputs(2, 150, 3, 4, 5);
  for (const double factor : {1., 1000.}) {
    in[2] = in[2] * factor;
    const auto state = Rng(2).normal<double>({2, 3, 4, 5});
    const auto steps = part(in, 0, 150, state, 0), chunks = part(in, 0, 150, state, 32);
    CHECK(all_finite(chunks.output));
    CHECK(distance(steps.output, chunks.output) < 1e-11);
    CHECK(distance(steps.state, chunks.state) < 1e-11);
  }
}

TEST_CASE("ssd without decay is causal linear attention") {
  auto in = inputs(1, 4, 1, 2, 3);
  in[2].fill(0), in[5].fill(0);
  const auto y = part(in, 0, 4, {}, 4).output;
  for (int t = 0; t < 4; ++t)
    for (int p = 0; p < 2; ++p) {
      double total = 0;
      for (int s = 0; s <= t; ++s)
        for (int n = 0; n < 3; ++n) total += in[4](0, t, n) * in[3](0, s, n) * in[1](0, s, 0) * in[0](0, s, 0, p);
      CHECK(y(0, t, 0, p) == doctest::Approx(total));
    }
}

TEST_CASE("ssd in two parts is the whole, and has gradients to second order in both forms") {
  const auto in = inputs(1, 5, 2, 2, 2);
  const auto whole = part(in, 0, 5, {}, 0).output;
  for (const std::int64_t chunk : {0, 2}) {
    const auto in_two = [&](const auto& v) {
      const auto first = part(v, 0, 2, {}, chunk);
      return concat({first.output, part(v, 2, 5, first.state, chunk).output}, 1);
    };
    CHECK(distance(in_two(in), whole) < 1e-14);
    const auto result = gradcheck(in_two, in, {.order = 2});
    CHECK_MESSAGE(result, result.message);
  }
}

TEST_CASE("ssd refuses what does not fit") {
  const auto in = inputs(2, 3, 2, 4, 5);
  const auto fails = [&](std::size_t i, const Tensor<double>& value, const char* text) {
    auto wrong = in;
    wrong[i] = value;
    return fails_with([&] { ssd(wrong[0], wrong[1], wrong[2], wrong[3], wrong[4], wrong[5]); }, "ssd", text);
  };
  CHECK(fails(0, in[1], "x is [2, 3, 2]"));
  CHECK(fails(1, in[3], "dt [2, 3, 5]"));
  CHECK(fails(2, in[3], "a [2, 3, 5]"));
  CHECK(fails(3, in[2], "b [2]"));
  CHECK(fails(4, in[1], "c [2, 3, 2]"));
  CHECK(fails(5, in[0], "d [2, 3, 2, 4]"));
  CHECK(fails_with([&] { part(in, 0, 3, {}, -1); }, "the chunk is -1"));
  CHECK(fails_with([&] { part(in, 0, 0, {}, 4); }, "x is [2, 0, 2, 4]"));
  for (const std::int64_t chunk : {0, 2})
    CHECK(fails_with([&] { part(in, 0, 3, in[0], chunk); }, "the state is [2, 3, 2, 4], expected [2, 2, 4, 5]"));
  const auto none = inputs(0, 3, 2, 4, 5);
  CHECK(part(none, 0, 3, {}, 2).output.shape() == Shape{0, 3, 2, 4});
  CHECK(part(none, 0, 3, {}, 0).state.shape() == Shape{0, 2, 4, 5});
}
