// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/reduce.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "ops/table.hpp"

using namespace regimen;
using table::closed;
using table::message;
using table::random;

namespace {

struct Case {
  Shape shape;
  std::vector<int> axes;
  Shape result, kept;
};
const Case cases[] = {{{2, 3, 2}, {1}, {2, 2}, {2, 1, 2}},
                      {{2, 3, 2}, {-1}, {2, 3}, {2, 3, 1}},
                      {{2, 3, 2}, {0, 2}, {3}, {1, 3, 1}},
                      {{2, 3, 2}, {2, 0}, {3}, {1, 3, 1}},
                      {{2, 3, 2}, {0, 1, 2}, {}, {1, 1, 1}},
                      {{2, 2, 2, 3}, {1, 3}, {2, 2}, {2, 1, 2, 1}},
                      {{5}, {0}, {}, {1}},
                      {{1, 1}, {0}, {1}, {1, 1}},
                      {{0, 3}, {1}, {0}, {0, 1}}};

/// The reduction of each group of elements by `value`, by index arithmetic.
template <class F>
Tensor<double> loop(const Tensor<double>& x, const Case& c, const F& value) {
  std::vector<std::vector<double>> groups(static_cast<std::size_t>(c.kept.size()));
  for (std::int64_t i = 0; i < x.size(); ++i) {
    std::int64_t rest = i, at = 0, step = 1;
    for (int axis = c.shape.rank() - 1; axis >= 0; --axis) {
      if (c.kept[axis] == c.shape[axis]) at += rest % c.shape[axis] * step;
      rest /= c.shape[axis];
      step *= c.kept[axis];
    }
    groups[static_cast<std::size_t>(at)].push_back(x.data()[i]);
  }
  const auto y = Tensor<double>::empty(c.result);
  for (std::size_t i = 0; i < groups.size(); ++i) y.mutable_data()[i] = value(groups[i]);
  return y;
}

template <class Op, class Value>
void row(const char* name, const Op& op, const Value& value) {
  CAPTURE(name);
  for (const auto& c : cases) {
    CAPTURE(c.shape.to_string());
    CAPTURE(c.kept.to_string());
    const auto x = random(c.shape, 3);
    const std::span<const int> axes = c.axes;
    const auto y = op(x, axes, false);
    REQUIRE(y.shape() == c.result);
    CHECK(closed(y, loop(x, c, value), 1e-14));
    CHECK(op(x, axes, true).shape() == c.kept);
    CHECK(closed(op(x.to<float>(), axes, false), loop(x, c, value), 1e-6));
    for (const bool keepdim : {false, true}) {
      const auto check = gradcheck(
          [&](const auto& in) {
            return square(op(in[0], axes, keepdim)) + op(square(in[0]) + in[0] * 5, axes, keepdim);
          },
          {x}, {.order = 2});
      CHECK_MESSAGE(check.ok, check.message);
    }
  }
}

using Group = std::vector<double>;
double total(const Group& g) {
  double s = 0;
  for (const double v : g) s += v;
  return s;
}
double squares(const Group& g, double m) {
  double s = 0;
  for (const double v : g) s += (v - m) * (v - m);
  return s;
}

#define OP(f, ...) [](const auto& x, const Axes& axes, bool keepdim) { return f(x, axes, {.keepdim = keepdim}); }

}  // namespace

TEST_CASE("reductions over one and several axes have the values and gradients of their formulas") {
  row("sum", OP(sum), [](const Group& g) { return total(g); });
  row("mean", OP(mean), [](const Group& g) { return total(g) / static_cast<double>(g.size()); });
  row("max", OP(max), [](const Group& g) { return *std::max_element(g.begin(), g.end()); });
  row("min", OP(min), [](const Group& g) { return *std::min_element(g.begin(), g.end()); });
  row("norm", OP(norm), [](const Group& g) { return std::sqrt(squares(g, 0)); });
  row("variance", OP(variance), [](const Group& g) {
    const double n = static_cast<double>(g.size());
    return squares(g, total(g) / n) / n;
  });
  row("logsumexp", OP(logsumexp), [](const Group& g) {
    double s = 0;
    for (const double v : g) s += std::exp(v);
    return std::log(s);
  });
}

