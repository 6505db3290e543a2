// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/diagonal.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {
namespace detail {

/// An equation applied to operands of given shapes: a letter for each axis of an operand and of the result. The axes of
/// an ellipsis have digits for letters, counted from the right.
class EinsumLabels {
 public:
  std::vector<std::string> operands;
  std::string result;

  EinsumLabels(std::string_view equation, std::span<const Shape> shapes) : equation_(equation), shapes_(shapes) {
    std::fill(std::begin(size_), std::end(size_), 1);
    const std::size_t arrow = equation.find("->");
    std::string_view rest = equation.substr(0, arrow);
    for (bool more = true; more;) {
      const std::size_t comma = rest.find(',');
      operands.push_back(term(rest.substr(0, comma)));
      more = comma != rest.npos;
      if (more) rest.remove_prefix(comma + 1);
    }
    if (operands.size() != shapes.size())
      fail_here({operands.size(), " terms and ", shapes.size(), " operands"}, "give each operand a term");
    std::size_t covered = 0;
    for (std::size_t i = 0; i < shapes.size(); ++i) covered = std::max(covered, expand(i));
    if (arrow == equation.npos) {
      result = '.';
      for (char c = 'A'; c <= 'z'; ++c)
        if (times(c) == 1) result += c;
    } else {
      result = term(equation.substr(arrow + 2));
    }
    expand(result, covered);
    if (result.size() > Shape::max_rank)
      fail_here({"the result has ", result.size(), " axes"}, "a shape has at most 8");
    for (std::size_t i = 0; i < shapes.size(); ++i) measure(i);
    for (std::size_t k = 0; k < result.size(); ++k) {
      if (times(result[k]) == 0)
        fail_here({"label ", name(result[k]), " of the result is in no operand"}, "a result has axes of the operands");
      if (result.find(result[k]) != k)
        fail_here({"label ", name(result[k]), " is twice in the result"}, "diag_embed() makes a diagonal");
    }
  }

  std::int64_t size(char label) const { return size_[static_cast<unsigned char>(label)]; }
  Shape sizes(std::string_view labels) const {
    Shape shape;
    for (const char c : labels) shape.append(size(c));
    return shape;
  }

  [[noreturn, gnu::cold, gnu::noinline]] void fail_here(std::initializer_list<Piece> problem, Piece remedy) const {
    std::string list;
    for (const Shape& shape : shapes_) list += (list.empty() ? "" : ", ") + shape.to_string();
    fail("einsum", {text(problem), ", in \"", equation_, "\" of ", list.empty() ? "nothing" : list}, remedy);
  }

 private:
  static std::string name(char label) { return label <= '9' ? "of an ellipsis" : std::string(1, label); }

  /// The letters of a term, and '.' for an ellipsis.
  std::string term(std::string_view text) const {
    std::string labels;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == ' ') continue;
      const bool ellipsis = text.substr(i, 3) == "...";
      if (!ellipsis && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z'))
        fail_here({"character '", std::string_view(&c, 1), "'"},
                  "labels are letters, \"...\" stands for any number of axes, and one \"->\" comes before the result");
      if (ellipsis && labels.find('.') != labels.npos) fail_here({"two ellipses in a term"}, "one covers all axes");
      if (ellipsis) i += 2;
      labels += c;
    }
    return labels;
  }

  static void expand(std::string& labels, std::size_t covered) {
    const std::size_t at = labels.find('.');
    if (at == labels.npos) return;
    std::string digits;
    while (covered > 0) digits += static_cast<char>('0' + --covered);
    labels.replace(at, 1, digits);
  }

  /// Labels for the axes under operand i's ellipsis; how many there are.
  std::size_t expand(std::size_t i) {
    std::string& labels = operands[i];
    const bool ellipsis = labels.find('.') != labels.npos;
    const std::size_t named = labels.size() - ellipsis, rank = static_cast<std::size_t>(shapes_[i].rank());
    if (ellipsis ? named > rank : named != rank)
      fail_here({"operand ", i, " of rank ", rank, " has ", named, " labels"}, "give each axis a label");
    expand(labels, rank - named);
    return rank - named;
  }

  std::size_t times(char label) const {
    std::size_t count = 0;
    for (const std::string& labels : operands)
      count += static_cast<std::size_t>(std::count(labels.begin(), labels.end(), label));
    return count;
  }

