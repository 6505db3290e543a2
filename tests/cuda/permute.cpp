// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "cuda/twin.hpp"
//
#include "regimen/core/functors.hpp"
#include "regimen/cpu/embedding.hpp"
#include "regimen/cpu/permute.hpp"

using namespace twin;

TEST_CASE_TEMPLATE("axes in another order", T, float, double, std::int64_t) {
  struct Case {
    Shape sizes;
    std::vector<int> axes;
  };
  const Case cases[] = {{{5, 7}, {1, 0}},
                        {{33, 65}, {1, 0}},
                        {{2, 3, 40, 35}, {0, 2, 1, 3}},
                        {{2, 33, 34}, {0, 2, 1}},
                        {{3, 4, 5}, {2, 0, 1}},
                        {{2, 3, 33, 5}, {3, 1, 0, 2}},
                        {{4, 0, 3}, {1, 2, 0}},
                        {{6}, {0}},
                        {{2, 2, 2, 2, 2}, {4, 2, 3, 0, 1}}};
  for (const auto& c : cases) {
    CAPTURE(c.sizes.to_string());
    const auto x = random<double>(c.sizes).template to<T>();
    CHECK(agree(0, [&](auto device, auto on) {
      const auto from = on(x), out = on(Tensor<T>::zeros({x.size()}));
      kernel::permute(device, c.sizes.rank(), c.sizes.begin(), c.axes.data(), from.data(), out.mutable_data());
      return out;
    }));
  }
}

TEST_CASE("copies and additions with any strides") {
  const auto x = random<float>({60}), y = random<float>({80}, 2);
  const std::int64_t extents[] = {3, 4}, flipped[] = {4, -1}, repeated[] = {0, 1}, wide[] = {20, 2};
  CHECK(agree(0, [&](auto device, auto on) {
    const auto from = on(x), out = on(y.clone());
    kernel::strided_copy(device, 2, extents, from.data() + 3, flipped, out.mutable_data(), wide);
    kernel::strided_add(device, 2, extents, from.data(), repeated, out.mutable_data() + 1, wide);
    return out;
  }));
}

TEST_CASE("what indices name is copied, and added to in their order") {
  const std::int64_t outer = 2, axis = 5, count = 40;
  for (const std::int64_t inner : {1, 3, 70}) {
    const auto table = random<float>({outer, axis, inner}, 1), rows = random<float>({outer, count, inner}, 2);
    const auto indices = Tensor<std::int64_t>::zeros({outer, count, inner});
    for (std::int64_t i = 0; i < indices.size(); ++i) indices.mutable_data()[i] = (i * i + 3) % axis;
    CHECK(agree(0, [&](auto device, auto on) {
      const auto from = on(table), more = on(rows), selected = on(rows.clone()), gathered = on(rows.clone());
      const auto at = on(indices);
      const auto sums = on(table.clone());
      kernel::index_select(device, outer, axis, inner, count, from.data(), at.data(), selected.mutable_data());
      kernel::gather(device, outer, axis, inner, count, from.data(), at.data(), gathered.mutable_data());
      kernel::index_add(device, outer, axis, inner, count, more.data(), at.data(), sums.mutable_data());
      kernel::scatter_add(device, outer, axis, inner, count, more.data(), at.data(), sums.mutable_data());
      const std::int64_t n = rows.size();
      const auto all = on(Tensor<float>::zeros({2 * n + table.size()}));
      float* const to = all.mutable_data();
      kernel::map(device, n, functor::Identity{}, to, selected.data());
      kernel::map(device, n, functor::Identity{}, to + n, gathered.data());
      kernel::map(device, table.size(), functor::Identity{}, to + 2 * n, sums.data());
      return all;
    }));
  }
}

TEST_CASE("the first index outside its range is found") {
  for (const std::int64_t n : {1, 40, 3000}) {
    auto indices = Tensor<std::int64_t>::zeros({n});
    CHECK(kernel::find_out_of_range(Cuda{}, n, up(indices).data(), 1) == -1);
    indices.mutable_data()[n - 1] = 1;
    CHECK(kernel::find_out_of_range(Cuda{}, n, up(indices).data(), 1) == n - 1);
    indices.mutable_data()[n / 2] = -1;
    CHECK(kernel::find_out_of_range(Cuda{}, n, up(indices).data(), 1) == n / 2);
  }
  CHECK(kernel::find_out_of_range(Cuda{}, 0, nullptr, 1) == -1);
}