TEST_CASE("without axes everything is reduced to a scalar") {
  const auto x = Tensor<double>::from({1, 2, 3, 6}, {2, 2});
  CHECK(closed(sum(x), {12}, {}));
  CHECK(closed(sum(x, {}, {.keepdim = true}), {12}, {1, 1}));
  CHECK(closed(mean(x), {3}, {}));
  CHECK(closed(max(x), {6}, {}));
  CHECK(closed(min(x), {1}, {}));
  CHECK(closed(variance(x), {3.5}, {}));
  CHECK(closed(variance(x, {}, {.correction = 1}), {14.0 / 3}, {}));
  CHECK(closed(norm(x), {std::sqrt(50.0)}, {}));
  CHECK(closed(sum(x, {0, 1}), {12}, {}));
  CHECK(closed(sum(x, {0}), {4, 8}, {2}));
  CHECK(closed(sum(Tensor<double>::scalar(3)), {3}, {}));
  CHECK(sum(Tensor<std::int64_t>::from({1, 2})).item() == 3);
}

TEST_CASE("argmax and argmin give the first position") {
  const auto x = Tensor<>::from({1, 5, 5, 4, -2, -2}, {2, 3});
  CHECK(argmax(x).item() == 1);
  CHECK(argmin(x).item() == 4);
  CHECK(closed(argmax(x, 1), {1, 0}, {2}));
  CHECK(closed(argmin(x, -1, {.keepdim = true}), {0, 1}, {2, 1}));
  CHECK(closed(argmax(x, 0), {1, 0, 0}, {3}));
  CHECK(argmax(Tensor<>::zeros({0, 3}), 1).shape() == Shape{0});
}

TEST_CASE("ties of max and min share the gradient") {
  const auto x = variable(Tensor<double>::from({2, 1, 2, 1}));
  CHECK(closed(grad(max(x), {x})[0], {0.5, 0, 0.5, 0}, {4}));
  CHECK(closed(grad(min(x), {x})[0], {0, 0.5, 0, 0.5}, {4}));
}

TEST_CASE("logsumexp neither overflows nor fails on infinities, norm has a gradient at 0") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(closed(logsumexp(Tensor<double>::from({1000, 1000})), {1000 + std::log(2.0)}, {}));
  CHECK(closed(logsumexp(Tensor<double>::from({-inf, -inf})), {-inf}, {}));
  CHECK(closed(logsumexp(Tensor<double>::from({inf, 0})), {inf}, {}));
  CHECK(closed(logsumexp(Tensor<double>::zeros({0})), {-inf}, {}));
  const auto x = variable(Tensor<double>::from({-inf, -inf}));
  CHECK(closed(grad(logsumexp(x), {x})[0], {0, 0}, {2}));
  const auto zero = variable(Tensor<double>::zeros({2}));
  CHECK(closed(grad(norm(zero), {zero})[0], {0, 0}, {2}));
}

TEST_CASE("reductions of no elements: a sum is 0, the others are Errors that name the shape") {
  const auto x = Tensor<>::zeros({3, 0});
  CHECK(closed(sum(x, 1), {0, 0, 0}, {3}));
  const auto names = [](const std::string& text, const char* operation) {
    return text.find(operation) == 0 && text.find("[3, 0]") != text.npos;
  };
  CHECK(names(message([&] { mean(x); }), "mean: "));
  CHECK(names(message([&] { max(x, 1); }), "max: "));
  CHECK(names(message([&] { min(x, 1); }), "min: "));
  CHECK(names(message([&] { argmax(x, 1); }), "argmax: "));
  CHECK(names(message([&] { argmin(x); }), "argmin: "));
  CHECK(names(message([&] { variance(x); }), "variance: "));
  CHECK(names(message([&] { sum(x, 2); }), "sum: "));
  CHECK(names(message([&] { sum(x, {0, -2}); }), "sum: "));
}
