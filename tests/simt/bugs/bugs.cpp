// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// Planted bugs, each with a twin that has none.
//
//   bugs           the names
//   bugs NAME      runs a bug: status 0 if nothing was noticed, 1 for a wrong result, 2 for a failed check
//   bugs NAME good runs its twin
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "kernels.cuh"

namespace {

using regimen::cuda::launch;

template <class T>
struct Device {
  T* p = nullptr;
  std::size_t n;
  explicit Device(std::size_t size) : n(size) {
    REGIMEN_CUDA_CHECK(cudaMalloc(&p, n * sizeof(T)));
    REGIMEN_CUDA_CHECK(cudaMemset(p, 0, n * sizeof(T)));
  }
  explicit Device(const std::vector<T>& v) : Device(v.size()) {
    REGIMEN_CUDA_CHECK(cudaMemcpy(p, v.data(), n * sizeof(T), cudaMemcpyHostToDevice));
  }
  std::vector<T> get() const {
    std::vector<T> v(n);
    REGIMEN_CUDA_CHECK(cudaMemcpy(v.data(), p, n * sizeof(T), cudaMemcpyDeviceToHost));
    return v;
  }
};

struct Fixture {
  std::vector<float> x = std::vector<float>(4096);
  std::vector<int> k = std::vector<int>(4096);
  Device<float> dx, y{128};
  Device<int> dk, yk{64};
  Fixture() : dx(fill()), dk(k) {}
  const std::vector<float>& fill() {
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<float>(i * 37 % 101) * 0.25f + 1;
      k[i] = static_cast<int>(i * 31 % 17);
    }
    return x;
  }
  double sum(std::size_t n) const {
    double s = 0;
    for (std::size_t i = 0; i < n; ++i) s += static_cast<double>(x[i]);
    return s;
  }
  int count(std::size_t n) const {
    int s = 0;
    for (std::size_t i = 0; i < n; ++i) s += k[i];
    return s;
  }
};

/// Whether a result differs from expected(i) somewhere.
template <class F>
bool wrong(const std::vector<float>& result, std::size_t n, F expected) {
  for (std::size_t i = 0; i < n; ++i) {
    const double e = static_cast<double>(expected(i));
    if (!(std::abs(static_cast<double>(result[i]) - e) <= 1e-3 * (1 + std::abs(e)))) return true;
  }
  return false;
}

// Each case: whether the result is wrong.
#define CASE(name)     \
  template <bool good> \
  bool name([[maybe_unused]] Fixture& f)

