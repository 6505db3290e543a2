// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/einsum.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using structure::Value;
using structure::Values;
using table::closed;

namespace {

const auto cube = [](const auto& y) { return y * y * y; };

/// The sum over all values of all labels.
Value by_loops(const std::vector<std::string>& terms, const std::string& result, const Values& operands) {
  std::map<char, std::int64_t> sizes, at;
  for (std::size_t i = 0; i < terms.size(); ++i)
    for (std::size_t k = 0; k < terms[i].size(); ++k)
      sizes[terms[i][k]] = std::max(sizes[terms[i][k]], operands[i].size(static_cast<int>(k)));
  Shape shape;
  for (const char c : result) shape.append(sizes[c]);
  const auto y = Value::zeros(shape);
  const auto offset = [&](const std::string& term, const Shape& of) {
    std::int64_t position = 0;
    for (std::size_t k = 0; k < term.size(); ++k) {
      const std::int64_t n = of[static_cast<int>(k)];
      position = position * n + (n == 1 ? 0 : at[term[k]]);
    }
    return position;
  };
  std::int64_t total = 1;
  for (const auto& [label, size] : sizes) total *= size;
  for (std::int64_t i = 0; i < total; ++i) {
    std::int64_t rest = i;
    for (const auto& [label, size] : sizes) at[label] = rest % size, rest /= size;
    double product = 1;
    for (std::size_t k = 0; k < terms.size(); ++k) product *= operands[k].data()[offset(terms[k], operands[k].shape())];
    y.mutable_data()[offset(result, shape)] += product;
  }
  return y;
}

}  // namespace

TEST_CASE_TEMPLATE("einsum agrees with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_c_index");
  const auto check = [&](const char* name, const char* equation, std::initializer_list<const char*> inputs) {
    oracle.check_case<T>(std::string("einsum_") + name, inputs, [&](const auto& in) { return einsum(equation, in); });
  };
  check("matmul", "ij,jk->ik", {"a", "b"});
  check("transposed", "ij,kj->ki", {"a", "b"});
  check("attention", "bqhd,bkhd->bhqk", {"a", "b"});
  check("bilinear", "bi,oij,bj->bo", {"a", "b", "c"});
  check("outer", "i,j->ji", {"a", "b"});
  check("dot", "bi,bi->b", {"a", "b"});
  check("scale", "bci,bc->bci", {"a", "b"});
  check("trace", "bii->b", {"a"});
  check("diagonal", "iji,ki->jk", {"a", "b"});
  check("sum", "ijk->k", {"a"});
  check("alone", "ij,k->i", {"a", "b"});
  check("implicit", " ba, Bb ", {"a", "b"});
  check("implicit_ellipsis", "b...a,a...", {"a", "b"});
  check("ellipsis", "...ij,...jk->...ik", {"a", "b"});
  check("ellipsis_sum", "...i,...i->i", {"a", "b"});
  check("broadcast", "ij,ij->i", {"a", "b"});
  check("chain", "ab,bc,cd,da->", {"a", "b", "c", "d"});
}

TEST_CASE("random equations agree with loops over all labels") {
  Rng rng(1);
  for (int trial = 0; trial < 400; ++trial) {
    const std::int64_t size = 2 + trial % 2, count = 1 + rng.below(3);
    std::vector<std::string> terms;
    Values operands;
    std::string equation, used, result;
    for (std::int64_t i = 0; i < count; ++i) {
      std::string term;
      Shape shape;
      for (std::int64_t k = rng.below(4); k > 0; --k) {
        term += static_cast<char>('a' + rng.below(5));
        used += term.back();
        shape.append(rng.below(4) == 0 ? 1 : size);
      }
      for (std::size_t k = 0; k < term.size(); ++k)  // the axes of a diagonal have one size
        shape = shape.with(static_cast<int>(k), shape[static_cast<int>(term.find(term[k]))]);
      equation += (i == 0 ? "" : ",") + term;
      terms.push_back(term);
      operands.push_back(random(shape, static_cast<std::uint64_t>(10 * trial + i)));
    }
    for (const char c : used)
      if (rng.below(2) == 1 && result.find(c) == std::string::npos) result.insert(result.size() / 2, 1, c);
    equation += "->" + result;
    INFO(equation);
    CHECK(closed(einsum(equation, operands), by_loops(terms, result, operands), 1e-12));
  }
}

TEST_CASE("gradients of einsum agree with differences to second order") {
  const auto check = [](const char* equation, const std::vector<Shape>& shapes) {
    Values inputs;
    for (const Shape& shape : shapes) inputs.push_back(random(shape, inputs.size() + 1));
    INFO(equation);
    CHECK(structure::check([&](const auto& v) { return cube(einsum(equation, v)); }, inputs));
  };
  check("bij,bkj->bki", {{2, 2, 3}, {2, 2, 3}});
  check("bji,jbk->ikb", {{2, 3, 2}, {3, 2, 2}});
  check("iij,ji->i", {{2, 2, 3}, {3, 2}});
  check("...i,i...->...", {{2, 1, 3}, {3, 2}});
  check("a,ab,b->", {{2}, {2, 3}, {3}});
  check("ij,k->ik", {{2, 3}, {2}});
}

