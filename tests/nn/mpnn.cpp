// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/mpnn.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "nn/module_checks.hpp"

using namespace test;

namespace {

using Indices = Tensor<std::int64_t>;

const Aggregation aggregations[] = {Aggregation::sum, Aggregation::mean, Aggregation::max};
const NodeUpdate updates[] = {NodeUpdate::gru, NodeUpdate::mlp};

/// Node 2 gets no message, node 1 several.
const EdgeList<> edges{Indices::from({0, 2, 3, 1, 1, 3}), Indices::from({1, 1, 1, 0, 3, 3})};

Tensor<double> dense(const EdgeList<>& of, std::int64_t nodes) {
  const auto adjacency = Tensor<double>::zeros({1, nodes, nodes});
  for (std::int64_t k = 0; k < of.source.size(); ++k) adjacency.mutable_data()[of.source(k) * nodes + of.target(k)] = 1;
  return adjacency;
}

/// e [edges, size] at its places in [1, nodes, nodes, size].
Tensor<double> dense(const EdgeList<>& of, std::int64_t nodes, const Tensor<double>& e) {
  const auto all = Tensor<double>::full({1, nodes, nodes, e.size(1)}, NAN);  // no edge, not looked at
  for (std::int64_t k = 0; k < of.source.size(); ++k)
    for (std::int64_t c = 0; c < e.size(1); ++c)
      all.mutable_data()[(of.source(k) * nodes + of.target(k)) * e.size(1) + c] = e(k, c);
  return all;
}

double activated(const Linear<double>& layer, const std::vector<double>& x, std::int64_t i) {
  double total = layer.bias.defined() ? layer.bias(i) : 0;
  for (std::size_t j = 0; j < x.size(); ++j) total += layer.weight(i, static_cast<std::int64_t>(j)) * x[j];
  return total;
}

std::vector<double> row(const Tensor<double>& x, std::int64_t i) {
  std::vector<double> values;
  for (std::int64_t j = 0; j < x.size(1); ++j) values.push_back(x(i, j));
  return values;
}

}  // namespace

TEST_CASE("Mpnn agrees with a loop over edges") {
  Rng rng(1);
  const auto h = rng.normal<double>({4, 2}), e = rng.normal<double>({6, 2});
  for (const auto aggregation : aggregations) {
    Mpnn<double> layer(2, rng,
                       {.edge = 2, .message = 3, .hidden = 5, .aggregation = aggregation, .update = NodeUpdate::mlp});
    disturb_parameters(layer, 2);
    const auto y = layer(h, edges, e);
    for (std::int64_t i = 0; i < 4; ++i) {
      std::vector<double> total(3, 0.), best(3, -INFINITY);
      int count = 0;
      for (std::int64_t k = 0; k < 6; ++k) {
        if (edges.target(k) != i) continue;
        ++count;
        std::vector<double> hidden;
        for (std::int64_t u = 0; u < 5; ++u)
          hidden.push_back(std::max(0., activated(layer.receiver, row(h, i), u) +
                                            activated(layer.sender, row(h, edges.source(k)), u) +
                                            activated(layer.edge[0], row(e, k), u)));
        for (std::int64_t c = 0; c < 3; ++c) {
          const double message = activated(layer.message, hidden, c);
          total[static_cast<std::size_t>(c)] += message;
          best[static_cast<std::size_t>(c)] = std::max(best[static_cast<std::size_t>(c)], message);
        }
      }
      auto both = row(h, i);
      for (std::size_t c = 0; c < 3; ++c) {
        double m = aggregation == Aggregation::max ? best[c] : total[c];
        if (aggregation == Aggregation::mean) m /= count;
        both.push_back(count == 0 ? 0 : m);
      }
      std::vector<double> up;
      for (std::int64_t u = 0; u < 5; ++u) up.push_back(std::max(0., activated(layer.mlp[0], both, u)));
      for (std::int64_t c = 0; c < 2; ++c) CHECK(y(i, c) == doctest::Approx(activated(layer.mlp[1], up, c)));
    }
  }
}

