// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/text/packing.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "nn/support.hpp"
#include "regimen/ops/attention.hpp"
#include "regimen/ops/slice.hpp"

using namespace test;
using Tokens = std::vector<std::int64_t>;
using Indices = Tensor<std::int64_t>;

TEST_CASE("documents are one stream with separators, of which full rows are taken") {
  CHECK(same_bits(concatenate_documents({{1, 2, 3}, {}, {4, 5}}, 3, 0), Indices::from({1, 2, 3, 0, 0, 4}, {2, 3})));
  CHECK(same_bits(concatenate_documents({{1, 2}}, 3, 9), Indices::from({1, 2, 9}, {1, 3})));
  CHECK(concatenate_documents({{1}}, 3, 9).shape() == Shape{0, 3});
  CHECK(concatenate_documents({}, 3, 9).shape() == Shape{0, 3});
  CHECK(same_bits(concatenate_documents({{1}}, 1, 9), Indices::from({1, 9}, {2, 1})));
}

TEST_CASE("the longest document comes first, and each goes where it leaves the least room") {
  // Sizes 2, 5, 3, 1, 6, 4 in rows of 8: 6 | 5 | 4 ; 3 fits best behind 5, 2 behind 6, 1 behind 4.
  const PackedDocuments packed = pack_documents(
      {{10, 11}, {20, 21, 22, 23, 24}, {30, 31, 32}, {40}, {50, 51, 52, 53, 54, 55}, {60, 61, 62, 63}}, 8, -7);
  CHECK(same_bits(packed.tokens, Indices::from({50, 51, 52, 53, 54, 55, 10, 11,  //
                                                20, 21, 22, 23, 24, 30, 31, 32,  //
                                                60, 61, 62, 63, 40, -7, -7, -7},
                                               {3, 8})));
  CHECK(same_bits(packed.documents, Indices::from({4, 4, 4, 4, 4, 4,  0,  0,  //
                                                   1, 1, 1, 1, 1, 2,  2,  2,  //
                                                   5, 5, 5, 5, 3, -1, -1, -1},
                                                  {3, 8})));
  CHECK(same_bits(packed.positions, Indices::from({0, 1, 2, 3, 4, 5, 0, 1,  //
                                                   0, 1, 2, 3, 4, 0, 1, 2,  //
                                                   0, 1, 2, 3, 0, 0, 0, 0},
                                                  {3, 8})));
}

TEST_CASE("a document longer than a row is cut, and of equal rows the first is taken") {
  const PackedDocuments packed = pack_documents({{1, 2, 3, 4, 5, 6, 7}, {8, 9}, {}, {10, 11}, {12}}, 3, 0);
  CHECK(same_bits(packed.tokens, Indices::from({1, 2, 3, 4, 5, 6, 8, 9, 7, 10, 11, 12}, {4, 3})));
  CHECK(same_bits(packed.documents, Indices::from({0, 0, 0, 0, 0, 0, 1, 1, 0, 3, 3, 4}, {4, 3})));
  CHECK(same_bits(packed.positions, Indices::from({0, 1, 2, 0, 1, 2, 0, 1, 0, 0, 1, 0}, {4, 3})));
  CHECK(pack_documents({}, 4, 0).tokens.shape() == Shape{0, 4});
  CHECK(pack_documents({{}, {}}, 4, 0).positions.shape() == Shape{0, 4});
}

TEST_CASE("every token is packed once, none is cut without need, and few rows are used") {
  Rng rng(1);
  std::vector<Tokens> documents;
  std::int64_t total = 0;
  for (int d = 0; d < 300; ++d) {
    documents.emplace_back(static_cast<std::size_t>(rng.below(64) + 1), d);
    total += static_cast<std::int64_t>(documents.back().size());
  }
  const PackedDocuments packed = pack_documents(documents, 64, -1);
  std::vector<std::int64_t> count(300, 0), row(300, -1);
  for (std::int64_t i = 0; i < packed.tokens.size(); ++i) {
    CHECK(packed.tokens.data()[i] == packed.documents.data()[i]);
    if (packed.documents.data()[i] < 0) continue;
    const auto d = static_cast<std::size_t>(packed.documents.data()[i]);
    CHECK(packed.positions.data()[i] == count[d]++);
    CHECK((row[d] == -1 || row[d] == i / 64));
    row[d] = i / 64;
  }
  for (std::size_t d = 0; d < 300; ++d) CHECK(count[d] == static_cast<std::int64_t>(documents[d].size()));
  CHECK(packed.tokens.size(0) <= total / 64 + 3);
}

TEST_CASE_TEMPLATE("the mask keeps documents and padding apart", T, float, double) {
  const T no = -INFINITY;
  const auto mask = document_mask<T>(Indices::from({3, 3, 5, -1, -1, 2}, {2, 3}));
  CHECK(same_bits(mask,
                  Tensor<T>::from({0, 0, no, 0, 0, no, no, no, 0, no, no, no, no, no, no, no, no, 0}, {2, 1, 3, 3})));
}

TEST_CASE("attention under the mask is that of each document alone") {
  Rng rng(2);
  const auto q = rng.normal<double>({1, 2, 5, 4}), k = rng.normal<double>({1, 2, 5, 4}),
             v = rng.normal<double>({1, 2, 5, 4});
  const auto mask = document_mask<double>(Indices::from({7, 7, 7, 1, 1}, {1, 5}));
  const auto y = scaled_dot_product_attention(q, k, v, {.bias = mask});
  for (const auto& [begin, end] : {std::pair{0, 3}, std::pair{3, 5}}) {
    const auto part = [&, b = begin, e = end](const auto& x) { return slice(x, 2, b, e); };
    CHECK(distance(part(y), scaled_dot_product_attention(part(q), part(k), part(v))) < 1e-12);
  }
}

TEST_CASE("wrong lengths and shapes are Errors") {
  CHECK(fails_with([] { concatenate_documents({}, 0, 0); }, "concatenate_documents", "length is 0"));
  CHECK(fails_with([] { pack_documents({}, -1, 0); }, "pack_documents", "length is -1"));
  CHECK(fails_with([] { document_mask(Indices::zeros({3})); }, "document_mask", "[3]"));
}
