// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/quaternion.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <numbers>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/ops/matmul.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using structure::Value;
using table::closed;

namespace {

const Value identity = Value::from({1, 0, 0, 0, 1, 0, 0, 0, 1}, {3, 3});

Value rotations(std::int64_t count, std::uint64_t seed) { return quaternion_normalise(random({count, 4}, seed)); }

/// q or -q, whose first component is not negative.
Value upper(const Value& q) { return where(less(slice(q, -1, 0, 1), 0), -q, q); }

}  // namespace

TEST_CASE_TEMPLATE("quaternions and rotations agree with PyTorch", T, float, double) {
  const test::Oracle oracle("nn_e_sequence");
  oracle.check_case<T>("quaternion.product", {"a", "b"},
                       [](const auto& in) { return quaternion_product(in[0], in[1]); });
  oracle.check_case<T>("quaternion.rotate", {"q", "v"}, [](const auto& in) { return quaternion_rotate(in[0], in[1]); });
  oracle.check_case<T>("quaternion.slerp", {"a", "b", "t"}, [](const auto& in) {
    return slerp(quaternion_normalise(in[0]), quaternion_normalise(in[1]), in[2]);
  });
  oracle.check_case<T>("so3_exp", {"v"}, [](const auto& in) { return so3_exp(in[0]); });
  oracle.check_case<T>("rotation_6d", {"x"}, [](const auto& in) { return rotation_6d_to_matrix(in[0]); });
}

TEST_CASE("i j = k, and conjugate and normalise are the inverse") {
  const auto i = Value::from({0, 1, 0, 0}), j = Value::from({0, 0, 1, 0}), k = Value::from({0, 0, 0, 1});
  CHECK(closed(quaternion_product(i, j), k, 0));
  CHECK(closed(quaternion_product(j, k), i, 0));
  CHECK(closed(quaternion_product(k, i), j, 0));
  CHECK(closed(quaternion_product(j, i), -k, 0));
  CHECK(closed(quaternion_product(i, i), Value::from({-1, 0, 0, 0}), 0));
  const auto q = rotations(5, 1);
  CHECK(closed(norm(q, -1), Value::ones({5}), 1e-15));
  CHECK(closed(quaternion_product(q, quaternion_conjugate(q)), Value::from({1, 0, 0, 0}) + q * 0., 1e-15));
}

TEST_CASE("a product of quaternions is a product of matrices, which are orthogonal, and turns vectors alike") {
  const auto a = rotations(4, 2), b = rotations(4, 3), v = random({4, 3}, 4);
  const auto r = quaternion_to_matrix(a);
  CHECK(closed(quaternion_to_matrix(quaternion_product(a, b)), matmul(r, quaternion_to_matrix(b)), 1e-14));
  CHECK(closed(matmul(r, r, {.transpose_b = true}), identity + r * 0., 1e-14));
  CHECK(closed(quaternion_to_matrix(-a), r, 0));
  CHECK(closed(quaternion_rotate(a, v), squeeze(matmul(r, unsqueeze(v, -1)), -1), 1e-14));
  // A quarter about z takes x to y.
  const auto quarter = quaternion_exp(Value::from({0, 0, std::numbers::pi / 2}));
  CHECK(closed(quaternion_rotate(quarter, Value::from({1, 0, 0})), {0, 1, 0}, {3}, 1e-15));
  // Leading axes broadcast.
  CHECK(quaternion_rotate(reshape(a, {4, 1, 4}), reshape(v, {1, 4, 3})).shape() == Shape{4, 4, 3});
  CHECK(quaternion_product(a, slice(b, 0, 0, 1)).shape() == Shape{4, 4});
}

TEST_CASE("matrices go to quaternions and back, whichever component is the largest") {
  auto q = rotations(40, 5);
  const auto poles = Value::from({1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0.6, 0, 0.8, 0, 0, -1, 0}, {6, 4});
  CHECK(closed(matrix_to_quaternion(quaternion_to_matrix(q)), upper(q), 1e-14));
  const auto back = matrix_to_quaternion(quaternion_to_matrix(poles));
  CHECK(closed(quaternion_to_matrix(back), quaternion_to_matrix(poles), 1e-15));
  CHECK(closed(slice(back, 0, 0, 4), slice(poles, 0, 0, 4), 1e-15));
  CHECK(closed(matrix_to_quaternion(identity), {1, 0, 0, 0}, {4}, 0));
}

