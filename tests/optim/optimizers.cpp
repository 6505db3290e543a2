// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// What holds for every optimizer; a new one adds a row: how to make it, and one element's update in plain doubles.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <type_traits>
#include <vector>

#include "optim/model.hpp"
#include "regimen/optim/accumulate.hpp"
#include "regimen/optim/adabelief.hpp"
#include "regimen/optim/adadelta.hpp"
#include "regimen/optim/adafactor.hpp"
#include "regimen/optim/adagrad.hpp"
#include "regimen/optim/adam8bit.hpp"
#include "regimen/optim/adamax.hpp"
#include "regimen/optim/adamw.hpp"
#include "regimen/optim/chain.hpp"
#include "regimen/optim/clip.hpp"
#include "regimen/optim/galore.hpp"
#include "regimen/optim/groups.hpp"
#include "regimen/optim/lamb.hpp"
#include "regimen/optim/lars.hpp"
#include "regimen/optim/lion.hpp"
#include "regimen/optim/lookahead.hpp"
#include "regimen/optim/muon.hpp"
#include "regimen/optim/nadam.hpp"
#include "regimen/optim/radam.hpp"
#include "regimen/optim/rmsprop.hpp"
#include "regimen/optim/schedule/cosine.hpp"
#include "regimen/optim/schedule/linear.hpp"
#include "regimen/optim/schedule_free.hpp"
#include "regimen/optim/sgd.hpp"
#include "regimen/optim/shampoo.hpp"
#include "regimen/optim/soap.hpp"
#include "regimen/optim/sophia.hpp"
#include "regimen/optim/weight_decay.hpp"

#if defined(_OPENMP)
#include <omp.h>
#endif

using namespace test;