TEST_CASE("the GRU of Mpnn has the node as state and the messages as input") {
  Rng rng(3);
  const Mpnn<double> layer(2, rng, {.message = 3});
  const auto h = rng.normal<double>({1, 2});
  // An edge from the node to itself: one message.
  const auto m = layer.message(relu(layer.receiver(h) + layer.sender(h)));
  const auto wanted = layer.gru[0](unsqueeze(m, 0), unsqueeze(h, 0)).output;
  CHECK(distance(layer(h, EdgeList<>{Indices::from({0}), Indices::from({0})}).detach(), select(wanted, 0, 0).detach()) <
        1e-15);
}

TEST_CASE("Mpnn on an adjacency is Mpnn on a list of edges, with and without their features") {
  Rng rng(4);
  const auto h = rng.normal<double>({4, 3}), e = rng.normal<double>({6, 2});
  for (const auto aggregation : aggregations)
    for (const auto update : updates)
      for (const std::int64_t size : {0, 2}) {
        Mpnn<double> layer(3, rng, {.edge = size, .aggregation = aggregation, .update = update});
        disturb_parameters(layer, 5);
        const auto list = size == 0 ? layer(h, edges) : layer(h, edges, e);
        const auto all = size == 0 ? layer(unsqueeze(h, 0), dense(edges, 4))
                                   : layer(unsqueeze(h, 0), dense(edges, 4), dense(edges, 4, e));
        CHECK(all_finite(all));
        CHECK(distance(list.detach(), select(all, 0, 0).detach()) < 1e-14);
      }
}

TEST_CASE("Mpnn of permuted nodes is permuted, and graphs in a batch do not see each other") {
  Rng rng(6);
  const auto h = rng.normal<double>({4, 3});
  const auto order = Indices::from({2, 0, 3, 1});  // node order(i) becomes node i
  const Indices place = Indices::from({1, 3, 0, 2});
  const EdgeList<> renamed{index_select(place, 0, edges.source), index_select(place, 0, edges.target)};
  for (const auto aggregation : aggregations) {
    const Mpnn<double> layer(3, rng, {.aggregation = aggregation});
    const auto y = layer(h, edges).detach(), moved = layer(index_select(h, 0, order), renamed).detach();
    CHECK(distance(moved, index_select(y, 0, order)) < 1e-14);
    const auto other = rng.normal<double>({1, 4, 3});
    const auto adjacency = concat({dense(edges, 4), Tensor<double>::ones({1, 4, 4})});
    const auto both = layer(concat({unsqueeze(h, 0), other}), adjacency).detach();
    CHECK(distance(select(both, 0, 0), y) < 1e-14);
    CHECK(distance(slice(both, 0, 1, 2), layer(other, Tensor<double>::ones({1, 4, 4})).detach()) < 1e-14);
  }
}

TEST_CASE("the largest message reaches the end of a path of 8 nodes in 7 steps") {
  Rng rng(7);
  Mpnn<double> layer(1, rng, {.hidden = 2, .aggregation = Aggregation::max, .update = NodeUpdate::mlp});
  const auto set = [](Linear<double>& part, std::initializer_list<double> weight) {
    part.weight.assign(Tensor<double>::from(weight, part.weight.shape()));
    if (part.bias.defined()) part.bias.fill(0);
  };
  set(layer.receiver, {0, 0});
  set(layer.sender, {1, 0});
  set(layer.message, {1, 0});        // the message is h_j
  set(layer.mlp[0], {1, 0, -1, 1});  // h + relu(m - h) = max(h, m)
  set(layer.mlp[1], {1, 1});
  const EdgeList<> path{Indices::from({0, 1, 2, 3, 4, 5, 6}), Indices::from({1, 2, 3, 4, 5, 6, 7})};
  auto h = Tensor<double>::zeros({8, 1});
  h.mutable_data()[0] = 1;
  for (int step = 1; step <= 7; ++step) {
    h = layer(h, path);
    for (int i = 0; i < 8; ++i) CHECK(h(i, 0) == (i <= step ? 1 : 0));
  }
}

