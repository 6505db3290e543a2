// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/gemm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#if defined(_OPENMP)
#include <omp.h>
#endif

using namespace regimen;
using kernel::GemmOptions;

namespace {

// A cheap stream of values in [-1, 1).
struct Stream {
  std::uint64_t state;
  std::uint64_t bits() {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return state >> 33;
  }
  double value() { return static_cast<double>(bits()) / static_cast<double>(1u << 30) - 1.0; }
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(n)); }
};

template <class T>
std::vector<T> random_values(Stream& stream, std::int64_t count) {
  std::vector<T> values;
  values.reserve(static_cast<std::size_t>(count) + 1);  // not null, also where there are none
  values.resize(static_cast<std::size_t>(count));
  for (T& v : values) v = static_cast<T>(stream.value());
  return values;
}

struct Case {
  bool transpose_a = false, transpose_b = false;
  std::int64_t m = 0, n = 0, k = 0, pad_a = 0, pad_b = 0, pad_c = 0;
  double alpha = 1;
  bool accumulate = false, bias = false;
  Activation activation = Activation::none;
};

double activated(Activation activation, double z) {
  switch (activation) {
    case Activation::relu:
      return z > 0 ? z : 0;
    case Activation::tanh:
      return std::tanh(z);
    case Activation::sigmoid:
      return 1 / (1 + std::exp(-z));
    default:
      return z;
  }
}

// A product with its operands in buffers of exactly the size that it may read, and C between two guard zones.
template <class T>
struct Product {
  static constexpr std::int64_t guard = 64;
  Case at;
  std::int64_t lda, ldb, ldc;
  std::vector<T> a, b, bias, c;

  Product(const Case& which, Stream& stream) : at(which) {
    const std::int64_t a_rows = at.transpose_a ? at.k : at.m, a_columns = at.transpose_a ? at.m : at.k;
    const std::int64_t b_rows = at.transpose_b ? at.n : at.k, b_columns = at.transpose_b ? at.k : at.n;
    lda = a_columns + at.pad_a;
    ldb = b_columns + at.pad_b;
    ldc = at.n + at.pad_c;
    a = random_values<T>(stream, a_rows == 0 ? 0 : (a_rows - 1) * lda + a_columns);
    b = random_values<T>(stream, b_rows == 0 ? 0 : (b_rows - 1) * ldb + b_columns);
    bias = random_values<T>(stream, at.n);
    c = random_values<T>(stream, at.m * ldc + 2 * guard);
  }

  GemmOptions<T> options() const {
    return {static_cast<T>(at.alpha), at.accumulate, at.bias ? bias.data() : nullptr, at.activation};
  }
  std::vector<T> run() const {
    std::vector<T> result = c;
    kernel::gemm(Cpu{}, at.transpose_a, at.transpose_b, at.m, at.n, at.k, a.data(), lda, b.data(), ldb,
                 result.data() + guard, ldc, options());
    return result;
  }

  // Whether every element is within 3 (k + 4) eps of the sum of its terms' magnitudes, and the rest of the buffer is
  // as it was. The factor 3 allows for the activation's own rounding.
  bool right() const {
    const std::vector<T> result = run();
    const auto index = [](std::int64_t i) { return static_cast<std::size_t>(i); };
    for (std::int64_t i = 0; i < at.m; ++i)
      for (std::int64_t j = 0; j < ldc; ++j) {
        const std::size_t here = index(guard + i * ldc + j);
        if (j >= at.n) {
          if (result[here] != c[here]) return false;
          continue;
        }
        double sum = 0, size = 0;
        for (std::int64_t p = 0; p < at.k; ++p) {
          const double term = static_cast<double>(a[index(at.transpose_a ? p * lda + i : i * lda + p)]) *
                              static_cast<double>(b[index(at.transpose_b ? j * ldb + p : p * ldb + j)]);
          sum += term;
          size += std::abs(term);
        }
        sum *= at.alpha;
        size *= std::abs(at.alpha);
        if (at.accumulate) sum += static_cast<double>(c[here]), size += std::abs(static_cast<double>(c[here]));
        if (at.bias) sum += static_cast<double>(bias[index(j)]), size += std::abs(static_cast<double>(bias[index(j)]));
        if (at.activation == Activation::tanh || at.activation == Activation::sigmoid) size += 1;
        const double bound =
            3 * static_cast<double>(at.k + 4) * static_cast<double>(std::numeric_limits<T>::epsilon()) * size;
        if (!(std::abs(static_cast<double>(result[here]) - activated(at.activation, sum)) <= bound)) return false;
      }
    for (std::int64_t i = 0; i < guard; ++i) {
      const std::size_t behind = index(guard + at.m * ldc + i);
      if (result[index(i)] != c[index(i)] || result[behind] != c[behind]) return false;
    }
    return true;
  }
};