namespace {

/// One element: its value p, gradient g, state s (zero at first), the update's number t from 1, and whether its name
/// ends in ".weight".
struct Element {
  double p = 0, g = 0, s[3] = {};
  int t = 0;
  bool weight = false;
};

/// The numbers that a row's element update is called with are the doubles in its comment, not the library's options.
template <class T>
struct Row {
  const char* name;
  Optimizer<T> optimizer;
  void (*element)(Element&);  // null where elements depend on one another: the optimizer's own test has its numbers
  bool exact_minimum = true;  // it ends in the minimum, not near it
};

void plain(Element& e) { e.p -= 0.1 * e.g; }
void momentum(Element& e) {
  const double d = e.g + (e.weight ? 0.01 * e.p : 0);
  e.s[0] = e.t == 1 ? d : 0.9 * e.s[0] + 0.75 * d;
  e.p -= 0.05 * e.s[0];
}
void nesterov(Element& e) {
  e.s[0] = 0.8 * e.s[0] + e.g;
  e.p -= 0.05 * (e.g + 0.8 * e.s[0]);
}
double adam_step(Element& e, double g, double b1, double b2, double epsilon) {
  e.s[0] = b1 * e.s[0] + (1 - b1) * g;
  e.s[1] = b2 * e.s[1] + (1 - b2) * g * g;
  return e.s[0] / (1 - std::pow(b1, e.t)) / (std::sqrt(e.s[1] / (1 - std::pow(b2, e.t))) + epsilon);
}
void adam_plain(Element& e) { e.p -= 0.1 * adam_step(e, e.g, 0.9, 0.999, 1e-8); }
void adam_decay(Element& e) { e.p -= 0.05 * adam_step(e, e.g + (e.weight ? 0.1 * e.p : 0), 0.8, 0.99, 1e-3); }
void adam_cosine(Element& e) {
  const double lr = 0.1 * (1 + std::cos(3.14159265358979323846 * (e.t - 1) / 400)) / 2;
  e.p -= e.t > 400 ? 0 : lr * adam_step(e, e.g, 0.9, 0.999, 1e-8);
}
void adamw_all(Element& e) {
  const double old = e.p;
  e.p -= 0.05 * (adam_step(e, e.g, 0.9, 0.95, 1e-8) + 0.1 * old);
}
void adamw_masked(Element& e) {
  const double old = e.p;
  e.p -= 0.05 * (adam_step(e, e.g, 0.9, 0.95, 1e-8) + (e.weight ? 0.1 * old : 0));
}
void rmsprop_plain(Element& e) {
  e.s[0] = 0.9 * e.s[0] + 0.1 * e.g * e.g;
  e.p -= 0.02 * e.g / (std::sqrt(e.s[0]) + 1e-3);
}
void rmsprop_all(Element& e) {
  const double d = e.g + (e.weight ? 0.1 * e.p : 0);
  e.s[0] = 0.9 * e.s[0] + 0.1 * d * d;
  e.s[1] = 0.9 * e.s[1] + 0.1 * d;
  e.s[2] = 0.5 * e.s[2] + d / (std::sqrt(std::fmax(e.s[0] - e.s[1] * e.s[1], 0.0)) + 0.1);
  e.p -= 0.005 * e.s[2];
}
void adagrad_plain(Element& e) {
  e.s[0] += e.g * e.g;
  e.p -= 0.5 * e.g / (std::sqrt(e.s[0]) + 1e-10);
}
void adagrad_decay(Element& e) {
  const double d = e.g + (e.weight ? 0.1 * e.p : 0);
  e.s[0] += d * d;
  e.p -= 0.5 * d / (std::sqrt(e.s[0]) + 0.01);
}
void adadelta_decay(Element& e) {
  const double d = e.g + (e.weight ? 0.1 * e.p : 0);
  e.s[0] = 0.8 * e.s[0] + 0.2 * d * d;
  const double step = std::sqrt(e.s[1] + 1e-3) / std::sqrt(e.s[0] + 1e-3) * d;
  e.s[1] = 0.8 * e.s[1] + 0.2 * step * step;
  e.p -= 0.5 * step;
}
void adamax_decay(Element& e) {
  const double d = e.g + (e.weight ? 0.1 * e.p : 0);
  e.s[0] = 0.9 * e.s[0] + 0.1 * d;
  e.s[1] = std::fmax(0.99 * e.s[1], std::fabs(d) + 1e-3);
  e.p -= 0.05 / (1 - std::pow(0.9, e.t)) * e.s[0] / e.s[1];
}
void nadam_decay(Element& e) {
  const double d = e.g + (e.weight ? 0.1 * e.p : 0);
  const auto mu = [](int t) { return 0.9 * (1 - 0.5 * std::pow(0.96, 0.1 * t)); };
  double product = 1;
  for (int t = 1; t <= e.t; ++t) product *= mu(t);
  e.s[0] = 0.9 * e.s[0] + 0.1 * d;
  e.s[1] = 0.99 * e.s[1] + 0.01 * d * d;
  const double ahead = (1 - mu(e.t)) / (1 - product) * d + mu(e.t + 1) / (1 - product * mu(e.t + 1)) * e.s[0];
  e.p -= 0.05 * ahead / (std::sqrt(e.s[1] / (1 - std::pow(0.99, e.t))) + 1e-3);
}
void radam_decay(Element& e) {
  const double d = e.g + (e.weight ? 0.1 * e.p : 0), power = std::pow(0.95, e.t), limit = 2 / 0.05 - 1;
  const double length = limit - 2 * e.t * power / (1 - power);
  e.s[0] = 0.9 * e.s[0] + 0.1 * d;
  e.s[1] = 0.95 * e.s[1] + 0.05 * d * d;
  double step = e.s[0] / (1 - std::pow(0.9, e.t));
  if (length > 5)
    step *= std::sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)) *
            std::sqrt(1 - power) / (std::sqrt(e.s[1]) + 1e-3);
  e.p -= 0.05 * step;
}
void lion_decay(Element& e) {
  const double d = 0.9 * e.s[0] + 0.1 * e.g, old = e.p;
  e.p -= 0.01 * ((d > 0 ? 1 : d < 0 ? -1 : 0) + (e.weight ? 0.1 * old : 0));
  e.s[0] = 0.99 * e.s[0] + 0.01 * e.g;
}
void adabelief_decay(Element& e) {
  const double old = e.p;
  e.s[0] = 0.9 * e.s[0] + 0.1 * e.g;
  e.s[1] = 0.99 * e.s[1] + 0.01 * (e.g - e.s[0]) * (e.g - e.s[0]) + 1e-3;
  e.p -= 0.05 * (e.s[0] / (1 - std::pow(0.9, e.t)) / (std::sqrt(e.s[1] / (1 - std::pow(0.99, e.t))) + 1e-3) +
                 (e.weight ? 0.1 * old : 0));
}
void lookahead_adam(Element& e) {
  if (e.t == 1) e.s[2] = e.p;
  adam_plain(e);
  if (e.t % 3 != 0) return;
  e.s[2] += 0.25 * (e.p - e.s[2]);
  e.p = e.s[2];
}
void schedule_free_decay(Element& e) {
  const auto rate = [](int t) { return 0.02 * std::sqrt(1 - std::pow(0.99, t)) * std::fmin(1.0, t / 4.0); };
  double sum = 0;
  for (int t = 1; t <= e.t; ++t) sum += rate(t) * rate(t);
  const double lr = rate(e.t), c = lr * lr / sum;
  if (e.t == 1) e.s[1] = e.s[2] = e.p;
  e.s[0] = 0.99 * e.s[0] + 0.01 * e.g * e.g;
  e.s[1] -= lr * (e.g / (std::sqrt(e.s[0]) + 1e-3) + (e.weight ? 0.1 * e.p : 0));
  e.s[2] = (1 - c) * e.s[2] + c * e.s[1];
  e.p = 0.1 * e.s[1] + 0.9 * e.s[2];
}
void sophia_decay(Element& e) {
  const double old = e.p;
  e.s[0] = 0.9 * e.s[0] + 0.1 * e.g;
  if (e.t % 3 == 1) e.s[1] = 0.95 * e.s[1] + 0.05 * 2 * e.g * e.g;
  const double ratio = e.s[0] / std::fmax(0.5 * e.s[1], 1e-3);
  e.p -= 0.01 * (std::fmax(-1.0, std::fmin(1.0, ratio)) + (e.weight ? 0.1 * old : 0));
}
void grouped(Element& e) { e.weight ? adam_plain(e) : plain(e); }
void clipped(Element& e) { e.p -= 0.1 * std::fmax(-0.25, std::fmin(0.25, e.g)); }
void decayed(Element& e) {
  if (e.weight) e.p *= 1 - 0.1 * 0.02;
  e.p -= 0.1 * e.g;
}

