// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/fft.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

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

constexpr std::pair<const char*, FftNorm> norms[] = {
    {"backward", FftNorm::backward}, {"ortho", FftNorm::ortho}, {"forward", FftNorm::forward}};

bool closed(const Complex& a, const Complex& b, double tolerance) {
  return table::closed(a.real, b.real, tolerance) && table::closed(a.imag, b.imag, tolerance);
}

}  // namespace

TEST_CASE_TEMPLATE("transforms of many lengths agree with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_e_fft");
  for (const std::int64_t n : {1, 2, 3, 4, 5, 8, 12, 16, 17, 30, 64}) {
    const std::string of = std::to_string(n);
    oracle.check_case<T>("fft" + of, {"zr", "zi"},
                         [](const auto& in) { return stacked(fft(ComplexTensor(in[0], in[1]))); });
    oracle.check_case<T>("rfft" + of, {"x"}, [](const auto& in) { return stacked(rfft(in[0])); });
    oracle.check_case<T>("irfft" + of, {"zr", "zi"},
                         [n](const auto& in) { return irfft(ComplexTensor(in[0], in[1]), n); });
  }
}

TEST_CASE_TEMPLATE("transforms along each axis with each norm agree with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_e_fft");
  for (const auto& entry : norms) {
    const std::string name = entry.first;
    const FftNorm scaled = entry.second;
    const auto check = [&](const std::string& operation, const auto& f) {
      oracle.check_case<T>(operation + name, {"zr", "zi"},
                           [&](const auto& in) { return f(ComplexTensor(in[0], in[1])); });
    };
    check("fft_", [=](const auto& z) { return stacked(fft(z, {.axis = 1, .norm = scaled})); });
    check("ifft_", [=](const auto& z) { return stacked(ifft(z, {.axis = -2, .norm = scaled})); });
    check("irfft_", [=](const auto& z) { return irfft(z, 5, {.axis = 1, .norm = scaled}); });
    oracle.check_case<T>("rfft_" + name, {"x"},
                         [=](const auto& in) { return stacked(rfft(in[0], {.axis = 0, .norm = scaled})); });
  }
  oracle.check_case<T>("fft_2d", {"zr", "zi"},
                       [](const auto& in) { return stacked(fft2(ComplexTensor(in[0], in[1]), FftNorm::ortho)); });
  oracle.check_case<T>("ifft_2d", {"zr", "zi"},
                       [](const auto& in) { return stacked(ifft2(ComplexTensor(in[0], in[1]))); });
}

TEST_CASE("the inverses give back what was transformed, at many lengths and axes") {
  for (std::int64_t n = 1; n <= 40; ++n)
    for (const auto& [name, norm] : norms) {
      const auto z = random_complex({2, n, 3}, static_cast<std::uint64_t>(n));
      const FftOptions options{.axis = 1, .norm = norm};
      CHECK(closed(ifft(fft(z, options), options), z, 1e-13));
      CHECK(closed(irfft(rfft(z.real, options), n, options), z.real, 1e-13));
    }
  const auto z = random_complex({3, 5, 6});
  CHECK(closed(ifft2(fft2(z)), z, 1e-13));
}

TEST_CASE("an impulse has a flat spectrum, a wave one line, and a real signal the half of a complex one") {
  for (const std::int64_t n : {7, 8, 100, 256}) {
    auto impulse = Value::zeros({n});
    impulse.mutable_data()[0] = 1;
    CHECK(closed(fft(Complex(impulse)), {Value::ones({n}), Value::zeros({n})}, 1e-13));
    auto wave = Value::empty({n}), line = Value::zeros({n});
    for (std::int64_t j = 0; j < n; ++j)
      wave.mutable_data()[j] = std::cos(2 * std::acos(-1) * 3 * static_cast<double>(j) / static_cast<double>(n));
    line.mutable_data()[3] = line.mutable_data()[n - 3] = static_cast<double>(n) / 2;
    CHECK(closed(fft(Complex(wave)), {line, Value::zeros({n})}, 1e-11));
    const auto x = random({n});
    CHECK(closed(rfft(x), slice(fft(Complex(x)), 0, 0, n / 2 + 1), 1e-12));
  }
}

