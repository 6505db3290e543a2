// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/moe.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <utility>
#include <vector>

#include "nn/module_checks.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/nn/flatten.hpp"
#include "support/oracle.hpp"

using namespace test;

namespace {

template <class T>
std::vector<AnyLayer<T>> experts_of(std::int64_t count, std::int64_t in, std::int64_t out, Rng& rng) {
  std::vector<AnyLayer<T>> list;
  for (std::int64_t e = 0; e < count; ++e) list.emplace_back(Linear<T>(in, out, rng, {.activation = Activation::tanh}));
  return list;
}

/// A router of one input whose logits for x = 1 are the given ones.
template <class T>
void set_router(Moe<T>& moe, std::initializer_list<T> logits) {
  moe.router.assign(Tensor<T>::from(logits, moe.router.shape()));
}

}  // namespace

TEST_CASE_TEMPLATE("mixtures of experts and their losses agree with PyTorch", T, float, double) {
  const Oracle oracle("nn_d_vision");
  Rng rng(1);
  const std::vector<std::pair<const char*, MoeOptions>> cases = {
      {"moe.switch", {}},
      {"moe.top2", {.top_k = 2, .normalised = true, .noisy = true}},
      {"moe.dense_to_sparse", {.gate = MoeGate::dense_to_sparse, .temperature = 1.5, .threshold = 0.25}}};
  for (const auto& [name, options] : cases) {
    Moe<T> moe(experts_of<T>(3, 4, 2, rng), 4, rng, options);
    set_training(moe, false);
    oracle.check_case<T>(name, {"x", "router", "w0", "b0", "w1", "b1", "w2", "b2"}, [&](const auto& in) {
      moe.router = in[1];
      for (std::size_t e = 0; e < 3; ++e) {
        moe.experts[e].template as<Linear<T>>().weight = in[2 + 2 * e];
        moe.experts[e].template as<Linear<T>>().bias = in[3 + 2 * e];
      }
      const auto out = moe(in[0]);
      CHECK(out.dropped == 0);
      return concat({flatten(out.y), flatten(out.load_balance), flatten(out.router_z)});
    });
  }
}

TEST_CASE("mixtures of experts have gradients to second order and are copied with their bits") {
  Rng rng(2);
  const auto x = rng.normal<double>({5, 3});
  for (const MoeOptions& options :
       {MoeOptions{.top_k = 2, .noisy = true}, MoeOptions{.top_k = 2, .normalised = true, .capacity = 1.2},
        MoeOptions{.gate = MoeGate::dense_to_sparse, .temperature = 0.7, .threshold = 0.2}}) {
    Moe<double> moe(experts_of<double>(3, 3, 2, rng), 3, rng, options);
    disturb_parameters(moe, 3);
    check_module_gradients(moe, {x}, [](const auto& f, const auto& in) {
      const auto out = f(in[0]);
      return concat({flatten(out.y), flatten(out.load_balance), flatten(out.router_z)});
    });
    check_module_copies(moe, [&](const auto& f) { return f(x).y; });
  }
  Moe<double> moe(experts_of<double>(2, 3, 2, rng), 3, rng, {.noisy = true});
  CHECK(names(moe) == "experts.0.weight experts.0.bias experts.1.weight experts.1.bias router noise rng mode ");
}

TEST_CASE("an expert sees its own tokens only, and experts without tokens get no gradient") {
  Rng rng(4);
  Moe<double> moe(experts_of<double>(3, 2, 2, rng), 2, rng);
  moe.router.assign(Tensor<double>::from({1, 0, -1, 0, 0, -9}, {3, 2}));
  const auto x = Tensor<double>::from({3, 0.5, -2, 0.25, 4, 1, -5, 1}, {4, 2});
  const auto out = moe(x);
  CHECK(out.load == std::vector<std::int64_t>{2, 2, 0});
  for (const std::int64_t i : {0, 1, 2, 3}) {
    const double a = x(i, 0), z = std::exp(a) + std::exp(-a) + std::exp(-9 * x(i, 1));
    const auto y = moe.experts[i % 2 == 0 ? 0 : 1](x.rows(i, i + 1)).detach();
    for (const int j : {0, 1})
      CHECK(out.y(i, j) == doctest::Approx(std::exp(std::fabs(a)) / z * y(0, j)).epsilon(1e-12));
  }
  const auto gradients = grad(sum(out.y), {moe.experts[2].as<Linear<double>>().weight}, {.allow_unused = true});
  for (const double g : gradients[0].span()) CHECK(g == 0);
}

