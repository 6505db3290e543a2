// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// Options that nobody sets: what a program that names none of them gets is not to change unseen.
#include <doctest/doctest.h>

#include "regimen/loss/bradley_terry.hpp"
#include "regimen/loss/contrastive_divergence.hpp"
#include "regimen/loss/cosine_embedding.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/loss/ctc.hpp"
#include "regimen/loss/focal.hpp"
#include "regimen/loss/gaussian_nll.hpp"
#include "regimen/loss/hinge.hpp"
#include "regimen/loss/huber.hpp"
#include "regimen/loss/info_nce.hpp"
#include "regimen/loss/kl.hpp"
#include "regimen/loss/logit_adjusted.hpp"
#include "regimen/loss/mmd.hpp"
#include "regimen/loss/negative_binomial_nll.hpp"
#include "regimen/loss/nt_xent.hpp"
#include "regimen/loss/poisson_nll.hpp"
#include "regimen/loss/supervised_contrastive.hpp"
#include "regimen/loss/symmetric_cross_entropy.hpp"
#include "regimen/loss/triplet.hpp"
#include "regimen/loss/wasserstein1d.hpp"
#include "support/defaults.hpp"

using namespace regimen;
using defaults::agree;
using defaults::values;

TEST_CASE("defaults are those that are documented") {
  CHECK(agree<BradleyTerryOptions>([](const auto& o) { return values(o.margin, o.smoothing); }, {0, 0}));
  CHECK(agree<ContrastiveDivergenceOptions>([](const auto& o) { return values(o.regularisation); }, {0}));
  CHECK(agree<CosineEmbeddingOptions>([](const auto& o) { return values(o.margin); }, {0}));
  CHECK(agree<CrossEntropyLossOptions<>>([](const auto& o) { return values(o.smoothing); }, {0}));
  CHECK(
      agree<CtcOptions>([](const auto& o) { return values(o.blank, o.zero_infinity, o.divide_by_length); }, {0, 0, 0}));
  CHECK(agree<FocalOptions<>>([](const auto& o) { return values(o.gamma); }, {2}));
  CHECK(agree<BinaryFocalOptions>([](const auto& o) { return values(o.gamma, o.alpha); }, {2, 0.25}));
  CHECK(agree<GaussianNllOptions>([](const auto& o) { return values(o.full, o.epsilon); }, {0, 1e-6}));
  CHECK(agree<HingeOptions>([](const auto& o) { return values(o.margin, o.squared); }, {1, 0}));
  CHECK(agree<HuberOptions>([](const auto& o) { return values(o.delta); }, {1}));
  CHECK(agree<InfoNceOptions>([](const auto& o) { return values(o.temperature, o.normalise); }, {0.1, 1}));
  CHECK(agree<KlLogitsOptions>([](const auto& o) { return values(o.temperature); }, {1}));
  CHECK(agree<LogitAdjustedOptions>([](const auto& o) { return values(o.tau); }, {1}));
  CHECK(agree<MmdOptions>([](const auto& o) { return values(o.unbiased); }, {0}));
  CHECK(agree<NegativeBinomialNllOptions>([](const auto& o) { return values(o.full); }, {0}));
  CHECK(agree<NtXentOptions>([](const auto& o) { return values(o.temperature); }, {0.5}));
  CHECK(agree<PoissonNllOptions>([](const auto& o) { return values(o.log_input, o.full, o.epsilon); }, {1, 0, 1e-8}));
  CHECK(agree<SupervisedContrastiveOptions>([](const auto& o) { return values(o.temperature); }, {0.1}));
  CHECK(agree<SymmetricCrossEntropyOptions>([](const auto& o) { return values(o.alpha, o.beta, o.log_zero); },
                                            {0.1, 1, -4}));
  CHECK(agree<TripletOptions>([](const auto& o) { return values(o.margin, o.p, o.epsilon, o.swap); }, {1, 2, 1e-6, 0}));
  CHECK(agree<Wasserstein1dOptions>([](const auto& o) { return values(o.p); }, {1}));
}