template <class T>
std::vector<Row<T>> rows() {
  return {
      {"sgd", sgd<T>({.lr = 0.1}), plain},
      {"sgd with momentum and decay",
       sgd<T>({.lr = 0.05, .momentum = 0.9, .dampening = 0.25, .weight_decay = 0.01, .decay_mask = "*.weight"}),
       momentum, false},
      {"sgd with Nesterov's momentum", sgd<T>({.lr = 0.05, .momentum = 0.8, .nesterov = true}), nesterov},
      {"adam", adam<T>({.lr = 0.1}), adam_plain},
      {"adam with decay",
       adam<T>(
           {.lr = 0.05, .beta1 = 0.8, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.1, .decay_mask = "*.weight"}),
       adam_decay, false},
      {"adam with a schedule", adam<T>({.lr = cosine({.peak = 0.1, .steps = 400})}), adam_cosine},
      {"adamw", adamw<T>({.lr = 0.05, .beta2 = 0.95, .weight_decay = 0.1}), adamw_all, false},
      {"adamw with a mask", adamw<T>({.lr = 0.05, .beta2 = 0.95, .weight_decay = 0.1, .decay_mask = "*.weight"}),
       adamw_masked, false},
      {"rmsprop", rmsprop<T>({.lr = 0.02, .alpha = 0.9, .epsilon = 1e-3}), rmsprop_plain, false},
      {"rmsprop, centered, with momentum and decay",
       rmsprop<T>({.lr = 0.005,
                   .alpha = 0.9,
                   .epsilon = 0.1,
                   .momentum = 0.5,
                   .centered = true,
                   .weight_decay = 0.1,
                   .decay_mask = "*.weight"}),
       rmsprop_all, false},
      {"adagrad", adagrad<T>({.lr = 0.5}), adagrad_plain},
      {"adagrad with decay", adagrad<T>({.lr = 0.5, .epsilon = 0.01, .weight_decay = 0.1, .decay_mask = "*.weight"}),
       adagrad_decay, false},
      {"adadelta with decay",
       adadelta<T>({.lr = 0.5, .rho = 0.8, .epsilon = 1e-3, .weight_decay = 0.1, .decay_mask = "*.weight"}),
       adadelta_decay, false},
      {"adamax with decay",
       adamax<T>({.lr = 0.05, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.1, .decay_mask = "*.weight"}),
       adamax_decay, false},
      {"nadam with decay",
       nadam<T>({.lr = 0.05,
                 .beta2 = 0.99,
                 .epsilon = 1e-3,
                 .weight_decay = 0.1,
                 .decay_mask = "*.weight",
                 .momentum_decay = 0.1}),
       nadam_decay, false},
      {"radam with decay",
       radam<T>({.lr = 0.05, .beta2 = 0.95, .epsilon = 1e-3, .weight_decay = 0.1, .decay_mask = "*.weight"}),
       radam_decay, false},
      {"lion with decay", lion<T>({.lr = 0.01, .weight_decay = 0.1, .decay_mask = "*.weight"}), lion_decay, false},
      {"adabelief with decay",
       adabelief<T>({.lr = 0.05, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.1, .decay_mask = "*.weight"}),
       adabelief_decay, false},
      {"schedule-free with decay",
       schedule_free<T>(
           {.lr = 0.02, .warmup = 4, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.1, .decay_mask = "*.weight"}),
       schedule_free_decay, false},
      {"lamb", lamb<T>({.lr = 0.01, .weight_decay = 0.01, .decay_mask = "*.weight", .adapt_mask = "*.weight"}), nullptr,
       false},
      {"lars", lars<T>({.lr = 1, .adapt_mask = "*.weight"}), nullptr, false},
      {"adafactor", adafactor<T>({.lr = 0.01, .scale_parameter = false}), nullptr, false},
      {"adafactor with momentum and decay",
       adafactor<T>({.lr = 0.01, .scale_parameter = false, .beta1 = 0.9, .weight_decay = 0.01}), nullptr, false},
      {"sophia with decay",
       sophia<T>({.lr = 0.01,
                  .beta1 = 0.9,
                  .beta2 = 0.95,
                  .gamma = 0.5,
                  .epsilon = 1e-3,
                  .weight_decay = 0.1,
                  .decay_mask = "*.weight",
                  .every = 3},
                 [](Parameters<T>&) { return 2; }),
       sophia_decay, false},
      {"muon", muon<T>({.lr = 0.01, .weight_decay = 0.01, .others = {.lr = 0.05}}), nullptr, false},
      {"shampoo", shampoo<T>({.lr = 0.1, .momentum = 0.5, .every = 10, .block = 8}), nullptr, false},
      {"soap", soap<T>({.lr = 0.02, .every = 10}), nullptr, false},
      {"galore", galore<T>({.lr = 0.05, .rank = 2, .every = 20, .scale = 1}), nullptr, false},
      {"adam8bit", adam8bit<T>({.lr = 0.01, .epsilon = 1e-3}), nullptr, false},
      {"groups of sgd and adam", groups<T>({{"*.bias, *.scale", sgd<T>({.lr = 0.1})}}, adam<T>({.lr = 0.1})), grouped},
      {"lookahead around adam", lookahead<T>({.every = 3, .alpha = 0.25}, adam<T>({.lr = 0.1})), lookahead_adam},
      {"chain of clip_by_value and sgd", chain<T>(clip_by_value(0.25), sgd<T>({.lr = 0.1})), clipped},
      {"chain of weight_decay and sgd",
       chain<T>(weight_decay({.lr = 0.1, .weight_decay = 0.02, .decay_mask = "*.weight"}), sgd<T>({.lr = 0.1})),
       decayed, false},
      {"chain in a chain", chain<T>(chain<T>(clip_by_value(0.25)), chain<T>(sgd<T>({.lr = 0.1}))), clipped},
      {"accumulate of one", accumulate<T>(1, adam<T>({.lr = 0.1})), adam_plain},
  };
}

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