TEST_CASE("what is beyond an expert's capacity is dropped and adds 0, second choices before first ones") {
  Rng rng(5);
  Moe<double> moe(experts_of<double>(2, 1, 3, rng), 1, rng, {.capacity = 1});
  set_router<double>(moe, {1, 0});
  const auto x = Tensor<double>::ones({5, 1});
  const auto out = moe(x);  // ceil(5 / 2) = 3
  CHECK(out.load == std::vector<std::int64_t>{3, 0});
  CHECK(out.dropped == 2);
  for (const int j : {0, 1, 2}) {
    CHECK(out.y(2, j) == out.y(0, j));
    CHECK(out.y(0, j) != 0);
    CHECK(out.y(3, j) == 0);
    CHECK(out.y(4, j) == 0);
  }
  CHECK(out.load_balance.item() == doctest::Approx(2 / (1 + std::exp(-1))));  // before the capacity: f = {1, 0}

  // Of both choices: token 0 (expert 1 second), tokens 1 and 2 (expert 1 first).
  Moe<double> two(experts_of<double>(2, 1, 1, rng), 1, rng, {.top_k = 2, .capacity = 1.3});
  set_router<double>(two, {1, -1});
  const auto both = two(Tensor<double>::from({1, -1, -2}, {3, 1}));  // ceil(1.95) = 2
  CHECK(both.load == std::vector<std::int64_t>{2, 2});
  CHECK(both.dropped == 2);
  const double p = 1 / (1 + std::exp(-2.0)), q = 1 / (1 + std::exp(-4.0));
  const auto expert = [&](std::size_t e, double v) { return two.experts[e](Tensor<double>::full({1, 1}, v)).item(); };
  CHECK(both.y(0, 0) == doctest::Approx(p * expert(0, 1)));
  CHECK(both.y(1, 0) == doctest::Approx(p * expert(1, -1) + (1 - p) * expert(0, -1)));
  CHECK(both.y(2, 0) == doctest::Approx(q * expert(1, -2)));
}

TEST_CASE("the load-balance loss is 1 for an even load and the number of experts for a collapsed router") {
  const auto even = Tensor<double>::zeros({4, 4});
  const auto choices = Tensor<std::int64_t>::from({0, 1, 2, 3}, {4, 1});
  CHECK(load_balance_loss(even, {even, choices}).item() == doctest::Approx(1));
  CHECK(router_z_loss(even).item() == doctest::Approx(std::log(4.) * std::log(4.)));
  const auto all = Tensor<double>::from({90, 0, 0, 90, 0, 0}, {2, 3});
  CHECK(load_balance_loss(all, top_k_routing(all, 1)).item() == doctest::Approx(3));
}

TEST_CASE("the dense-to-sparse gate goes from all experts with equal weights to the best one") {
  Rng rng(6);
  const auto logits = rng.normal<double>({50, 4});
  const auto dense = dense_to_sparse_routing(logits, 1e12, 0.2), sparse = dense_to_sparse_routing(logits, 1e-6, 0.01);
  const auto best = argmax(logits, -1);
  for (std::int64_t i = 0; i < 50; ++i) {
    for (int j = 0; j < 4; ++j) {
      CHECK(dense.gates(i, j) == doctest::Approx(0.25));
      CHECK(sparse.gates(i, j) == doctest::Approx(j == 0 ? 1 : 0));
    }
    CHECK(sparse.experts(i, 0) == best(i));
  }
}

TEST_CASE("the dense-to-sparse gate has Gumbel noise in training alone, as its temperature says") {
  Rng rng(7);
  Moe<double> moe(experts_of<double>(4, 3, 2, rng), 3, rng,
                  {.gate = MoeGate::dense_to_sparse, .temperature = 3, .threshold = 0.1});
  const auto x = rng.normal<double>({40, 3}), logits = linear(x, moe.router, {}).detach();
  Rng own = moe.rng, again = moe.rng;
  const auto p = gumbel_softmax(logits, own, {.temperature = 3});
  std::vector<std::int64_t> kept(4);
  for (std::int64_t i = 0; i < 40; ++i)
    for (std::int64_t e = 0; e < 4; ++e) kept[static_cast<std::size_t>(e)] += p(i, e) > 0.1;
  CHECK(moe(x).load == kept);
  const auto routing = dense_to_sparse_routing(logits, 3, 0.1, &again);
  for (std::int64_t i = 0; i < 40; ++i)
    for (int j = 0; j < 4; ++j) {
      const double value = p(i, routing.experts(i, j));
      CHECK(routing.gates(i, j) == (value > 0.1 ? value : 0));
    }
  moe.options.temperature = 1e-3;
  std::int64_t total = 0;
  for (const std::int64_t load : moe(x).load) total += load;
  CHECK(total < 45);
  set_training(moe, false);
  CHECK(same_bits(moe(x).y.detach(), moe(x).y.detach()));
}

