// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/augment/images.hpp"
#include "regimen/optim/check.hpp"

/// Changes of colour, as torchvision defines them for float images: values in [0, 1], of 1 or 3 channels (grey or RGB).
/// With
///
///   blend(a, b, f) = clamp(f a + (1 - f) b, 0, 1),   grey(x) = 0.2989 R + 0.587 G + 0.114 B
///
/// f = 1 is the image itself, 0 is all of b, and f > 1 exaggerates.
namespace regimen {
namespace detail {

/// The sizes of images. Throws Error unless they are grey or RGB.
template <class T>
ImageSizes check_colours(const Tensor<T>& images, const char* operation) {
  const ImageSizes in = check_images(images, operation);
  if (in.channels != 1 && in.channels != 3)
    fail(operation, {"the images are ", images.shape()}, "they need 1 channel (grey) or 3 (RGB)");
  return in;
}

inline void check_hue(const char* operation, const char* field, double value, double low, double high) {
  check_option(value >= low && value <= high, operation, field, value, low < 0 ? "in [-0.5, 0.5]" : "in [0, 0.5]");
}

template <class T>
T blend(T a, T b, T factor) {
  return std::clamp<T>(factor * a + (1 - factor) * b, 0, 1);
}

/// Brightness of pixel k of one image; of the pixel itself where it is grey.
template <class T>
T grey_of(const ImageSizes& in, const T* image, std::int64_t k) {
  if (in.channels == 1) return image[k];
  const std::int64_t plane = in.pixels();
  return static_cast<T>(0.2989) * image[k] + static_cast<T>(0.587) * image[k + plane] +
         static_cast<T>(0.114) * image[k + 2 * plane];
}

// Of one image, from and to may be the same.

template <class T>
void brighten_image(const ImageSizes& in, const T* from, T* to, T factor) {
  for (std::int64_t k = 0; k < in.elements(); ++k) to[k] = blend<T>(from[k], 0, factor);
}

template <class T>
void contrast_image(const ImageSizes& in, const T* from, T* to, T factor) {
  if (in.pixels() == 0) return;
  double sum = 0;
  for (std::int64_t k = 0; k < in.pixels(); ++k) sum += static_cast<double>(grey_of(in, from, k));
  const T mean = static_cast<T>(sum / static_cast<double>(in.pixels()));
  for (std::int64_t k = 0; k < in.elements(); ++k) to[k] = blend(from[k], mean, factor);
}

template <class T>
void saturate_image(const ImageSizes& in, const T* from, T* to, T factor) {
  for (std::int64_t k = 0; k < in.pixels(); ++k) {
    const T grey = grey_of(in, from, k);
    for (std::int64_t c = 0; c < in.channels; ++c)
      to[c * in.pixels() + k] = in.channels == 1 ? from[k] : blend(from[c * in.pixels() + k], grey, factor);
  }
}

template <class T>
struct Hsv {
  T hue, saturation, value;  // hue in turns, up to whole ones
};

template <class T>
Hsv<T> hsv_of(T red, T green, T blue) {
  const T high = std::max({red, green, blue}), low = std::min({red, green, blue}), range = high - low;
  if (!(range > 0)) return {0, 0, high};
  const T sixth = high == red     ? (green - blue) / range
                  : high == green ? 2 + (blue - red) / range
                                  : 4 + (red - green) / range;
  return {sixth / 6, range / high, high};
}

/// Writes red, green and blue to rgb[0], rgb[plane] and rgb[2 plane].
template <class T>
void write_rgb(const Hsv<T>& x, T* rgb, std::int64_t plane) {
  for (int c = 0; c < 3; ++c) {
    // The distance, in sixths of the circle, from the hue where this channel is the highest.
    const T turn = 6 * x.hue - static_cast<T>(2 * c), away = std::abs(turn - 6 * std::round(turn / 6));
    rgb[c * plane] = x.value * (1 - x.saturation * std::clamp<T>(away - 1, 0, 1));
  }
}

template <class T>
void shift_hue_of_image(const ImageSizes& in, const T* from, T* to, T shift) {
  if (in.channels == 1) {
    std::copy(from, from + in.elements(), to);
    return;
  }
  const std::int64_t plane = in.pixels();
  for (std::int64_t k = 0; k < plane; ++k) {
    Hsv<T> pixel = hsv_of(from[k], from[k + plane], from[k + 2 * plane]);
    pixel.hue += shift;
    write_rgb(pixel, to + k, plane);
  }
}

}  // namespace detail

/// blend(x, 0, factor), of any number of channels. Throws Error unless factor is finite and not negative.
template <class T>
Tensor<T> adjust_brightness(const Tensor<T>& images, double factor) {
  const detail::ImageSizes in = detail::check_images(images, "adjust_brightness");
  detail::check_not_negative("adjust_brightness", "factor", factor);
  return detail::map_images(images, in.height, in.width, [=](std::int64_t, const T* from, T* to) {
    detail::brighten_image(in, from, to, static_cast<T>(factor));
  });
}

/// blend(x, m, factor), where m is the mean of grey(x) over the image. Throws Error unless factor is finite and not
/// negative.
template <class T>
Tensor<T> adjust_contrast(const Tensor<T>& images, double factor) {
  const detail::ImageSizes in = detail::check_colours(images, "adjust_contrast");
  detail::check_not_negative("adjust_contrast", "factor", factor);
  return detail::map_images(images, in.height, in.width, [=](std::int64_t, const T* from, T* to) {
    detail::contrast_image(in, from, to, static_cast<T>(factor));
  });
}

/// blend(x, grey(x), factor); grey images stay as they are. Throws Error unless factor is finite and not negative.
template <class T>
Tensor<T> adjust_saturation(const Tensor<T>& images, double factor) {
  const detail::ImageSizes in = detail::check_colours(images, "adjust_saturation");
  detail::check_not_negative("adjust_saturation", "factor", factor);
  return detail::map_images(images, in.height, in.width, [=](std::int64_t, const T* from, T* to) {
    detail::saturate_image(in, from, to, static_cast<T>(factor));
  });
}

/// Hues turned by `shift` of the full circle, in the hexagonal HSV; grey images stay as they are. Throws Error unless
/// -0.5 <= shift <= 0.5.
template <class T>
Tensor<T> adjust_hue(const Tensor<T>& images, double shift) {
  const detail::ImageSizes in = detail::check_colours(images, "adjust_hue");
  detail::check_hue("adjust_hue", "shift", shift, -0.5, 0.5);
  return detail::map_images(images, in.height, in.width, [=](std::int64_t, const T* from, T* to) {
    detail::shift_hue_of_image(in, from, to, static_cast<T>(shift));
  });
}

/// grey(x) in every channel. Throws Error for other than 1 or 3 channels.
template <class T>
Tensor<T> greyscale(const Tensor<T>& images) {
  const detail::ImageSizes in = detail::check_colours(images, "greyscale");
  return detail::map_images(images, in.height, in.width, [=](std::int64_t, const T* from, T* to) {
    for (std::int64_t k = 0; k < in.pixels(); ++k)
      for (std::int64_t c = 0; c < in.channels; ++c) to[c * in.pixels() + k] = detail::grey_of(in, from, k);
  });
}

/// greyscale() of each image with probability p. See images.hpp about `indices` and `rng`. Throws Error unless
/// 0 <= p <= 1.
template <class T>
Tensor<T> random_greyscale(const Tensor<T>& images, const Tensor<std::int64_t>& indices, const Rng& rng,
                           double p = 0.1) {
  const detail::ImageSizes in = detail::check_colours(images, "random_greyscale");
  detail::check_sample_indices(indices, in.count, "random_greyscale");
  detail::check_fraction("random_greyscale", "p", p);
  return detail::map_images_randomly(images, indices, rng, [=](Rng& own, const T* from, T* to) {
    const bool grey = own.bernoulli(p);
    for (std::int64_t k = 0; k < in.pixels(); ++k)
      for (std::int64_t c = 0; c < in.channels; ++c)
        to[c * in.pixels() + k] = grey ? detail::grey_of(in, from, k) : from[c * in.pixels() + k];
  });
}

struct ColourJitterOptions {
  double brightness = 0.4;  ///< factors are uniform in [max(0, 1 - brightness), 1 + brightness)
  double contrast = 0.4;    ///< as brightness
  double saturation = 0.4;  ///< as brightness
  double hue = 0.1;         ///< shifts are uniform in [-hue, hue)
};

/// The four changes of each image, by random amounts and in a random order. See images.hpp about `indices` and `rng`.
/// Throws Error unless 0 <= hue <= 0.5, and the others are finite and not negative.
///
/// Source: torchvision's ColorJitter.
template <class T>
Tensor<T> colour_jitter(const Tensor<T>& images, const Tensor<std::int64_t>& indices, const Rng& rng,
                        const ColourJitterOptions& options = {}) {
  const detail::ImageSizes in = detail::check_colours(images, "colour_jitter");
  detail::check_sample_indices(indices, in.count, "colour_jitter");
  detail::check_not_negative("colour_jitter", "brightness", options.brightness);
  detail::check_not_negative("colour_jitter", "contrast", options.contrast);
  detail::check_not_negative("colour_jitter", "saturation", options.saturation);
  detail::check_hue("colour_jitter", "hue", options.hue, 0, 0.5);
  return detail::map_images_randomly(images, indices, rng, [=](Rng& own, const T* from, T* to) {
    int order[] = {0, 1, 2, 3};
    for (int i = 3; i > 0; --i) std::swap(order[i], order[own.below(i + 1)]);
    const double widths[] = {options.brightness, options.contrast, options.saturation};
    T amounts[4];
    for (int i = 0; i < 3; ++i) {
      const double low = std::max(0.0, 1 - widths[i]);
      amounts[i] = static_cast<T>(low + own.uniform() * (1 + widths[i] - low));
    }
    amounts[3] = static_cast<T>(options.hue * (2 * own.uniform() - 1));
    std::copy(from, from + in.elements(), to);
    for (const int change : order) {
      if (change == 0) detail::brighten_image(in, to, to, amounts[0]);
      if (change == 1) detail::contrast_image(in, to, to, amounts[1]);
      if (change == 2) detail::saturate_image(in, to, to, amounts[2]);
      if (change == 3) detail::shift_hue_of_image(in, to, to, amounts[3]);
    }
  });
}

}  // namespace regimen
