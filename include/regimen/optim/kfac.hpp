// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "regimen/autodiff/grad.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/diagonal.hpp"
#include "regimen/optim/natural_gradient.hpp"

namespace regimen {

/// What K-FAC needs of a Linear layer named `name` ("hidden" for hidden.weight and hidden.bias, "" for weight and
/// bias), for a batch of n.
template <class T = float, class Device = Cpu>
struct KfacLayer {
  std::string name;
  Tensor<T, Device> inputs;   ///< [n, in]
  Tensor<T, Device> outputs;  ///< [n, out]: x weight^T + bias as the forward pass recorded it, before any activation;
                              ///< kfac_layers() replaces it by the gradients of each sample's own loss in it
};

/// The layers with the gradients of `loss` in their outputs, where `loss` is the sum of the samples' losses -log p, and
/// the labels are drawn from the model (then the factors are the true Fisher matrix's) or the data's (the empirical
/// one's).
template <class T, class Device>
std::vector<KfacLayer<T, Device>> kfac_layers(const Tensor<T, Device>& loss, std::vector<KfacLayer<T, Device>> layers) {
  std::vector<Tensor<T, Device>> outputs;
  for (const auto& layer : layers) outputs.push_back(layer.outputs);
  const auto gradients = grad(loss, outputs);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    layers[i].inputs = layers[i].inputs.detach();
    layers[i].outputs = gradients[i];
  }
  return layers;
}

struct KfacOptions {
  double damping = 1e-3;   ///< lambda; not negative
  double decay = 0.95;     ///< of the factors over their estimates; the k-th estimate's is at most 1 - 1 / k
  std::int64_t every = 1;  ///< updates between two estimates; at least 1
};

/// K-FAC, as a link of a chain: the gradients W' [out, in + 1] of the weight and the bias of Linear layers become
///
///   (G + sqrt(lambda) / pi I)^-1 W' (A + pi sqrt(lambda) I)^-1     pi^2 = (tr A / (in + 1)) / (tr G / out)
///
/// with A = E[a a^T] over the layer's inputs a, each with a 1 appended, and G = E[g g^T] over the gradients g in its
/// outputs, both as running means. Other parameters' gradients stay as they are. `estimate(parameters)` returns the
/// layers with those gradients, always the same layers, and leaves parameters.gradients() alone:
///
///   chain(kfac({.damping = 1e-2}, [&](Parameters<>&) {
///           const auto z = model.hidden(x), h = tanh(z), y = model.out(h);
///           const auto loss = cross_entropy(y, draw(softmax(y), rng), {.reduction = Reduction::sum});
///           return kfac_layers(loss, {{"hidden", x, z}, {"out", h, y}});          // draw: one label a row
///         }), sgd({.lr = 0.1, .momentum = 0.9}))
///
/// A layer without bias has no 1. Where one layer's a and g are independent, as for least squares, and lambda is 0,
/// this is the exact natural gradient. State: two squares of each side of a layer. Throws Error for options outside
/// their ranges, layers that are not in the parameters or have other sizes, and factors that are not positive definite.
///
/// J. Martens and R. Grosse, Optimizing neural networks with Kronecker-factored approximate curvature, 2015, sections
/// 3, 5 and 6.3.
template <class T, class Device, class Estimate>
class Kfac {
 public:
  Kfac(const KfacOptions& options, Estimate estimate)
      : options_(options), estimate_(std::move(estimate)), layout_("kfac") {
    detail::check_not_negative("kfac", "damping", options.damping);
    detail::check_decay("kfac", "decay", options.decay);
    detail::check_count("kfac", "every", options.every, 1);
  }

  void update(Parameters<T, Device>& parameters, const Progress&) {
    layout_.match(parameters);
    if (updates_ % options_.every == 0) observe(parameters, estimate_(parameters));
    ++updates_;
    const NoGrad guard;
    for (const Factors& factors : factors_) {
      const Place place = find(parameters, factors.name);
      const auto g = parameters.gradients();
      auto w = g.view(place.weight, {place.out, place.in});
      if (place.bias >= 0) w = concat({w, g.view(place.bias, {place.out, 1})}, 1);
      const auto natural = matmul(matmul(factors.g_inverse, w), factors.a_inverse);
      const std::int64_t columns = natural.size(1);
      T* to = g.mutable_data();
      for (std::int64_t i = 0; i < place.out; ++i) {
        const T* row = natural.data() + i * columns;
        std::copy(row, row + place.in, to + place.weight + i * place.in);
        if (place.bias >= 0) to[place.bias + i] = row[place.in];
      }
    }
  }

  void save(State& state) const {
    state.put("kind", "kfac");
    state.put("updates", updates_);
    if (updates_ == 0) return;
    layout_.save(state);
    state.put("layers", static_cast<std::int64_t>(factors_.size()));
    for (std::size_t i = 0; i < factors_.size(); ++i) {
      State& scope = state.scope("layer" + std::to_string(i));
      scope.put("name", factors_[i].name);
      scope.put("a", factors_[i].a);
      scope.put("g", factors_[i].g);
      scope.put("a_inverse", factors_[i].a_inverse);
      scope.put("g_inverse", factors_[i].g_inverse);
    }
  }

