// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/cipher.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "data/synth/checks.hpp"

using namespace test;
using Tokens = Tensor<std::int64_t>;

TEST_CASE("words are exchanged by the table, and put in the order") {
  const auto source = Tokens::from({0, 3, 1, 1, 4, 2, 2, 0, 4, 3}, {2, 5});
  const int orders[][5] = {{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {1, 0, 3, 2, 4}, {1, 2, 3, 4, 0}};
  for (int order = 0; order < 4; ++order)
    for (const std::int64_t contexts : {1, 3}) {
      const Cipher cipher(Rng(1), {.vocabulary = 5, .contexts = contexts, .order = static_cast<WordOrder>(order)});
      const auto target = cipher.translate(source);
      CHECK(cipher.table().shape() == Shape{contexts, 5});
      for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 5; ++j) {
          const int from = orders[order][j];
          const std::int64_t before = from == 0 ? 0 : source(i, from - 1);
          CHECK(target(i, j) == cipher.table()(before % contexts, source(i, from)));
        }
    }
}

TEST_CASE("tables are different permutations, functions of the Rng") {
  const Cipher cipher(Rng(2), {.vocabulary = 40, .contexts = 3});
  std::set<std::vector<std::int64_t>> rows;
  for (std::int64_t c = 0; c < 3; ++c) {
    std::vector<std::int64_t> row(cipher.table().data() + 40 * c, cipher.table().data() + 40 * (c + 1));
    rows.insert(row);
    std::sort(row.begin(), row.end());
    for (std::int64_t v = 0; v < 40; ++v) CHECK(row[static_cast<std::size_t>(v)] == v);
  }
  CHECK(rows.size() == 3);
  CHECK(same_bits(cipher.table(), Cipher(Rng(2), {.vocabulary = 40, .contexts = 3}).table()));
  CHECK_FALSE(same_bits(Cipher(Rng(2)).table(), Cipher(Rng(3)).table()));
  for (int order = 0; order < 4; ++order) {
    const Cipher any(Rng(4), {.vocabulary = 2, .order = static_cast<WordOrder>(order)});
    CHECK(any.translate(Tokens::zeros({3, 0})).shape() == Shape{3, 0});
    CHECK(any.translate(Tokens::zeros({1, 1})).item() == any.table()(0, 0));
  }
}

TEST_CASE("wrong sizes and words are Errors") {
  CHECK(fails_with([] { Cipher(Rng(), {.vocabulary = 0}); }, "Cipher", "vocabulary is 0"));
  CHECK(fails_with([] { Cipher(Rng(), {.contexts = 0}); }, "contexts is 0"));
  const Cipher cipher(Rng{});
  CHECK(fails_with([&] { cipher.translate(Tokens::zeros({3})); }, "Cipher::translate", "[3]"));
  CHECK(fails_with([&] { cipher.translate(Tokens::full({1, 1}, 24)); }, "word 24"));
  CHECK(fails_with([&] { cipher.translate(Tokens::full({1, 1}, -1)); }, "word -1"));
}
