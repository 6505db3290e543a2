// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "regimen/cpu/optimizer.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/optim/layout.hpp"
#include "regimen/optim/strong_wolfe.hpp"

namespace regimen {

struct LbfgsOptions {
  double lr = 1;                     ///< the first step that a line search tries
  std::int64_t iterations = 20;      ///< at most, in a call of step(); at least 1
  std::int64_t history = 10;         ///< m, pairs kept; at least 1
  double gradient_tolerance = 1e-7;  ///< step() ends where no gradient is larger
  double change_tolerance = 1e-9;    ///< step() ends where neither loss nor parameters change more
  WolfeOptions search = {};          ///< its smallest interval is of the largest change of a parameter
};

/// L-BFGS with a line search for the strong Wolfe conditions, for losses without noise: full batches.
///
///   auto optimizer = lbfgs({.history = 20});
///   optimizer.step(parameters, [&] {
///     const auto loss = mse(model(x), y);
///     backward(loss, parameters);
///     return loss.item();
///   });
///
///   s_k = p_{k+1} - p_k     y_k = g_{k+1} - g_k     kept, the last m, where s_k . y_k > 1e-10
///   d = -H g by the two-loop recursion, from H_0 = (s . y / y . y) I of the last pair
///   p <- p + t d, t from strong_wolfe(); the first step to try is lr, in the very first iteration lr min(1, 1 / |g|_1)
///
/// The function writes the gradient into parameters.gradients() and returns the loss. Results are those of
/// torch.optim.LBFGS(line_search_fn="strong_wolfe"). State: 2 m arrays. Throws Error for options outside their ranges
/// and a loss or a gradient that is not finite at the start of a step.
///
/// J. Nocedal and S. J. Wright, Numerical optimization, 2006, algorithms 7.4 and 7.5.
template <class T = float, class Device = Cpu>
class Lbfgs {
 public:
  struct Result {
    double loss = 0;               ///< at the parameters as they are now
    std::int64_t iterations = 0;   ///< fewer than the option where a tolerance was met
    std::int64_t evaluations = 0;  ///< of the function
  };

  explicit Lbfgs(const LbfgsOptions& options) : options_(options), layout_("lbfgs") {
    detail::check_positive("lbfgs", "lr", options.lr);
    detail::check_count("lbfgs", "iterations", options.iterations, 1);
    detail::check_count("lbfgs", "history", options.history, 1);
    detail::check_not_negative("lbfgs", "gradient_tolerance", options.gradient_tolerance);
    detail::check_not_negative("lbfgs", "change_tolerance", options.change_tolerance);
    detail::check_wolfe("lbfgs", options.search);
  }

  /// Up to `iterations` iterations. Leaves the parameters at the best point found, and its gradient in the gradients.
  template <class F>
  Result step(Parameters<T, Device>& parameters, F&& f) {
    layout_.match(parameters);
    Result result;
    const auto evaluate = [&] {
      ++result.evaluations;
      return static_cast<double>(f());
    };
    result.loss = evaluate();
    Tensor<T, Device> g = gather(parameters.gradients());
    if (!std::isfinite(result.loss) || !std::isfinite(largest(g))) [[unlikely]]
      detail::fail("lbfgs",
                   {"the loss is ", detail::number_text(result.loss), " and the largest gradient ",
                    detail::number_text(largest(g))},
                   "begin where both are finite");
    while (result.iterations < options_.iterations && largest(g) > options_.gradient_tolerance) {
      const Tensor<T, Device> d = direction(g);
      const double slope = dot(g, d);
      if (!(slope < 0) || -slope < options_.change_tolerance) break;
      double first = options_.lr;
      if (iterations_ == 0) first *= std::min(1.0, 1 / sum_of_sizes(g));
      const Tensor<T, Device> home = gather(parameters.values());
      double at = 0;
      Tensor<T, Device> seen;  // the gradient at the last point
      const auto visit = [&](double t) {
        move(parameters, home, d, t);
        at = t;
        const double value = evaluate();
        seen = gather(parameters.gradients());
        return LinePoint{t, value, dot(seen, d)};
      };
      WolfeOptions search = options_.search;
      search.smallest_interval /= std::max(largest(d), 1e-300);
      const LinePoint end = strong_wolfe(visit, {0, result.loss, slope}, first, search);
      if (at != end.t) visit(end.t);
      ++iterations_;
      ++result.iterations;
      remember(end.t, d, g, seen);
      const double change = std::abs(result.loss - end.value);
      result.loss = end.value;
      g = seen;
      if (end.t * largest(d) <= options_.change_tolerance || change < options_.change_tolerance) break;
    }
    return result;
  }

  void save(State& state) const {
    state.put("kind", "lbfgs");
    state.put("iterations", iterations_);
    if (iterations_ == 0) return;
    layout_.save(state);
    state.put("scale", scale_);
    state.put("pairs", static_cast<std::int64_t>(pairs_.size()));
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      state.put("s" + std::to_string(i), pairs_[i].s);
      state.put("y" + std::to_string(i), pairs_[i].y);
    }
  }