bool is_weight(std::int64_t i) { return i < 68 || i >= 72; }

}  // namespace

TEST_CASE_TEMPLATE("ten steps are those of the formula in plain doubles, and frozen elements stay", T, float, double) {
  for (auto& row : rows<T>()) {
    if (row.element == nullptr) continue;
    CAPTURE(row.name);
    for (const bool frozen : {false, true}) {
      auto parameters = parts<T>();
      if (frozen) parameters.set("norm.*", false);
      std::vector<Element> elements;
      for (const T value : values(parameters)) elements.push_back({.p = static_cast<double>(value)});
      Optimizer<T> optimizer = row.optimizer;
      double worst = 0;
      for (int t = 1; t <= 10; ++t) {
        train(parameters, optimizer, t - 1, 1);
        for (std::size_t i = 0; i < elements.size(); ++i) {
          Element& e = elements[i];
          const auto index = static_cast<std::int64_t>(i);
          e.g = curvature(index) * (e.p - minimum(index));
          e.t = t;
          e.weight = is_weight(index);
          if (!(frozen && index == 71)) row.element(e);
          worst = std::fmax(worst, std::fabs(e.p - static_cast<double>(parameters.values().data()[i])));
        }
      }
      CHECK(worst < (std::is_same_v<T, float> ? 1e-5 : 1e-13));
    }
  }
}

