// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/fft_conv.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using table::closed;

namespace {

using Value = Tensor<double>;

}  // namespace

TEST_CASE_TEMPLATE("convolutions by transforms agree with the sums, term by term, in PyTorch", T, float, double) {
  const test::Oracle oracle("ops_e_fft");
  for (const char* name : {"conv", "conv_short", "conv_long"})
    oracle.check_case<T>(name, {"x", "filter"}, [](const auto& in) { return fft_conv(in[0], in[1]); });
  oracle.check_case<T>("circular", {"x", "filter"}, [](const auto& in) { return circular_conv(in[0], in[1]); });
}

TEST_CASE("a delayed impulse delays a long signal, and a circular one turns it") {
  const std::int64_t n = 1000, delay = 7;
  const auto x = random({2, n});
  auto impulse = Value::zeros({n});
  impulse.mutable_data()[delay] = 1;
  const auto y = fft_conv(x, impulse), turned = circular_conv(x, impulse);
  CHECK(closed(y, pad(slice(x, 1, 0, n - delay), 1, {delay, 0}), 1e-13));
  CHECK(closed(slice(turned, 1, 0, delay), slice(x, 1, n - delay, n), 1e-13));
  CHECK(closed(slice(turned, 1, delay, n), slice(x, 1, 0, n - delay), 1e-13));
}

TEST_CASE("what comes later does not change what was before") {
  const auto x = random({9}), filter = random({9}, 2);
  const auto changed = Value::from(x.span(), x.shape());
  changed.mutable_data()[5] += 1;
  CHECK(closed(slice(fft_conv(x, filter), 0, 0, 5), slice(fft_conv(changed, filter), 0, 0, 5), 1e-14));
}

TEST_CASE("gradients of convolutions by transforms agree with differences to second order") {
  CHECK(structure::check([](const auto& v) { return fft_conv(v[0], v[1]); }, {random({2, 5}, 1), random({3}, 2)}));
  CHECK(structure::check([](const auto& v) { return fft_conv(v[0], v[1]); }, {random({1}, 1), random({2, 4}, 2)}));
  CHECK(structure::check([](const auto& v) { return circular_conv(v[0], v[1]); }, {random({2, 5}, 1), random({5}, 2)}));
  CHECK(fft_conv(Value::zeros({0, 3}), random({2})).shape() == Shape{0, 3});
}

TEST_CASE("convolutions by transforms refuse empty axes and shapes that do not fit") {
  CHECK(has(message([] { fft_conv(random({2, 0}), random({3})); }), "fft_conv: x is [2, 0] and the filter [3]"));
  CHECK(has(message([] { fft_conv(random({2}), Value::scalar(1)); }), "fft_conv: x is [2] and the filter []"));
  CHECK(has(message([] { fft_conv(random({2, 4}), random({3, 4})); }), "[2"));
  CHECK(has(message([] { circular_conv(random({4}), random({3})); }), "circular_conv: x is [4] and the filter [3]"));
}
