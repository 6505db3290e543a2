// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>

#include "regimen/autodiff/grad_mode.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"

/// What the functions of this folder share. They take images [N, C, H, W] and give new ones. Those that are random also
/// take indices [N], the samples' numbers in the dataset, and an Rng: sample i is a function of its values, indices[i]
/// and the Rng alone, so the batch that it is in does not matter. Pass another Rng every epoch or step:
///
///   auto x = random_crop(batch.inputs, batch.indices, rng.split("crop").split(step), {.padding = 4});
namespace regimen::detail {

struct ImageSizes {
  std::int64_t count, channels, height, width;
  std::int64_t pixels() const { return height * width; }
  std::int64_t elements() const { return channels * height * width; }
};

/// The sizes of images. Throws Error unless they are [N, C, H, W] and not recorded for gradients.
template <class T>
ImageSizes check_images(const Tensor<T>& images, const char* operation) {
  if (images.rank() != 4)
    fail(operation, "the images are " + images.shape().to_string(), "pass images [N, C, H, W]; reshaped() adds axes");
  if (is_recorded(images))
    fail(operation, "the images " + images.shape().to_string() + " are recorded, and it has no gradient",
         "detach() them first");
  return {images.size(0), images.size(1), images.size(2), images.size(3)};
}

/// Throws Error unless there is one index an image.
inline void check_sample_indices(const Tensor<std::int64_t>& indices, std::int64_t count, const char* operation) {
  if (!(indices.shape() == Shape{count}))
    fail(operation, "indices are " + indices.shape().to_string() + " for " + std::to_string(count) + " images",
         "pass one index an image");
}

/// New images of the given height and width: write(i, from, to) makes image i at `to` of the one at `from`. It is
/// called from several threads and must not throw.
template <class T, class Write>
Tensor<T> map_images(const Tensor<T>& images, std::int64_t height, std::int64_t width, const Write& write) {
  auto result = Tensor<T>::empty(images.shape().with(2, height).with(3, width));
  const std::int64_t in = images.size(1) * images.size(2) * images.size(3), out = images.size(1) * height * width;
  const T* from = images.data();
  T* to = result.mutable_data();
  parallel_for(images.size(0), (1 << 14) / (in + out + 1) + 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) write(i, from + i * in, to + i * out);
  });
  return result;
}

/// As map_images, of the images' own size; write(rng, from, to) draws from the Rng of the image's index.
template <class T, class Write>
Tensor<T> map_images_randomly(const Tensor<T>& images, const Tensor<std::int64_t>& indices, const Rng& rng,
                              const Write& write) {
  const std::int64_t* index = indices.data();
  return map_images(images, images.size(2), images.size(3), [&, index](std::int64_t i, const T* from, T* to) {
    Rng own = rng.split(static_cast<std::uint64_t>(index[i]));
    write(own, from, to);
  });
}

}  // namespace regimen::detail
