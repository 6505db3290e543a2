// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// Options that nobody sets: what a program that names none of them gets is not to change unseen.
#include <doctest/doctest.h>

#include "regimen/optim/adabelief.hpp"
#include "regimen/optim/adadelta.hpp"
#include "regimen/optim/adafactor.hpp"
#include "regimen/optim/adagrad.hpp"
#include "regimen/optim/adam.hpp"
#include "regimen/optim/adam8bit.hpp"
#include "regimen/optim/adamax.hpp"
#include "regimen/optim/adamw.hpp"
#include "regimen/optim/agc.hpp"
#include "regimen/optim/ema.hpp"
#include "regimen/optim/galore.hpp"
#include "regimen/optim/gradient_noise.hpp"
#include "regimen/optim/groups.hpp"
#include "regimen/optim/kfac.hpp"
#include "regimen/optim/lamb.hpp"
#include "regimen/optim/lars.hpp"
#include "regimen/optim/lbfgs.hpp"
#include "regimen/optim/lion.hpp"
#include "regimen/optim/lookahead.hpp"
#include "regimen/optim/muon.hpp"
#include "regimen/optim/nadam.hpp"
#include "regimen/optim/natural_gradient.hpp"
#include "regimen/optim/radam.hpp"
#include "regimen/optim/rmsprop.hpp"
#include "regimen/optim/sam.hpp"
#include "regimen/optim/schedule/cosine.hpp"
#include "regimen/optim/schedule/exponential.hpp"
#include "regimen/optim/schedule/inverse_square_root.hpp"
#include "regimen/optim/schedule/linear.hpp"
#include "regimen/optim/schedule/one_cycle.hpp"
#include "regimen/optim/schedule/polynomial.hpp"
#include "regimen/optim/schedule/step_decay.hpp"
#include "regimen/optim/schedule/triangular.hpp"
#include "regimen/optim/schedule/warmup_stable_decay.hpp"
#include "regimen/optim/schedule_free.hpp"
#include "regimen/optim/sgd.hpp"
#include "regimen/optim/shampoo.hpp"
#include "regimen/optim/soap.hpp"
#include "regimen/optim/sophia.hpp"
#include "regimen/optim/strong_wolfe.hpp"
#include "regimen/optim/swa.hpp"
#include "regimen/optim/weight_decay.hpp"
#include "support/defaults.hpp"

using namespace regimen;
using defaults::agree;
using defaults::values;

