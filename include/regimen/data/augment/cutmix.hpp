// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/augment/images.hpp"
#include "regimen/data/augment/mix.hpp"
#include "regimen/data/distributions.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

struct CutMixOptions {
  double alpha = 1;         ///< of Beta(alpha, alpha)
  bool per_sample = false;  ///< draw a box for every image, instead of one for all
};

/// CutMix: in every image [N, C, H, W] of a batch a box is replaced by the same box of another image of it.
///
///   lambda ~ Beta(alpha, alpha);  the box is H sqrt(1 - lambda) x W sqrt(1 - lambda), its centre uniform, cut at the
///   edges
///
/// The weight of an image is the share of it that is left. Targets: see Mixed, mix() and mix_labels(). Pass another Rng
/// every step. Throws Error unless alpha > 0.
///
/// Source: Yun et al. (2019), CutMix: regularization strategy to train strong classifiers with localizable features.
template <class T>
Mixed<T> cutmix(const Tensor<T>& images, const Rng& rng, const CutMixOptions& options = {}) {
  const detail::ImageSizes in = detail::check_images(images, "cutmix");
  detail::check_positive("cutmix", "alpha", options.alpha);
  if (in.pixels() == 0)
    detail::fail("cutmix", "the images are " + images.shape().to_string(), "they need a pixel at least");
  Rng draws = rng.split("box");
  Mixed<T> mixed{images.clone(), rng.split("partner").permutation(in.count), Tensor<T>::empty({in.count})};
  T *out = mixed.inputs.mutable_data(), *weight = mixed.weight.mutable_data();
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;
  for (std::int64_t i = 0; i < in.count; ++i) {
    if (i == 0 || options.per_sample) {
      const double side = std::sqrt(1 - draw_beta(draws, options.alpha, options.alpha));
      const auto height = static_cast<std::int64_t>(side * static_cast<double>(in.height));
      const auto width = static_cast<std::int64_t>(side * static_cast<double>(in.width));
      const std::int64_t y = draws.below(in.height), x = draws.below(in.width);
      top = std::max<std::int64_t>(y - height / 2, 0), bottom = std::min(y - height / 2 + height, in.height);
      left = std::max<std::int64_t>(x - width / 2, 0), right = std::min(x - width / 2 + width, in.width);
    }
    const std::int64_t area = (bottom - top) * (right - left);
    weight[i] = static_cast<T>(1 - static_cast<double>(area) / static_cast<double>(in.pixels()));
    const T* other = images.data() + mixed.partner.data()[i] * in.elements();
    for (std::int64_t c = 0; c < in.channels; ++c)
      for (std::int64_t y = top; y < bottom; ++y) {
        const std::int64_t line = (c * in.height + y) * in.width;
        std::copy(other + line + left, other + line + right, out + i * in.elements() + line + left);
      }
  }
  return mixed;
}

}  // namespace regimen
