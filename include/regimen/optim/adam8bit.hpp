// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/cpu/adam8bit.hpp"
#include "regimen/optim/each_parameter.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct Adam8bitOptions {
  Schedule lr = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;       ///< decoupled, times lr
  std::string decay_mask = "*";  ///< names of the parameters that decay
  std::int64_t block = 256;      ///< elements that share a scale: a multiple of 8, up to 4096; 2048 in the paper
};

/// AdamW with moments of 8 bits: a quarter of the state of AdamW in float.
///
/// Each block of a parameter's m and v is kept as max |x| over the block and, for each element, the byte that stands
/// for the nearest number to x / max |x| in a code with small steps near 0 (kernel::DynamicCode). An update widens a
/// block, makes AdamW's step with the wide moments, and rounds them again. An element of v below 1.6e-7 of its block's
/// largest is rounded to 0: give embeddings and other parameters with very uneven gradients to adamw(), by groups().
/// State: two bytes an element, and two numbers a block. Throws Error for options outside their ranges.
///
/// T. Dettmers et al., 8-bit optimizers via block-wise quantization, 2022.
template <class T = float, class Device = Cpu>
class Adam8bit {
 public:
  explicit Adam8bit(const Adam8bitOptions& options) : options_(options), layout_("adam8bit") {
    detail::check_decay("adam8bit", "beta1", options.beta1);
    detail::check_decay("adam8bit", "beta2", options.beta2);
    detail::check_not_negative("adam8bit", "epsilon", options.epsilon);
    detail::check_not_negative("adam8bit", "weight_decay", options.weight_decay);
    if (options.block < 8 || options.block > 4096 || options.block % 8 != 0)
      detail::fail("adam8bit", {"block is ", options.block}, "block must be a multiple of 8, at most 4096");
  }
  Adam8bit(const Adam8bit& other)
      : options_(other.options_), layout_(other.layout_), updates_(other.updates_), moments_(other.moments_.clone()) {}
  Adam8bit(Adam8bit&&) noexcept = default;
  Adam8bit& operator=(Adam8bit other) noexcept {
    std::swap(options_, other.options_);
    std::swap(layout_, other.layout_);
    std::swap(updates_, other.updates_);
    std::swap(moments_, other.moments_);
    return *this;
  }
  ~Adam8bit() = default;

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("adam8bit", options_.lr, progress);
    layout_.match(parameters);
    const std::int64_t block = options_.block;
    std::int64_t blocks = 0;
    detail::each_parameter(parameters, [&](const detail::Part& part) { blocks += (part.size + block - 1) / block; });
    if (updates_ == 0) moments_ = Moments(blocks, block);
    if (moments_.m_scale.size() != blocks || moments_.m.size() != blocks * block / 8)
      detail::fail("adam8bit",
                   {"the loaded state is of ", moments_.m_scale.size(), " blocks, the parameters have ", blocks},
                   "load it into the same optimizer, of the same options and model");
    auto numbers = kernel::adam_step<T>(lr, options_, ++updates_);
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    auto* m = reinterpret_cast<std::uint8_t*>(moments_.m.mutable_data());
    auto* v = reinterpret_cast<std::uint8_t*>(moments_.v.mutable_data());
    T *m_scale = moments_.m_scale.mutable_data(), *v_scale = moments_.v_scale.mutable_data();
    std::int64_t at = 0;
    detail::each_parameter(parameters, [&](const detail::Part& part) {
      const bool decays = matches(options_.decay_mask, part.name);
      numbers.weight_decay = decays ? static_cast<T>(options_.weight_decay) : T(0);
      kernel::adam8bit<T>(Device{}, part.size, block, numbers, with_sign_, without_sign_, g + part.offset,
                          m + at * block, m_scale + at, v + at * block, v_scale + at, p + part.offset);
      at += (part.size + block - 1) / block;
    });
  }

  void save(State& state) const {
    state.put("kind", "adam8bit");
    state.put("updates", updates_);
    if (updates_ == 0) return;
    layout_.save(state);
    state.put("m", moments_.m);
    state.put("v", moments_.v);
    state.put("m_scale", moments_.m_scale);
    state.put("v_scale", moments_.v_scale);
  }

  void load(const State& state) {
    detail::check_kind("adam8bit", state);
    const auto updates = state.get_count("updates");
    detail::Layout layout = updates == 0 ? layout_.fresh() : layout_.loaded(state);
    Moments moments;
    if (updates > 0) {
      moments.m = state.get<Tensor<std::int64_t, Device>>("m").clone();
      moments.v = state.get<Tensor<std::int64_t, Device>>("v", moments.m.shape()).clone();
      moments.m_scale = state.get<Tensor<T, Device>>("m_scale", Shape{moments.m.size() * 8 / options_.block}).clone();
      moments.v_scale = state.get<Tensor<T, Device>>("v_scale", moments.m_scale.shape()).clone();
    }
    layout_ = std::move(layout);
    moments_ = std::move(moments);
    updates_ = updates;
  }

 private:
  /// Eight bytes in an integer, each parameter beginning a block.
  struct Moments {
    Moments() = default;
    Moments(std::int64_t blocks, std::int64_t block)
        : m(Tensor<std::int64_t, Device>::zeros({blocks * block / 8})),
          v(Tensor<std::int64_t, Device>::zeros({blocks * block / 8})),
          m_scale(Tensor<T, Device>::zeros({blocks})),
          v_scale(Tensor<T, Device>::zeros({blocks})) {}
    Moments clone() const {
      Moments result;
      if (!m.defined()) return result;
      result.m = m.clone();
      result.v = v.clone();
      result.m_scale = m_scale.clone();
      result.v_scale = v_scale.clone();
      return result;
    }
    Tensor<std::int64_t, Device> m, v;
    Tensor<T, Device> m_scale, v_scale;
  };

  Adam8bitOptions options_;
  detail::Layout layout_;
  std::int64_t updates_ = 0;
  Moments moments_;
  kernel::DynamicCode with_sign_{true}, without_sign_{false};
};

/// adam8bit({.lr = 1e-3, .weight_decay = 0.01})
template <class T = float, class Device = Cpu>
Adam8bit<T, Device> adam8bit(const Adam8bitOptions& options) {
  return Adam8bit<T, Device>(options);
}

}  // namespace regimen