TEST_CASE("the noisy gate adds noise of a learned scale in training alone") {
  Rng rng(8);
  Moe<double> moe(experts_of<double>(4, 3, 2, rng), 3, rng, {.top_k = 2, .noisy = true});
  moe.noise.assign(rng.normal<double>({4, 3}));
  const auto x = rng.normal<double>({40, 3}), logits = linear(x, moe.router, {}).detach();
  Rng own = moe.rng;
  const auto noisy = logits + own.normal<double>({40, 4}) * softplus(linear(x, moe.noise, {}).detach());
  const auto load_of = [](const auto& routing) {
    std::vector<std::int64_t> load(4);
    for (const std::int64_t e : routing.experts.span()) ++load[static_cast<std::size_t>(e)];
    return load;
  };
  CHECK(moe(x).load == load_of(top_k_routing(noisy, 2)));
  set_training(moe, false);
  CHECK(moe(x).load == load_of(top_k_routing(logits, 2)));
}

TEST_CASE_TEMPLATE("mixtures of experts take no tokens, more axes and NaN", T, float, double) {
  Rng rng(9);
  const Moe<T> moe(experts_of<T>(3, 4, 2, rng), 4, rng, {.top_k = 2, .capacity = 1});
  const auto none = moe(Tensor<T>::zeros({0, 4}));
  CHECK(none.y.shape() == Shape{0, 2});
  CHECK(none.load_balance.item() == 0);
  CHECK(none.router_z.item() == 0);
  const auto x = rng.normal<T>({2, 3, 4});
  CHECK(moe(x).y.shape() == Shape{2, 3, 2});
  CHECK(same_bits(moe(x).y.detach().reshaped({6, 2}), moe(x.reshaped({6, 4})).y.detach()));
  CHECK(moe(x.reshaped({6, 4}).rows(0, 1).reshaped({4})).y.shape() == Shape{2});
  CHECK(std::isnan(moe(Tensor<T>::full({1, 4}, std::numeric_limits<T>::quiet_NaN())).y(0, 0)));
}

TEST_CASE("mixtures of experts name what does not fit") {
  Rng rng(10);
  const auto make = [&](std::int64_t count, const MoeOptions& options) {
    Moe<float>(experts_of<float>(count, 2, 2, rng), 2, rng, options);
  };
  CHECK(fails_with([&] { make(0, {}); }, "Moe", "0 experts"));
  CHECK(fails_with([&] { make(2, {.top_k = 3}); }, "Moe", "top_k is 3 of 2"));
  CHECK(fails_with([&] { make(2, {.top_k = 0}); }, "Moe", "top_k is 0"));
  CHECK(fails_with([&] { make(2, {.capacity = -1}); }, "Moe", "capacity is -1"));
  CHECK(fails_with([&] { make(2, {.capacity = std::nan("")}); }, "Moe", "capacity"));
  const auto sparse = MoeGate::dense_to_sparse;
  CHECK(fails_with([&] { make(2, {.gate = sparse, .noisy = true}); }, "Moe", "noisy"));
  CHECK(fails_with([&] { make(2, {.gate = sparse, .temperature = 0}); }, "dense_to_sparse_routing", "temperature 0"));
  CHECK(fails_with([&] { make(2, {.gate = sparse, .threshold = 0.5}); }, "threshold 0.5", "2 experts"));
  CHECK(fails_with([&] { make(2, {.gate = sparse, .threshold = -0.1}); }, "threshold -0.1"));
  const Moe<float> moe(experts_of<float>(2, 2, 2, rng), 2, rng);
  CHECK(fails_with([&] { moe(Tensor<>::zeros({3, 3})); }, "Moe", "[3, 3]", "[2, 2]"));
  const Moe<float> flat({Flatten{0}}, 2, rng);
  CHECK(fails_with([&] { flat(Tensor<>::zeros({3, 2})); }, "Moe", "expert 0 gave [6] for 3 tokens"));
  const auto vector = Tensor<>::zeros({3});
  CHECK(fails_with([&] { top_k_routing(vector, 1); }, "top_k_routing", "[3]"));
  CHECK(fails_with([&] { dense_to_sparse_routing(vector, 1, 0); }, "dense_to_sparse_routing", "[3]"));
  CHECK(fails_with([&] { router_z_loss(vector); }, "router_z_loss", "[3]"));
  const auto logits = Tensor<>::zeros({1, 2});
  CHECK(fails_with(
      [&] {
        load_balance_loss(logits, {logits, Tensor<std::int64_t>::full({1, 1}, 2)});
      },
      "load_balance_loss", "expert 2 of 2"));
  CHECK(fails_with(
      [&] {
        load_balance_loss(logits, {logits, Tensor<std::int64_t>::zeros({2, 1})});
      },
      "[1, 2]", "[2, 1]"));
}