TEST_CASE("transforms are linear, and the orthogonal one keeps the norm") {
  for (const std::int64_t n : {12, 17, 64}) {
    const auto a = random_complex({n}, 1), b = random_complex({n}, 2);
    CHECK(closed(fft(a * 2 - b), fft(a) * 2 - fft(b), 1e-12));
    const auto y = fft(a, {.norm = FftNorm::ortho});
    CHECK(sum(square(abs(y))).item() == doctest::Approx(sum(square(abs(a))).item()).epsilon(1e-13));
  }
}

TEST_CASE("irfft counts the imaginary parts of the edges as 0") {
  const Complex z(Value::from({1, 2, 3}), Value::from({5, 7, 9}));
  CHECK(closed(irfft(z, 4), irfft(Complex(z.real, Value::from({0, 7, 0})), 4), 0));
  CHECK_FALSE(closed(irfft(z, 5), irfft(Complex(z.real, Value::from({0, 7, 0})), 5), 0.1));
}

TEST_CASE("gradients of transforms agree with differences to second order") {
  const auto cube = [](const auto& z) { return stacked(z * z * z); };
  for (const std::int64_t n : {1, 2, 3, 4}) {
    const structure::Values in{random({2, n}, 1), random({2, n}, 2)};
    const structure::Values half{random({n / 2 + 1, 2}, 3), random({n / 2 + 1, 2}, 4)};
    CHECK(structure::check([&](const auto& v) { return cube(fft(ComplexTensor(v[0], v[1]))); }, in));
    CHECK(structure::check([&](const auto& v) { return cube(ifft(ComplexTensor(v[0], v[1]), {.axis = 0})); }, in));
    CHECK(structure::check([&](const auto& v) { return cube(rfft(v[0], {.norm = FftNorm::ortho})); }, {in[0]}));
    CHECK(structure::check(
        [&](const auto& v) {
          const auto y = irfft(ComplexTensor(v[0], v[1]), n, {.axis = 0});
          return y * y * y;
        },
        half));
  }
  // One of the parts is a constant.
  const auto fixed = random({5});
  CHECK(structure::check([&](const auto& v) { return cube(fft(ComplexTensor(v[0], fixed))); }, {random({5}, 2)}));
  CHECK(structure::check([&](const auto& v) { return cube(fft(ComplexTensor(fixed, v[0]))); }, {random({5}, 2)}));
}

TEST_CASE("an empty batch has an empty transform, and NaN stays in its line") {
  CHECK(fft(Complex(Value::zeros({0, 6}))).shape() == Shape{0, 6});
  CHECK(rfft(Value::zeros({0, 6})).shape() == Shape{0, 4});
  CHECK(irfft(Complex(Value::zeros({4, 0})), 6, {.axis = 0}).shape() == Shape{6, 0});
  const auto x = random({20, 6});
  x.mutable_data()[7] = NAN;
  const auto y = rfft(x);
  for (std::int64_t i = 0; i < 20; ++i) CHECK(std::isnan(y.real(i, 2)) == (i == 1));
}

TEST_CASE("transforms refuse empty axes, wrong axes and spectra of another length") {
  const Complex z(random({2, 3}));
  CHECK(has(message([] { fft(Complex(random({2, 0}))); }), "fft: axis -1 of shape [2, 0] has no elements"));
  CHECK(has(message([] { rfft(random({0}), {.axis = 0}); }), "rfft: axis 0 of shape [0]"));
  CHECK(has(message([&] { ifft(z, {.axis = 2}); }), "ifft: axis 2 is outside shape [2, 3]"));
  CHECK(has(message([&] { irfft(z, 6); }), "irfft: n is 6 for axis -1 of shape [2, 3]"));
  CHECK(has(message([&] { irfft(z, 0); }), "n is 0"));
  CHECK(has(message([] { fft2(Complex(random({3}))); }), "fft: axis -2 is outside shape [3]"));
}
