// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/complex.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <type_traits>
#include <vector>

#include "ops/complex.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::Complex;
using structure::has;
using structure::message;
using structure::random;
using structure::random_complex;
using structure::stacked;
using table::closed;

namespace {

using Value = Tensor<double>;

}  // namespace

TEST_CASE_TEMPLATE("arithmetic of complex tensors agrees with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_e_complex");
  const auto binary = [&](const char* name, const auto& f) {
    oracle.check_case<T>(name, {"ar", "ai", "br", "bi"}, [&](const auto& in) {
      return stacked(f(ComplexTensor<T>(in[0], in[1]), ComplexTensor<T>(in[2], in[3])));
    });
  };
  const auto with_real = [&](const char* name, const auto& f) {
    oracle.check_case<T>(name, {"zr", "zi", "x"},
                         [&](const auto& in) { return stacked(f(ComplexTensor<T>(in[0], in[1]), in[2])); });
  };
  binary("add", [](const auto& a, const auto& b) { return a + b; });
  binary("sub", [](const auto& a, const auto& b) { return a - b; });
  binary("mul", [](const auto& a, const auto& b) { return a * b; });
  binary("div", [](const auto& a, const auto& b) { return a / b; });
  with_real("add_real", [](const auto& z, const auto& x) { return z + x; });
  with_real("sub_real", [](const auto& z, const auto& x) { return z - x; });
  with_real("mul_real", [](const auto& z, const auto& x) { return z * x; });
  with_real("div_real", [](const auto& z, const auto& x) { return z / x; });
  with_real("real_add", [](const auto& z, const auto& x) { return x + z; });
  with_real("real_sub", [](const auto& z, const auto& x) { return x - z; });
  with_real("real_mul", [](const auto& z, const auto& x) { return x * z; });
  with_real("real_div", [](const auto& z, const auto& x) { return x / z; });
}

TEST_CASE_TEMPLATE("functions of complex tensors agree with PyTorch, abs and angle at 0 too", T, float, double) {
  const test::Oracle oracle("ops_e_complex");
  oracle.check_case<T>("conj", {"zr", "zi"},
                       [](const auto& in) { return stacked(conj(ComplexTensor<T>(in[0], in[1]))); });
  oracle.check_case<T>("exp", {"zr", "zi"},
                       [](const auto& in) { return stacked(exp(ComplexTensor<T>(in[0], in[1]))); });
  oracle.check_case<T>("reciprocal", {"zr", "zi"},
                       [](const auto& in) { return stacked(reciprocal(ComplexTensor<T>(in[0], in[1]))); });
  oracle.check_case<T>("abs", {"zr", "zi"}, [](const auto& in) { return abs(ComplexTensor<T>(in[0], in[1])); });
  oracle.check_case<T>("angle", {"zr", "zi"}, [](const auto& in) { return angle(ComplexTensor<T>(in[0], in[1])); });
  oracle.check_case<T>("polar", {"r", "t"}, [](const auto& in) { return stacked(polar(in[0], in[1])); });
}

TEST_CASE("complex tensors with numbers") {
  const Complex z(Value::from({3, -1}), Value::from({-4, 2}));
  const auto is = [](const Complex& w, std::initializer_list<double> real, std::initializer_list<double> imag) {
    return closed(w.real, real, {2}, 1e-14) && closed(w.imag, imag, {2}, 1e-14);
  };
  CHECK(is(-z, {-3, 1}, {4, -2}));
  CHECK(is(z + 1, {4, 0}, {-4, 2}));
  CHECK(is(2 + z, {5, 1}, {-4, 2}));
  CHECK(is(z - 1, {2, -2}, {-4, 2}));
  CHECK(is(1.5 - z, {-1.5, 2.5}, {4, -2}));
  CHECK(is(z * 2, {6, -2}, {-8, 4}));
  CHECK(is(2 * z, {6, -2}, {-8, 4}));
  CHECK(is(z / 2, {1.5, -0.5}, {-2, 1}));
  CHECK(is(5 / z, {0.6, -1}, {0.8, -2}));
  CHECK(is(Complex(Value::from({7, 8})), {7, 8}, {0, 0}));
}