TEST_CASE("defaults are those that are documented") {
  CHECK(agree<AdabeliefOptions>([](const auto& o) { return values(o.lr, o.beta1, o.beta2, o.epsilon, o.weight_decay); },
                                {1e-3, 0.9, 0.999, 1e-16, 0}));
  CHECK(agree<AdadeltaOptions>([](const auto& o) { return values(o.lr, o.rho, o.epsilon, o.weight_decay); },
                               {1.0, 0.9, 1e-6, 0}));
  CHECK(agree<AdafactorOptions>(
      [](const auto& o) {
        return values(o.scale_parameter, o.decay_power, o.beta1, o.clip, o.epsilon1, o.epsilon2, o.weight_decay);
      },
      {1, 0.8, 0, 1, 1e-30, 1e-3, 0}));
  CHECK(agree<AdagradOptions>([](const auto& o) { return values(o.lr, o.epsilon, o.weight_decay); }, {1e-2, 1e-10, 0}));
  CHECK(agree<AdamOptions>([](const auto& o) { return values(o.lr, o.beta1, o.beta2, o.epsilon, o.weight_decay); },
                           {1e-3, 0.9, 0.999, 1e-8, 0}));
  CHECK(agree<Adam8bitOptions>(
      [](const auto& o) { return values(o.lr, o.beta1, o.beta2, o.epsilon, o.weight_decay, o.block); },
      {1e-3, 0.9, 0.999, 1e-8, 0, 256}));
  CHECK(agree<AdamaxOptions>([](const auto& o) { return values(o.lr, o.beta1, o.beta2, o.epsilon, o.weight_decay); },
                             {2e-3, 0.9, 0.999, 1e-8, 0}));
  CHECK(agree<AdamwOptions>([](const auto& o) { return values(o.lr, o.beta1, o.beta2, o.epsilon, o.weight_decay); },
                            {1e-3, 0.9, 0.999, 1e-8, 1e-2}));
  CHECK(agree<AgcOptions>([](const auto& o) { return values(o.limit, o.epsilon); }, {0.01, 1e-3}));
  CHECK(agree<EmaOptions>([](const auto& o) { return values(o.decay, o.warm_up); }, {0.999, 0}));
  CHECK(agree<GaloreOptions>(
      [](const auto& o) { return values(o.lr, o.rank, o.every, o.scale, o.beta1, o.beta2, o.epsilon, o.weight_decay); },
      {1e-2, 128, 200, 0.25, 0.9, 0.999, 1e-8, 0}));
  CHECK(agree<GradientNoiseOptions>([](const auto& o) { return values(o.eta, o.gamma); }, {0.01, 0.55}));
  CHECK(agree<GroupSettings>([](const auto& o) { return values(o.lr_factor); }, {1}));
  CHECK(agree<KfacOptions>([](const auto& o) { return values(o.damping, o.decay, o.every); }, {1e-3, 0.95, 1}));
  CHECK(agree<LambOptions>([](const auto& o) { return values(o.lr, o.beta1, o.beta2, o.epsilon, o.weight_decay); },
                           {1e-3, 0.9, 0.999, 1e-6, 0}));
  CHECK(agree<LarsOptions>([](const auto& o) { return values(o.lr, o.momentum, o.trust, o.epsilon, o.weight_decay); },
                           {1.0, 0.9, 1e-3, 0, 1e-4}));
  CHECK(agree<LbfgsOptions>(
      [](const auto& o) { return values(o.lr, o.iterations, o.history, o.gradient_tolerance, o.change_tolerance); },
      {1, 20, 10, 1e-7, 1e-9}));
  CHECK(agree<LionOptions>([](const auto& o) { return values(o.lr, o.beta1, o.beta2, o.weight_decay); },
                           {1e-4, 0.9, 0.99, 0}));
  CHECK(agree<LookaheadOptions>([](const auto& o) { return values(o.every, o.alpha); }, {5, 0.5}));
  CHECK(agree<MuonOptions>([](const auto& o) { return values(o.lr, o.momentum, o.nesterov, o.steps, o.weight_decay); },
                           {0.02, 0.95, 1, 5, 0}));
  CHECK(agree<NadamOptions>(
      [](const auto& o) { return values(o.lr, o.beta1, o.beta2, o.epsilon, o.weight_decay, o.momentum_decay); },
      {2e-3, 0.9, 0.999, 1e-8, 0, 4e-3}));
  CHECK(agree<NaturalGradientOptions>([](const auto& o) { return values(o.damping); }, {1e-3}));
  CHECK(agree<RadamOptions>([](const auto& o) { return values(o.lr, o.beta1, o.beta2, o.epsilon, o.weight_decay); },
                            {1e-3, 0.9, 0.999, 1e-8, 0}));
  CHECK(agree<RmspropOptions>(
      [](const auto& o) { return values(o.lr, o.alpha, o.epsilon, o.momentum, o.centered, o.weight_decay); },
      {1e-2, 0.99, 1e-8, 0, 0, 0}));
  CHECK(agree<SamOptions>([](const auto& o) { return values(o.rho, o.adaptive); }, {0.05, 0}));
  CHECK(agree<CosineOptions>(
      [](const auto& o) { return values(o.peak, o.final, o.steps, o.cycles, o.growth, o.peak_factor); },
      {1e-3, 0, 0, 1, 1, 1}));
  CHECK(agree<WarmupCosineOptions>([](const auto& o) { return values(o.initial, o.peak, o.final, o.warmup, o.steps); },
                                   {0, 1e-3, 0, 0, 0}));
  CHECK(agree<ExponentialOptions>([](const auto& o) { return values(o.initial, o.rate, o.steps, o.minimum); },
                                  {1e-3, 0.5, 1, 0}));
  CHECK(agree<GeometricOptions>([](const auto& o) { return values(o.initial, o.final, o.steps); }, {1e-3, 1e-5, 0}));
  CHECK(agree<InverseSquareRootOptions>([](const auto& o) { return values(o.peak, o.warmup); }, {1e-3, 4000}));
  CHECK(agree<NoamOptions>([](const auto& o) { return values(o.factor, o.width, o.warmup); }, {1, 512, 4000}));
  CHECK(agree<LinearScheduleOptions>([](const auto& o) { return values(o.initial, o.final, o.steps); }, {1, 0, 0}));
  CHECK(agree<LinearWarmupOptions>([](const auto& o) { return values(o.initial, o.peak, o.warmup); }, {0, 1e-3, 0}));
  CHECK(agree<OneCycleOptions>(
      [](const auto& o) {
        return values(o.peak, o.steps, o.warmup_fraction, o.initial_divisor, o.final_divisor, o.straight);
      },
      {1e-2, 0, 0.3, 25, 1e4, 0}));
  CHECK(agree<PolynomialOptions>([](const auto& o) { return values(o.initial, o.final, o.power, o.steps); },
                                 {1e-3, 0, 1, 0}));
  CHECK(agree<StepDecayOptions>([](const auto& o) { return values(o.initial, o.factor, o.every, o.drops); },
                                {1e-3, 0.1, 0, 1 << 20}));
  CHECK(agree<TriangularOptions>([](const auto& o) { return values(o.low, o.high, o.half_cycle, o.gamma); },
                                 {1e-4, 1e-3, 0, 1}));
  CHECK(agree<WarmupStableDecayOptions>(
      [](const auto& o) { return values(o.initial, o.peak, o.final, o.warmup, o.stable, o.decay); },
      {0, 1e-3, 0, 0, 0, 0}));
  CHECK(agree<ScheduleFreeOptions>(
      [](const auto& o) { return values(o.lr, o.warmup, o.beta1, o.beta2, o.epsilon, o.weight_decay); },
      {2.5e-3, 0, 0.9, 0.999, 1e-8, 0}));
  CHECK(
      agree<SgdOptions>([](const auto& o) { return values(o.lr, o.momentum, o.dampening, o.nesterov, o.weight_decay); },
                        {1e-2, 0, 0, 0, 0}));
  CHECK(agree<ShampooOptions>(
      [](const auto& o) { return values(o.lr, o.momentum, o.epsilon, o.every, o.block, o.weight_decay); },
      {0.1, 0, 1e-4, 1, 512, 0}));
  CHECK(agree<SoapOptions>(
      [](const auto& o) { return values(o.lr, o.beta1, o.beta2, o.epsilon, o.every, o.limit, o.weight_decay); },
      {3e-3, 0.95, 0.95, 1e-8, 10, 10000, 1e-2}));
  CHECK(agree<SophiaOptions>(
      [](const auto& o) { return values(o.lr, o.beta1, o.beta2, o.gamma, o.epsilon, o.weight_decay, o.every); },
      {6e-4, 0.965, 0.99, 0.05, 1e-12, 0.1, 10}));
  CHECK(agree<WolfeOptions>([](const auto& o) { return values(o.c1, o.c2, o.evaluations, o.smallest_interval); },
                            {1e-4, 0.9, 26, 1e-9}));
  CHECK(agree<SwaOptions>([](const auto& o) { return values(o.start, o.every); }, {0, 1}));
  CHECK(agree<WeightDecayOptions>([](const auto& o) { return values(o.lr, o.weight_decay); }, {1.0, 1e-2}));
}
