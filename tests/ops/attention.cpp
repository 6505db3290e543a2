// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/attention.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "ops/structure.hpp"
#include "support/oracle.hpp"

using namespace structure;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

Value attend(const Values& in, const AttentionOptions<double>& options = {}) {
  return scaled_dot_product_attention(in[0], in[1], in[2], options);
}

/// The same by loops.
Value reference(const Value& q, const Value& k, const Value& v, const AttentionOptions<double>& options) {
  const auto y = Value::zeros(q.shape().with(-1, v.size(-1)));
  const std::int64_t queries = q.size(2), keys = k.size(2), share = q.size(1) / k.size(1);
  for (std::int64_t b = 0; b < q.size(0); ++b)
    for (std::int64_t h = 0; h < q.size(1); ++h)
      for (std::int64_t i = 0; i < queries; ++i) {
        std::vector<double> w;
        double total = 0;
        for (std::int64_t j = 0; j < keys; ++j) {
          double score = 0;
          for (std::int64_t c = 0; c < q.size(3); ++c) score += q(b, h, i, c) * k(b, h / share, j, c);
          score /= std::sqrt(static_cast<double>(q.size(3)));
          if (options.bias.defined()) score += options.bias(h, i, j);
          const bool masked = (options.causal && j - (keys - queries) > i) ||
                              (options.key_padding.defined() && options.key_padding(b, j) != 0);
          w.push_back(masked ? 0 : std::exp(score));
          total += w.back();
        }
        for (std::int64_t j = 0; j < keys && total > 0; ++j)
          for (std::int64_t c = 0; c < v.size(3); ++c)
            y.mutable_data()[((b * q.size(1) + h) * queries + i) * v.size(3) + c] +=
                w[static_cast<std::size_t>(j)] / total * v(b, h / share, j, c);
      }
  return y;
}

double distance(const Value& a, const Value& b) {
  if (!(a.shape() == b.shape())) return inf;
  double worst = 0;
  for (std::int64_t i = 0; i < a.size(); ++i) worst = std::fmax(worst, std::abs(a.data()[i] - b.data()[i]));
  return worst;
}

}  // namespace

TEST_CASE("attention is what loops give, for all masks, lengths and groups") {
  for (const std::int64_t queries : {1, 3, 5})
    for (const std::int64_t keys : {1, 4})
      for (const std::int64_t kv_heads : {1, 2, 4})
        for (const bool causal : {false, true})
          for (const bool masked : {false, true}) {
            CAPTURE(queries);
            CAPTURE(keys);
            CAPTURE(kv_heads);
            CAPTURE(causal);
            CAPTURE(masked);
            const auto q = random({2, 4, queries, 3}, 1), k = random({2, kv_heads, keys, 3}, 2);
            const auto v = random({2, kv_heads, keys, 5}, 3);
            AttentionOptions<double> options{.causal = causal};
            if (masked) {
              options.bias = random({4, queries, keys}, 4);
              options.key_padding = Value::zeros({2, keys});
              options.key_padding.mutable_data()[keys - 1] = 1;
            }
            CHECK(distance(attend({q, k, v}, options), reference(q, k, v, options)) < 1e-13);
          }
}

TEST_CASE("attention has gradients to second order") {
  const Values in = {random({2, 2, 3, 2}, 1), random({2, 1, 3, 2}, 2), random({2, 1, 3, 2}, 3), random({2, 3, 3}, 4)};
  CHECK(check([](const auto& x) { return scaled_dot_product_attention(x[0], x[1], x[2]); }, in));
  CHECK(check([](const auto& x) { return attention_weights(x[0], x[1], {.causal = true, .scale = 0.3}); },
              {in[0], in[1]}));
  const auto padding = Value::from({0, 1, 0, 0, 0, 1}, {2, 3});
  CHECK(check(
      [&](const auto& x) {
        return scaled_dot_product_attention(x[0], x[1], x[2], {.causal = true, .bias = x[3], .key_padding = padding});
      },
      in));
  const auto all = Value::from({1, 1, 1, 0, 0, 1}, {2, 3});
  CHECK(check([&](const auto& x) { return scaled_dot_product_attention(x[0], x[1], x[2], {.key_padding = all}); },
              {in[0], in[1], in[2]}));
}

TEST_CASE("a query without keys gets zeros and a gradient of zeros") {
  const auto q = variable(random({2, 2, 3, 4}, 1)), k = variable(random({2, 2, 3, 4}, 2));
  const auto v = variable(random({2, 2, 3, 4}, 3));
  const auto check_zero = [&](const AttentionOptions<double>& options, auto is_blind) {
    const auto y = scaled_dot_product_attention(q, k, v, options);
    const auto dq = grad(sum(y * random(y.shape(), 5)), {q, k, v})[0];
    for (int b = 0; b < 2; ++b)
      for (int h = 0; h < 2; ++h)
        for (int i = 0; i < 3; ++i) {
          CAPTURE(i);
          CHECK((y(b, h, i, 0) == 0) == is_blind(b, h, i));
          CHECK((dq(b, h, i, 0) == 0) == is_blind(b, h, i));
          CHECK(std::isfinite(dq(b, h, i, 1)));
        }
  };
  check_zero({.key_padding = Value::from({1, 1, 1, 0, 0, 1}, {2, 3})}, [](int b, int, int) { return b == 0; });
  auto bias = Value::zeros({2, 1, 3, 3});
  for (int j = 0; j < 3; ++j) bias.mutable_data()[9 + 6 + j] = -inf;
  check_zero({.bias = bias}, [](int b, int, int i) { return b == 1 && i == 2; });
}

