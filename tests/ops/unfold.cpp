// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/unfold.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "regimen/ops/conv.hpp"
#include "regimen/ops/matmul.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using table::closed;

namespace {

using Value = Tensor<double>;

const UnfoldOptions uneven{.stride = {2, 1}, .padding = {1, 2}, .dilation = {1, 2}};

}  // namespace

TEST_CASE_TEMPLATE("unfold, fold and frame agree with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_d_spatial");
  oracle.check_case<T>("unfold", {"input"}, [](const auto& in) { return unfold(in[0], {2, 3}, uneven); });
  oracle.check_case<T>("fold", {"input"}, [](const auto& in) { return fold(in[0], {5, 4}, {2, 3}, uneven); });
  oracle.check_case<T>("frame", {"input"}, [](const auto& in) { return frame(in[0], 3, 2); });
}

TEST_CASE("columns are the elements of a window, rows its positions") {
  const auto x = Value::from({1, 2, 3, 4, 5, 6}, {1, 1, 2, 3});
  CHECK(closed(unfold(x, {2, 2}), {1, 2, 2, 3, 4, 5, 5, 6}, {1, 4, 2}));
  CHECK(closed(fold(unfold(x, {2, 2}), {2, 3}, {2, 2}), {1, 4, 3, 4, 10, 6}, {1, 1, 2, 3}));
  CHECK(closed(unfold(x, 1), {1, 2, 3, 4, 5, 6}, {1, 1, 6}));
}

TEST_CASE("a convolution is a product with the unfolded image") {
  const auto x = random({2, 3, 6, 5}, 1), w = random({4, 3, 2, 3}, 2);
  const auto y = matmul(reshape(w, Shape{4, 18}), unfold(x, {2, 3}, uneven));
  const auto wanted =
      conv2d(x, w, {}, {.stride = uneven.stride, .padding = uneven.padding, .dilation = uneven.dilation});
  CHECK(closed(reshape(y, wanted.shape()), wanted, 1e-13));
}

TEST_CASE("frames overlap, and what does not fill one is left out") {
  const auto x = Value::from({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {2, 5});
  CHECK(closed(frame(x, 2, 2), {0, 1, 2, 3, 5, 6, 7, 8}, {2, 2, 2}));
  CHECK(closed(frame(x, 3, 1), {0, 1, 2, 1, 2, 3, 2, 3, 4, 5, 6, 7, 6, 7, 8, 7, 8, 9}, {2, 3, 3}));
  CHECK(closed(frame(x, 5, 7), {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {2, 1, 5}));
  CHECK(closed(frame(x, 1, 4), {0, 4, 5, 9}, {2, 2, 1}));
  CHECK(closed(overlap_add(frame(x, 3, 1), 1), {0, 2, 6, 6, 4, 5, 12, 21, 16, 9}, {2, 5}));
  CHECK(closed(overlap_add(Value::from({1, 2, 3, 4}, {2, 2}), 3), {1, 2, 0, 3, 4}, {5}));
}

TEST_CASE("batches of size 0 have windows of the right shape") {
  CHECK(unfold(Value::empty({0, 2, 4, 4}), 3).shape() == Shape{0, 18, 4});
  CHECK(fold(Value::empty({2, 0, 4}), 4, 3).shape() == Shape{2, 0, 4, 4});
  CHECK(frame(Value::empty({0, 6}), 3, 2).shape() == Shape{0, 2, 3});
  CHECK(overlap_add(Value::empty({0, 2, 3}), 2).shape() == Shape{0, 5});
}

TEST_CASE("gradients of unfold and fold agree with differences to second order") {
  CHECK(structure::check([](const auto& v) { return square(unfold(v[0], {2, 3}, uneven)); }, {random({2, 2, 4, 3})}));
  CHECK(structure::check([](const auto& v) { return square(fold(v[0], 4, 3, {.padding = 1})); }, {random({1, 9, 16})}));
  CHECK(structure::check([](const auto& v) { return square(frame(v[0], 3, 2)); }, {random({2, 8})}));
  CHECK(structure::check([](const auto& v) { return square(overlap_add(v[0], 2)); }, {random({2, 3, 4})}));
}

TEST_CASE("unfold and fold refuse what does not fit") {
  const auto x = random({2, 3, 4, 4});
  CHECK(has(message([&] { unfold(x, 5); }),
            "unfold: window [5, 5] with dilation [1, 1] and padding [0, 0] does not fit"));
  CHECK(has(message([&] { unfold(x, 2, {.stride = 0}); }), "unfold: window [2, 2], stride [0, 0]"));
  CHECK(has(message([&] {
              unfold(random({4, 4}), 2);
            }),
            "unfold: x is [4, 4]; it is [batch, channels, height, width]"));
  CHECK(has(message([&] {
              fold(random({2, 9, 3}), 4, 3);
            }),
            "fold: columns are [2, 9, 3] for 9 elements of a window and 4 positions"));
  CHECK(has(message([&] { fold(random({2, 8, 4}), 4, 3); }), "fold: columns are [2, 8, 4] for 9 elements"));
  CHECK(has(message([&] { fold(random({9, 4}), 4, 3); }), "fold: columns are [9, 4] for images of 4 x 4"));
  CHECK(has(message([&] { fold(random({2, 9, 4}), {-1, 4}, 3); }), "for images of -1 x 4"));
  CHECK(has(message([&] { frame(x, 5, 1); }), "frame: size is 5 and hop 1 for x of shape [2, 3, 4, 4]"));
  CHECK(has(message([&] { frame(x, 0, 1); }), "frame: size is 0"));
  CHECK(has(message([&] { frame(x, 2, 0); }), "hop 0"));
  CHECK(has(message([&] { overlap_add(x, 0); }), "overlap_add: x is [2, 3, 4, 4] and hop 0"));
  CHECK(has(message([&] { overlap_add(random({3}), 1); }), "overlap_add: x is [3]"));
  CHECK(has(message([&] { overlap_add(Value::empty({0, 3}), 1); }), "overlap_add: x is [0, 3]"));
}
