// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/index.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"

#include "cpu/reference.hpp"

using namespace regimen;
using structure::has;
using structure::Indices;
using structure::message;
using structure::random;

TEST_CASE("gather picks an element for each index, and scatter_add adds one for each") {
  const auto x = random({2, 3, 4});
  const auto indices = Indices::from({2, 0, 1, 1, 2, 2, 0, 0}, {2, 1, 4});
  const auto y = gather(x, 1, indices), z = scatter_add(x, 1, indices, y);
  REQUIRE(y.shape() == indices.shape());
  for (std::int64_t i = 0; i < 2; ++i)
    for (std::int64_t k = 0; k < 4; ++k) {
      CHECK(y(i, 0, k) == x(i, indices(i, 0, k), k));
      for (std::int64_t j = 0; j < 3; ++j) CHECK(z(i, j, k) == x(i, j, k) * (indices(i, 0, k) == j ? 2 : 1));
    }
  CHECK(gather(x.to<float>(), 1, indices)(1, 0, 0) == x.to<float>()(1, 2, 0));
}

TEST_CASE("index_select, embedding and one_hot pick whole entries") {
  const auto x = random({3, 4});
  const auto columns = index_select(x, 1, Indices::from({3, 3, 0}));
  REQUIRE(columns.shape() == Shape{3, 3});
  CHECK(columns(2, 0) == x(2, 3));
  CHECK(columns(2, 2) == x(2, 0));
  const auto rows = embedding(x, Indices::from({2, 0, 1, 2}, {2, 1, 2}));
  REQUIRE(rows.shape() == Shape{2, 1, 2, 4});
  CHECK(rows(1, 0, 1, 3) == x(2, 3));
  CHECK(embedding(x, Indices::scalar(1)).shape() == Shape{4});
  CHECK(embedding(x, Indices::empty({0, 2})).shape() == Shape{0, 2, 4});
  const auto hot = one_hot<double>(Indices::from({2, 0}), 3);
  const double expected[] = {0, 0, 1, 1, 0, 0};
  REQUIRE(hot.shape() == Shape{2, 3});
  CHECK(std::equal(expected, expected + 6, hot.data()));
  CHECK(one_hot(Indices::empty({0}), 2).shape() == Shape{0, 2});
}

TEST_CASE("gradients of indexing agree with differences to second order") {
  const auto cube = [](const auto& y) { return y * y * y; };
  const auto indices = Indices::from({1, 0, 1, 1, 2, 2}, {2, 3});
  for (const int axis : {0, 1}) {
    const auto x = random(axis == 0 ? Shape{3, 3} : Shape{2, 3});
    CHECK(structure::check([&](const auto& v) { return cube(gather(v[0], axis, indices)); }, {x}));
    CHECK(structure::check([&](const auto& v) { return cube(scatter_add(v[0], axis, indices, v[1])); },
                           {x, random({2, 3}, 2)}));
    CHECK(structure::check(
        [&](const auto& v) {
          return cube(index_select(v[0], axis, Indices::from({1, 0, 1})));
        },
        {x}));
    CHECK(structure::check([&](const auto& v) { return cube(index_select(v[0], axis, Indices::empty({0}))); }, {x}));
    CHECK(structure::check(
        [&](const auto& v) {
          return cube(embedding(v[0], Indices::from({1, 0, 1, 1}, {2, 2})));
        },
        {x}));
  }
  CHECK(structure::check([&](const auto& v) { return gather(v[0], 0, Indices::empty({0})); }, {random({2})}));
}

TEST_CASE("an embedding's gradient is added straight into a variable's sink") {
  const auto indices = Indices::from({1, 0, 1});
  const auto table = variable(Tensor<float>::ones({3, 2}));
  const auto sink = Tensor<float>::full({3, 2}, 7);
  detail::node_of(table)->sink = sink;
  const std::vector<Tensor<float>> variables = {table};
  for (const bool accumulate : {false, true}) {
    const auto loss = sum(embedding(table, indices)) + sum(table * table) + sum(embedding(table, indices));
    backward(loss, std::span<const Tensor<float>>(variables), {.accumulate = accumulate});
    const float times = accumulate ? 2 : 1,
                expected[] = {4 * times, 4 * times, 6 * times, 6 * times, 2 * times, 2 * times};
    CHECK(std::equal(expected, expected + 6, sink.data()));
  }
}

TEST_CASE("gradients of indexing have the same bits on any number of threads") {
  const auto table = Rng(1).normal({50, 32});
  auto indices = Indices::empty({4000});
  Rng rng(2);
  for (std::int64_t i = 0; i < indices.size(); ++i) indices.mutable_data()[i] = rng.below(50);
  CHECK(reference::same_at_any_thread_count([&] {
    const auto v = variable(table);
    const auto g = grad(embedding(v, indices), {v}, {}, Rng(3).normal({4000, 32}))[0];
    return std::vector<float>(g.data(), g.data() + g.size());
  }));
}

TEST_CASE("errors of indexing name the value, its position and the shapes") {
  const auto x = random({2, 3});
  CHECK(has(message([&] {
              embedding(x, Indices::from({0, 1, 1, 5}, {2, 2}));
            }),
            "index 5 at position [1, 1] of [2, 2], the table is [2, 3]"));
  CHECK(has(message([&] {
              index_select(x, 1, Indices::from({0, -1}));
            }),
            "index -1 at position [1] of [2], x is [2, 3]"));
  CHECK(has(message([&] { index_select(x, 1, Indices::zeros({1, 1})); }), "indices are [1, 1]"));
  CHECK(has(message([&] { gather(x, 1, Indices::from({3, 0}, {2, 1})); }), "index 3 at position [0, 0] of [2, 1]"));
  CHECK(has(message([&] { gather(x, 1, Indices::zeros({3, 1})); }), "x is [2, 3] and indices [3, 1]"));
  CHECK(has(message([&] { scatter_add(x, 1, Indices::zeros({2, 1}), x); }), "source is [2, 3] and indices [2, 1]"));
  CHECK(has(message([&] { one_hot(Indices::from({0, 2}), 2); }), "index 2 at position [1]"));
  CHECK(has(message([&] { embedding(random({2}), Indices::zeros({1})); }), "the table is [2]"));
  CHECK_THROWS_AS(one_hot(Indices::from({0}), -1), Error);
}
