// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

/// Classes of points whose distribution is known: component c is N(means[c], stddev^2 I), drawn with probability
/// weights[c], and its points have the label classes[c]. So are the best possible predictions: posterior().
class GaussianMixture {
 public:
  /// means [C, D]; without `classes` each component is a class of its own, without `weights` all are equally likely.
  /// Throws Error for other numbers of classes or weights, a negative class, a weight or stddev that is not positive.
  GaussianMixture(const Tensor<double>& means, double stddev, const std::vector<std::int64_t>& classes = {},
                  const std::vector<double>& weights = {})
      : means_(means.clone()), stddev_(stddev), classes_(classes), weights_(weights) {
    if (means.rank() != 2 || means.size() == 0)
      detail::fail("GaussianMixture", {"means are ", means.shape()}, "pass one row a component: [C, D]");
    detail::check_positive("GaussianMixture", "stddev", stddev);
    const auto count = static_cast<std::size_t>(means.size(0));
    if (classes.empty())
      for (std::size_t c = 0; c < count; ++c) classes_.push_back(static_cast<std::int64_t>(c));
    if (weights.empty()) weights_.assign(count, 1);
    if (classes_.size() != count || weights_.size() != count)
      detail::fail("GaussianMixture",
                   {classes_.size(), " classes and ", weights_.size(), " weights for ", count, " components"},
                   "give one a component");
    double sum = 0;
    for (std::size_t c = 0; c < count; ++c) {
      detail::check_count("GaussianMixture", "class", classes_[c], 0);
      detail::check_positive("GaussianMixture", "weight", weights_[c]);
      sum += weights_[c];
      class_count_ = std::max(class_count_, classes_[c] + 1);
    }
    for (double& weight : weights_) weight /= sum;
  }

  const Tensor<double>& means() const { return means_; }
  std::int64_t dimension() const { return means_.size(1); }
  std::int64_t class_count() const { return class_count_; }

  /// Points [count, D] and their labels; point i is a function of `rng` and i alone. Throws Error for a negative count.
  template <class T = float>
  Dataset<T> sample(const Rng& rng, std::int64_t count) const {
    detail::check_count("GaussianMixture::sample", "count", count, 0);
    Dataset<T> data{Tensor<T>::empty({count, dimension()}), Tensor<std::int64_t>::empty({count})};
    T* x = data.inputs.mutable_data();
    for (std::int64_t i = 0; i < count; ++i) {
      Rng own = rng.split(static_cast<std::uint64_t>(i));
      const std::int64_t c = own.categorical(weights_);
      data.labels.mutable_data()[i] = classes_[static_cast<std::size_t>(c)];
      for (std::int64_t k = 0; k < dimension(); ++k)
        *x++ = static_cast<T>(means_.data()[c * dimension() + k] + stddev_ * own.normal());
    }
    return data;
  }

  /// log of the density of points [N, D], as [N]. Throws Error for another dimension.
  template <class T>
  Tensor<double> log_density(const Tensor<T>& x) const {
    const auto joint = log_joint(x, "GaussianMixture::log_density");
    const std::int64_t count = means_.size(0);
    auto result = Tensor<double>::empty({x.size(0)});
    for (std::int64_t i = 0; i < x.size(0); ++i) {
      const double* row = joint.data() + i * count;
      const double largest = *std::max_element(row, row + count);
      double sum = 0;
      for (std::int64_t c = 0; c < count; ++c) sum += std::exp(row[c] - largest);
      result.mutable_data()[i] = largest + std::log(sum);
    }
    return result;
  }

  /// P(class | point) of points [N, D], as [N, classes]: what the best classifier says. Throws Error for another
  /// dimension.
  template <class T>
  Tensor<double> posterior(const Tensor<T>& x) const {
    const auto joint = log_joint(x, "GaussianMixture::posterior");
    const std::int64_t count = means_.size(0);
    auto result = Tensor<double>::zeros({x.size(0), class_count_});
    for (std::int64_t i = 0; i < x.size(0); ++i) {
      const double* row = joint.data() + i * count;
      double* out = result.mutable_data() + i * class_count_;
      const double largest = *std::max_element(row, row + count);
      double sum = 0;
      for (std::int64_t c = 0; c < count; ++c) {
        const double p = std::exp(row[c] - largest);
        out[classes_[static_cast<std::size_t>(c)]] += p;
        sum += p;
      }
      for (std::int64_t k = 0; k < class_count_; ++k) out[k] /= sum;
    }
    return result;
  }