CASE(right_neighbour) {
  launch("right_neighbour", bugs::right_neighbour<good>, {.block = 128}, nullptr, f.dx.p, f.y.p);
  return wrong(f.y.get(), 128, [&](std::size_t t) { return f.x[(t + 1) % 128]; });
}
CASE(left_neighbour) {
  launch("left_neighbour", bugs::left_neighbour<good>, {.block = 128}, nullptr, f.dx.p, f.y.p);
  return wrong(f.y.get(), 128, [&](std::size_t t) { return t > 0 ? f.x[t - 1] : 0.f; });
}
CASE(tile_overwritten) {
  launch("tile_overwritten", bugs::tile_overwritten<good>, {.block = 64}, nullptr, f.dx.p, f.y.p, 5);
  double sum = 0;
  for (std::size_t i = 0; i < 320; ++i) sum += static_cast<double>(f.x[i]) * static_cast<double>(i % 64 + 1);
  return wrong(f.y.get(), 64, [&](std::size_t) { return sum; });
}
CASE(scratch_reused) {
  launch("scratch_reused", bugs::scratch_reused<good>, {.block = 128}, nullptr, f.dx.p, f.y.p);
  double sum = 0;
  for (std::size_t i = 0; i < 128; ++i) sum += static_cast<double>(f.x[i] + f.x[i] * f.x[i]);
  return wrong(f.y.get(), 128, [&](std::size_t) { return sum; });
}
CASE(no_syncwarp) {
  launch("no_syncwarp", bugs::no_syncwarp<good>, {.block = 32}, nullptr, f.dx.p, f.y.p);
  return wrong(f.y.get(), 32, [&](std::size_t t) { return f.x[31 - t]; });
}
CASE(tree_step) {
  launch("tree_step", bugs::tree_step<good>, {.block = 128}, nullptr, f.dx.p, f.y.p);
  return wrong(f.y.get(), 1, [&](std::size_t) { return f.sum(128); });
}
CASE(divergent_barrier) {
  launch("divergent_barrier", bugs::divergent_barrier<good>, {.block = 64}, nullptr, f.y.p);
  return wrong(f.y.get(), 64, [](std::size_t t) { return t; });
}
CASE(deadlock) {
  launch("deadlock", bugs::deadlock<good>, {.block = 64}, nullptr, f.dx.p, f.y.p);
  return wrong(f.y.get(), 64, [&](std::size_t t) { return f.x[t] + f.x[t ^ 16]; });
}
CASE(early_return) {
  launch("early_return", bugs::early_return<good>, {.block = 32}, nullptr, f.dx.p, f.y.p, 20);
  return wrong(f.y.get(), 1, [&](std::size_t) { return f.sum(20); });
}
CASE(outside_mask) {
  launch("outside_mask", bugs::outside_mask<good>, {.block = 32}, nullptr, f.dx.p, f.y.p);
  return wrong(f.y.get(), 8, [&](std::size_t t) { return f.x[t] + f.x[t + 8]; });
}
CASE(grid_barrier) {
  launch("grid_barrier", bugs::grid_barrier<>, {.grid = 4, .block = 32, .cooperative = good}, nullptr, f.dx.p, f.y.p);
  return wrong(f.y.get(), 4, [&](std::size_t t) { return f.x[t]; });
}
CASE(add_in_block) {
  launch("add_in_block", bugs::add_in_block<good>, {.block = 128}, nullptr, f.dk.p, f.yk.p);
  return f.yk.get()[0] != f.count(128);
}
CASE(add_between_blocks) {
  launch("add_between_blocks", bugs::add_between_blocks<good>, {.grid = 64, .block = 64}, nullptr, f.dk.p, f.yk.p);
  return f.yk.get()[0] != f.count(64);
}
CASE(block_order) {
  launch("block_order", bugs::block_order<good>, {.grid = 64, .block = 32}, nullptr, f.yk.p);
  const auto result = f.yk.get();
  for (std::size_t i = 0; i < 64; ++i)
    if (result[i] != static_cast<int>(i)) return true;
  return false;
}
CASE(last_block) {
  Device<float> part(8);
  Device<unsigned> count(1);
  launch("last_block", bugs::last_block<good>, {.grid = 8, .block = 128}, nullptr, f.dx.p, part.p, count.p, f.y.p);
  return wrong(f.y.get(), 1, [&](std::size_t) { return f.sum(1024); });
}
CASE(float_atomics) {  // the same bits in every order?
  std::vector<float> z(2048);
  for (std::size_t i = 0; i < z.size(); ++i) z[i] = std::sin(static_cast<float>(i) * 1.7f) * 100;
  const Device<float> dz(z);
  float first = 0;
  for (unsigned seed = 0; seed < 6; ++seed) {
    simt::config().order = seed == 0 ? simt::Order::forward : simt::Order::random;
    simt::config().seed = seed;
    const Device<float> sum(1);
    launch("float_atomics", bugs::float_atomics<good>, {.grid = 32, .block = 64}, nullptr, dz.p, sum.p);
    const float result = sum.get()[0];
    if (seed == 0) first = result;
    if (std::memcmp(&result, &first, sizeof result) != 0) return true;
  }
  return false;
}
CASE(unwritten) {
  launch("unwritten", bugs::unwritten<good>, {.block = 64}, nullptr, f.dx.p, f.y.p);
  return wrong(f.y.get(), 64, [&](std::size_t) { return f.sum(64); });
}
CASE(unwritten_counters) {
  launch("unwritten_counters", bugs::unwritten_counters<good>, {.block = 64}, nullptr, f.dk.p, f.yk.p);
  int counts[8] = {};
  for (std::size_t i = 0; i < 64; ++i) ++counts[f.k[i] & 7];
  return std::memcmp(f.yk.get().data(), counts, sizeof counts) != 0;
}
CASE(async_copy) {
  launch("async_copy", bugs::async_copy<good>, {.block = 32}, nullptr, f.dx.p, f.y.p);
  return wrong(f.y.get(), 32, [&](std::size_t t) { return f.x[4 * (31 - t)] + f.x[4 * (31 - t) + 3]; });
}
CASE(too_much_shared) {
  launch("too_much_shared", bugs::too_much_shared<good>, {.block = 32}, nullptr, f.y.p);
  return wrong(f.y.get(), 32, [](std::size_t) { return 1; });
}
CASE(misaligned) {
  launch("misaligned", bugs::misaligned<good>, {.block = 32}, nullptr, f.dx.p, f.y.p);
  return false;
}
CASE(shared_end) {
  launch("shared_end", bugs::shared_end<good>, {.block = 32}, nullptr, f.dx.p, f.y.p);
  return wrong(f.y.get(), 32, [&](std::size_t t) { return f.x[t]; });
}
CASE(shared_index) {
  launch("shared_index", bugs::shared_index<good>, {.block = 32}, nullptr, f.dx.p, f.y.p);
  return wrong(f.y.get(), 32, [&](std::size_t t) { return f.x[t]; });
}
CASE(inner_index) {
  launch("inner_index", bugs::inner_index<good>, {.block = 64}, nullptr, f.dx.p, f.y.p);
  return false;
}
CASE(dynamic_end) {
  const std::size_t bytes = good ? 512 : 508;
  launch("dynamic_end", bugs::dynamic_end<>, {.block = 128, .shared_bytes = bytes}, nullptr, f.dx.p, f.y.p);
  return wrong(f.y.get(), 128, [&](std::size_t t) { return f.x[t]; });
}
CASE(device_end) {
  Device<float> z(100);
  launch("device_end", bugs::device_end<good>, {.block = 128}, nullptr, f.dx.p, z.p, 100);
  return wrong(z.get(), 100, [&](std::size_t t) { return f.x[t]; });
}
CASE(overflow) {
  launch("overflow", bugs::overflow<good>, {.block = 1}, nullptr, f.dx.p, f.y.p, 50257);
  REGIMEN_CUDA_CHECK(cudaDeviceSynchronize());
  return false;
}