  void measure(std::size_t i) {
    const std::string& labels = operands[i];
    for (std::size_t k = 0; k < labels.size(); ++k) {
      const std::size_t before = labels.find(labels[k]);
      const std::int64_t size = shapes_[i].begin()[k], first = shapes_[i].begin()[before];
      std::int64_t& known = size_[static_cast<unsigned char>(labels[k])];
      if (size != first)
        fail_here({"label ", name(labels[k]), " is ", first, " and ", size, " in operand ", i},
                  "a diagonal's axes have one size");
      if (size != 1 && known != 1 && size != known)
        fail_here({"label ", name(labels[k]), " is ", known, " and, in operand ", i, ", ", size},
                  "sizes of a label are equal, or 1");
      if (size != 1) known = size;
    }
  }

  std::string_view equation_;
  std::span<const Shape> shapes_;
  std::int64_t size_[128];  // of a label, 1 only where every operand has 1
};

template <class T, class Device>
struct EinsumOperand {
  Tensor<T, Device> x;
  std::string labels;

  bool has(char label) const { return labels.find(label) != labels.npos; }

  /// Axes of the same label become their diagonal.
  void take_diagonals() {
    for (std::size_t k = 0; k < labels.size();) {
      const char label = labels[k];
      const std::size_t again = labels.find(label, k + 1);
      if (again == labels.npos) {
        ++k;
        continue;
      }
      x = diagonal_of(x, static_cast<int>(k), static_cast<int>(again), 0);
      labels.erase(again, 1);
      labels.erase(k, 1);
      labels += label;
    }
  }

  /// Without the axes of size 1 that broadcast.
  void drop_broadcast(const EinsumLabels& equation) {
    Shape shape;
    std::string kept;
    for (std::size_t k = 0; k < labels.size(); ++k) {
      const std::int64_t size = x.shape().begin()[k];
      if (size == 1 && equation.size(labels[k]) != 1) continue;
      shape.append(size);
      kept += labels[k];
    }
    if (kept.size() == labels.size()) return;
    x = reshape(x, shape);
    labels = kept;
  }

  void sum_over(const std::string& gone) {
    unsigned mask = 0;
    Shape shape;
    std::string kept;
    for (std::size_t k = 0; k < labels.size(); ++k) {
      if (gone.find(labels[k]) != gone.npos) {
        mask |= 1u << k;
        continue;
      }
      shape.append(x.shape().begin()[k]);
      kept += labels[k];
    }
    x = sum_axes(x, mask, shape);
    labels = kept;
  }

  Tensor<T, Device> in_order(const std::string& wanted) const {
    if (labels == wanted) return x;
    AxisOrder order;
    for (std::size_t k = 0; k < wanted.size(); ++k) order.axis[k] = static_cast<int>(labels.find(wanted[k]));
    return permuted(x, order);
  }
};