TEST_CASE("exp and log of rotations are each other's inverse, from angle 0 to pi") {
  const auto direction = Value::from({0.36, 0.48, -0.8});
  for (const double angle : {0., 1e-9, 1e-4, 0.05, 0.11, 0.3, 0.44, 0.45, 1., 2., 3., 3.1415, std::numbers::pi}) {
    CAPTURE(angle);
    const auto v = direction * angle;
    CHECK(closed(quaternion_log(quaternion_exp(v)), v, 1e-14));
    if (angle < 3.1) CHECK(closed(so3_log(so3_exp(v)), v, 1e-13));
    // Rodrigues' formula.
    const double s = std::sin(angle), c = 1 - std::cos(angle), x = 0.36, y = 0.48, z = -0.8;
    CHECK(closed(
        so3_exp(v),
        {1 - c * (y * y + z * z), -s * z + c * x * y, s * y + c * x * z, s * z + c * x * y, 1 - c * (x * x + z * z),
         -s * x + c * y * z, -s * y + c * x * z, s * x + c * y * z, 1 - c * (x * x + y * y)},
        {3, 3}, 1e-14));
  }
  CHECK(closed(quaternion_log(quaternion_exp(direction * 4.)), direction * (4 - 2 * std::numbers::pi), 1e-14));
  CHECK(closed(quaternion_log(-quaternion_exp(direction)), direction, 1e-15));
  CHECK(norm(so3_log(Value::from({-1, 0, 0, 0, -1, 0, 0, 0, 1}, {3, 3}))).item() == doctest::Approx(std::numbers::pi));
}

TEST_CASE("slerp goes the shorter way at constant speed") {
  const auto a = quaternion_exp(Value::from({0, 0, 0.2})), b = quaternion_exp(Value::from({0, 0, 1.4}));
  for (const double t : {0., 0.25, 0.5, 1., 1.5}) {
    const auto wanted = quaternion_exp(Value::from({0, 0, 0.2 + 1.2 * t}));
    CHECK(closed(slerp(a, b, t), wanted, 1e-15));
    CHECK(closed(slerp(a, -b, t), wanted, 1e-15));
    CHECK(closed(slerp(-a, b, t), -wanted, 1e-15));
  }
  CHECK(closed(slerp(a, a, 0.3), a, 1e-15));
  const auto p = rotations(3, 6), q = rotations(3, 7);
  CHECK(closed(norm(slerp(p, q, Value::from({0.1, 0.5, 0.9})), -1), Value::ones({3}), 1e-14));
}

TEST_CASE("six numbers make a rotation, and its first two columns are six such numbers") {
  const auto r = rotation_6d_to_matrix(random({5, 6}, 8));
  CHECK(closed(matmul(r, r, {.transpose_a = true}), identity + r * 0., 1e-14));
  CHECK(closed(rotation_6d_to_matrix(matrix_to_rotation_6d(r)), r, 1e-14));
  // Its determinant is 1: quaternions give it back.
  CHECK(closed(quaternion_to_matrix(matrix_to_quaternion(r)), r, 1e-14));
  CHECK(closed(matrix_to_rotation_6d(Value::from({1, 2, 3, 4, 5, 6, 7, 8, 9}, {3, 3})), {1, 4, 7, 2, 5, 8}, {6}, 0));
  CHECK(closed(rotation_6d_to_matrix(Value::from({0, 2, 0, 5, 7, 0})), {0, 1, 0, 1, 0, 0, 0, 0, -1}, {3, 3}, 0));
}

