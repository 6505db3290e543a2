// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/activation.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/gru.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/segment.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

/// The edges of a graph: edge k leads from node source[k] to node target[k]; both [edges].
template <class Device = Cpu>
struct EdgeList {
  Tensor<std::int64_t, Device> source, target;
};

/// What a node makes of the messages that it gets; 0 where there are none.
enum class Aggregation { sum, mean, max };

enum class NodeUpdate {
  gru,  ///< a gated recurrent unit whose input is the aggregate and whose state the node
  mlp,  ///< down(relu(up(node and aggregate side by side)))
};

struct MpnnOptions {
  std::int64_t edge = 0;     ///< features of an edge; 0 for none
  std::int64_t message = 0;  ///< size of a message; 0 stands for the width
  std::int64_t hidden = 0;   ///< size of the perceptrons' hidden layers; 0 stands for the width
  Aggregation aggregation = Aggregation::sum;
  NodeUpdate update = NodeUpdate::gru;
};

/// One step of message passing between the nodes h of a graph (Gilmer et al. 2017), with f_m a perceptron of one hidden
/// layer:
///
///   m_i = sum, mean or max over the edges j -> i of f_m(h_i, h_j, e_ji)        h_i <- update(h_i, m_i)
///
///   layer(h, edges, e)      h [nodes, width], edges an EdgeList, e [edges, edge] or undefined; several graphs are one
///                           whose parts have no edges between them
///   layer(h, adjacency, e)  h [batch, nodes, width]; adjacency [batch, nodes, nodes], not 0 at [., j, i] for an edge
///                           j -> i, and e [batch, nodes, nodes, edge] or undefined
///
/// Both forms agree; the first costs a message an edge, the second one a pair of nodes. Call it again for more steps.
/// f_m(h_i, h_j, e) = message(relu(receiver(h_i) + sender(h_j) + edge(e))). Throws Error where sizes do not fit.
template <class T = float, class Device = Cpu>
struct Mpnn {
  Mpnn(std::int64_t width, Rng& rng, const MpnnOptions& options = {})
      : aggregation(options.aggregation),
        edge_size(options.edge),
        receiver(checked(width, options), or_width(options.hidden, width), rng),
        sender(width, or_width(options.hidden, width), rng, {.bias = false}),
        message(or_width(options.hidden, width), or_width(options.message, width), rng) {
    const std::int64_t hidden = or_width(options.hidden, width), size = or_width(options.message, width);
    if (edge_size > 0) edge.emplace_back(edge_size, hidden, rng, LinearOptions{.bias = false});
    if (options.update == NodeUpdate::gru) {
      gru.emplace_back(size, width, rng);
    } else {
      mlp.emplace_back(width + size, hidden, rng, LinearOptions{.activation = Activation::relu});
      mlp.emplace_back(hidden, width, rng);
    }
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& h, const EdgeList<Device>& edges,
                               const Tensor<T, Device>& e = {}) const {
    const auto &from = edges.source, &to = edges.target;
    check(h, 2, from.shape(), e);
    if (from.rank() != 1 || !(to.shape() == from.shape()))
      detail::fail("Mpnn", {"sources are ", from.shape(), " and targets ", to.shape()}, "both are [edges]");
    auto hidden = index_select(receiver(h), 0, to) + index_select(sender(h), 0, from);
    if (e.defined()) hidden = hidden + edge[0](e);
    const auto messages = message(relu(hidden));
    const std::int64_t nodes = h.size(0);
    if (aggregation == Aggregation::sum) return updated(h, segment_sum(messages, to, nodes));
    return updated(
        h, aggregation == Aggregation::mean ? segment_mean(messages, to, nodes) : segment_max(messages, to, nodes));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& h, const Tensor<T, Device>& adjacency,
                               const Tensor<T, Device>& e = {}) const {
    check(h, 3, adjacency.shape(), e);
    if (!(adjacency.shape() == Shape{h.size(0), h.size(1), h.size(1)}))
      detail::fail("Mpnn", {"h is ", h.shape(), " and the adjacency ", adjacency.shape()},
                   "they are [batch, nodes, width] and [batch, nodes, nodes]");
    auto hidden = unsqueeze(sender(h), 2) + unsqueeze(receiver(h), 1);  // [batch, source, target, hidden]
    if (e.defined()) hidden = hidden + edge[0](e);
    const auto messages = message(relu(hidden));
    if (h.size() == 0) return h;
    const auto zero = Tensor<T, Device>::scalar(T{0});
    const auto present = unsqueeze(adjacency.detach(), 3);
    if (aggregation == Aggregation::max) {
      const auto never = Tensor<T, Device>::scalar(-std::numeric_limits<T>::infinity());
      const auto any = max(abs(present), 1);
      return updated(h, where(any, max(where(present, messages, never), 1), zero));
    }
    const auto total = sum(where(present, messages, zero), 1);
    if (aggregation == Aggregation::sum) return updated(h, total);
    return updated(h, total / maximum(sum(T{1} - equal(present, T{0}), 1), T{1}));
  }

  Aggregation aggregation;
  std::int64_t edge_size;
  Linear<T, Device> receiver, sender;
  std::vector<Linear<T, Device>> edge;  ///< one, or none without features of edges
  Linear<T, Device> message;
  std::vector<Gru<T, Device>> gru;     ///< one, or none where the update is by the perceptron
  std::vector<Linear<T, Device>> mlp;  ///< up and down, or none
  REGIMEN_MODULE(receiver, sender, edge, message, gru, mlp)

 private:
  static std::int64_t or_width(std::int64_t size, std::int64_t width) { return size == 0 ? width : size; }

  static std::int64_t checked(std::int64_t width, const MpnnOptions& options) {
    if (width < 1 || options.edge < 0 || options.message < 0 || options.hidden < 0)
      detail::fail(
          "Mpnn",
          {"width ", width, ", edge ", options.edge, ", message ", options.message, ", hidden ", options.hidden},
          "the width must be positive, the others may be 0");
    return width;
  }

  void check(const Tensor<T, Device>& h, int rank, const Shape& edges, const Tensor<T, Device>& e) const {
    const std::int64_t width = sender.weight.size(1);
    if (h.rank() != rank || h.size(-1) != width)
      detail::fail("Mpnn", {"h is ", h.shape(), ", the layer has width ", width},
                   "h is [nodes, width] with an EdgeList and [batch, nodes, width] with an adjacency");
    if (e.defined() != (edge_size > 0) || (e.defined() && !(e.shape() == Shape(edges).append(edge_size))))
      detail::fail("Mpnn",
                   {"features of edges are ", e.defined() ? e.shape().to_string() : "missing", ", the layer has ",
                    edge_size, " for edges of ", edges},
                   "give one row an edge, or none where the layer has 0");
  }

  Tensor<T, Device> updated(const Tensor<T, Device>& h, const Tensor<T, Device>& m) const {
    if (!mlp.empty()) return mlp[1](mlp[0](concat({h, m}, -1)));
    const std::int64_t nodes = h.shape().sub(0, h.rank() - 1).size();
    return reshape(gru[0](reshape(m, Shape{1, nodes, m.size(-1)}), reshape(h, Shape{1, nodes, h.size(-1)})).h,
                   h.shape());
  }
};

}  // namespace regimen