TEST_CASE_TEMPLATE("neither abs nor a quotient overflows or loses small numbers", T, float, double) {
  const T huge = std::numeric_limits<T>::max() / 4, tiny = std::numeric_limits<T>::min() * 4;
  const ComplexTensor<T> z(Tensor<T>::from({huge, tiny, 0, INFINITY, NAN, 0, -3}),
                           Tensor<T>::from({huge, tiny, 0, -INFINITY, 0, NAN, 4}));
  const auto r = abs(z);
  CHECK(static_cast<double>(r(0) / huge) == doctest::Approx(std::numbers::sqrt2));
  CHECK(static_cast<double>(r(1) / tiny) == doctest::Approx(std::numbers::sqrt2));
  CHECK(r(2) == 0);
  CHECK(std::isinf(r(3)));
  CHECK(std::isnan(r(4)));
  CHECK(std::isnan(r(5)));
  CHECK(r(6) == 5);
  const auto q = slice(z, 0, 0, 3) / slice(z, 0, 0, 3);
  CHECK(closed(slice(q.real, 0, 0, 2), {1, 1}, {2}, 1e-6));
  CHECK(closed(slice(q.imag, 0, 0, 2), {0, 0}, {2}, 1e-6));
  CHECK(std::isnan(q.real(2)));
}

TEST_CASE("the layout of complex tensors is that of their parts") {
  const auto z = random_complex({2, 3, 4});
  const auto check = [](const Complex& w, const Value& real, const Value& imag) {
    return closed(w.real, real, 0) && closed(w.imag, imag, 0);
  };
  CHECK(check(reshape(z, Shape{6, 4}), reshape(z.real, {6, 4}), reshape(z.imag, {6, 4})));
  CHECK(check(permute(z, {2, 0, 1}), permute(z.real, {2, 0, 1}), permute(z.imag, {2, 0, 1})));
  CHECK(check(transpose(z, 0, -1), transpose(z.real, 0, 2), transpose(z.imag, 0, 2)));
  CHECK(check(slice(z, 2, 1, 4, 2), slice(z.real, 2, 1, 4, 2), slice(z.imag, 2, 1, 4, 2)));
  CHECK(check(sum(z, {0, 2}, {.keepdim = true}), sum(z.real, {0, 2}, {.keepdim = true}),
              sum(z.imag, {0, 2}, {.keepdim = true})));
  CHECK(check(map_parts(z, [](const auto& x) { return x * 2.0; }), z.real * 2.0, z.imag * 2.0));
  CHECK(z.shape() == Shape{2, 3, 4});
  CHECK(z.rank() == 3);
  CHECK(z.size() == 24);
  CHECK(z.size(-1) == 4);
  CHECK_FALSE(Complex().defined());
  CHECK(variable(z).imag.requires_grad());
  CHECK_FALSE(variable(z).detach().real.requires_grad());
}

TEST_CASE_TEMPLATE("complex tensors to and from std::complex", T, float, double) {
  const std::vector<std::complex<T>> values{{1, 2}, {3, 4}, {5, 6}, {-7, -8}};
  const auto z = from_complex(values, {2, 2});
  static_assert(std::is_same_v<decltype(z), const ComplexTensor<T>>);
  CHECK(closed(z.real, {1, 3, 5, -7}, {2, 2}, 0));
  CHECK(closed(z.imag, {2, 4, 6, -8}, {2, 2}, 0));
  std::vector<std::complex<T>> back(4);
  to_complex(z, back);
  CHECK(back == values);
  back.resize(3);
  CHECK(has(message([&] { to_complex(z, back); }), "to_complex: 3 values for shape [2, 2]"));
  CHECK(has(message([&] { from_complex(values, {3}); }), "from_complex: 4 values for shape [3]"));
}

TEST_CASE("gradients of complex functions agree with differences to second order") {
  const auto on = [](const auto& f) {
    return [f](const auto& v) { return stacked(f(Complex(v[0], v[1]), Complex(v[2], v[3]))); };
  };
  for (const Shape& shape : {Shape{3}, Shape{2, 1}, Shape{0, 3}}) {
    const structure::Values in{random(shape, 1), random(shape, 2), random({3}, 3), random({3}, 4)};
    CHECK(structure::check(on([](const auto& a, const auto& b) { return a * b; }), in));
    CHECK(structure::check(on([](const auto& a, const auto& b) { return a / b - b; }), in));
    CHECK(structure::check(on([](const auto& a, const auto& b) { return exp(conj(a)) + 1 / b; }), in));
    CHECK(structure::check(on([](const auto& a, const auto& b) { return polar(abs(a), angle(b)) * abs(b); }), in));
    CHECK(structure::check(on([](const auto& a, const auto& b) { return (b.real - a) / abs(a) * a; }), in));
  }
}

TEST_CASE("complex tensors refuse parts and shapes that do not agree") {
  CHECK(has(message([] { Complex(random({2}), random({3})); }), "the real part is [2], the imaginary [3]"));
  CHECK(has(message([] { random_complex({2}) + random_complex({3}); }), "[2]"));
  CHECK(has(message([] { random_complex({2}) + random({3}); }), "[3]"));
  CHECK(has(message([] { Complex().shape(); }), "used before it was given a value"));
}