TEST_CASE_TEMPLATE("saved in the middle and loaded elsewhere, training ends with the same bits", T, float, double) {
  for (auto& row : rows<T>()) {
    CAPTURE(row.name);
    for (const std::int64_t middle : {0, 1, 7}) {
      auto parameters = parts<T>();
      parameters.set("norm.*", false);
      Optimizer<T> optimizer = row.optimizer;
      train(parameters, optimizer, 0, middle);
      const State state = through_file(optimizer);
      const auto half = values(parameters);
      train(parameters, optimizer, middle, 6);
      const auto whole = values(parameters);

      auto again = parts<T>();
      again.set("norm.*", false);
      std::memcpy(again.values().mutable_data(), half.data(), half.size() * sizeof(T));
      Optimizer<T> resumed = row.optimizer;
      auto other = parts<T>();
      train(other, resumed, 0, 3);  // what it did before is forgotten
      resumed.load(state);
      train(again, resumed, middle, 6);
      CHECK(same_bits(values(again), whole));
    }
  }
}

TEST_CASE_TEMPLATE("a copy continues on its own", T, float, double) {
  for (auto& row : rows<T>()) {
    CAPTURE(row.name);
    auto a = parts<T>(), b = parts<T>();
    Optimizer<T> optimizer = row.optimizer;
    train(a, optimizer, 0, 3);
    std::memcpy(b.values().mutable_data(), a.values().data(), static_cast<std::size_t>(a.values().size()) * sizeof(T));
    Optimizer<T> copy = optimizer;
    train(a, optimizer, 3, 5);
    train(b, copy, 3, 5);
    CHECK(same_bits(values(a), values(b)));
  }
}

TEST_CASE_TEMPLATE("every optimizer converges on a quadratic", T, float, double) {
  for (auto& row : rows<T>()) {
    CAPTURE(row.name);
    auto parameters = parts<T>();
    Optimizer<T> optimizer = row.optimizer;
    train(parameters, optimizer, 0, 1500);
    double worst = 0;
    for (std::int64_t i = 0; i < parameters.values().size(); ++i)
      worst = std::fmax(worst, std::fabs(static_cast<double>(parameters.values().data()[i]) - minimum(i)));
    CHECK(worst < (row.exact_minimum ? 1e-4 : 0.4));
  }
}

TEST_CASE_TEMPLATE("four accumulated micro-batches update as their mean does", T, float, double) {
  for (auto& row : rows<T>()) {
    CAPTURE(row.name);
    auto small = parts<T>(), big = parts<T>();
    Optimizer<T> accumulated = accumulate<T>(4, row.optimizer), whole = row.optimizer;
    for (std::int64_t t = 0; t < 6; ++t) {
      const auto before = values(small);
      for (std::int64_t micro = 0; micro < 4; ++micro) {
        CHECK(same_bits(values(small), before));
        differentiate(small);
        T* g = small.gradients().mutable_data();
        for (std::int64_t i = 0; i < small.gradients().size(); ++i)
          g[i] += static_cast<T>(micro) / 2 - T(0.75);  // mean 0 over the four
        accumulated.update(small, Progress{4 * t + micro});
      }
      differentiate(big);
      whole.update(big, Progress{t});
    }
    double worst = 0;
    for (std::int64_t i = 0; i < big.values().size(); ++i)
      worst = std::fmax(worst, std::fabs(static_cast<double>(small.values().data()[i] - big.values().data()[i])));
    CHECK(worst < (std::is_same_v<T, float> ? 2e-4 : 1e-12));
  }
}

