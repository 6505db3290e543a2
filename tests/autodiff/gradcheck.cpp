// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/autodiff/gradcheck.hpp"

#include <doctest/doctest.h>

#include <array>

#include "regimen/autodiff/custom_op.hpp"
#include "regimen/ops/arithmetic.hpp"

using namespace regimen;

namespace {

const auto a = Tensor<double>::from({0.5, -1.5, 2}, {3, 1}), b = Tensor<double>::from({1.5, -0.7});

/// a^2 with the given vjp.
template <class Vjp>
auto square_with(Vjp vjp) {
  return [vjp](const auto& in) {
    return custom_op(
               "square", [](const auto& x) { return x * x; }, vjp, in[0]) *
           in[0];
  };
}

}  // namespace

TEST_CASE("gradcheck accepts a right vjp at each order") {
  for (const int order : {1, 2, 3}) {
    const auto check =
        gradcheck([](const auto& in) { return in[0] * in[1] / (in[0] * in[0] + 1); }, {a, b}, {.order = order});
    CHECK_MESSAGE(check.ok, check.message);
    CHECK(static_cast<bool>(check));
    CHECK(check.worst > 0);
    CHECK(check.worst < 1e-6);
  }
  CHECK(gradcheck(square_with([](const auto& g, const auto&, const auto& x) { return g * x * 2; }), {a}, {.order = 3}));
}

TEST_CASE("gradcheck finds a wrong first derivative and says where") {
  const auto wrong = square_with([](const auto& g, const auto&, const auto& x) { return g * x * 2.1; });
  const auto check = gradcheck(wrong, {a});
  CHECK(!check.ok);
  CHECK(check.worst > 0.01);
  CHECK(check.message.find("order 1, input 0 of shape [3, 1], element [2, 0]: analytic ") == 0);
  CHECK(check.message.find("numeric ") != std::string::npos);
  CHECK(!gradcheck(wrong, {a}, {.order = 2}).ok);

  // In one element only.
  const auto one = square_with([](const auto& g, const auto&, const auto& x) {
    return g * x * Tensor<double>::from({2, 2.01, 2}, {3, 1});
  });
  CHECK(gradcheck(one, {a}).message.find("element [1, 0]") != std::string::npos);
}

TEST_CASE("gradcheck finds a vjp that is right but cannot be differentiated again") {
  const auto detached = square_with([](const auto& g, const auto&, const auto& x) { return g * stop_gradient(x) * 2; });
  CHECK(gradcheck(detached, {a}, {.order = 1}).ok);
  const auto check = gradcheck(detached, {a}, {.order = 2});
  CHECK(!check.ok);
  CHECK(check.message.find("order 2, input 0") == 0);
  const auto stopped = square_with([](const auto& g, const auto&, const auto& x) { return stop_gradient(g) * x * 2; });
  CHECK(gradcheck(stopped, {b * 1}, {.order = 1}).ok);
  CHECK(!gradcheck(stopped, {b * 1}, {.order = 2}).ok);
}

TEST_CASE("gradcheck finds a derivative that is right twice and cannot be differentiated a third time") {
  // x^3 by way of a square whose own derivative 2 x is a constant to the next order.
  const auto cube = [](const auto& in) {
    const auto square = [](const auto& v) {
      return custom_op(
          "square", [](const auto& x) { return x * x; },
          [](const auto& g, const auto&, const auto& x) { return g * stop_gradient(x) * 2; }, v);
    };
    return custom_op(
        "cube", [](const auto& x) { return x * x * x; },
        [square](const auto& g, const auto&, const auto& x) { return g * square(x) * 3; }, in[0]);
  };
  CHECK(gradcheck(cube, {a}, {.order = 2}).ok);
  const auto check = gradcheck(cube, {a}, {.order = 3});
  CHECK(!check.ok);
  CHECK(check.message.find("order 3, input 0 of shape [3, 1], element [") == 0);
  CHECK(check.message.find(": analytic 0.0") != std::string::npos);
}

TEST_CASE("gradcheck sees derivatives by several inputs at the third order") {
  const auto x = Tensor<double>::scalar(0.5), y = Tensor<double>::scalar(-2), z = Tensor<double>::scalar(3);
  const auto check = gradcheck([](const auto& in) { return in[0] * in[1] * in[2]; }, {x, y, z}, {.order = 3});
  CHECK_MESSAGE(check.ok, check.message);
  // a b c with the product a b whose derivative by a is a constant to the third order.
  const auto wrong = [](const auto& in) {
    const auto product = [](const auto& u, const auto& v) {
      return custom_op(
          "product", [](const auto& p, const auto& q) { return p * q; },
          [](const auto& g, const auto&, const auto& p, const auto& q) {
            const auto frozen = custom_op(
                "factor", [](const auto& r) { return r * 1.0; },
                [](const auto& h, const auto&, const auto&) { return stop_gradient(h); }, q);
            return std::array{g * frozen, g * p};
          },
          u, v);
    };
    return product(in[0], in[1]) * in[2];
  };
  CHECK(gradcheck(wrong, {x, y, z}, {.order = 2}).ok);
  CHECK(gradcheck(wrong, {x, y, z}, {.order = 3}).message.find("order 3, input ") == 0);
}

TEST_CASE("gradcheck finds a missing gradient, NaN, and a gradient of another shape") {
  CHECK(!gradcheck([](const auto& in) { return in[0] * stop_gradient(in[0]); }, {a}).ok);
  CHECK(!gradcheck([](const auto& in) { return stop_gradient(in[0]); }, {a}).ok);
  const auto nan = square_with([](const auto& g, const auto&, const auto&) { return g / (g - g); });
  CHECK(!gradcheck(nan, {a}).ok);
  const auto wide = [](const auto& in) {
    const auto y = in[0] * 1.0;
    if (!is_recorded(in[0])) return y.detach();
    return record(
        "wide", y.detach(),
        [](const auto& backward) {
          backward.add(0, Tensor<double>::ones({3, 3}));
        },
        in[0]);
  };
  const auto check = gradcheck(wide, {a});
  CHECK(!check.ok);
  CHECK(check.message.find("[3, 3]") != std::string::npos);
}

TEST_CASE("gradcheck takes empty tensors and refuses wrong arguments") {
  CHECK(gradcheck([](const auto& in) { return in[0] * in[0]; }, {Tensor<double>::zeros({0, 2})}, {.order = 2}).ok);
  CHECK(gradcheck([](const auto& in) { return in[0] * in[0]; }, {Tensor<double>::zeros({0, 2})}, {.order = 3}).ok);
  CHECK(gradcheck([](const auto& in) { return in[0] * 2; }, {a}, {.order = 3}).ok);
  CHECK_THROWS_AS(gradcheck([](const auto& in) { return in[0]; }, {a}, {.order = 4}), Error);
  CHECK_THROWS_AS(gradcheck([](const auto& in) { return in[0]; }, {a}, {.order = 0}), Error);
  CHECK_THROWS_AS(gradcheck([](const auto& in) { return in[0]; }, std::vector<Tensor<double>>{}), Error);
}
