// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "cuda/twin.hpp"
//
#include "regimen/cpu/broadcast.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/ops/functors.hpp"

using namespace twin;

TEST_CASE_TEMPLATE("map applies a function to each element, by packs or one by one", T, float, double) {
  for (const std::int64_t n : sizes)
    for (const std::int64_t shift : {0, 1}) {  // from an element that is not aligned
      CAPTURE(n);
      CAPTURE(shift);
      const auto a = random<T>({n + 1}, 1), b = random<T>({n + 1}, 2);
      CHECK(agree(0, [&](auto device, auto on) {
        const auto x = on(a), y = on(b), out = on(a.clone());
        kernel::map(device, n, functor::Multiply{}, out.mutable_data() + shift, x.data() + shift, y.data() + shift);
        return out;
      }));
    }
}

TEST_CASE("fill and conversion") {
  for (const std::int64_t n : sizes) {
    CHECK(close(Tensor<float, Cuda>::full({n}, 1.5f), Tensor<float>::full({n}, 1.5f)));
    CHECK(close(Tensor<std::int64_t, Cuda>::full({n}, -3), Tensor<std::int64_t>::full({n}, -3)));
    const auto x = random<double>({n});
    CHECK(close(up(x).to<float>(), x.to<float>()));
    CHECK(close(up(x).to<std::int64_t>(), x.to<std::int64_t>()));
  }
}

TEST_CASE_TEMPLATE("broadcast_map repeats operands as on the CPU", T, float, double) {
  struct Case {
    Shape sizes, a, b;  // strides of the operands
  };
  const Case cases[] = {{{5, 7}, {7, 1}, {0, 1}},
                        {{5, 7}, {1, 0}, {7, 1}},
                        {{4, 1, 33}, {33, 33, 1}, {33, 0, 1}},
                        {{3, 5, 40}, {0, 40, 1}, {40, 0, 1}},
                        {{2, 3, 4}, {1, 2, 6}, {0, 0, 0}},
                        {{0, 3}, {3, 1}, {0, 1}},
                        {{}, {}, {}},
                        {{300}, {1}, {0}}};
  for (const auto& c : cases) {
    CAPTURE(c.sizes.to_string());
    const auto a = random<T>({700}, 1), b = random<T>({700}, 2);
    CHECK(agree(0, [&](auto device, auto on) {
      const auto x = on(a), y = on(b), out = on(Tensor<T>::zeros(c.sizes));
      kernel::broadcast_map(device, c.sizes.rank(), c.sizes.begin(), functor::Subtract{}, out.mutable_data(),
                            kernel::Strided<T>{x.data(), c.a.begin()}, kernel::Strided<T>{y.data(), c.b.begin()});
      return out;
    }));
  }
}