TEST_CASE_TEMPLATE("one and two threads give the same bits", T, float, double) {
#if defined(_OPENMP)
  const int threads = omp_get_max_threads();
  for (auto& row : rows<T>()) {
    CAPTURE(row.name);
    std::vector<T> results[2];
    for (int n = 0; n < 2; ++n) {
      omp_set_num_threads(n + 1);
      auto parameters = parts<T>(100003);
      Optimizer<T> optimizer = chain<T>(clip_by_global_norm(5), row.optimizer);
      train(parameters, optimizer, 0, 3);
      results[n] = values(parameters);
    }
    omp_set_num_threads(threads);
    CHECK(same_bits(results[0], results[1]));
  }
#endif
}

TEST_CASE("another trainable set than at the first update is an error that says what to do") {
  for (auto& row : rows<float>()) {
    CAPTURE(row.name);
    if (std::string(row.name).find("chain of clip") == 0) continue;
    auto parameters = parts<float>();
    Optimizer<> optimizer = row.optimizer;
    train(parameters, optimizer, 0, 2);
    parameters.set("hidden.*", false);
    const std::string text = message([&] { optimizer.update(parameters, Progress{2}); });
    CHECK(
        text.find("the trainable set has changed: 112 elements at the first update, now 41 in 1 runs; begin with a new "
                  "optimizer after freezing or unfreezing") != std::string::npos);
    Optimizer<> fresh = row.optimizer;
    train(parameters, fresh, 0, 2);
    const State state = through_file(fresh);
    fresh.load(state);
    auto all = parts<float>();
    CHECK_THROWS_AS(fresh.update(all, Progress{2}), Error);
  }
}

TEST_CASE("no trainable element, then some, is a changed set too") {
  auto parameters = parts<float>();
  parameters.set("*", false);
  Optimizer<> optimizer = adam({.lr = 0.1});
  const auto before = values(parameters);
  train(parameters, optimizer, 0, 2);
  CHECK(same_bits(values(parameters), before));
  parameters.set("*", true);
  CHECK_THROWS_AS(optimizer.update(parameters, Progress{2}), Error);
}

TEST_CASE("a state of another optimizer is an error and changes nothing") {
  const auto all = rows<float>();
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(all[i].name);
    auto a = parts<float>(), b = parts<float>();
    Optimizer<> one = all[i].optimizer, two = all[i].optimizer;
    train(a, one, 0, 3);
    train(b, two, 0, 3);
    State other;
    other.put("kind", "something else");
    CHECK_THROWS_AS(one.load(other), Error);
    CHECK_THROWS_AS(one.load(State()), Error);
    State damaged;  // the last entry is missing
    const auto entries = through_file(one).entries();
    for (std::size_t e = 0; e + 1 < entries.size(); ++e)
      std::visit([&](const auto& value) { damaged.put(entries[e].name, value); }, entries[e].value);
    CHECK_THROWS_AS(one.load(damaged), Error);
    train(a, one, 3, 3);
    train(b, two, 3, 3);
    CHECK(same_bits(values(a), values(b)));
  }
}

TEST_CASE("a learning rate that is negative or no number is an error that names the step") {
  const Schedule bad = [](std::int64_t step) { return step < 2 ? 0.1 : -1.0; };
  Optimizer<> all[] = {sgd({.lr = bad}),
                       adam({.lr = bad}),
                       adamw({.lr = bad}),
                       rmsprop({.lr = bad}),
                       adagrad({.lr = bad}),
                       weight_decay({.lr = bad}),
                       adadelta({.lr = bad}),
                       adamax({.lr = bad}),
                       nadam({.lr = bad}),
                       radam({.lr = bad}),
                       lion({.lr = bad}),
                       adabelief({.lr = bad}),
                       lamb({.lr = bad}),
                       lars({.lr = bad}),
                       adafactor({.lr = bad}),
                       muon({.lr = bad}),
                       muon({.others = {.lr = bad}}),
                       shampoo({.lr = bad}),
                       soap({.lr = bad}),
                       galore({.lr = bad}),
                       adam8bit({.lr = bad}),
                       sophia({.lr = bad}, [](Parameters<float>&) { return 1; })};
  for (Optimizer<>& optimizer : all) {
    auto parameters = parts<float>();
    train(parameters, optimizer, 0, 2);
    const auto before = values(parameters);
    const std::string text = message([&] { optimizer.update(parameters, Progress{2}); });
    CHECK(text.find("the learning rate at step 2 is -1") != std::string::npos);
    CHECK(same_bits(values(parameters), before));
  }
}
