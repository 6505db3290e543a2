// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "cuda/twin.hpp"
//
#include "regimen/cpu/cross_entropy.hpp"
#include "regimen/cpu/softmax.hpp"

using namespace twin;

namespace {

/// Rows of logits, some with infinities.
template <class T>
Tensor<T> logits(std::int64_t m, std::int64_t n) {
  auto x = random<T>({m, n}, 3);
  T* values = x.mutable_data();
  if (m > 0 && n > 2) {
    values[1] = -std::numeric_limits<T>::infinity();
    if (m > 1) values[n] = T(1e4);
  }
  return x;
}

constexpr std::int64_t rows[][2] = {{1, 1}, {3, 5}, {2, 32}, {4, 100}, {2, 257}, {1, 3001}, {0, 4}};

}  // namespace

TEST_CASE_TEMPLATE("softmax, its relatives and their gradients by rows", T, float, double) {
  for (const auto& row : rows) {
    const std::int64_t m = row[0], n = row[1];
    CAPTURE(m);
    CAPTURE(n);
    const auto x = logits<T>(m, n), g = random<T>({m, n}, 4);
    const auto compare = [&](const Shape& shape, const auto& f) {
      return agree(rounding<T>, [&](auto device, auto on) {
        const auto a = on(x), b = on(g), out = on(Tensor<T>::zeros(shape));
        f(device, m, n, a.data(), b.data(), out.mutable_data());
        return out;
      });
    };
    CHECK(compare(
        {m, n}, [](auto device, auto r, auto c, auto* a, auto*, auto* out) { kernel::softmax(device, r, c, a, out); }));
    CHECK(compare({m, n}, [](auto device, auto r, auto c, auto* a, auto*, auto* out) {
      kernel::log_softmax(device, r, c, a, out);
    }));
    CHECK(compare(
        {m}, [](auto device, auto r, auto c, auto* a, auto*, auto* out) { kernel::logsumexp(device, r, c, a, out); }));
    CHECK(compare({m, n}, [](auto device, auto r, auto c, auto* a, auto* b, auto* out) {
      kernel::softmax(device, r, c, a, out);
      kernel::softmax_backward(device, r, c, static_cast<const T*>(out), b, out);
    }));
    CHECK(compare({m, n}, [](auto device, auto r, auto c, auto* a, auto* b, auto* out) {
      kernel::log_softmax(device, r, c, a, out);
      kernel::log_softmax_backward(device, r, c, static_cast<const T*>(out), b, out);
    }));
  }
}

TEST_CASE_TEMPLATE("cross-entropy of labels and of distributions, and its gradients", T, float, double) {
  for (const auto& row : rows)
    for (const bool weighted : {false, true})
      for (const double smoothing : {0.0, 0.2}) {
        const std::int64_t m = row[0], n = row[1];
        CAPTURE(m);
        CAPTURE(n);
        CAPTURE(weighted);
        const auto x = random<T>({m, n}, 5), t = random<T>({m, n}, 6), g = random<T>({m}, 7), w = random<T>({n}, 8);
        const auto labels = Tensor<std::int64_t>::zeros({m});
        for (std::int64_t i = 0; i < m; ++i) labels.mutable_data()[i] = (7 * i + 1) % n;
        CHECK(agree(rounding<T>, [&](auto device, auto on) {
          const auto a = on(x), b = on(t), c = on(g), weights = on(w);
          const auto y = on(labels);
          const auto out = on(Tensor<T>::zeros({4 * m + 2 * m * n}));  // losses, their lse, gradients
          const kernel::CrossEntropyOptions<T> options{static_cast<T>(smoothing), weighted ? weights.data() : nullptr};
          T* to = out.mutable_data();
          kernel::cross_entropy(device, m, n, a.data(), y.data(), options, to, to + m);
          kernel::cross_entropy_soft(device, m, n, a.data(), b.data(), to + 2 * m, to + 3 * m);
          kernel::cross_entropy_backward(device, m, n, a.data(), y.data(), options, static_cast<const T*>(to), c.data(),
                                         to + 4 * m);
          kernel::cross_entropy_soft_backward(device, m, n, a.data(), b.data(), static_cast<const T*>(to), c.data(),
                                              to + 4 * m + m * n);
          return out;
        }));
      }
}