// The form and the options by a hash, so that over a run every form meets every size.
Case any_case(Stream& stream, std::int64_t m, std::int64_t n, std::int64_t k) {
  Case at{.transpose_a = stream.below(2) == 1, .transpose_b = stream.below(2) == 1, .m = m, .n = n, .k = k};
  if (stream.below(2) == 1) at.pad_a = stream.below(6), at.pad_b = stream.below(6), at.pad_c = stream.below(6);
  if (stream.below(4) == 0) at.alpha = -1.75;
  at.accumulate = stream.below(3) == 0;
  at.bias = stream.below(2) == 1;
  if (stream.below(2) == 1) at.activation = static_cast<Activation>(stream.below(4));
  return at;
}

template <class T>
void check(const Case& at, Stream& stream) {
  if (Product<T>(at, stream).right()) return;
  CAPTURE(at.transpose_a);
  CAPTURE(at.transpose_b);
  CAPTURE(at.m);
  CAPTURE(at.n);
  CAPTURE(at.k);
  CAPTURE(at.pad_a);
  CAPTURE(at.pad_b);
  CAPTURE(at.pad_c);
  CAPTURE(at.alpha);
  CAPTURE(at.accumulate);
  CAPTURE(at.bias);
  CAPTURE(static_cast<int>(at.activation));
  FAIL_CHECK("wrong product");
}

}  // namespace

TEST_CASE("gemm agrees with a double-precision triple loop for sizes 1 to 40") {
  Stream stream{1};
  for (std::int64_t m = 1; m <= 40; ++m)
    for (std::int64_t n = 1; n <= 40; ++n)
      for (std::int64_t k = 1; k <= 40; ++k) {
        const Case at = any_case(stream, m, n, k);
        if (stream.below(3) == 0)
          check<double>(at, stream);
        else
          check<float>(at, stream);
      }
}

TEST_CASE_TEMPLATE("gemm agrees with a triple loop in all forms of narrow, large and ragged shapes", T, float, double) {
  const std::int64_t shapes[][3] = {{1, 1, 1000},   {1, 300, 70},   {300, 1, 70},    {3, 130, 257},  {130, 3, 257},
                                    {129, 65, 33},  {97, 200, 140}, {5, 7, 2000},    {200, 97, 390}, {100, 50, 800},
                                    {7, 1100, 260}, {13, 1030, 5},  {61, 1041, 400}, {250, 2, 600},  {2, 250, 600},
                                    {1, 4099, 64},  {4099, 1, 64}};
  Stream stream{2};
  for (const auto& shape : shapes)
    for (int form = 0; form < 4; ++form) {
      Case at = any_case(stream, shape[0], shape[1], shape[2]);
      at.transpose_a = form / 2 == 1;
      at.transpose_b = form % 2 == 1;
      check<T>(at, stream);
    }
}

TEST_CASE_TEMPLATE("a sum of no terms is zero, and a product without elements writes nothing", T, float, double) {
  Stream stream{3};
  for (int trial = 0; trial < 200; ++trial) {
    check<T>(any_case(stream, 1 + stream.below(40), 1 + stream.below(40), 0), stream);
    check<T>(any_case(stream, 0, stream.below(20), stream.below(20)), stream);
    check<T>(any_case(stream, stream.below(20), 0, stream.below(20)), stream);
  }
}

TEST_CASE("a product without accumulation overwrites what C held, even a NaN") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const std::int64_t n : {1, 3, 16, 40}) {
    const std::vector<float> a(static_cast<std::size_t>(n * n), 1.0f);
    std::vector<float> c(static_cast<std::size_t>(n * n), nan);
    for (int form = 0; form < 4; ++form) {
      kernel::gemm(Cpu{}, form / 2 == 1, form % 2 == 1, n, n, n, a.data(), n, a.data(), n, c.data(), n);
      for (const float value : c) CHECK(value == static_cast<float>(n));
    }
  }
}

