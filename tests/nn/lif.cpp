// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/lif.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/grad_mode.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

namespace {

struct Row {
  const char* name;
  Surrogate surrogate;
};
const Row rows[] = {{"fast_sigmoid", Surrogate::fast_sigmoid},
                    {"arctan", Surrogate::arctan},
                    {"rectangular", Surrogate::rectangular},
                    {"triangular", Surrogate::triangular}};

}  // namespace

TEST_CASE_TEMPLATE("Lif agrees with PyTorch through time, for each surrogate and reset", T, float, double) {
  const Oracle oracle("nn_e_sequence");
  const auto check = [&](const std::string& name, const LifOptions& options) {
    oracle.check_case<T>(name, {"x", "u"}, [&](const auto& in) {
      const auto result = Lif(options).run(in[0], in[1]);
      return concat({result.spikes, unsqueeze(result.potential, 0)});
    });
  };
  const LifOptions plain{.decay = 0.8, .threshold = 0.7, .slope = 1.5};
  auto options = plain;
  for (const auto& row : rows) {
    options.surrogate = row.surrogate;
    check(std::string("lif.subtract.") + row.name, options);
  }
  options = plain;
  options.detach_reset = true;
  check("lif.subtract.detached", options);
  options.reset = SpikeReset::zero;
  check("lif.zero.detached", options);
  options.detach_reset = false;
  check("lif.zero.arctan", options);
  options.reset = SpikeReset::none;
  check("lif.none.arctan", options);
}

TEST_CASE("spike is a step at 0 whose derivative is the surrogate's") {
  const auto v = variable(Tensor<double>::from({-2, -0.25, 0, 0.25, 2, NAN}));
  const auto s = spike(v);
  const double wanted[] = {0, 0, 1, 1, 1};
  for (int i = 0; i < 5; ++i) CHECK(s(i) == wanted[i]);
  CHECK(std::isnan(s(5)));
  const auto slope = [&](Surrogate surrogate, int i) { return grad(sum(spike(v, surrogate, 2)), {v})[0](i); };
  CHECK(slope(Surrogate::fast_sigmoid, 2) == 1);
  CHECK(slope(Surrogate::fast_sigmoid, 1) == doctest::Approx(1 / 2.25));
  CHECK(slope(Surrogate::arctan, 2) == 1);
  CHECK(slope(Surrogate::arctan, 3) == doctest::Approx(1 / (1 + std::pow(std::acos(-1.) / 4, 2))));
  CHECK(slope(Surrogate::rectangular, 2) == 2);
  CHECK(slope(Surrogate::rectangular, 1) == 0);  // the interval is open
  CHECK(slope(Surrogate::triangular, 3) == 1);
  for (const auto& row : rows) CHECK(slope(row.surrogate, 4) < 0.1);
}

TEST_CASE("the area under each surrogate but the fast sigmoid's is 1, that one's 2 / k") {
  constexpr int count = 40001;
  auto v = Tensor<double>::empty({count});
  for (int i = 0; i < count; ++i) v.mutable_data()[i] = (i - 20000) * 0.01 + 1e-6;
  v = variable(v);
  for (const auto& row : rows) {
    const double area = sum(grad(sum(spike(v, row.surrogate, 3)), {v})[0]).item() * 0.01;
    CHECK(area == doctest::Approx(row.surrogate == Surrogate::fast_sigmoid ? 2. / 3 : 1).epsilon(0.02));
  }
}

TEST_CASE("the gradient of Lif has the surrogates' gradient, where only they depend on x") {
  const auto x = Rng(1).normal<double>({4, 3}), weight = Rng(2).normal<double>({4, 3});
  for (const auto& row : rows) {
    if (row.surrogate == Surrogate::rectangular) continue;  // constant but for its edges
    for (const auto reset : {SpikeReset::subtract, SpikeReset::zero}) {
      const Lif lif({.threshold = 0.4, .reset = reset, .detach_reset = true, .surrogate = row.surrogate, .slope = 0.5});
      const auto f = [&](const auto& in) {
        const GradMode mode(true);  // differences are taken without
        return grad(sum(lif(in[0]) * weight), {in[0]}, {.create_graph = true})[0];
      };
      const auto result = gradcheck(f, {x});
      CHECK_MESSAGE(result, result.message);
    }
  }
}

TEST_CASE("Lif integrates, fires and resets as written") {
  const auto x = Tensor<double>::full({5, 1}, 0.75);
  const auto fired = [&](const LifOptions& options) {
    const auto s = Lif(options)(x);
    std::string text;
    for (const double v : s.span()) text += v == 1 ? '1' : '0';
    return text;
  };
  CHECK(fired({.decay = 1}) == "01110");  // 0.75, 1.5 - 1, 1.25 - 1, 1 - 1, 0.75
  CHECK(fired({.decay = 1, .reset = SpikeReset::zero}) == "01010");
  CHECK(fired({.decay = 1, .reset = SpikeReset::none}) == "01111");
  CHECK(fired({.decay = 0}) == "00000");
}

TEST_CASE("Lif goes on from its potential") {
  const auto x = Rng(2).normal<double>({6, 2, 3});
  const Lif lif({.threshold = 0.5});
  const auto whole = lif.run(x);
  const auto first = lif.run(slice(x, 0, 0, 2)), second = lif.run(slice(x, 0, 2, 6), first.potential);
  CHECK(same_bits(concat({first.spikes, second.spikes}), whole.spikes));
  CHECK(same_bits(second.potential, whole.potential));
  CHECK(lif(Tensor<>::zeros({2, 0})).shape() == Shape{2, 0});
  Lif model;
  CHECK(names(model) == "");
}

TEST_CASE("Lif refuses what does not fit") {
  CHECK(fails_with([] { Lif({.decay = 1.1}); }, "Lif", "the decay is 1.1"));
  CHECK(fails_with([] { Lif({.decay = NAN}); }, "the decay is"));
  CHECK(fails_with([] { Lif({.threshold = 0}); }, "the threshold is 0"));
  CHECK(fails_with([] { Lif({.slope = -1}); }, "the slope is -1"));
  CHECK(fails_with([] { spike(Tensor<>::zeros({2}), Surrogate::arctan, NAN); }, "spike", "the slope is"));
  const Lif lif;
  CHECK(fails_with([&] { lif(Tensor<>::zeros({0, 2})); }, "x is [0, 2]"));
  CHECK(fails_with([&] { lif(Tensor<>::scalar(1)); }, "x is []"));
  CHECK(fails_with(
      [&] {
        lif.run(Tensor<>::zeros({3, 2}), Tensor<>::zeros({3}));
      },
      "the potential is [3] and x [3, 2]"));
}