  void load(const State& state) {
    detail::check_kind("lbfgs", state);
    const auto iterations = state.get_count("iterations");
    detail::Layout layout = iterations == 0 ? layout_.fresh() : layout_.loaded(state);
    std::vector<Pair> pairs;
    double scale = 1;
    if (iterations > 0) {
      scale = state.get<double>("scale");
      const auto count = state.get_count("pairs");
      if (count > options_.history)
        detail::fail("lbfgs", {"the state has ", count, " pairs, the history is ", options_.history},
                     "load it into an optimizer with as long a history");
      const auto array = [&](const char* name, std::int64_t i) {
        return state.get<Tensor<T, Device>>(name + std::to_string(i), Shape{layout.total()}).clone();
      };
      for (std::int64_t i = 0; i < count; ++i) pairs.push_back(pair(array("s", i), array("y", i)));
    }
    layout_ = std::move(layout);
    pairs_ = std::move(pairs);
    scale_ = scale;
    iterations_ = iterations;
  }

 private:
  // Never written to once made, so that copies may share them.
  struct Pair {
    Tensor<T, Device> s, y;
    double product;  // s . y
  };

  static Pair pair(Tensor<T, Device> s, Tensor<T, Device> y) {
    const double product = dot(s, y);
    return {std::move(s), std::move(y), product};
  }
  static double dot(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
    T result{};
    kernel::dot<T>(Device{}, 1, a.size(), 1, a.data(), b.data(), &result);
    return static_cast<double>(result);
  }
  static double largest(const Tensor<T, Device>& x) {
    double result = 0;
    for (const T value : x.span()) {
      const double size = std::abs(static_cast<double>(value));
      if (!(size <= result)) result = size;
      if (std::isnan(size)) break;
    }
    return result;
  }
  static double sum_of_sizes(const Tensor<T, Device>& x) {
    double sum = 0;
    for (const T value : x.span()) sum += static_cast<double>(std::abs(value));
    return sum;
  }

  /// The trainable elements one after the other.
  Tensor<T, Device> gather(const Tensor<T, Device>& buffer) const {
    auto result = Tensor<T, Device>::empty({layout_.total()});
    T* out = result.mutable_data();
    for (const detail::Stretch& s : layout_.stretches())
      kernel::scaled<T>(Device{}, s.count, T(1), buffer.data() + s.parameter, out + s.state);
    return result;
  }
  /// p = home + t d.
  void move(Parameters<T, Device>& parameters, const Tensor<T, Device>& home, const Tensor<T, Device>& d,
            double t) const {
    T* p = parameters.values().mutable_data();
    for (const detail::Stretch& s : layout_.stretches()) {
      kernel::scaled<T>(Device{}, s.count, T(1), home.data() + s.state, p + s.parameter);
      kernel::add_scaled<T>(Device{}, s.count, static_cast<T>(t), d.data() + s.state, p + s.parameter);
    }
  }

  /// -H g, algorithm 7.4.
  Tensor<T, Device> direction(const Tensor<T, Device>& g) const {
    const std::int64_t n = g.size();
    auto d = Tensor<T, Device>::empty({n});
    T* r = d.mutable_data();
    kernel::scaled<T>(Device{}, n, T(-1), g.data(), r);
    std::vector<double> alpha(pairs_.size());
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      alpha[i] = dot(pairs_[i].s, d) / pairs_[i].product;
      kernel::add_scaled<T>(Device{}, n, static_cast<T>(-alpha[i]), pairs_[i].y.data(), r);
    }
    kernel::scale<T>(Device{}, n, static_cast<T>(scale_), r);
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const double beta = dot(pairs_[i].y, d) / pairs_[i].product;
      kernel::add_scaled<T>(Device{}, n, static_cast<T>(alpha[i] - beta), pairs_[i].s.data(), r);
    }
    return d;
  }

  void remember(double t, const Tensor<T, Device>& d, const Tensor<T, Device>& before, const Tensor<T, Device>& after) {
    const std::int64_t n = d.size();
    auto s = Tensor<T, Device>::empty({n}), y = after.clone();
    kernel::scaled<T>(Device{}, n, static_cast<T>(t), d.data(), s.mutable_data());
    kernel::add_scaled<T>(Device{}, n, T(-1), before.data(), y.mutable_data());
    Pair made = pair(std::move(s), std::move(y));
    if (!(made.product > 1e-10)) return;  // no positive curvature to learn from
    scale_ = made.product / dot(made.y, made.y);
    if (static_cast<std::int64_t>(pairs_.size()) == options_.history) pairs_.erase(pairs_.begin());
    pairs_.push_back(std::move(made));
  }

  LbfgsOptions options_;
  detail::Layout layout_;
  std::vector<Pair> pairs_;  // the oldest first
  double scale_ = 1;         // of H_0
  std::int64_t iterations_ = 0;
};

/// lbfgs({.history = 20})
template <class T = float, class Device = Cpu>
Lbfgs<T, Device> lbfgs(const LbfgsOptions& options) {
  return Lbfgs<T, Device>(options);
}

}  // namespace regimen
