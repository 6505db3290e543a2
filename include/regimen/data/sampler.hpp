// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "regimen/core/error.hpp"
#include "regimen/core/state.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

/// What proposes the next batch of samples. Optional: void observe(const Tensor<std::int64_t>& indices,
/// const Tensor<float>& losses), which hears back the per-sample losses of a batch, in its order.
///
///   struct Sweep {  // every sample alone, again and again
///     std::int64_t count, drawn = 0;
///     Tensor<std::int64_t> next() { return Tensor<std::int64_t>::from({drawn++ % count}); }
///     std::int64_t epoch() const { return drawn / count; }
///     void save(State& state) const { state.put("drawn", drawn); }
///     void load(const State& state) { drawn = state.get<std::int64_t>("drawn"); }
///   };
template <class S>
concept SamplerLike = std::copyable<S> && requires(S sampler, const S& fixed, State& out, const State& in) {
  { sampler.next() } -> std::same_as<Tensor<std::int64_t>>;
  { fixed.epoch() } -> std::convertible_to<std::int64_t>;
  fixed.save(out);
  sampler.load(in);
};

/// Any sampler as a value: copying it copies the sampler with its state. An undefined Sampler throws Error when used.
class Sampler {
 public:
  Sampler() = default;
  template <class S>
  requires(!std::same_as<S, Sampler> && SamplerLike<S>)  // in this order: the second asks about copies
      Sampler(S sampler)
      : model_(std::make_unique<Model<S>>(std::move(sampler))) {}

  Sampler(const Sampler& other) : model_(other.model_ ? other.model_->clone() : nullptr) {}
  Sampler(Sampler&&) noexcept = default;
  Sampler& operator=(Sampler other) noexcept {
    model_ = std::move(other.model_);
    return *this;
  }

  bool defined() const { return model_ != nullptr; }

  /// Indices of the next batch. There is always one: after the last batch of an epoch the next epoch begins.
  Tensor<std::int64_t> next() { return model().next(); }

  /// Tells the sampler the losses of a batch's samples. Throws Error unless they are as many as the indices.
  void observe(const Tensor<std::int64_t>& indices, const Tensor<float>& losses) {
    if (!(indices.shape() == losses.shape()))
      detail::fail("Sampler::observe", {"indices are ", indices.shape(), " and losses ", losses.shape()},
                   "pass one loss a sample");
    model().observe(indices, losses);
  }

  /// Number of epochs that the batches so far complete.
  std::int64_t epoch() const { return model().epoch(); }

  void save(State& state) const { model().save(state); }
  void load(const State& state) { model().load(state); }

 private:
  struct Interface {
    virtual ~Interface() = default;
    virtual std::unique_ptr<Interface> clone() const = 0;
    virtual Tensor<std::int64_t> next() = 0;
    virtual void observe(const Tensor<std::int64_t>& indices, const Tensor<float>& losses) = 0;
    virtual std::int64_t epoch() const = 0;
    virtual void save(State& state) const = 0;
    virtual void load(const State& state) = 0;
  };

  template <class S>
  struct Model final : Interface {
    explicit Model(S s) : sampler(std::move(s)) {}
    std::unique_ptr<Interface> clone() const override { return std::make_unique<Model>(sampler); }
    Tensor<std::int64_t> next() override { return sampler.next(); }
    void observe(const Tensor<std::int64_t>& indices, const Tensor<float>& losses) override {
      if constexpr (requires { sampler.observe(indices, losses); }) sampler.observe(indices, losses);
    }
    std::int64_t epoch() const override { return sampler.epoch(); }
    void save(State& state) const override { sampler.save(state); }
    void load(const State& state) override { sampler.load(state); }
    S sampler;
  };

  Interface& model() const {
    if (model_ == nullptr) detail::fail("Sampler", "used before it was given a sampler", "assign one to it first");
    return *model_;
  }

  std::unique_ptr<Interface> model_;
};

}  // namespace regimen