 private:
  /// log(weights[c] N(x[i]; means[c], stddev^2 I)), as [N, C].
  template <class T>
  Tensor<double> log_joint(const Tensor<T>& x, const char* operation) const {
    if (x.rank() != 2 || x.size(1) != dimension())
      detail::fail(operation, {"points are ", x.shape()}, {"pass [N, ", dimension(), "]"});
    const std::int64_t count = means_.size(0);
    const double scale = static_cast<double>(dimension()) * (std::log(stddev_) + 0.91893853320467274178);
    auto result = Tensor<double>::empty({x.size(0), count});
    for (std::int64_t i = 0; i < x.size(0); ++i)
      for (std::int64_t c = 0; c < count; ++c) {
        double square = 0;
        for (std::int64_t k = 0; k < dimension(); ++k) {
          const double z = static_cast<double>(x.data()[i * dimension() + k]) - means_.data()[c * dimension() + k];
          square += z * z;
        }
        result.mutable_data()[i * count + c] =
            std::log(weights_[static_cast<std::size_t>(c)]) - scale - square / (2 * stddev_ * stddev_);
      }
    return result;
  }

  Tensor<double> means_;
  double stddev_;
  std::vector<std::int64_t> classes_;
  std::vector<double> weights_;
  std::int64_t class_count_ = 0;
};

struct GaussianMixtureOptions {
  std::int64_t classes = 10;
  std::int64_t clusters = 1;  ///< components of each class
  std::int64_t dimension = 16;
  double spread = 0.5;     ///< standard deviation of the means' coordinates
  double stddev = 1;       ///< of the points about their mean
  bool unit_norm = false;  ///< means on the unit sphere instead, `spread` does not matter
};

/// A mixture with random means, classes x clusters of them. Throws Error for sizes below 1, or a spread or stddev that
/// is not positive.
inline GaussianMixture random_gaussian_mixture(Rng rng, const GaussianMixtureOptions& options = {}) {
  detail::check_count("random_gaussian_mixture", "classes", options.classes, 1);
  detail::check_count("random_gaussian_mixture", "clusters", options.clusters, 1);
  detail::check_count("random_gaussian_mixture", "dimension", options.dimension, 1);
  detail::check_positive("random_gaussian_mixture", "spread", options.spread);
  const std::int64_t count = options.classes * options.clusters;
  auto means = rng.normal<double>({count, options.dimension}, 0, options.unit_norm ? 1 : options.spread);
  std::vector<std::int64_t> classes;
  for (std::int64_t c = 0; c < count; ++c) {
    classes.push_back(c / options.clusters);
    if (!options.unit_norm) continue;
    double square = 0;
    double* mean = means.mutable_data() + c * options.dimension;
    for (std::int64_t k = 0; k < options.dimension; ++k) square += mean[k] * mean[k];
    for (std::int64_t k = 0; k < options.dimension; ++k) mean[k] /= std::sqrt(square);
  }
  return GaussianMixture(means, options.stddev, classes);
}

/// Means [count, 2] that are evenly spaced on a circle, the first at (radius, 0): the ring of modes that generative
/// models are tested on. Throws Error unless count >= 1 and radius is positive.
inline Tensor<double> ring_means(std::int64_t count, double radius) {
  detail::check_count("ring_means", "count", count, 1);
  detail::check_positive("ring_means", "radius", radius);
  auto means = Tensor<double>::empty({count, 2});
  for (std::int64_t c = 0; c < count; ++c) {
    const double angle = 2 * 3.14159265358979323846 * static_cast<double>(c) / static_cast<double>(count);
    means.mutable_data()[2 * c] = radius * std::cos(angle);
    means.mutable_data()[2 * c + 1] = radius * std::sin(angle);
  }
  return means;
}

}  // namespace regimen
