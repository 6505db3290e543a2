// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/selective_ssm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "nn/support.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("selective_scan agrees with the recurrence step by step", T, float, double) {
  Oracle("nn_e_sequence").check_case<T>("selective_scan", {"x", "delta", "a", "b", "c", "d"}, [](const auto& in) {
    return selective_scan(in[0], in[1], in[2], in[3], in[4], in[5]).output;
  });
}

TEST_CASE("selective_scan of a constant with delta log 2 approaches it by halves") {
  const auto ones = Tensor<double>::ones({1, 3, 1});
  const auto result = selective_scan(ones, Tensor<double>::full({1, 3, 1}, std::log(2)),
                                     Tensor<double>::full({1, 1}, -1), ones, ones, Tensor<double>::zeros({1}));
  CHECK(result.output(0, 2, 0) == doctest::Approx(std::log(2) * 1.75).epsilon(1e-14));
  CHECK(result.state(0, 0, 0) == result.output(0, 2, 0));
}

TEST_CASE("selective_scan in two parts is the whole, and has gradients to second order") {
  Rng rng(1);
  const std::vector<Tensor<double>> in{rng.normal<double>({2, 3, 2}), rng.uniform<double>({2, 3, 2}),
                                       -rng.uniform<double>({2, 2}),  rng.normal<double>({2, 3, 2}),
                                       rng.normal<double>({2, 3, 2}), rng.normal<double>({2})};
  const auto part = [](const auto& v, std::int64_t begin, std::int64_t end, const Tensor<double>& state) {
    const auto cut = [&](std::size_t i) { return slice(v[i], 1, begin, end); };
    return selective_scan(cut(0), cut(1), v[2], cut(3), cut(4), v[5], state);
  };
  const auto in_two = [&](const auto& v) {
    const auto first = part(v, 0, 1, {});
    const auto second = part(v, 1, 3, first.state);
    return concat({first.output, second.output}, 1);
  };
  const auto whole = part(in, 0, 3, {});
  CHECK(distance(in_two(in), whole.output) < 1e-15);
  const auto result = gradcheck(in_two, in, {.order = 2});
  CHECK_MESSAGE(result, result.message);
}

TEST_CASE("selective_scan refuses what does not fit") {
  const auto x = Tensor<>::zeros({2, 3, 4}), a = Tensor<>::zeros({4, 5}), b = Tensor<>::zeros({2, 3, 5});
  const auto d = Tensor<>::zeros({4});
  CHECK(selective_scan(Tensor<>::zeros({0, 3, 4}), Tensor<>::zeros({0, 3, 4}), a, Tensor<>::zeros({0, 3, 5}),
                       Tensor<>::zeros({0, 3, 5}), d)
            .state.shape() == Shape{0, 4, 5});
  CHECK(fails_with([&] { selective_scan(x, b, a, b, b, d); }, "selective_scan", "delta [2, 3, 5]"));
  CHECK(fails_with([&] { selective_scan(x, x, b, b, b, d); }, "a [2, 3, 5]"));
  CHECK(fails_with([&] { selective_scan(x, x, a, x, b, d); }, "b [2, 3, 4]"));
  CHECK(fails_with([&] { selective_scan(x, x, a, b, x, d); }, "c [2, 3, 4]"));
  CHECK(fails_with([&] { selective_scan(x, x, a, b, b, a); }, "d [4, 5]"));
  const auto none = Tensor<>::zeros({2, 0, 4}), nothing = Tensor<>::zeros({2, 0, 5});
  CHECK(fails_with([&] { selective_scan(none, none, a, nothing, nothing, d); }, "x is [2, 0, 4]", "T > 0"));
  CHECK(fails_with([&] { selective_scan(x, x, a, b, b, d, x); }, "the state is [2, 3, 4], expected [2, 4, 5]"));
}