  void load(const State& state) {
    detail::check_kind("kfac", state);
    const auto updates = state.get_count("updates");
    detail::Layout layout = updates == 0 ? layout_.fresh() : layout_.loaded(state);
    std::vector<Factors> all;
    const std::int64_t count = updates == 0 ? 0 : state.get_count("layers");
    for (std::int64_t i = 0; i < count; ++i) {
      const State& scope = state.scope("layer" + std::to_string(i));
      const auto square = [&](const char* name) {
        const auto x = scope.get<Tensor<T, Device>>(name);
        return scope.get<Tensor<T, Device>>(name, Shape{x.size() == 0 ? 0 : x.size(0), x.size() == 0 ? 0 : x.size(0)})
            .clone();
      };
      Factors factors{scope.get<std::string>("name"), square("a"), square("g"), {}, {}};
      factors.a_inverse = scope.get<Tensor<T, Device>>("a_inverse", factors.a.shape()).clone();
      factors.g_inverse = scope.get<Tensor<T, Device>>("g_inverse", factors.g.shape()).clone();
      all.push_back(std::move(factors));
    }
    layout_ = std::move(layout);
    factors_ = std::move(all);
    updates_ = updates;
  }

 private:
  // The tensors are replaced, never written to, so that copies may share them.
  struct Factors {
    std::string name;
    Tensor<T, Device> a, g, a_inverse, g_inverse;
  };
  /// Where a layer is in the buffers; bias is -1 where there is none.
  struct Place {
    std::int64_t weight = -1, bias = -1, out = 0, in = 0;
  };

  static Place find(const Parameters<T, Device>& parameters, const std::string& name) {
    const std::string prefix = name.empty() ? "" : name + ".";
    Place place;
    for (const auto& entry : parameters.entries()) {
      if (!entry.trainable) continue;
      const Shape& shape = entry.value.shape();
      if (entry.name == prefix + "weight" && shape.rank() == 2)
        place = {entry.offset, place.bias, shape[0], shape[1]};
      else if (entry.name == prefix + "bias")
        place.bias = entry.offset;
    }
    if (place.weight < 0)
      detail::fail("kfac", {"there is no trainable matrix '", prefix, "weight'"}, "name the layers as the module does");
    return place;
  }

  void observe(const Parameters<T, Device>& parameters, const std::vector<KfacLayer<T, Device>>& layers) {
    const NoGrad guard;
    if (updates_ > 0 && layers.size() != factors_.size())
      detail::fail("kfac", {"the estimate is of ", layers.size(), " layers, the first was of ", factors_.size()},
                   "return the same layers each time");
    const double k = static_cast<double>(updates_ / options_.every + 1);
    const T keep = static_cast<T>(std::min(1 - 1 / k, options_.decay));
    std::vector<Factors> all;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const KfacLayer<T, Device>& layer = layers[i];
      const Place place = find(parameters, layer.name);
      const auto x = layer.inputs.detach(), g = layer.outputs.detach();
      const std::int64_t n = x.rank() == 2 ? x.size(0) : 0;
      if (n == 0 || !(x.shape() == Shape{n, place.in}) || !(g.shape() == Shape{n, place.out}))
        detail::fail("kfac",
                     {"'", layer.name, "' has inputs ", x.shape(), " and output gradients ", g.shape(),
                      ", its weight is ", Shape{place.out, place.in}},
                     "they are [n, in] and [n, out], n at least 1");
      if (updates_ > 0 && factors_[i].name != layer.name)
        detail::fail("kfac", {"layer ", i, " is '", layer.name, "', and was '", factors_[i].name, "'"},
                     "return the same layers each time");
      const auto a = place.bias < 0 ? x : concat({x, Tensor<T, Device>::ones({n, 1})}, 1);
      Factors factors{layer.name, fisher(a), fisher(g), {}, {}};
      if (updates_ > 0) {
        factors.a = keep * factors_[i].a + (T(1) - keep) * factors.a;
        factors.g = keep * factors_[i].g + (T(1) - keep) * factors.g;
      }
      const double a_size = mean_eigenvalue(factors.a), g_size = mean_eigenvalue(factors.g);
      const double pi = a_size > 0 && g_size > 0 ? std::sqrt(a_size / g_size) : 1, root = std::sqrt(options_.damping);
      factors.a_inverse = detail::damped_solve("kfac", factors.a, pi * root, eye<T, Device>(factors.a.size(0)));
      factors.g_inverse = detail::damped_solve("kfac", factors.g, root / pi, eye<T, Device>(factors.g.size(0)));
      all.push_back(std::move(factors));
    }
    factors_ = std::move(all);
  }

  /// tr x / n.
  static double mean_eigenvalue(const Tensor<T, Device>& x) {
    const std::int64_t n = x.size(0);
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += static_cast<double>(x.data()[i * n + i]);
    return sum / static_cast<double>(n);
  }

  KfacOptions options_;
  Estimate estimate_;
  detail::Layout layout_;
  std::vector<Factors> factors_;
  std::int64_t updates_ = 0;
};

/// kfac({.damping = 1e-2}, estimate); with T other than float, kfac<double>(...).
template <class T = float, class Device = Cpu, class Estimate>
requires std::is_invocable_r_v<std::vector<KfacLayer<T, Device>>, Estimate&, Parameters<T, Device>&>
    Kfac<T, Device, Estimate> kfac(const KfacOptions& options, Estimate estimate) {
  return Kfac<T, Device, Estimate>(options, std::move(estimate));
}

}  // namespace regimen