TEST_CASE("gradients of rotations agree with differences to second order, at no rotation too") {
  const auto q = rotations(2, 9), p = rotations(2, 10), v = random({2, 3}, 11);
  const auto little = v * 1e-3, zero = Value::zeros({2, 3});
  using structure::check;
  CHECK(check([](const auto& in) { return quaternion_product(in[0], in[1]); }, {q, p}));
  CHECK(check([](const auto& in) { return quaternion_normalise(quaternion_conjugate(in[0])); }, {q}));
  CHECK(check([](const auto& in) { return quaternion_rotate(in[0], in[1]); }, {q, v}));
  CHECK(check([](const auto& in) { return slerp(in[0], in[1], in[2]); }, {q, p, Value::from({0.3, 0.6})}));
  CHECK(check([](const auto& in) { return slerp(in[0], in[1], 0.5); }, {q, q}));
  CHECK(check([](const auto& in) { return rotation_6d_to_matrix(in[0]); }, {random({2, 6}, 12)}));
  CHECK(check([](const auto& in) { return matrix_to_rotation_6d(in[0]); }, {random({3, 3}, 12)}));
  for (const auto& at : {v, little, zero, v * 3.}) {
    CHECK(check([](const auto& in) { return so3_exp(in[0]); }, {at}));
    CHECK(check([](const auto& in) { return quaternion_log(in[0]); }, {quaternion_exp(at)}));
    CHECK(check([](const auto& in) { return so3_log(in[0]); }, {so3_exp(at)}));
  }
  const auto poles =
      Value::from({0.9, 0.1, 0.1, 0.2, 0.1, 0.9, 0.1, 0.2, 0.1, 0.2, 0.9, 0.1, -0.1, 0.2, 0.1, 0.9}, {4, 4});
  CHECK(check([](const auto& in) { return matrix_to_quaternion(in[0]); },
              {quaternion_to_matrix(quaternion_normalise(poles))}));
}

TEST_CASE("rotations of nothing are nothing, NaN stays NaN, and other inner axes are Errors") {
  const auto none = Value::zeros({0, 4});
  CHECK(quaternion_product(none, none).shape() == Shape{0, 4});
  CHECK(matrix_to_quaternion(quaternion_to_matrix(none)).shape() == Shape{0, 4});
  CHECK(slerp(none, none, 0.5).shape() == Shape{0, 4});
  CHECK(so3_exp(Value::zeros({2, 0, 3})).shape() == Shape{2, 0, 3, 3});
  CHECK(rotation_6d_to_matrix(Value::zeros({0, 6})).shape() == Shape{0, 3, 3});
  CHECK(std::isnan(so3_exp(Value::full({3}, NAN))(0, 0)));
  CHECK(std::isnan(matrix_to_quaternion(Value::full({3, 3}, NAN))(0)));
  CHECK(std::isnan(quaternion_log(Value::full({4}, NAN))(0)));
  CHECK(std::isnan(quaternion_normalise(Value::zeros({4}))(0)));
  const auto q = Value::zeros({2, 4}), v = Value::zeros({2, 3}), r = Value::zeros({3, 3});
  CHECK(has(message([&] { quaternion_product(q, v); }), "quaternion_product: x is [2, 3]; the inner axes must be [4]"));
  CHECK(has(message([&] { quaternion_product(v, q); }), "quaternion_product: x is [2, 3]"));
  CHECK(has(message([&] { quaternion_conjugate(v); }), "quaternion_conjugate: x is [2, 3]"));
  CHECK(has(message([&] { quaternion_normalise(Value::scalar(1)); }), "quaternion_normalise: x is []"));
  CHECK(has(message([&] { quaternion_to_matrix(v); }), "quaternion_to_matrix: x is [2, 3]"));
  CHECK(has(message([&] { quaternion_rotate(q, q); }), "quaternion_rotate: x is [2, 4]"));
  CHECK(has(message([&] { matrix_to_quaternion(v); }),
            "matrix_to_quaternion: x is [2, 3]; the inner axes must be [3, 3]"));
  CHECK(has(message([&] { quaternion_exp(q); }), "quaternion_exp: x is [2, 4]"));
  CHECK(has(message([&] { quaternion_log(v); }), "quaternion_log: x is [2, 3]"));
  CHECK(has(message([&] { rotation_6d_to_matrix(r); }), "rotation_6d_to_matrix: x is [3, 3]"));
  CHECK(has(message([&] { matrix_to_rotation_6d(q); }), "matrix_to_rotation_6d: x is [2, 4]"));
}
