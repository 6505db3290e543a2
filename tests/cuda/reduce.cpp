// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "cuda/twin.hpp"
//
#include "regimen/cpu/reduce.hpp"

using namespace twin;

TEST_CASE_TEMPLATE("sums, products and extremes along an axis", T, float, double) {
  const std::int64_t shapes[][3] = {{1, 1, 1},  {3, 5, 1},   {2, 33, 1},    {5, 256, 1},   {1, 1001, 1}, {4, 0, 3},
                                    {1, 7, 33}, {2, 65, 31}, {1, 16385, 1}, {3, 40000, 1}, {1, 2100, 5}, {0, 3, 2}};
  for (const auto& shape : shapes) {
    const std::int64_t outer = shape[0], count = shape[1], inner = shape[2];
    CAPTURE(outer);
    CAPTURE(count);
    CAPTURE(inner);
    const auto a = random<T>({outer, count, inner}, 1), b = random<T>({outer, count, inner}, 2);
    const auto compare = [&](double tolerance, const auto& reduce) {
      return agree(tolerance, [&](auto device, auto on) {
        const auto x = on(a), y = on(b), out = on(Tensor<T>::zeros({outer, inner}));
        reduce(device, outer, count, inner, x.data(), y.data(), out.mutable_data());
        return out;
      });
    };
    const double tolerance = rounding<T> * 20;
    CHECK(compare(tolerance, [](auto device, auto o, auto c, auto i, auto* x, auto*, auto* out) {
      kernel::sum(device, o, c, i, x, out);
    }));
    CHECK(compare(tolerance, [](auto device, auto o, auto c, auto i, auto* x, auto*, auto* out) {
      kernel::sum_squares(device, o, c, i, x, out);
    }));
    CHECK(compare(tolerance, [](auto device, auto o, auto c, auto i, auto* x, auto* y, auto* out) {
      kernel::dot(device, o, c, i, x, y, out);
    }));
    CHECK(compare(0, [](auto device, auto o, auto c, auto i, auto* x, auto*, auto* out) {
      kernel::max(device, o, c, i, x, out);
    }));
    CHECK(compare(0, [](auto device, auto o, auto c, auto i, auto* x, auto*, auto* out) {
      kernel::min(device, o, c, i, x, out);
    }));
  }
}

TEST_CASE("positions of extremes are the first ones, and those of NaN where there is one") {
  for (const std::int64_t count : {1, 2, 33, 300})
    for (const std::int64_t inner : {1, 3})
      for (const bool with_nan : {false, true}) {
        auto a = random<float>({2, count, inner});
        float* values = a.mutable_data();
        for (std::int64_t i = 0; i < a.size(); ++i) values[i] = std::round(values[i]);  // so that many are equal
        if (with_nan) values[a.size() / 2] = values[a.size() - 1] = NAN;
        CHECK(agree(0, [&](auto device, auto on) {
          const auto x = on(a);
          const auto out = on(Tensor<std::int64_t>::zeros({2, 2, inner}));
          std::int64_t* to = out.mutable_data();
          kernel::argmax(device, std::int64_t{2}, count, inner, x.data(), to);
          kernel::argmin(device, std::int64_t{2}, count, inner, x.data(), to + 2 * inner);
          return out;
        }));
      }
}

TEST_CASE("a long sum is as exact as on the CPU") {
  const std::int64_t n = 300000;
  const auto x = Tensor<float, Cuda>::full({n}, 0.1f), total = Tensor<float, Cuda>::zeros({});
  kernel::sum(Cuda{}, std::int64_t{1}, n, std::int64_t{1}, x.data(), total.mutable_data());
  CHECK(std::abs(total.item() - 0.1f * static_cast<float>(n)) < 1e-6 * 3e4);
}