TEST_CASE("Mpnn has gradients to second order in both forms, and is copied, saved and loaded") {
  Rng rng(8);
  const auto h = rng.normal<double>({4, 2}), e = rng.normal<double>({6, 1});
  const auto all = Tensor<double>::ones({1, 2, 2});
  for (const auto aggregation : aggregations)
    for (const auto update : updates) {
      const Mpnn<double> layer(2, rng, {.edge = 1, .aggregation = aggregation, .update = update});
      check_module_gradients(layer, {h, e}, [](const auto& f, const auto& in) { return f(in[0], edges, in[1]); });
      check_module_gradients(layer, {rng.normal<double>({1, 2, 2}), rng.normal<double>({1, 2, 2, 1})},
                             [&](const auto& f, const auto& in) { return f(in[0], all, in[1]); });
      check_module_copies(layer, [&](const auto& f) { return f(h, edges, e); });
    }
  Mpnn<> plain(2, rng), mlp(2, rng, {.edge = 1, .update = NodeUpdate::mlp});
  CHECK(names(plain) ==
        "receiver.weight receiver.bias sender.weight message.weight message.bias gru.0.weight_ih_l0 "
        "gru.0.weight_hh_l0 gru.0.bias_ih_l0 gru.0.bias_hh_l0 gru.0.dropout.rng gru.0.dropout.mode ");
  CHECK(names(mlp) ==
        "receiver.weight receiver.bias sender.weight edge.0.weight message.weight message.bias "
        "mlp.0.weight mlp.0.bias mlp.1.weight mlp.1.bias ");
}

TEST_CASE("Mpnn takes graphs without edges or nodes") {
  Rng rng(9);
  const EdgeList<> none{Indices::zeros({0}), Indices::zeros({0})};
  const auto h = rng.normal<double>({3, 2});
  for (const auto aggregation : aggregations)
    for (const auto update : updates) {
      const Mpnn<double> layer(2, rng, {.aggregation = aggregation, .update = update});
      const auto y = layer(h, none).detach();
      const auto z = layer(unsqueeze(h, 0), Tensor<double>::zeros({1, 3, 3})).detach();
      CHECK((all_finite(y) && all_finite(z)));
      CHECK(distance(y, select(z, 0, 0)) < 1e-15);
      CHECK(layer(Tensor<double>::zeros({0, 2}), none).shape() == Shape{0, 2});
      CHECK(layer(Tensor<double>::zeros({2, 0, 2}), Tensor<double>::zeros({2, 0, 0})).shape() == Shape{2, 0, 2});
      CHECK(layer(Tensor<double>::zeros({0, 3, 2}), Tensor<double>::zeros({0, 3, 3})).shape() == Shape{0, 3, 2});
    }
}

TEST_CASE("Mpnn refuses what does not fit") {
  Rng rng(10);
  CHECK(fails_with([&] { Mpnn<>(0, rng); }, "Mpnn", "width 0"));
  CHECK(fails_with([&] { Mpnn<>(2, rng, {.edge = -1}); }, "edge -1"));
  CHECK(fails_with([&] { Mpnn<>(2, rng, {.message = -1}); }, "message -1"));
  CHECK(fails_with([&] { Mpnn<>(2, rng, {.hidden = -1}); }, "hidden -1"));
  const Mpnn<double> plain(2, rng), with_edges(2, rng, {.edge = 3});
  const auto h = Tensor<double>::zeros({4, 2}), e = Tensor<double>::zeros({6, 3});
  CHECK(fails_with([&] { plain(Tensor<double>::zeros({4, 3}), edges); }, "h is [4, 3]", "width 2"));
  CHECK(fails_with([&] { plain(unsqueeze(h, 0), edges); }, "h is [1, 4, 2]"));
  CHECK(fails_with([&] { plain(h, Tensor<double>::zeros({4, 4})); }, "h is [4, 2]"));
  CHECK(fails_with([&] { plain(unsqueeze(h, 0), Tensor<double>::zeros({4, 4})); }, "the adjacency [4, 4]"));
  CHECK(fails_with([&] { plain(h, edges, e); }, "features of edges are [6, 3], the layer has 0"));
  CHECK(fails_with([&] { with_edges(h, edges); }, "features of edges are missing, the layer has 3"));
  CHECK(fails_with([&] { with_edges(h, edges, Tensor<double>::zeros({5, 3})); }, "[5, 3]", "edges of [6]"));
  CHECK(fails_with([&] { plain(h, {Indices::from({0, 1}), Indices::from({0})}); }, "sources are [2] and targets [1]"));
  CHECK(fails_with([&] { plain(h, {Indices::from({4}), Indices::from({0})}); }, "index 4"));
  CHECK(fails_with([&] { plain(h, {Indices::from({0}), Indices::from({-1})}); }, "index -1"));
}
