// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/matmul.hpp"

#include <doctest/doctest.h>

#include "ops/table.hpp"
#include "regimen/ops/arithmetic.hpp"

using namespace regimen;
using table::closed;
using table::message;
using table::random;

namespace {

struct Case {
  Shape a, b, result;
  MatmulOptions options = {};
};
const Case cases[] = {{{2, 3}, {3, 4}, {2, 4}},
                      {{3, 2}, {3, 4}, {2, 4}, {.transpose_a = true}},
                      {{2, 3}, {4, 3}, {2, 4}, {.transpose_b = true}},
                      {{3, 2}, {4, 3}, {2, 4}, {.transpose_a = true, .transpose_b = true}},
                      {{3}, {3}, {}},
                      {{3}, {3, 2}, {2}},
                      {{2, 3}, {3}, {2}},
                      {{2, 2, 3}, {3}, {2, 2}},
                      {{3}, {2, 3, 2}, {2, 2}},
                      {{1, 1}, {1, 1}, {1, 1}},
                      {{2, 2, 3}, {3, 2}, {2, 2, 2}},
                      {{2, 2, 3}, {2, 3}, {2, 2, 2}, {.transpose_b = true}},
                      {{2, 3, 2}, {3, 2}, {2, 2, 2}, {.transpose_a = true}},
                      {{2, 3}, {2, 3, 2}, {2, 2, 2}},
                      {{2, 2, 3}, {2, 3, 2}, {2, 2, 2}},
                      {{2, 2, 3}, {1, 3, 2}, {2, 2, 2}},
                      {{1, 2, 3}, {2, 3, 2}, {2, 2, 2}},
                      {{2, 1, 2, 3}, {2, 3, 1}, {2, 2, 2, 1}},
                      {{2, 1, 3, 2}, {1, 2, 1, 3}, {2, 2, 2, 1}, {.transpose_a = true, .transpose_b = true}},
                      {{0, 3}, {3, 2}, {0, 2}},
                      {{2, 0}, {0, 2}, {2, 2}},
                      {{0, 2, 3}, {3, 2}, {0, 2, 2}},
                      {{0, 2, 3}, {1, 3, 2}, {0, 2, 2}}};

/// Sums of products by broadcasting: a [..., m, 1, k] * b [..., 1, n, k].
Tensor<double> reference(Tensor<double> a, Tensor<double> b, const Case& c) {
  const auto element = [](const Tensor<double>& x, std::int64_t batch, std::int64_t i, std::int64_t j) {
    return x.data()[(batch * x.size(-2) + i) * x.size(-1) + j];
  };
  if (a.rank() == 1) a = a.reshaped({1, a.size(0)});
  if (b.rank() == 1) b = b.reshaped({b.size(0), 1});
  const Shape sa = a.shape().sub(0, a.rank() - 2), sb = b.shape().sub(0, b.rank() - 2);
  const Shape batch = broadcast(sa, sb, "reference");
  const std::int64_t m = a.size(c.options.transpose_a ? -1 : -2), k = a.size(c.options.transpose_a ? -2 : -1);
  const std::int64_t n = b.size(c.options.transpose_b ? -2 : -1);
  const auto y = Tensor<double>::zeros(c.result);
  double* out = y.mutable_data();
  for (std::int64_t q = 0; q < batch.size(); ++q) {
    const auto of = [&](const Shape& s) {
      std::int64_t rest = q, at = 0, step = 1;
      for (int axis = 1; axis <= batch.rank(); ++axis) {
        if (axis <= s.rank()) {
          if (s[-axis] != 1) at += rest % batch[-axis] * step;
          step *= s[-axis];
        }
        rest /= batch[-axis];
      }
      return at;
    };
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < n; ++j, ++out)
        for (std::int64_t p = 0; p < k; ++p)
          *out += (c.options.transpose_a ? element(a, of(sa), p, i) : element(a, of(sa), i, p)) *
                  (c.options.transpose_b ? element(b, of(sb), j, p) : element(b, of(sb), p, j));
  }
  return y;
}

}  // namespace

TEST_CASE("products of vectors, matrices and batches agree with a loop, gradients to second order") {
  for (const auto& c : cases) {
    CAPTURE(c.a.to_string());
    CAPTURE(c.b.to_string());
    const auto a = random(c.a, 1), b = random(c.b, 2);
    const auto y = matmul(a, b, c.options);
    REQUIRE(y.shape() == c.result);
    CHECK(closed(y, reference(a, b, c), 1e-14));
    CHECK(closed(matmul(a.to<float>(), b.to<float>(), c.options), reference(a, b, c), 1e-6));
    const auto check = gradcheck(
        [&](const auto& in) {
          const auto p = matmul(in[0], in[1], c.options);
          return p * p;
        },
        {a, b}, {.order = 2});
    CHECK_MESSAGE(check.ok, check.message);
  }
}

TEST_CASE("an operand that needs no gradient costs none, and its values may change") {
  const auto a = random({2, 3}, 1), b = variable(random({3, 2}, 2));
  const auto y = matmul(a, b);
  const auto seed = Tensor<double>::ones({2, 2});
  b.mutable_data()[0] = 100;
  const auto db = grad(y, {b}, {}, seed)[0];
  CHECK(db(0, 0) == doctest::Approx(a(0, 0) + a(1, 0)));
  a.mutable_data()[0] = 3;
  CHECK(message([&] { grad(y, {b}, {}, seed); }).find("matmul: ") == 0);
}

TEST_CASE("errors of matmul name both shapes") {
  const auto text = message([] { matmul(Tensor<>::zeros({64, 784}), Tensor<>::zeros({512, 10})); });
  CHECK(text.find("matmul: inner sizes differ, a is [64, 784] and b is [512, 10]") == 0);
  CHECK_THROWS_AS(matmul(Tensor<>::scalar(1), Tensor<>::zeros({1})), Error);
  CHECK_THROWS_AS(matmul(Tensor<>::zeros({3}), Tensor<>::zeros({2})), Error);
  CHECK_THROWS_AS(matmul(Tensor<>::zeros({2, 3, 4}), Tensor<>::zeros({3, 4, 5})), Error);
  CHECK_THROWS_AS(matmul(Tensor<>::zeros({3}), Tensor<>::zeros({3, 1}), {.transpose_a = true}), Error);
}