// Host code.

CASE(host_reads_device) {
  volatile const float* p = f.y.p;
  return (good ? f.y.get()[3] : p[3]) != 0;
}
CASE(device_reads_host) {
  launch("device_reads_host", bugs::right_neighbour<true>, {.block = 128}, nullptr, good ? f.dx.p : f.x.data(), f.y.p);
  return wrong(f.y.get(), 128, [&](std::size_t t) { return f.x[(t + 1) % 128]; });
}
CASE(use_after_free) {
  const Device<float> z(128);
  if constexpr (!good) REGIMEN_CUDA_CHECK(cudaFree(z.p));
  launch("use_after_free", bugs::right_neighbour<true>, {.block = 128}, nullptr, f.dx.p, z.p);
  REGIMEN_CUDA_CHECK(cudaDeviceSynchronize());
  return false;
}
CASE(no_synchronize) {
  cudaStream_t stream = nullptr;
  REGIMEN_CUDA_CHECK(cudaStreamCreate(&stream));
  std::vector<float> host(128, -1.f);
  launch("no_synchronize", bugs::right_neighbour<true>, {.block = 128}, stream, f.dx.p, f.y.p);
  REGIMEN_CUDA_CHECK(cudaMemcpyAsync(host.data(), f.y.p, 512, cudaMemcpyDeviceToHost, stream));
  if constexpr (good) REGIMEN_CUDA_CHECK(cudaStreamSynchronize(stream));
  const bool result = wrong(host, 128, [&](std::size_t t) { return f.x[(t + 1) % 128]; });
  REGIMEN_CUDA_CHECK(cudaStreamDestroy(stream));
  return result;
}
CASE(no_wait_event) {  // stream b uses what stream a makes
  cudaStream_t a = nullptr, b = nullptr;
  cudaEvent_t made = nullptr;
  REGIMEN_CUDA_CHECK(cudaStreamCreate(&a));
  REGIMEN_CUDA_CHECK(cudaStreamCreate(&b));
  REGIMEN_CUDA_CHECK(cudaEventCreate(&made));
  Device<float> z(128);
  launch("no_wait_event", bugs::right_neighbour<true>, {.block = 128}, a, f.dx.p, f.y.p);
  REGIMEN_CUDA_CHECK(cudaEventRecord(made, a));
  if constexpr (good) REGIMEN_CUDA_CHECK(cudaStreamWaitEvent(b, made));
  launch("no_wait_event", bugs::right_neighbour<true>, {.block = 128}, b, f.y.p, z.p);
  REGIMEN_CUDA_CHECK(cudaStreamSynchronize(b));
  return wrong(z.get(), 128, [&](std::size_t t) { return f.x[(t + 2) % 128]; });
}

struct Case {
  const char* name;
  bool (*bad)(Fixture&);
  bool (*good)(Fixture&);
};
#define ROW(name) \
  { #name, &name < false>, &name < true> }
const Case cases[] = {
    ROW(right_neighbour), ROW(left_neighbour),    ROW(tile_overwritten),   ROW(scratch_reused),    ROW(no_syncwarp),
    ROW(tree_step),       ROW(divergent_barrier), ROW(deadlock),           ROW(early_return),      ROW(outside_mask),
    ROW(grid_barrier),    ROW(add_in_block),      ROW(add_between_blocks), ROW(block_order),       ROW(last_block),
    ROW(float_atomics),   ROW(unwritten),         ROW(unwritten_counters), ROW(async_copy),        ROW(too_much_shared),
    ROW(misaligned),      ROW(shared_end),        ROW(shared_index),       ROW(inner_index),       ROW(dynamic_end),
    ROW(device_end),      ROW(overflow),          ROW(host_reads_device),  ROW(device_reads_host), ROW(use_after_free),
    ROW(no_synchronize),  ROW(no_wait_event),
};

}  // namespace

int main(int argc, char** argv) {
  for (const Case& c : cases) {
    if (argc < 2) std::puts(c.name);
    if (argc < 2 || std::strcmp(argv[1], c.name) != 0) continue;
    try {
      Fixture f;
      return (argc > 2 ? c.good : c.bad)(f) ? 1 : 0;
    } catch (const std::exception& e) {
      std::fprintf(stderr, "%s\n", e.what());
      return 2;
    }
  }
  return argc < 2 ? 0 : 64;
}
