// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/facts.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "data/synth/checks.hpp"

using namespace test;
using Tokens = Tensor<std::int64_t>;

TEST_CASE("facts are told in their form") {
  const Facts facts(Rng(1), {.entities = 5, .relations = 3, .values = 4});
  CHECK(facts.size() == 15);
  CHECK(facts.values().shape() == Shape{5, 3});
  CHECK(facts.relation_token(0) == 5);
  CHECK(facts.value_token(0) == 8);
  CHECK(facts.special(0) == 12);
  const auto data = facts.tell(Tokens::from({7, 0, 14, 8}),
                               {facts.special(1), Facts::entity, Facts::relation, Facts::value, Facts::entity, 2});
  CHECK(data.inputs.shape() == Shape{4, 6});
  const std::int64_t entities[] = {2, 0, 4, 2}, relations[] = {1, 0, 2, 2};
  for (int i = 0; i < 4; ++i) {
    const std::int64_t value = 8 + facts.values()(entities[i], relations[i]);
    const std::int64_t wanted[] = {13, entities[i], 5 + relations[i], value, entities[i], 2};
    for (int t = 0; t < 6; ++t) CHECK(data.inputs(i, t) == wanted[t]);
    CHECK(data.labels(i) == value);
  }
  CHECK(facts.tell(Tokens::empty({0}), {Facts::value}).inputs.shape() == Shape{0, 1});
  CHECK(facts.tell(Tokens::from({3}), {}).inputs.shape() == Shape{1, 0});
}

TEST_CASE("values are uniform, and a function of the Rng") {
  const Facts facts(Rng(2), {.entities = 500, .relations = 4, .values = 7});
  CHECK(chi_square(facts.values(), std::vector<double>(7, 1.0 / 7)) < chi_square_limit(6));
  CHECK(same_bits(facts.values(), Facts(Rng(2), {.entities = 500, .relations = 4, .values = 7}).values()));
  CHECK_FALSE(same_bits(Facts(Rng(2)).values(), Facts(Rng(3)).values()));
}

TEST_CASE("wrong facts and forms are Errors") {
  CHECK(fails_with([] { Facts(Rng(), {.entities = 0}); }, "Facts", "entities is 0"));
  CHECK(fails_with([] { Facts(Rng(), {.relations = 0}); }, "relations is 0"));
  CHECK(fails_with([] { Facts(Rng(), {.values = -1}); }, "values is -1"));
  const Facts facts(Rng{});
  CHECK(fails_with([&] { facts.tell(Tokens::from({64}), {Facts::value}); }, "Facts::tell", "64"));
  CHECK(fails_with([&] { facts.tell(Tokens::from({-1}), {Facts::value}); }, "-1"));
  CHECK(fails_with([&] { facts.tell(Tokens::zeros({1, 1}), {Facts::value}); }, "[1, 1]"));
  CHECK(fails_with([&] { facts.tell(Tokens::from({0}), {-4}); }, "token -4"));
}
