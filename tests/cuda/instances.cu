// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// Every kernel in the forms that a program makes of it: compiled by nvcc (nvcc.py), and run by nobody.
#include "regimen/core/functors.hpp"
#include "regimen/cuda.cuh"
#include "regimen/ops/functors.hpp"
using namespace regimen;
template <class T>
void all() {
  const T* a = nullptr;
  T* b = nullptr;
  const std::int64_t* i = nullptr;
  std::int64_t* j = nullptr;
  const std::int64_t s[] = {2, 3};
  const int axes[] = {1, 0};
  kernel::map(Cuda{}, 3, functor::Exp{}, b, a);
  kernel::map(Cuda{}, 3, functor::Add{}, b, a, a);
  kernel::fill(Cuda{}, 3, T{1}, b);
  kernel::convert(Cuda{}, 3, a, j);
  kernel::broadcast_map(Cuda{}, 2, s, functor::Add{}, b, kernel::Strided<T>{a, s}, kernel::Strided<T>{a, s});
  kernel::sum(Cuda{}, 1, 2, 3, a, b);
  kernel::sum_squares(Cuda{}, 1, 2, 3, a, b);
  kernel::dot(Cuda{}, 1, 2, 3, a, a, b);
  kernel::max(Cuda{}, 1, 2, 3, a, b);
  kernel::min(Cuda{}, 1, 2, 3, a, b);
  kernel::argmax(Cuda{}, 1, 2, 3, a, j);
  kernel::argmin(Cuda{}, 1, 2, 3, a, j);
  kernel::softmax(Cuda{}, 1, 2, a, b);
  kernel::log_softmax(Cuda{}, 1, 2, a, b);
  kernel::logsumexp(Cuda{}, 1, 2, a, b);
  kernel::softmax_backward(Cuda{}, 1, 2, a, a, b);
  kernel::log_softmax_backward(Cuda{}, 1, 2, a, a, b);
  kernel::cross_entropy(Cuda{}, 1, 2, a, i, {}, b, b);
  kernel::cross_entropy_backward(Cuda{}, 1, 2, a, i, {}, a, a, b);
  kernel::cross_entropy_soft(Cuda{}, 1, 2, a, a, b, b);
  kernel::cross_entropy_soft_backward(Cuda{}, 1, 2, a, a, a, a, b);
  kernel::gemm<T>(Cuda{}, false, false, 1, 2, 3, a, 1, a, 1, b, 1);
  kernel::permute(Cuda{}, 2, s, axes, a, b);
  kernel::strided_add(Cuda{}, 2, s, a, s, b, s);
  kernel::index_select(Cuda{}, 1, 2, 3, 4, a, i, b);
  kernel::index_add(Cuda{}, 1, 2, 3, 4, a, i, b);
  kernel::gather(Cuda{}, 1, 2, 3, 4, a, i, b);
  kernel::scatter_add(Cuda{}, 1, 2, 3, 4, a, i, b);
}
int main() {
  all<float>();
  all<double>();
  return static_cast<int>(kernel::find_out_of_range(Cuda{}, 0, nullptr, 1));
}
