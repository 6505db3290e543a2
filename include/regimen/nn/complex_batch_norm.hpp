// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/batch_norm.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/complex.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

/// Whitens each channel of z [n, channels], [n, channels, length] or [n, channels, height, width] as a vector of its
/// two parts, and maps it by a symmetric matrix and a shift that are learned:
///
///   y = G V^(-1/2) (z - mean) + bias,   V = [[rr, ri], [ri, ii]] + epsilon I,   G = [[rr, ri], [ri, ii]]
///   V^(-1/2) = [[V_ii + s, -V_ri], [-V_ri, V_rr + s]] / (s t),   s = sqrt(det V), t = sqrt(trace V + 2 s)
///
/// In training with the batch's mean and biased covariance over all axes but the second; the running statistics then
/// become (1 - m) running + m batch, with the unbiased covariance. In evaluation with the running statistics. At first
/// rr and ii are 1 / sqrt(2) in G and in the running covariance, all else is 0.
///
/// Source: Trabelsi et al. (2018), Deep complex networks, section 3.5. Throws Error in training for fewer than two
/// elements a channel.
template <class T = float, class Device = Cpu>
struct ComplexBatchNorm {
  explicit ComplexBatchNorm(std::int64_t channels, const BatchNormOptions& options = {})
      : running_mean(Tensor<T, Device>::zeros({channels})),
        running_covariance(first_matrix(channels)),
        epsilon(options.epsilon),
        momentum(options.momentum) {
    if (!(epsilon > 0)) detail::fail("ComplexBatchNorm", {"epsilon is ", epsilon}, "it must be positive");
    if (!(momentum >= 0 && momentum <= 1))
      detail::fail("ComplexBatchNorm", {"momentum is ", momentum}, "momentum must be in [0, 1]");
    if (!options.affine) return;
    weight = variable(first_matrix(channels));
    bias = variable(ComplexTensor<T, Device>(Tensor<T, Device>::zeros({channels})));
  }

  ComplexTensor<T, Device> operator()(const ComplexTensor<T, Device>& z) const {
    const std::int64_t channels = running_mean.size();
    detail::check_batch_norm("ComplexBatchNorm", z.real, channels, mode.training);
    const auto x = reshape(z, Shape{z.size(0), channels, z.shape().sub(2, z.rank()).size()});
    const auto mean_z = mode.training ? map_parts(x, mean_of) : reshape(running_mean, Shape{channels, 1});
    const auto centred = x - mean_z;
    const auto &u = centred.real, &v = centred.imag;
    const auto entry = [channels](const Tensor<T, Device>& matrix, int k) {
      return reshape(select(matrix, 0, k), Shape{channels, 1});
    };
    const auto rr = mode.training ? mean_of(u * u) : entry(running_covariance, 0);
    const auto ri = mode.training ? mean_of(u * v) : entry(running_covariance, 1);
    const auto ii = mode.training ? mean_of(v * v) : entry(running_covariance, 2);
    if (mode.training && channels > 0) {
      const auto count = static_cast<double>(z.size() / channels);
      detail::blend_statistics(running_mean.real, mean_z.real, momentum);
      detail::blend_statistics(running_mean.imag, mean_z.imag, momentum);
      detail::blend_statistics(running_covariance, stack({rr.detach(), ri.detach(), ii.detach()}), momentum,
                               count / (count - 1));
    }
    const T e = static_cast<T>(epsilon);
    // det V; that of the covariance itself is >= 0 but for rounding.
    const auto s = sqrt(relu(rr * ii - ri * ri) + (rr + ii + e) * e);
    const auto share = T{1} / (s * sqrt(rr + ii + T{2} * e + s * T{2}));
    auto a = (ii + e + s) * share, b = -ri * share, c = b, d = (rr + e + s) * share;  // V^(-1/2)
    if (weight.defined()) {
      const auto g_rr = entry(weight, 0), g_ri = entry(weight, 1), g_ii = entry(weight, 2);
      const auto w_rr = a, w_ri = b, w_ii = d;
      a = g_rr * w_rr + g_ri * w_ri;
      b = g_rr * w_ri + g_ri * w_ii;
      c = g_ri * w_rr + g_ii * w_ri;
      d = g_ri * w_ri + g_ii * w_ii;
    }
    const ComplexTensor<T, Device> y(u * a + v * b, u * c + v * d);
    return reshape(bias.defined() ? y + reshape(bias, Shape{channels, 1}) : y, z.shape());
  }

  Tensor<T, Device> weight;       ///< G's rr, ri, ii: [3, channels]; undefined where there is none
  ComplexTensor<T, Device> bias;  ///< [channels]; undefined where there is none
  ComplexTensor<T, Device> running_mean;
  Tensor<T, Device> running_covariance;  ///< rr, ri, ii: [3, channels]
  double epsilon, momentum;
  Mode mode;
  REGIMEN_MODULE(weight, bias, running_mean, running_covariance, mode)

 private:
  static Tensor<T, Device> first_matrix(std::int64_t channels) {
    const T half = static_cast<T>(std::sqrt(0.5));
    return stack({Tensor<T, Device>::full({channels}, half), Tensor<T, Device>::zeros({channels}),
                  Tensor<T, Device>::full({channels}, half)});
  }

  static constexpr auto mean_of = [](const Tensor<T, Device>& x) { return mean(x, {0, 2}, {.keepdim = true}); };
};

}  // namespace regimen
