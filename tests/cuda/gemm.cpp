// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "cuda/twin.hpp"
//
#include "regimen/cpu/gemm.hpp"

using namespace twin;

TEST_CASE_TEMPLATE("products in every transpose form, with and without what follows them", T, float, double) {
  const std::int64_t shapes[][3] = {{1, 1, 1}, {3, 5, 7}, {33, 17, 65}, {4, 6, 0}, {0, 3, 2}};
  for (const auto& size : shapes)
    for (const bool ta : {false, true})
      for (const bool tb : {false, true})
        for (const auto activation : {Activation::none, Activation::relu, Activation::tanh, Activation::sigmoid})
          for (const bool accumulate : {false, true}) {
            const std::int64_t m = size[0], n = size[1], k = size[2];
            CAPTURE(m);
            CAPTURE(ta);
            CAPTURE(tb);
            const std::int64_t lda = ta ? m : k, ldb = tb ? k : n, count = 2;
            const auto a = random<T>({count, m, k}, 1), b = random<T>({count, k, n}, 2), bias = random<T>({n}, 3);
            const auto c = random<T>({count, m, n}, 4);
            CHECK(agree(rounding<T> * 10, [&](auto device, auto on) {
              const auto x = on(a), y = on(b), z = on(bias), out = on(c.clone());
              kernel::GemmOptions<T> options;
              options.alpha = T(0.5);
              options.accumulate = accumulate;
              if (activation != Activation::relu) options.bias = z.data();
              options.activation = activation;
              kernel::gemm_batched(device, ta, tb, m, n, k, x.data(), lda, m * k, y.data(), ldb, k * n,
                                   out.mutable_data(), n, m * n, count, options);
              return out;
            }));
          }
}

TEST_CASE("a product may be a part of a wider matrix") {
  const auto a = random<float>({3, 4}, 1), b = random<float>({4, 5}, 2), c = random<float>({3, 9}, 3);
  CHECK(agree(1e-6, [&](auto device, auto on) {
    const auto x = on(a), y = on(b), out = on(c.clone());
    kernel::gemm<float>(device, false, false, 3, 5, 4, x.data(), 4, y.data(), 5, out.mutable_data() + 2, 9,
                        {.activation = Activation::relu});
    return out;
  }));
}
