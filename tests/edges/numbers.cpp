// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// The ends of the numbers: infinities, NaN, denormals, huge sums, sizes that overflow, and axes of one or no element.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "ops/structure.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/loss/bce.hpp"
#include "regimen/loss/bce_with_logits.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/loss/kl.hpp"
#include "regimen/loss/mse.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/attention.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/conv.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/norm.hpp"
#include "regimen/ops/rearrange.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/scan.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/softmax.hpp"
#include "regimen/ops/sort.hpp"
#include "regimen/ops/unary.hpp"

using namespace regimen;
using structure::has;
using structure::message;

namespace {

template <class T>
constexpr T infinite = std::numeric_limits<T>::infinity();
template <class T>
constexpr T not_a_number = std::numeric_limits<T>::quiet_NaN();

template <class T>
Tensor<T> row(std::initializer_list<T> values) {
  return Tensor<T>::from(values, {1, static_cast<std::int64_t>(values.size())});
}

bool all_nan(const auto& x) {
  for (std::int64_t i = 0; i < x.size(); ++i)
    if (!std::isnan(x.data()[i])) return false;
  return x.size() > 0;
}

}  // namespace

TEST_CASE_TEMPLATE("softmax, log_softmax and logsumexp of large and infinite logits", T, float, double) {
  const auto large = row<T>({10000, 9999, -10000});
  const double q = 1 / (1 + std::exp(-1.0));
  CHECK(softmax(large).data()[0] == doctest::Approx(q));
  CHECK(softmax(large).data()[2] == 0);
  CHECK(log_softmax(large).data()[1] == doctest::Approx(std::log1p(-q)).epsilon(1e-4));
  CHECK(log_softmax(large).data()[2] == doctest::Approx(-20000 + std::log(q)));
  CHECK(logsumexp(large, 1).item() == doctest::Approx(10000 - std::log(q)));
  const auto masked = row<T>({0, -infinite<T>, 0});
  CHECK(softmax(masked).data()[0] == T(0.5));
  CHECK(softmax(masked).data()[1] == 0);
  CHECK(log_softmax(masked).data()[1] == -infinite<T>);
  CHECK(logsumexp(masked, 1).item() == doctest::Approx(std::log(2.0)));
  CHECK(logsumexp(row<T>({-infinite<T>, -infinite<T>}), 1).item() == -infinite<T>);
  CHECK(logsumexp(row<T>({0, infinite<T>}), 1).item() == infinite<T>);
  CHECK(all_nan(softmax(row<T>({-infinite<T>, -infinite<T>}))));
  CHECK(all_nan(softmax(row<T>({0, infinite<T>}))));
  CHECK(all_nan(softmax(row<T>({0, not_a_number<T>, 1}))));
}

TEST_CASE_TEMPLATE("a query whose keys are all masked attends to nothing, with a gradient of zero", T, float, double) {
  const auto q = variable(Tensor<T>::ones({1, 1, 2, 3})), k = variable(Tensor<T>::ones({1, 1, 4, 3}));
  const auto bias = Tensor<T>::full({1, 1, 2, 4}, 0);
  for (int i = 0; i < 4; ++i) bias.mutable_data()[i] = -infinite<T>;
  const auto y = scaled_dot_product_attention(q, k, Tensor<T>::ones({1, 1, 4, 2}), {.bias = bias});
  CHECK(y.data()[0] == 0);
  CHECK(y.data()[2] == doctest::Approx(1));
  const auto gradients = grad(sum(y * y), {q, k});
  for (const auto& gradient : gradients) CHECK(sum(abs(gradient)).item() == doctest::Approx(0));
}

TEST_CASE("a sum and a mean of 1e8 floats are right to 1e-6") {
  constexpr std::int64_t n = 100'000'000;
  const auto x = Tensor<>::empty({n});
  float* out = x.mutable_data();
  for (std::int64_t i = 0; i < n; ++i) out[i] = static_cast<float>(i & 1023) * 0x1p-10f;
  // n = 97656 * 1024 + 256
  const double exact = (97656.0 * (1023 * 512) + 255 * 128) * 0x1p-10;
  CHECK(std::abs(sum(x).item() / exact - 1) <= 1e-6);
  CHECK(std::abs(mean(x).item() / (exact / n) - 1) <= 1e-6);
  CHECK(std::abs(sum(reshape(x, Shape{1, n}), {1}).item() / exact - 1) <= 1e-6);
  CHECK(std::abs(sum(reshape(x, Shape{n / 4, 4}), {0}).data()[3] / (exact / 4 + n / 4 * 1.5 * 0x1p-10) - 1) <= 1e-6);
}

TEST_CASE_TEMPLATE("denormal numbers are not flushed to zero", T, float, double) {
  const T tiny = std::numeric_limits<T>::denorm_min();
  const auto x = Tensor<T>::full({9}, tiny);
  CHECK(sum(x).item() == 9 * tiny);
  CHECK((x * T(3)).data()[8] == 3 * tiny);
  CHECK((x + x).data()[0] == 2 * tiny);
  CHECK((x * (T(1) / tiny < infinite<T> ? T(1) : T(2))).data()[4] > 0);
  CHECK(relu(x).data()[5] == tiny);
  CHECK(max(x).item() == tiny);
  CHECK(matmul(reshape(x, Shape{1, 9}), Tensor<T>::ones({9, 1})).item() == 9 * tiny);
  CHECK(sqrt(x).data()[2] == doctest::Approx(std::sqrt(tiny)));
}

