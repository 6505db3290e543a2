// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

/// Tokens of documents in rows of `length`: [rows, length]. After each document comes the separator, the next one goes
/// on behind it, and what does not fill a last row is left out. Throws Error for length < 1.
inline Tensor<std::int64_t> concatenate_documents(const std::vector<std::vector<std::int64_t>>& documents,
                                                  std::int64_t length, std::int64_t separator) {
  if (length < 1) detail::fail("concatenate_documents", {"length is ", length}, "it must be at least 1");
  std::vector<std::int64_t> tokens;
  for (const auto& document : documents) {
    tokens.insert(tokens.end(), document.begin(), document.end());
    tokens.push_back(separator);
  }
  const std::int64_t rows = static_cast<std::int64_t>(tokens.size()) / length;
  tokens.resize(static_cast<std::size_t>(rows * length));
  return Tensor<std::int64_t>::from(tokens, {rows, length});
}

/// All [rows, length]. Where there is padding, documents is -1 and positions is 0.
struct PackedDocuments {
  Tensor<std::int64_t> tokens;
  Tensor<std::int64_t> documents;  ///< the number of the document that each token is of
  Tensor<std::int64_t> positions;  ///< the place of each token in its piece of the document, from 0 on
};

/// Tokens of documents in rows of `length` such that no document is cut that fits in a row: longer ones are cut into
/// pieces of `length` and a rest, and the pieces go, the longest first, each into the row that has the least room left
/// for it (of such rows the first), or into a new one. Room that stays is filled with `padding`. Time O(n log n) for n
/// pieces. document_mask() keeps the documents of a row apart. Throws Error for length < 1.
///
/// Source: Ding et al. (2024), Fewer truncations improve language modeling (best-fit packing).
inline PackedDocuments pack_documents(const std::vector<std::vector<std::int64_t>>& documents, std::int64_t length,
                                      std::int64_t padding) {
  if (length < 1) detail::fail("pack_documents", {"length is ", length}, "it must be at least 1");
  struct Piece {
    std::int64_t document, begin, size, row, column;
  };
  std::vector<Piece> pieces;
  for (std::size_t d = 0; d < documents.size(); ++d) {
    const auto size = static_cast<std::int64_t>(documents[d].size());
    for (std::int64_t begin = 0; begin < size; begin += length)
      pieces.push_back({static_cast<std::int64_t>(d), begin, std::min(length, size - begin), 0, 0});
  }
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.size > b.size; });
  std::set<std::pair<std::int64_t, std::int64_t>> open;  // room and row
  std::int64_t rows = 0;
  for (Piece& piece : pieces) {
    std::int64_t room = length;
    if (const auto best = open.lower_bound({piece.size, 0}); best != open.end()) {
      room = best->first;
      piece.row = best->second;
      open.erase(best);
    } else {
      piece.row = rows++;
    }
    piece.column = length - room;
    if (room > piece.size) open.emplace(room - piece.size, piece.row);
  }
  const Shape shape{rows, length};
  const PackedDocuments packed{Tensor<std::int64_t>::full(shape, padding), Tensor<std::int64_t>::full(shape, -1),
                               Tensor<std::int64_t>::zeros(shape)};
  for (const Piece& piece : pieces) {
    const std::int64_t to = piece.row * length + piece.column;
    std::copy_n(documents[static_cast<std::size_t>(piece.document)].begin() + piece.begin, piece.size,
                packed.tokens.mutable_data() + to);
    std::fill_n(packed.documents.mutable_data() + to, piece.size, piece.document);
    std::iota(packed.positions.mutable_data() + to, packed.positions.mutable_data() + to + piece.size, 0);
  }
  return packed;
}

/// What an attention of rows of documents [rows, length] adds to its scores, [rows, 1, length, length]: 0 where query
/// and key are of one document, -infinity elsewhere and for padding (documents below 0). Throws Error for another rank.
///
///   attention(x, {.bias = document_mask<float>(packed.documents)})
template <class T = float, class Device>
Tensor<T, Device> document_mask(const Tensor<std::int64_t, Device>& documents) {
  if (documents.rank() != 2)
    detail::fail("document_mask", {"documents are ", documents.shape()}, "they are [rows, length]");
  const std::int64_t rows = documents.size(0), length = documents.size(1);
  const auto mask = Tensor<T, Device>::empty({rows, 1, length, length});
  T* out = mask.mutable_data();
  for (std::int64_t r = 0; r < rows; ++r) {
    const std::int64_t* const row = documents.data() + r * length;
    for (std::int64_t i = 0; i < length; ++i)
      for (std::int64_t j = 0; j < length; ++j)
        *out++ = row[i] >= 0 && row[i] == row[j] ? T{0} : -std::numeric_limits<T>::infinity();
  }
  return mask;
}

}  // namespace regimen