TEST_CASE("masked keys are not looked at, and -infinity in the bias masks as the options do") {
  const auto q = random({1, 2, 3, 4}, 1), k = random({1, 2, 3, 4}, 2), v = random({1, 2, 3, 4}, 3);
  auto bias = Value::zeros({3, 3});
  bias.mutable_data()[1] = bias.mutable_data()[2] = bias.mutable_data()[5] = -inf;
  CHECK(distance(attend({q, k, v}, {.causal = true}), attend({q, k, v}, {.bias = bias})) == 0);
  auto other = k.clone();
  other.mutable_data()[8] = 1e30;  // in key 2 of head 0
  const auto padding = Value::from({0, 0, 1}, {1, 3});
  CHECK(distance(attend({q, k, v}, {.key_padding = padding}), attend({q, other, v}, {.key_padding = padding})) == 0);
}

TEST_CASE("attention of one head shares each kv head among a group") {
  const auto q = random({2, 4, 3, 2}, 1), k = random({2, 2, 5, 2}, 2), v = random({2, 2, 5, 3}, 3);
  const auto repeated = [](const Value& x) {
    return reshape(broadcast_to(unsqueeze(x, 2), {2, 2, 2, 5, x.size(3)}), Shape{2, 4, 5, x.size(3)});
  };
  CHECK(distance(attend({q, k, v}), attend({q, repeated(k), repeated(v)})) < 1e-15);
}

TEST_CASE("dropout of the weights keeps their mean and zeros some") {
  Rng rng(1);
  const auto q = random({2, 2, 8, 4}, 1), k = random({2, 2, 8, 4}, 2);
  const auto w = attention_weights(q, k), dropped = attention_weights(q, k, {.dropout = 0.5, .rng = &rng});
  int zeros = 0;
  for (std::int64_t i = 0; i < w.size(); ++i) {
    const double u = dropped.data()[i];
    if (u == 0)
      ++zeros;
    else
      CHECK(u == doctest::Approx(2 * w.data()[i]));
  }
  CHECK(zeros > 90);
  CHECK(zeros < 166);
  CHECK(has(message([&] { attention_weights(q, k, {.dropout = 0.5}); }), "rng"));
}

TEST_CASE("attention of nothing is empty, and of no keys zero") {
  const auto empty = [](std::int64_t b, std::int64_t t) { return Value::zeros({b, 2, t, 3}); };
  CHECK(attend({empty(0, 4), empty(0, 4), empty(0, 4)}, {.causal = true}).shape() == Shape{0, 2, 4, 3});
  CHECK(attend({empty(1, 0), empty(1, 4), empty(1, 4)}).shape() == Shape{1, 2, 0, 3});
  const auto y = attend({random({1, 2, 2, 3}), empty(1, 0), empty(1, 0)}, {.causal = true});
  CHECK(distance(y, empty(1, 2)) == 0);
}

TEST_CASE("attention names what does not fit") {
  const auto x = [](std::int64_t b, std::int64_t h, std::int64_t t, std::int64_t d) {
    return Value::zeros({b, h, t, d});
  };
  const auto text = [&](const Values& in, const AttentionOptions<double>& options = {}) {
    return message([&] { attend(in, options); });
  };
  const auto names = [](const std::string& got, const char* a, const char* b) { return has(got, a) && has(got, b); };
  CHECK(names(text({x(1, 2, 3, 4), x(2, 2, 3, 4), x(2, 2, 3, 4)}), "[1, 2, 3, 4]", "[2, 2, 3, 4]"));
  CHECK(names(text({x(1, 2, 3, 4), x(1, 2, 3, 5), x(1, 2, 3, 4)}), "[1, 2, 3, 4]", "[1, 2, 3, 5]"));
  CHECK(names(text({x(1, 3, 3, 4), x(1, 2, 3, 4), x(1, 2, 3, 4)}), "[1, 3, 3, 4]", "multiple"));
  CHECK(names(text({x(1, 2, 3, 4), x(1, 2, 3, 4), x(1, 2, 4, 4)}), "[1, 2, 3, 4]", "[1, 2, 4, 4]"));
  CHECK(names(text({x(1, 2, 3, 4), x(1, 2, 3, 4), x(1, 2, 3, 4)}, {.bias = Value::zeros({2, 3})}), "[2, 3]",
              "[1, 2, 3, 3]"));
  CHECK(names(text({x(1, 2, 3, 4), x(1, 2, 3, 4), x(1, 2, 3, 4)}, {.key_padding = Value::zeros({3, 1})}), "[3, 1]",
              "key_padding"));
}

TEST_CASE_TEMPLATE("attention agrees with PyTorch", T, float, double) {
  const test::Oracle oracle("nn_b_attention");
  using In = std::vector<Tensor<T>>;
  oracle.check_case<T>("plain", {"q", "k", "v"},
                       [](const In& in) { return scaled_dot_product_attention(in[0], in[1], in[2]); });
  oracle.check_case<T>("causal", {"q", "k", "v"}, [](const In& in) {
    return scaled_dot_product_attention(in[0], in[1], in[2], {.causal = true});
  });
  oracle.check_case<T>("bias", {"q", "k", "v", "bias"}, [](const In& in) {
    return scaled_dot_product_attention(in[0], in[1], in[2], {.scale = 0.7, .bias = in[3]});
  });
  const auto padding = oracle.get<std::int64_t>("padding").to<T>();
  oracle.check_case<T>("padding", {"q", "k", "v"}, [&](const In& in) {
    return scaled_dot_product_attention(in[0], in[1], in[2], {.key_padding = padding});
  });
}