TEST_CASE("scalars, empty axes and one operand twice") {
  const auto x = random({2, 3}), s = Value::scalar(2);
  CHECK(closed(einsum(",ij", {s, x}), x * 2.0, 1e-15));
  CHECK(einsum(",->", {s, s}).item() == 4);
  CHECK(closed(einsum("ij->ij", {x}), x, 0));
  CHECK(closed(einsum("ji", {x}), transpose(x), 0));
  CHECK(closed(einsum("...", {x}), x, 0));
  CHECK(closed(einsum("ij,...->...ij", {x, s}), x * 2.0, 1e-15));
  CHECK(closed(einsum("ij,kj->ik", {x, x}), matmul(x, x, {.transpose_b = true}), 1e-15));
  const auto none = Value::empty({2, 0});
  CHECK(closed(einsum("ij,kj->ik", {none, none}), {0, 0, 0, 0}, {2, 2}));
  CHECK(closed(einsum("ij,ij->i", {none, none}), {0, 0}, {2}));
  CHECK(closed(einsum("ij->i", {none}), {0, 0}, {2}));
  CHECK(einsum("ij,ik->ijk", {none, x}).shape() == Shape{2, 0, 3});
  CHECK(einsum("ij,ij->ij", {none, Value::ones({2, 1})}).shape() == Shape{2, 0});
  CHECK(einsum("abcdefgh,h->abcdefg", {random({1, 2, 1, 1, 2, 1, 1, 2}), random({2})}).shape() ==
        Shape{1, 2, 1, 1, 2, 1, 1});
  CHECK(std::isnan(einsum("ij->", {Value::from({1, std::nan("")}, {1, 2})}).item()));
}

TEST_CASE("axes that lie as the product needs them are not moved") {
  const auto x = random({2, 3});
  CHECK(einsum("ij->ij", {x}).data() == x.data());
  CHECK(einsum("b...->b...", {x}).data() == x.data());
}

TEST_CASE("errors of einsum name the fault, the equation and the shapes") {
  const auto a = random({2, 3}), b = random({3, 4});
  const auto of = [&](const char* equation) { return message([&] { einsum(equation, {a, b}); }); };
  CHECK(has(of("ij,kl,m->i"), "einsum: 3 terms and 2 operands, in \"ij,kl,m->i\" of [2, 3], [3, 4]"));
  CHECK(has(of("ij"), "1 terms and 2 operands"));
  CHECK(has(of(""), "1 terms and 2 operands"));
  CHECK(has(of("ij,j2->i"), "character '2'"));
  CHECK(has(of("ij,jk-ik"), "character '-'"));
  CHECK(has(of("ij,jk>ik"), "character '>'"));
  CHECK(has(of("ij,jk->ik->i"), "character '-'"));
  CHECK(has(of("ij,jk->i,k"), "character ','"));
  CHECK(has(of("i..,jk->ik"), "character '.'"));
  CHECK(has(of("i....,jk->ik"), "character '.'"));
  CHECK(has(of("i...j...,jk->ik"), "two ellipses in a term"));
  CHECK(has(of("i,jk->ik"), "operand 0 of rank 2 has 1 labels"));
  CHECK(has(of("ij,jkl->ik"), "operand 1 of rank 2 has 3 labels"));
  CHECK(has(of("ij,jkl...->ik"), "operand 1 of rank 2 has 3 labels"));
  CHECK(has(of("ij,jk->il"), "label l of the result is in no operand"));
  CHECK(has(of("ij,jk->iki"), "label i is twice in the result"));
  CHECK(has(of("ij,ik->jk"), "label i is 2 and, in operand 1, 3"));
  CHECK(has(of("ii,jk->jk"), "label i is 2 and 3 in operand 0"));
  CHECK(has(of("...,...->..."), "label of an ellipsis is 2 and, in operand 1, 3"));
  CHECK(has(message([] { einsum("ij->", std::vector<Value>{}); }), "1 terms and 0 operands, in \"ij->\" of nothing"));
  CHECK(has(message([] { einsum("ii", {random({1, 3})}); }), "label i is 1 and 3 in operand 0"));
  const auto wide = Value::ones({1, 1, 1, 1, 1});
  CHECK(has(message([&] { einsum("abcde,fghij->abcdefghij", {wide, wide}); }), "the result has 10 axes"));
  CHECK(has(message([&] {
              einsum("abcde,fghij,abcdefgh->j", {wide, wide, Value::ones({1, 1, 1, 1, 1, 1, 1, 1})});
            }),
            "a product of two operands has 9 axes"));
}