/// The product of a and b, summed over the labels that they share and that `kept` lacks; `kept` has all others.
template <class T, class Device>
EinsumOperand<T, Device> einsum_product(const EinsumLabels& equation, EinsumOperand<T, Device> a,
                                        EinsumOperand<T, Device> b, const std::string& kept) {
  const auto own = [](const auto& of, const auto& other) {
    std::string labels;
    for (const char c : of.labels)
      if (!other.has(c)) labels += c;
    return labels;
  };
  std::string free_a = own(a, b), free_b = own(b, a), batch, inner;
  const bool sums =
      std::any_of(a.labels.begin(), a.labels.end(), [&](char c) { return b.has(c) && kept.find(c) == kept.npos; });
  const bool elementwise = (free_a.empty() || free_b.empty()) && (!sums || free_a.size() == free_b.size());
  const bool b_first = !free_a.empty() && kept.find_first_of(free_b) < kept.find_first_of(free_a);  // in the result
  if (elementwise ? !free_b.empty() : b_first) {
    std::swap(a, b);
    std::swap(free_a, free_b);
  }
  for (const char c : a.labels)
    if (b.has(c)) (kept.find(c) != kept.npos ? batch : inner) += c;

  if (elementwise) {  // b repeats along the axes that it lacks
    Shape shape;
    std::string order;
    for (const char c : a.labels) {
      shape.append(b.has(c) ? equation.size(c) : 1);
      if (b.has(c)) order += c;
    }
    EinsumOperand<T, Device> y{a.x * reshape(b.in_order(order), shape), a.labels};
    y.sum_over(inner);
    return y;
  }

  const std::string labels = batch + free_a + free_b;
  if (labels.size() > Shape::max_rank)
    equation.fail_here({"a product of two operands has ", labels.size(), " axes"},
                       "a shape has at most 8; operands are multiplied from left to right: put early what sums");
  const std::int64_t count = equation.sizes(batch).size(), m = equation.sizes(free_a).size(),
                     k = equation.sizes(inner).size(), n = equation.sizes(free_b).size();
  const auto matrices = [&](const Tensor<T, Device>& x, std::int64_t rows, std::int64_t columns) {
    return reshape(x, batch.empty() ? Shape{rows, columns} : Shape{count, rows, columns});
  };
  // The innermost axes stay where they are.
  const bool transpose_a = !inner.empty() && free_a.find(a.labels.back()) != free_a.npos;
  const bool transpose_b = inner.find(b.labels.back()) != inner.npos;
  const auto left = transpose_a ? matrices(a.in_order(batch + inner + free_a), k, m)
                                : matrices(a.in_order(batch + free_a + inner), m, k);
  const auto right = transpose_b ? matrices(b.in_order(batch + free_b + inner), n, k)
                                 : matrices(b.in_order(batch + inner + free_b), k, n);
  const auto y = matrix_products(left, right, {.transpose_a = transpose_a, .transpose_b = transpose_b});
  return {reshape(y, equation.sizes(labels)), labels};
}

}  // namespace detail

/// Products of tensors, summed over labelled axes (Einstein's convention), as torch.einsum:
///
///   einsum("bqhd,bkhd->bhqk", {queries, keys})
///
/// A term for each operand names its axes by letters, and "->" the axes of the result; the product is summed over the
/// labels that the result lacks. Without "->" the result has the ellipsis and the labels that occur once, in
/// alphabetical order (capitals first). A label twice in a term is the diagonal of its axes; "..." covers any number of
/// axes, which broadcast, and are summed over where the result has no "..."; an axis of size 1 broadcasts. Spaces count
/// for nothing.
///
/// Two operands are a batch of matrix products, or an elementwise product where they are one of vectors; more are
/// multiplied from left to right. Axes that lie as the product needs them are not moved. The result may share
/// elements with an operand. Throws Error for an equation that is malformed or does not fit the shapes, and where two
/// operands have a product of more than 8 axes.
template <class T, class Device>
Tensor<T, Device> einsum(std::string_view equation, std::span<const Tensor<T, Device>> operands) {
  std::vector<Shape> shapes;
  shapes.reserve(operands.size());
  for (const auto& x : operands) shapes.push_back(x.shape());
  const detail::EinsumLabels labels(equation, shapes);
  std::vector<detail::EinsumOperand<T, Device>> parts;
  parts.reserve(operands.size());
  for (std::size_t i = 0; i < operands.size(); ++i) {
    parts.push_back({operands[i], labels.operands[i]});
    parts[i].take_diagonals();
    parts[i].drop_broadcast(labels);
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string alone;
    for (const char c : parts[i].labels)
      if (labels.result.find(c) == labels.result.npos &&
          std::count_if(parts.begin(), parts.end(), [c](const auto& part) { return part.has(c); }) == 1)
        alone += c;
    parts[i].sum_over(alone);
  }
  for (std::size_t i = 1; i < parts.size(); ++i) {
    std::string kept = labels.result;
    for (std::size_t later = i + 1; later < parts.size(); ++later) kept += parts[later].labels;
    parts[0] = detail::einsum_product(labels, std::move(parts[0]), std::move(parts[i]), kept);
  }
  return parts[0].in_order(labels.result);
}
template <class T, class Device>
Tensor<T, Device> einsum(std::string_view equation, const std::vector<Tensor<T, Device>>& operands) {
  return einsum(equation, std::span<const Tensor<T, Device>>(operands));
}
template <class T, class Device>
Tensor<T, Device> einsum(std::string_view equation, std::initializer_list<Tensor<T, Device>> operands) {
  return einsum(equation, std::span<const Tensor<T, Device>>(operands.begin(), operands.size()));
}

}  // namespace regimen