TEST_CASE_TEMPLATE("NaN passes through", T, float, double) {
  const auto x = row<T>({1, not_a_number<T>, 3, -2, 5, 6, 7, 8, 9});
  for (const auto& y : {relu(x), abs(x), exp(x), tanh(x), sigmoid(x), clip(x, T(0), T(1)), maximum(x, T(0)),
                        minimum(x, T(0)), x * T(0), sort(x).values, cumsum(x, 1)}) {
    int count = 0;
    for (std::int64_t i = 0; i < y.size(); ++i) count += std::isnan(y.data()[i]);
    CHECK(count >= 1);
  }
  for (const auto& y : {sum(x), mean(x), max(x), min(x), logsumexp(x, 1), variance(x)}) CHECK(all_nan(y));
  CHECK(argmax(x).item() == 1);
  CHECK(argmin(x).item() == 1);
  const auto product = matmul(x, Tensor<T>::zeros({9, 2}));
  CHECK(all_nan(product));
}

TEST_CASE_TEMPLATE("losses at probabilities of 0 and 1", T, float, double) {
  using Indices = Tensor<std::int64_t>;
  const auto sure = variable(row<T>({1000, -1000}));
  CHECK(cross_entropy(sure, Indices::from({0})).item() == 0);
  CHECK(cross_entropy(sure, Indices::from({1})).item() == 2000);
  CHECK(grad(mean(cross_entropy(sure, Indices::from({1}))), {sure})[0].data()[0] == 1);
  CHECK(cross_entropy(row<T>({0, -infinite<T>}), Indices::from({0})).item() == 0);
  CHECK(cross_entropy(row<T>({0, -infinite<T>}), Indices::from({1})).item() == infinite<T>);
  CHECK(bce(row<T>({0}), row<T>({1})).item() == 100);
  CHECK(bce(row<T>({1}), row<T>({1})).item() == 0);
  CHECK(bce_with_logits(row<T>({-1000}), row<T>({1})).item() == 1000);
  CHECK(bce_with_logits(row<T>({1000}), row<T>({1})).item() == 0);
  CHECK(kl_divergence(row<T>({0, -infinite<T>}), row<T>({1, 0})).item() == 0);
}

TEST_CASE("batches of no samples, and axes of one element") {
  const auto none = Tensor<>::empty({0, 4});
  CHECK(sum(none).item() == 0);
  CHECK(sum(none, {1}).shape() == Shape{0});
  CHECK(sum(none, {0}).shape() == Shape{4});
  CHECK(softmax(none).shape() == Shape{0, 4});
  CHECK(matmul(none, Tensor<>::ones({4, 3})).shape() == Shape{0, 3});
  CHECK(sum(matmul(Tensor<>::ones({3, 0}), Tensor<>::ones({0, 2}))).item() == 0);
  CHECK(layer_norm(none, Shape{4}).shape() == Shape{0, 4});
  CHECK(mse(none, none, {.reduction = Reduction::none}).shape() == Shape{0});
  CHECK(mse(none, none, {.reduction = Reduction::sum}).item() == 0);
  CHECK(cross_entropy(none, Tensor<std::int64_t>::empty({0}), {.reduction = Reduction::none}).shape() == Shape{0});
  CHECK(has(message([&] { mse(none, none); }), "[0, 4]"));
  CHECK(has(message([&] { mean(none); }), "[0, 4]"));
  CHECK(has(message([&] { max(none); }), "[0, 4]"));
  const auto one = Tensor<>::from({3}, {1, 1});
  CHECK(softmax(one).item() == 1);
  CHECK(log_softmax(one).item() == 0);
  CHECK(layer_norm(one, Shape{1}).item() == 0);
  CHECK(logsumexp(one, 1).item() == 3);
  CHECK(cumsum(one, 0).item() == 3);
  CHECK(sort(one).values.item() == 3);
  CHECK(variance(one).item() == 0);
  CHECK(has(message([&] { variance(one, {}, {.correction = 1}); }), "[1, 1]"));
}

TEST_CASE("sizes that overflow are an Error, before any memory is taken") {
  constexpr std::int64_t huge = std::int64_t{1} << 61;
  const auto x = Tensor<>::ones({2, 2});
  CHECK(has(message([] { Tensor<>::empty({huge, 8}); }), "too many elements"));
  CHECK(has(message([] { Tensor<>::empty({huge / 4}); }), "no memory for"));
  CHECK(!message([&] { pad(x, {{huge, huge}, {huge, huge}}); }).empty());
  CHECK(!message([&] { tile(x, {huge, huge}); }).empty());
  CHECK(!message([&] { repeat_interleave(x, huge, 0); }).empty());
  CHECK(!message([&] { broadcast_to(x, {huge, 2, 2}); }).empty());
  CHECK(!message([&] {
           conv2d(Tensor<>::ones({1, 1, 2, 2}), Tensor<>::ones({1, 1, 1, 1}), {}, {.padding = huge});
         }).empty());
}
