// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"

namespace regimen {

/// What a Sequential takes: a module, or any function without parameters, from one tensor to one.
template <class M, class T, class Device>
concept Layer = std::copy_constructible<M> && requires(const M& module, const Tensor<T, Device>& x) {
  { module(x) } -> std::convertible_to<Tensor<T, Device>>;
};

/// Any layer as a value. A copy has a copy of the module, which shares its parameters as copies of modules do.
template <class T = float, class Device = Cpu>
class AnyLayer {
 public:
  template <class M>
  requires(!std::same_as<M, AnyLayer> && Layer<M, T, Device>) AnyLayer(M module)
      : held_(std::make_unique<Holder<M>>(std::move(module))) {}

  AnyLayer(const AnyLayer& other) : held_(other.held_ == nullptr ? nullptr : other.held_->copy()) {}
  AnyLayer(AnyLayer&&) noexcept = default;
  AnyLayer& operator=(AnyLayer other) noexcept {
    held_.swap(other.held_);
    return *this;
  }
  ~AnyLayer() = default;

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return held_->call(x); }

  /// The module itself. Throws Error where it is of another type than M.
  template <class M>
  M& as() {
    auto* holder = dynamic_cast<Holder<M>*>(held_.get());
    if (holder == nullptr)
      detail::fail("AnyLayer::as", "the layer is of another type", "ask for the type that it was made from");
    return holder->module;
  }
  template <class M>
  const M& as() const {
    return const_cast<AnyLayer*>(this)->as<M>();
  }
  /// Whether the module is an M.
  template <class M>
  bool is() const {
    return dynamic_cast<const Holder<M>*>(held_.get()) != nullptr;
  }

  void visit_members(MemberVisitor<Device>& visitor) { held_->visit_members(visitor); }

 private:
  struct Held {
    virtual ~Held() = default;
    virtual std::unique_ptr<Held> copy() const = 0;
    virtual Tensor<T, Device> call(const Tensor<T, Device>& x) const = 0;
    virtual void visit_members(MemberVisitor<Device>& visitor) = 0;
  };

  template <class M>
  struct Holder final : Held {
    explicit Holder(M from) : module(std::move(from)) {}
    std::unique_ptr<Held> copy() const override { return std::make_unique<Holder>(module); }
    Tensor<T, Device> call(const Tensor<T, Device>& x) const override { return module(x); }
    void visit_members(MemberVisitor<Device>& visitor) override {
      if constexpr (requires { module.visit_members(visitor); }) module.visit_members(visitor);
    }
    M module;
  };

  std::unique_ptr<Held> held_;
};

/// Layers that are applied one after the other: a list at run time, so that a network's depth is not in its type.
///
///   Sequential net{Linear(784, 128, rng), Relu{}, Linear(128, 10, rng)};  // "0.weight", "0.bias", "2.weight", ...
///   const auto logits = net(x);
///   net[0].as<Linear<>>().weight;                                        // a layer again as what it was
///
/// In braces the layers are made from left to right; in parentheses the order, and so the random numbers that each one
/// draws, is up to the compiler. Functions such as [](const auto& x) { return relu(x); } are layers too. Without layers
/// it returns its input. A copy has copies of the modules, which share their parameters; clone(net) has its own.
template <class T = float, class Device = Cpu>
class Sequential {
 public:
  Sequential() = default;

  template <class... Layers>
  requires(sizeof...(Layers) > 0 && !(sizeof...(Layers) == 1 && (std::same_as<Layers, Sequential> && ...)))  //
      explicit Sequential(Layers... layers) {
    static_assert((Layer<Layers, T, Device> && ...), "Sequential: a layer is a function from a Tensor to a Tensor");
    layers_.reserve(sizeof...(Layers));
    (append(std::move(layers)), ...);
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    if (layers_.empty()) return x;
    Tensor<T, Device> y = layers_[0](x);
    for (std::size_t i = 1; i < layers_.size(); ++i) y = layers_[i](y);
    return y;
  }

  /// Adds a layer at the end.
  Sequential& append(AnyLayer<T, Device> layer) {
    layers_.push_back(std::move(layer));
    return *this;
  }

  /// Puts another layer in the place of layer i. Throws Error outside [0, size()).
  Sequential& replace(std::int64_t i, AnyLayer<T, Device> layer) {
    layers_[index("Sequential::replace", i)] = std::move(layer);
    return *this;
  }

  std::int64_t size() const { return static_cast<std::int64_t>(layers_.size()); }

  /// Layer i. Throws Error outside [0, size()).
  AnyLayer<T, Device>& operator[](std::int64_t i) { return layers_[index("Sequential::operator[]", i)]; }
  const AnyLayer<T, Device>& operator[](std::int64_t i) const { return layers_[index("Sequential::operator[]", i)]; }

  void visit_members(MemberVisitor<Device>& visitor) {
    for (std::size_t i = 0; i < layers_.size(); ++i) visitor.member(std::to_string(i), layers_[i]);
  }

 private:
  std::size_t index(const char* operation, std::int64_t i) const {
    if (i < 0 || i >= size()) detail::fail(operation, {"layer ", i, " of ", size()}, "layers count from 0");
    return static_cast<std::size_t>(i);
  }

  std::vector<AnyLayer<T, Device>> layers_;
};

}  // namespace regimen
