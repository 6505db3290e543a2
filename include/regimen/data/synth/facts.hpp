// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

struct FactOptions {
  std::int64_t entities = 64;
  std::int64_t relations = 1;
  std::int64_t values = 16;
};

/// A world of facts (entity, relation) -> value, each value uniform, to be learned by heart and told in several forms.
/// The tokens of the vocabulary are, in this order, entities, relations, values, and from special(0) on any others.
/// Fact number f is of entity f / relations and relation f % relations.
///
///   const Facts facts(rng.split("facts"), {.entities = 210, .relations = 4, .values = 20});
///   const std::int64_t doc = facts.special(0), ask = facts.special(1), answer = facts.special(2);
///   const auto documents = facts.tell(all, {doc, Facts::entity, Facts::relation, Facts::value});
///   const auto questions = facts.tell(some, {ask, Facts::entity, Facts::relation, answer, Facts::value});
class Facts {
 public:
  /// Slots of a form, filled with the fact's tokens.
  static constexpr std::int64_t entity = -1, relation = -2, value = -3;

  /// Throws Error for sizes below 1.
  explicit Facts(Rng rng, const FactOptions& options = {}) : options_(options) {
    detail::check_count("Facts", "entities", options.entities, 1);
    detail::check_count("Facts", "relations", options.relations, 1);
    detail::check_count("Facts", "values", options.values, 1);
    values_ = Tensor<std::int64_t>::empty({options.entities, options.relations});
    std::int64_t* values = values_.mutable_data();
    for (std::int64_t f = 0; f < values_.size(); ++f) values[f] = rng.below(options.values);
  }

  /// Number of facts: entities x relations.
  std::int64_t size() const { return values_.size(); }

  /// The values [entities, relations], from 0 to values - 1.
  const Tensor<std::int64_t>& values() const { return values_; }

  std::int64_t entity_token(std::int64_t e) const { return e; }
  std::int64_t relation_token(std::int64_t r) const { return options_.entities + r; }
  std::int64_t value_token(std::int64_t v) const { return options_.entities + options_.relations + v; }
  /// Token k that is none of those.
  std::int64_t special(std::int64_t k) const { return options_.entities + options_.relations + options_.values + k; }

  /// Facts [n] told in a form of slots and other tokens: inputs [n, form's length], and labels [n] the value's token.
  /// Throws Error for a fact that is none, or a negative token that is no slot.
  Dataset<std::int64_t> tell(const Tensor<std::int64_t>& facts, const std::vector<std::int64_t>& form) const {
    detail::check_indices(facts, size(), "Facts::tell");
    for (const std::int64_t token : form)
      if (token < value)
        detail::fail("Facts::tell", {"the form has the token ", token},
                     "use Facts::entity, relation and value, or >= 0");
    const std::int64_t count = facts.size(), length = static_cast<std::int64_t>(form.size());
    Dataset<std::int64_t> data{Tensor<std::int64_t>::empty({count, length}), Tensor<std::int64_t>::empty({count})};
    std::int64_t *out = data.inputs.mutable_data(), *labels = data.labels.mutable_data();
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t fact = facts.data()[i];
      labels[i] = value_token(values_.data()[fact]);
      for (const std::int64_t token : form)
        *out++ = token == entity     ? entity_token(fact / options_.relations)
                 : token == relation ? relation_token(fact % options_.relations)
                 : token == value    ? labels[i]
                                     : token;
    }
    return data;
  }

 private:
  FactOptions options_;
  Tensor<std::int64_t> values_;
};

}  // namespace regimen
