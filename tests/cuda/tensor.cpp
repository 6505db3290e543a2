// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "cuda/twin.hpp"
//
#include <stdexcept>
#include <string>
#include <thread>

#include "regimen/autodiff/grad.hpp"
#include "regimen/loss/mse.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/linear.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/softmax.hpp"
#include "regimen/ops/unary.hpp"
#include "simt/simt.hpp"

using namespace twin;

TEST_CASE("tensors come from the host, go back, and are read element by element") {
  const auto x = random<double>({3, 4});
  const auto there = up(x);
  CHECK(close(there, x));
  CHECK(there(1, 2) == x(1, 2));
  CHECK(close(there.clone(), x));
  CHECK(close(there.rows(1, 3), x.rows(1, 3).clone()));
  CHECK(close(there.reshaped({12}), x.reshaped({12}).clone()));
  CHECK(Tensor<float, Cuda>::scalar(2.5f).item() == 2.5f);
  CHECK(up(Tensor<float>::zeros({0, 3})).shape() == Shape{0, 3});
  const auto part = there.rows(0, 1);
  part.assign(up(x.rows(2, 3).clone()));
  CHECK(close(there.rows(0, 1), x.rows(2, 3).clone()));
}

TEST_CASE("a tensor's memory goes back to the cache of its context, and is used again") {
  cuda::Context& context = cuda::Context::current();
  const auto work = [] {
    const auto x = Tensor<float, Cuda>::ones({1000});
    return (x * x + x).shape();
  };
  work();
  const auto before = context.stats();
  work();
  const auto after = context.stats();
  CHECK(after.requests > before.requests);
  CHECK(after.system_allocations == before.system_allocations);
  context.release_cached_memory();
  CHECK(context.stats().cached_bytes == 0);
}

TEST_CASE("threads have streams of their own, and tensors may outlive the thread that made them") {
  Tensor<float, Cuda> x;
  cudaStream_t other = nullptr;
  std::thread([&] {
    x = Tensor<float, Cuda>::full({33}, 3);
    cuda::synchronize();
    other = cuda::Context::current().stream();
  }).join();
  CHECK(other != cuda::Context::current().stream());
  CHECK(close(x * x, Tensor<float>::full({33}, 9)));
  x = {};
}

namespace {

/// Losses and gradients of first and second order of a small network.
template <class T, class Device, class On>
Tensor<T, Device> train_step(const On& on) {
  using X = Tensor<T, Device>;
  const X w1 = variable(on(random<T>({16, 2}, 1))), b1 = variable(on(random<T>({16}, 2)));
  const X w2 = variable(on(random<T>({3, 16}, 3))), x = on(random<T>({32, 2}, 4)), t = on(random<T>({32, 3}, 5));
  const X h = tanh(linear(x, w1, b1));
  const X y = linear(linear(x, w1, b1, Activation::relu) * h + exp(-h) / (h * h + T{1}), w2, X());
  const X p = softmax(y, -1);
  const X loss = mean(square(p - t)) + mse(y, t) + max(matmul(y, p, {.transpose_a = true}));
  const auto first = grad(loss, {w1, b1, w2}, {.create_graph = true});
  const auto second = grad(sum(square(first[0])) + sum(square(first[2])), {w1, b1, w2});
  return concat({reshape(loss, Shape{1}), reshape(first[0], Shape{32}), first[1], reshape(first[2], Shape{48}),
                 reshape(second[0], Shape{32}), second[1], reshape(second[2], Shape{48})},
                0)
      .detach();
}

}  // namespace

TEST_CASE_TEMPLATE("gradients of first and second order are those of the CPU", T, float, double) {
  const auto here = train_step<T, Cpu>([](const auto& v) { return v; });
  const auto there = train_step<T, Cuda>([](const auto& v) { return up(v); });
  CHECK(close(there, here, rounding<T> * 100));
}

TEST_CASE("a device that is not there is refused, and the one in use is kept") {
  const cudaStream_t stream = cuda::Context::current().stream();
  cuda::use_device(0);
  CHECK(cuda::Context::current().stream() == stream);
  CHECK_THROWS_AS(cuda::use_device(7), Error);
  CHECK(cuda::Context::current().stream() == stream);
  for (const bool allowed : {true, false}) cuda::allow_tf32(allowed);
}

TEST_CASE("without a GPU there is one Error that says so") {
  simt::config().devices = 0;
  std::string message;
  std::thread([&] {
    try {
      Tensor<float, Cuda>::zeros({1});
    } catch (const Error& error) {
      message = error.what();
    }
  }).join();
  simt::config().devices = 1;
  CHECK(message.find("Cuda: no NVIDIA GPU was found") == 0);
  CHECK_FALSE(cuda::device_count() == 0);
}
