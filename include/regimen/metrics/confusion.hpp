// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/metrics/average.hpp"
#include "regimen/metrics/checks.hpp"

namespace regimen {

/// Counts [classes, classes]: element (i, j) is the number of samples of class i that were predicted as j. Throws Error
/// for predictions and labels that are not both [n], n at least 1, and classes outside [0, classes).
///
///   const auto counts = confusion_matrix(argmax(model(x), -1), labels, 10);
template <class Device>
Tensor<std::int64_t, Device> confusion_matrix(const Tensor<std::int64_t, Device>& predictions,
                                              const Tensor<std::int64_t, Device>& labels, std::int64_t classes) {
  if (!(predictions.shape() == labels.shape()))
    detail::fail("confusion_matrix", {"predictions are ", predictions.shape(), " and labels ", labels.shape()},
                 "shapes must agree");
  detail::check_classes("confusion_matrix", "predictions", predictions, classes);
  detail::check_classes("confusion_matrix", "labels", labels, classes);
  const auto counts = Tensor<std::int64_t, Device>::zeros({classes, classes});
  std::int64_t* const count = counts.mutable_data();
  for (std::int64_t i = 0; i < labels.size(); ++i) ++count[labels.data()[i] * classes + predictions.data()[i]];
  return counts;
}

/// What class_scores() gives for each class, [classes].
struct ClassScores {
  Tensor<double> precision;        ///< of the samples predicted as the class, the part that is of it
  Tensor<double> recall;           ///< of the samples of the class, the part predicted as it
  Tensor<double> f1;               ///< their harmonic mean
  Tensor<std::int64_t> support;    ///< the samples of the class
  Tensor<std::int64_t> predicted;  ///< the samples predicted as the class
};

namespace detail {

inline double ratio_or_zero(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace detail

/// Precision, recall and F1 of each class of a confusion_matrix(); 0 where a denominator is 0. Throws Error for a
/// matrix that is not square, has a negative element, or counts nothing.
inline ClassScores class_scores(const Tensor<std::int64_t>& confusion) {
  if (confusion.rank() != 2 || confusion.size(0) != confusion.size(1))
    detail::fail("class_scores", {"the confusion matrix is ", confusion.shape()}, "it is [classes, classes]");
  const std::int64_t classes = confusion.size(0);
  const ClassScores scores{Tensor<double>::empty({classes}), Tensor<double>::empty({classes}),
                           Tensor<double>::empty({classes}), Tensor<std::int64_t>::zeros({classes}),
                           Tensor<std::int64_t>::zeros({classes})};
  std::int64_t total = 0;
  for (std::int64_t i = 0; i < classes * classes; ++i) {
    const std::int64_t count = confusion.data()[i];
    if (count < 0) detail::fail("class_scores", {"element ", i, " is ", count}, "counts are not negative");
    scores.support.mutable_data()[i / classes] += count;
    scores.predicted.mutable_data()[i % classes] += count;
    total += count;
  }
  if (total == 0)
    detail::fail("class_scores", {"the confusion matrix ", confusion.shape(), " counts no samples"}, "it needs one");
  for (std::int64_t j = 0; j < classes; ++j) {
    const std::int64_t right = confusion.data()[j * classes + j];
    const std::int64_t support = scores.support.data()[j], predicted = scores.predicted.data()[j];
    scores.precision.mutable_data()[j] = detail::ratio_or_zero(right, predicted);
    scores.recall.mutable_data()[j] = detail::ratio_or_zero(right, support);
    scores.f1.mutable_data()[j] = detail::ratio_or_zero(2 * right, support + predicted);
  }
  return scores;
}

struct AveragedScores {
  double precision = 0, recall = 0, f1 = 0;
};

/// Precision, recall and F1 over all classes of a confusion_matrix(): macro over the classes that have samples or
/// predictions, weighted by the samples of each class, or micro, where all three are the accuracy. Macro and weighted
/// F1 are means of the classes' F1. As scikit-learn's. Throws Error as class_scores().
inline AveragedScores averaged_scores(const Tensor<std::int64_t>& confusion, Average average = Average::macro) {
  const ClassScores scores = class_scores(confusion);
  const std::int64_t classes = confusion.size(0);
  AveragedScores result;
  double total = 0;
  for (std::int64_t j = 0; j < classes; ++j) {
    const std::int64_t support = scores.support.data()[j];
    if (average == Average::micro) {
      const auto right = static_cast<double>(confusion.data()[j * classes + j]);
      result.precision += right;
      result.recall += right;
      result.f1 += right;
      total += static_cast<double>(support);
      continue;
    }
    const bool occurs = support + scores.predicted.data()[j] > 0;
    const double weight = average == Average::weighted ? static_cast<double>(support) : occurs ? 1 : 0;
    result.precision += weight * scores.precision.data()[j];
    result.recall += weight * scores.recall.data()[j];
    result.f1 += weight * scores.f1.data()[j];
    total += weight;
  }
  return {result.precision / total, result.recall / total, result.f1 / total};
}

}  // namespace regimen