TEST_CASE_TEMPLATE("accumulating twice equals a factor of two", T, float, double) {
  Stream stream{4};
  for (int trial = 0; trial < 300; ++trial) {
    Case at = any_case(stream, 1 + stream.below(50), 1 + stream.below(50), 1 + stream.below(50));
    at.alpha = 1;
    at.bias = false;
    at.accumulate = true;
    at.activation = Activation::none;
    Product<T> product(at, stream);
    for (T& value : product.c) value = 0;
    const std::vector<T> once = product.run();
    product.at.alpha = 2;
    const std::vector<T> doubled = product.run();
    product.at.alpha = 1;
    product.c = once;
    const std::vector<T> twice = product.run();
    bool near = true;
    for (std::size_t i = 0; i < twice.size(); ++i)
      near = near &&
             std::abs(twice[i] - doubled[i]) <= static_cast<T>(4 * at.k * at.k) * std::numeric_limits<T>::epsilon();
    CHECK(near);
  }
}

TEST_CASE_TEMPLATE("a batch is its products, with operands shared or apart", T, float, double) {
  Stream stream{5};
  for (int trial = 0; trial < 100; ++trial) {
    const bool ta = stream.below(2) == 1, tb = stream.below(2) == 1;
    const std::int64_t m = 1 + stream.below(20), n = 1 + stream.below(20), k = 1 + stream.below(20);
    const std::int64_t count = stream.below(5), lda = ta ? m : k, ldb = tb ? k : n;
    const std::int64_t stride_a = stream.below(3) == 0 ? 0 : m * k + 1, stride_b = stream.below(3) == 0 ? 0 : k * n;
    const std::vector<T> a = random_values<T>(stream, 5 * (m * k + 1)), b = random_values<T>(stream, 5 * k * n);
    const std::vector<T> bias = random_values<T>(stream, n);
    std::vector<T> expected(static_cast<std::size_t>(5 * m * n), T{7}), result = expected;
    const GemmOptions<T> options{.alpha = T{0.5}, .accumulate = true, .bias = bias.data()};
    for (std::int64_t i = 0; i < count; ++i)
      kernel::gemm(Cpu{}, ta, tb, m, n, k, a.data() + i * stride_a, lda, b.data() + i * stride_b, ldb,
                   expected.data() + i * m * n, n, options);
    kernel::gemm_batched(Cpu{}, ta, tb, m, n, k, a.data(), lda, stride_a, b.data(), ldb, stride_b, result.data(), n,
                         m * n, count, options);
    CHECK(result == expected);
  }
}

TEST_CASE("repeated products take no memory from the system") {
  Stream stream{6};
  const Case at{.transpose_b = true, .m = 150, .n = 170, .k = 500};
  const Product<float> product(at, stream);
  std::vector<float> c(150 * 170);
  const auto once = [&] {
    kernel::gemm(Cpu{}, false, true, at.m, at.n, at.k, product.a.data(), at.k, product.b.data(), at.k, c.data(), at.n);
  };
  once();
  const std::uint64_t before = allocator_stats().system_allocations;
  for (int i = 0; i < 3; ++i) once();
  CHECK(allocator_stats().system_allocations == before);
}

#if defined(_OPENMP)
TEST_CASE_TEMPLATE("one, two and three threads give the same bits", T, float, double) {
  Stream stream{7};
  const std::int64_t shapes[][3] = {{200, 150, 90}, {150, 211, 90},  {1, 5000, 300}, {5000, 1, 300}, {3, 2000, 200},
                                    {2000, 3, 200}, {300, 300, 900}, {64, 64, 513},  {90, 130, 64},  {3000, 9, 40}};
  const int threads = omp_get_max_threads();
  for (const auto& shape : shapes)
    for (int form = 0; form < 4; ++form) {
      Case at = any_case(stream, shape[0], shape[1], shape[2]);
      at.transpose_a = form / 2 == 1;
      at.transpose_b = form % 2 == 1;
      const Product<T> product(at, stream);
      omp_set_num_threads(1);
      const std::vector<T> one = product.run();
      for (const int team : {2, 3}) {
        omp_set_num_threads(team);
        const std::vector<T> several = product.run();
        CAPTURE(at.m);
        CAPTURE(at.n);
        CAPTURE(form);
        CHECK(std::memcmp(one.data(), several.data(), one.size() * sizeof(T)) == 0);
      }
    }
  omp_set_num_threads(threads);
}
#endif
