// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/tensor.hpp"

#include <doctest/doctest.h>

using namespace regimen;

TEST_CASE_TEMPLATE("elements are row-major", T, float, double, std::int64_t) {
  const auto x = Tensor<T>::from({1, 2, 3, 4, 5, 6}, {2, 3});
  CHECK(x(0, 2) == T{3});
  CHECK(x(1, 0) == T{4});
  CHECK(x[1](2) == T{6});
  CHECK(reinterpret_cast<std::uintptr_t>(x.data()) % 64 == 0);
  CHECK(Tensor<T>::scalar(7).item() == T{7});
  CHECK(Tensor<T>::ones({2, 2})(1, 1) == T{1});
  CHECK(Tensor<T>::zeros({0, 3}).size() == 0);
}

TEST_CASE("a copied handle shares the elements, a clone does not") {
  const auto x = Tensor<>::from({1, 2, 3});
  const auto shared = x;
  const auto copy = x.clone();
  CHECK_FALSE(x.unique());
  CHECK(copy.unique());
  x.mutable_data()[0] = 9;
  CHECK(shared(0) == 9);
  CHECK(copy(0) == 1);
}

TEST_CASE("views share elements and versions, and keep them alive") {
  Tensor<> row;
  {
    const auto x = Tensor<>::from({1, 2, 3, 4, 5, 6}, {3, 2});
    row = x.rows(1, 3);
    const auto version = x.version();
    row.mutable_data()[0] = 30;
    CHECK(x(1, 0) == 30);
    CHECK(x.version() == version + 1);
  }
  CHECK(row(1, 1) == 6);
  CHECK(row.reshaped({4})(3) == 6);
  CHECK(row.reshaped({4}).rows(1, 2).item() == 4);
}

TEST_CASE("assign, fill and to copy values") {
  const auto x = Tensor<>::zeros({2, 2});
  x.assign(Tensor<>::from({1, 2, 3, 4}, {2, 2}));
  CHECK(x(1, 0) == 3);
  CHECK(x.to<std::int64_t>()(1, 1) == 4);
  x.fill(5);
  CHECK(x(0, 0) == 5);
}

TEST_CASE("a moved-from handle is undefined") {
  auto x = Tensor<>::ones({2});
  const auto y = std::move(x);
  CHECK(y.defined());
  CHECK_FALSE(x.defined());
  CHECK_THROWS_AS(x.shape(), Error);
}

TEST_CASE("wrong use of a tensor is an Error with its shape") {
  const auto x = Tensor<>::zeros({2, 3});
  CHECK_THROWS_WITH_AS(x(2, 0), "Tensor::operator(): index [2, 0] is outside shape [2, 3]", Error);
  CHECK_THROWS_AS(x(0), Error);
  CHECK_THROWS_AS(x.item(), Error);
  CHECK_THROWS_AS(x.rows(1, 3), Error);
  CHECK_THROWS_AS(x.reshaped({5}), Error);
  CHECK_THROWS_AS(x.view(4, {3}), Error);
  CHECK_THROWS_AS(x.assign(Tensor<>::zeros({3, 2})), Error);
  CHECK_THROWS_AS(Tensor<>::from({1, 2}, {3}), Error);
  CHECK_THROWS_AS(Tensor<>::scalar(1).rows(0, 0), Error);
}

TEST_CASE("tensors of a repeated shape take nothing from the system") {
  { const auto warm_up = Tensor<>::zeros({17, 5}); }
  const auto before = allocator_stats().system_allocations;
  for (int i = 0; i < 100; ++i) const auto again = Tensor<>::zeros({17, 5});
  CHECK(allocator_stats().system_allocations == before);
}

TEST_CASE("a list of constants arrives as it is written") {
  const auto x = Tensor<std::int64_t>::from({1, 1, 0, 0});
  for (int i = 0; i < 4; ++i) CHECK(x(i) == (i < 2 ? 1 : 0));
}

namespace {

template <class T>
struct Holder {
  Tensor<float> tensor;
  T clear() {
    tensor = {};
    return T{};
  }
};

}  // namespace

TEST_CASE("assigning gives up what was held: nothing, another tensor, itself") {
  const auto x = Tensor<>::ones({3});
  Holder<int> holder{x};
  holder.clear();
  CHECK_FALSE(holder.tensor.defined());
  CHECK(x.unique());
  Tensor<> y = x;
  y = Tensor<>::ones({2});
  CHECK(x.unique());
  const Tensor<>& same = y;
  y = same;
  CHECK(y.shape() == Shape{2});
  CHECK(y.unique());
}
