// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// The harness that runs CUDA kernels on the CPU.
#include <cublas_v2.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "kernels.cuh"

using regimen::cuda::launch;

namespace {

template <class T>
class Device {
 public:
  explicit Device(std::size_t n) : n_(n) { REGIMEN_CUDA_CHECK(cudaMalloc(&p_, n * sizeof(T))); }
  explicit Device(const std::vector<T>& v) : Device(v.size()) {
    REGIMEN_CUDA_CHECK(cudaMemcpy(p_, v.data(), n_ * sizeof(T), cudaMemcpyHostToDevice));
  }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  ~Device() { cudaFree(p_); }
  operator T*() const { return p_; }
  std::vector<T> get() const {
    std::vector<T> v(n_);
    REGIMEN_CUDA_CHECK(cudaMemcpy(v.data(), p_, n_ * sizeof(T), cudaMemcpyDeviceToHost));
    return v;
  }

 private:
  T* p_ = nullptr;
  std::size_t n_;
};

/// Puts the configuration back when it goes.
struct Keep {
  simt::Config old = simt::config();
  ~Keep() { simt::config() = old; }
};

struct Stream {
  cudaStream_t handle = nullptr;
  explicit Stream(unsigned flags = cudaStreamNonBlocking) {
    REGIMEN_CUDA_CHECK(cudaStreamCreateWithFlags(&handle, flags));
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { cudaStreamDestroy(handle); }
  operator cudaStream_t() const { return handle; }
};
struct Event {
  cudaEvent_t handle = nullptr;
  Event() { REGIMEN_CUDA_CHECK(cudaEventCreate(&handle)); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { cudaEventDestroy(handle); }
  operator cudaEvent_t() const { return handle; }
};

/// The text of what f throws, "" if nothing.
template <class F>
std::string thrown(F f) {
  try {
    f();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "";
}
bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

std::vector<float> sequence(std::size_t n) {
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = std::sin(static_cast<float>(i) * 1.7f) * 10;
  return x;
}

}  // namespace

TEST_CASE("every thread of a grid runs once, whatever the shape") {
  const regimen::cuda::LaunchSize sizes[] = {{.grid = 1, .block = 1},
                                             {.grid = 3, .block = 1024},
                                             {.grid = {5, 3, 2}, .block = {7, 3, 2}},
                                             {.grid = 1000, .block = {1, 33, 1}}};
  for (const auto& size : sizes) {
    const std::size_t n =
        std::size_t{size.grid.x} * size.grid.y * size.grid.z * size.block.x * size.block.y * size.block.z;
    const Device<unsigned> y(n);
    launch("number", trial::number<>, size, nullptr, y);
    std::vector<unsigned> numbers(n);
    std::iota(numbers.begin(), numbers.end(), 0u);
    CHECK(y.get() == numbers);
  }
}

TEST_CASE("warp collectives") {
  const Device<int> y(14 * 32);
  launch("collectives", trial::collectives<>, {.grid = 1, .block = 32}, nullptr, y);
  const auto result = y.get();
  for (int lane = 0; lane < 32; ++lane) {
    const int expected[14] = {
        105,
        100 + (lane + 1) % 32,
        100 + lane / 8 * 8 + 1,
        100 + (lane < 3 ? lane : lane - 3),
        100 + (lane % 16 + 3 < 16 ? lane + 3 : lane),
        100 + (lane ^ 6),
        0x49249249,
        1,
        1,
        static_cast<int>(0xffu << lane / 8 * 8),
        496,
        0,
        100 + (lane < 16 ? lane ^ 1 : lane ^ 2),
        1,
    };
    for (int row = 0; row < 14; ++row) {
      CAPTURE(row);
      CAPTURE(lane);
      CHECK(result[static_cast<std::size_t>(row * 32 + lane)] == expected[row]);
    }
  }
}

TEST_CASE("barriers count, and threads that have left do not hold others up") {
  const Device<int> y(3);
  launch("barriers", trial::barriers<>, {.grid = 1, .block = 50}, nullptr, y);
  CHECK(y.get() == std::vector<int>{10, 1, 1});
}

TEST_CASE_TEMPLATE("atomics", T, int, unsigned, unsigned long long) {
  const Device<T> y(std::vector<T>{0, 0, 1000, 0, 0, 0, 0});
  // The loop around atomicCAS starts from a plain read, which is a race.
  if (simt::race_check()) return;
  launch("atomics", trial::atomics<T>, {.grid = 10, .block = 100}, nullptr, y);
  T exclusive_or = 0;
  for (unsigned i = 0; i < 1000; ++i) exclusive_or ^= static_cast<T>(i);
  CHECK(y.get() == std::vector<T>{499500, 999, 0, 0xffff, exclusive_or, 2000, 3});
}

TEST_CASE("a fixed tree gives the same bits in every order, and on several OS threads") {
  const Keep keep;
  const std::size_t n = 20003;
  const Device<float> x(sequence(n)), y(79);
  std::vector<float> first;
  for (unsigned seed = 0; seed < 6; ++seed) {
    simt::config().order = seed == 0 ? simt::Order::forward : seed == 1 ? simt::Order::reverse : simt::Order::random;
    simt::config().seed = seed;
    simt::config().threads = 1 + seed % 3;
    launch("block_sums", trial::block_sums<>, {.grid = 79, .block = 256}, nullptr, x, y, n);
    const auto result = y.get();
    if (seed == 0) first = result;
    CHECK(std::memcmp(result.data(), first.data(), result.size() * sizeof(float)) == 0);
  }
}

TEST_CASE("dynamic shared memory above 48 KiB, filled by asynchronous copies") {
  const auto x = sequence(20000);
  const Device<float> dx(x), y(x.size());
  launch("reverse", trial::reverse<>, {.grid = 1, .block = 96, .shared_bytes = 80000}, nullptr, dx, y, 20000);
  const auto result = y.get();
  CHECK(std::equal(result.begin(), result.end(), x.rbegin()));
  const auto text = thrown([&] {
    launch("reverse", trial::reverse<>, {.grid = 1, .block = 96, .shared_bytes = 200000}, nullptr, dx, y, 20000);
  });
  CHECK(text == "reverse: invalid argument (cudaErrorInvalidValue)");
  CHECK(cudaGetLastError() == cudaSuccess);
}

TEST_CASE("a cooperative launch waits for the whole grid") {
  const Device<unsigned> part(7), y(7);
  launch("grid_total", trial::grid_total<>, {.grid = 7, .block = 33, .cooperative = true}, nullptr, part, y);
  CHECK(y.get() == std::vector<unsigned>(7, 28));
}

TEST_CASE("the tensor core's twin multiplies tiles") {
  std::vector<__nv_bfloat16> a(256), b(128);
  for (std::size_t i = 0; i < 256; ++i) a[i] = static_cast<float>(i * 7 % 23) - 11;
  for (std::size_t i = 0; i < 128; ++i) b[i] = static_cast<float>(i * 5 % 17) - 8;
  const Device<__nv_bfloat16> da(a), db(b);
  const Device<float> c(128);
  launch("tile_product", trial::tile_product<>, {.grid = 1, .block = 32}, nullptr, da, db, c);
  const auto result = c.get();
  for (std::size_t i = 0; i < 16; ++i)
    for (std::size_t j = 0; j < 8; ++j) {
      float sum = 0;
      for (std::size_t k = 0; k < 16; ++k) sum += static_cast<float>(a[i * 16 + k]) * static_cast<float>(b[j * 16 + k]);
      CHECK(result[i * 8 + j] == sum);
    }
}

TEST_CASE("bfloat16 and half round to the nearest, ties to even") {
  CHECK(__bfloat16_as_ushort(__float2bfloat16(1.0f)) == 0x3f80);
  CHECK(__bfloat16_as_ushort(__float2bfloat16(1.0f + 0x1p-8f)) == 0x3f80);
  CHECK(__bfloat16_as_ushort(__float2bfloat16(1.0f + 3 * 0x1p-8f)) == 0x3f82);
  CHECK(__bfloat16_as_ushort(__float2bfloat16(1.0f + 0x1p-8f + 0x1p-20f)) == 0x3f81);
  CHECK(__bfloat16_as_ushort(__float2bfloat16(std::numeric_limits<float>::max())) == 0x7f80);
  CHECK(__bfloat16_as_ushort(__float2bfloat16(std::numeric_limits<float>::quiet_NaN())) == 0x7fff);
  CHECK(__half_as_ushort(__float2half(65504.0f)) == 0x7bff);
  CHECK(__half_as_ushort(__float2half(65519.9f)) == 0x7bff);
  CHECK(__half_as_ushort(__float2half(65520.0f)) == 0x7c00);
  CHECK(__half_as_ushort(__float2half(-0.0f)) == 0x8000);
  CHECK(__half_as_ushort(__float2half(0x1p-24f)) == 1);
  CHECK(__half_as_ushort(__float2half(0x1p-25f)) == 0);
  CHECK(__half_as_ushort(__float2half(3 * 0x1p-25f)) == 2);
  CHECK(__half_as_ushort(__float2half(1.0f + 0x1p-11f)) == 0x3c00);
  CHECK(__half_as_ushort(__float2half(1.0f + 3 * 0x1p-11f)) == 0x3c02);
  CHECK(__half_as_ushort(__double2half(1.0 + 0x1p-11 + 0x1p-40)) == 0x3c01);  // a float in between would lose it
  unsigned changed = 0;                                                       // by the way to float and back
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const auto a = __ushort_as_half(static_cast<unsigned short>(bits));
    const auto b = __ushort_as_bfloat16(static_cast<unsigned short>(bits));
    changed += !__hisnan(a) && __half_as_ushort(__float2half(__half2float(a))) != bits;
    changed += !__hisnan(b) && __bfloat16_as_ushort(__float2bfloat16(__bfloat162float(b))) != bits;
  }
  CHECK(changed == 0);
  const __half third = __float2half(1.0f / 3);
  CHECK(__half2float(__hfma(third, third, third)) == __half2float(__float2half(0.44433594f)));
  CHECK(__half2float(third + third) == 2 * __half2float(third));
  const __nv_bfloat162 pair = __floats2bfloat162_rn(1.0f, 2.5f);
  CHECK(__low2float(__hmul2(pair, pair)) == 1);
  CHECK(__high2float(__hmul2(pair, pair)) == 6.25f);
}

TEST_CASE("bits and integers") {
  CHECK(__popc(0xf0f0u) == 8);
  CHECK(__clz(1) == 31);
  CHECK(__clz(0) == 32);
  CHECK(__ffs(0) == 0);
  CHECK(__ffs(8) == 4);
  CHECK(__brev(1u) == 0x80000000u);
  CHECK(__umulhi(0xffffffffu, 0xffffffffu) == 0xfffffffeu);
  CHECK(__umul64hi(~0ull, ~0ull) == ~0ull - 1);
  CHECK(__funnelshift_l(0x80000001u, 2u, 1) == 5u);
  CHECK(rsqrtf(4.0f) == 0.5f);
}

TEST_CASE("fresh device memory is NaN, and memory in use is counted") {
  const auto before = simt::memory();
  {
    const Device<float> y(3);
    for (float v : y.get()) CHECK(std::isnan(v));
    CHECK(simt::memory().bytes == before.bytes + 12);
    CHECK(simt::memory().blocks == before.blocks + 1);
  }
  CHECK(simt::memory().bytes == before.bytes);
  CHECK(simt::memory().allocations == before.allocations + 1);
  void* p = &p;
  CHECK(cudaMalloc(&p, 0) == cudaSuccess);
  CHECK(p == nullptr);
  CHECK(cudaMalloc(&p, std::size_t{1} << 50) == cudaErrorMemoryAllocation);
  CHECK(cudaFree(&p) == cudaErrorInvalidValue);
  CHECK(cudaGetLastError() == cudaErrorInvalidValue);
  CHECK(cudaGetLastError() == cudaSuccess);
}

TEST_CASE("copies are checked") {
  const Device<float> y(4);
  float host[8] = {};
  CHECK(cudaMemcpy(y, host, 16, cudaMemcpyHostToDevice) == cudaSuccess);
  CHECK(cudaMemcpy(y, host, 20, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
  CHECK(cudaMemcpy(y + 1, host, 16, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
  CHECK(cudaMemcpy(y, host, 16, cudaMemcpyDeviceToHost) == cudaErrorInvalidMemcpyDirection);
  CHECK(cudaMemcpy(host, y, 16, cudaMemcpyDefault) == cudaSuccess);
  CHECK(cudaMemset(host, 0, 16) == cudaErrorInvalidValue);
  static_cast<void>(cudaGetLastError());
  CHECK(has(thrown([&] { REGIMEN_CUDA_CHECK(cudaMemset(y, 0, 17)); }),
            "cudaMemset(y, 0, 17): invalid argument (cudaErrorInvalidValue) at "));
}

TEST_CASE("wrong launches are refused") {
  const Device<unsigned> y(4);
  CHECK(has(thrown([&] { launch("number", trial::number<>, {.grid = 1, .block = 1025}, nullptr, y); }),
            "number: a block of 1025 x 1 x 1 threads; "));
  CHECK(has(thrown([&] {
              launch("number", trial::number<>, {.grid = {1, 65536}, .block = 1}, nullptr, y);
            }),
            "number: a grid of 1 x 65536 x 1 blocks; "));
  const auto before = simt::launches()["number"];
  launch("number", trial::number<>, {.grid = 0, .block = 4}, nullptr, y);
  CHECK(simt::launches()["number"] == before);
  launch("number", trial::number<>, {.grid = 1, .block = 4}, nullptr, y);
  REGIMEN_CUDA_CHECK(cudaDeviceSynchronize());
  CHECK(simt::launches()["number"] == before + 1);
  CHECK(regimen::cuda::block_count(1025, 256) == 5);
  CHECK(regimen::cuda::block_count(0, 256) == 0);
  CHECK(regimen::cuda::block_count(1 << 20, 256, 100) == 100);
}

TEST_CASE("a failed check names kernel, block, thread, file and line") {
  const Device<float> y(32);
  const auto text = thrown([&] {
    launch("wait_for_nobody", trial::wait_for_nobody<>, {.grid = {1, 2}, .block = 32}, nullptr, y);
    REGIMEN_CUDA_CHECK(cudaDeviceSynchronize());
  });
  CHECK(has(text, "kernel wait_for_nobody, block (0,"));
  CHECK(has(text, "kernels.cuh:"));
  CHECK(has(text, "__shfl_xor_sync"));
  CHECK(has(text, "exited"));
  launch("add", trial::add<float>, {.grid = 1, .block = 32}, nullptr, y, 1.f, 32);  // and the next launch runs
  REGIMEN_CUDA_CHECK(cudaDeviceSynchronize());
}

TEST_CASE("the race check finds races, ends and host memory") {
  if (!simt::race_check()) return;
  const Device<float> y(8);
  const auto found = [&](auto run) {
    return thrown([&] {
      run();
      REGIMEN_CUDA_CHECK(cudaDeviceSynchronize());
    });
  };
  const auto race = found([&] { launch("race", trial::race<>, {.grid = 1, .block = 2}, nullptr, y); });
  CHECK(has(race, "kernel race, block (0,0,0), thread (1,0,0), "));
  CHECK(has(race, "kernels.cuh:"));
  CHECK(has(race, "race: writes device memory that thread 0 of block 0 writes at "));
  CHECK(has(found([&] { launch("race", trial::race<>, {.grid = 2, .block = 1}, nullptr, y); }), "race: writes"));
  CHECK(found([&] { launch("race", trial::race<>, {.grid = 1, .block = 1}, nullptr, y); }).empty());
  CHECK(has(found([&] { launch("past_the_end", trial::past_the_end<>, {.grid = 1, .block = 1}, nullptr, y, 8); }),
            "writes 4 bytes outside device memory"));
  std::vector<float> host(8);
  CHECK(has(found([&] { launch("race", trial::race<>, {.grid = 1, .block = 1}, nullptr, host.data()); }),
            "writes host memory"));
  const Device<int> k(32);
  CHECK(found([&] { launch("part", trial::part_of_a_warp<4, 0>, {.grid = 1, .block = 32}, nullptr, k); }).empty());
  CHECK(has(found([&] { launch("part", trial::part_of_a_warp<4, 1>, {.grid = 1, .block = 32}, nullptr, k); }),
            "thread (3,0,0)"));
  CHECK(found([&] { launch("part", trial::part_of_a_warp<32, 1>, {.grid = 1, .block = 32}, nullptr, k); }).empty());
  CHECK(found([&] { launch("pairs", trial::pairs<>, {.grid = 1, .block = 32}, nullptr, k); }).empty());
  float* pinned = nullptr;
  REGIMEN_CUDA_CHECK(cudaMallocHost(&pinned, 32));
  CHECK(found([&] { launch("race", trial::race<>, {.grid = 1, .block = 1}, nullptr, pinned); }).empty());
  CHECK(cudaFreeHost(pinned) == cudaSuccess);
}

TEST_CASE("lazy streams run when someone waits") {
  const Keep keep;
  simt::config().lazy = true;
  simt::config().stream_seed = 0;
  const Stream a, b;
  const Event ready;
  const Device<int> y(std::vector<int>{1, 1, 1, 1});
  std::vector<int> host(4);
  launch("add", trial::add<int>, {.grid = 1, .block = 4}, a, y, 5, 4);
  REGIMEN_CUDA_CHECK(cudaEventRecord(ready, a));
  CHECK(cudaEventQuery(ready) == cudaErrorNotReady);
  REGIMEN_CUDA_CHECK(cudaStreamWaitEvent(b, ready));
  REGIMEN_CUDA_CHECK(cudaMemcpyAsync(host.data(), y, 16, cudaMemcpyDeviceToHost, b));
  CHECK(host[0] == 0);
  REGIMEN_CUDA_CHECK(cudaStreamSynchronize(b));
  CHECK(host == std::vector<int>{6, 6, 6, 6});
  CHECK(cudaEventQuery(ready) == cudaSuccess);

  REGIMEN_CUDA_CHECK(cudaMemsetAsync(y, 0, 16, a));  // without an event the other stream comes first
  REGIMEN_CUDA_CHECK(cudaMemcpyAsync(host.data(), y, 16, cudaMemcpyDeviceToHost, b));
  REGIMEN_CUDA_CHECK(cudaStreamSynchronize(b));
  CHECK(host == std::vector<int>{6, 6, 6, 6});
  CHECK(cudaStreamQuery(a) == cudaSuccess);
  REGIMEN_CUDA_CHECK(cudaDeviceSynchronize());
  CHECK(y.get() == std::vector<int>(4));
}

TEST_CASE("the default stream is ordered against blocking streams") {
  const Keep keep;
  simt::config().lazy = true;
  const Stream a(cudaStreamDefault);
  const Device<int> y(std::vector<int>{1});
  launch("add", trial::add<int>, {.grid = 1, .block = 1}, a, y, 5, 1);
  launch("add", trial::add<int>, {.grid = 1, .block = 1}, nullptr, y, 5, 1);
  CHECK(y.get()[0] == 11);
}

TEST_CASE("handles that are gone are refused") {
  cudaStream_t stream = nullptr;
  REGIMEN_CUDA_CHECK(cudaStreamCreate(&stream));
  CHECK(cudaStreamDestroy(stream) == cudaSuccess);
  CHECK(cudaStreamSynchronize(stream) == cudaErrorInvalidResourceHandle);
  cudaEvent_t event = nullptr;
  REGIMEN_CUDA_CHECK(cudaEventCreate(&event));
  CHECK(cudaEventSynchronize(event) == cudaSuccess);
  CHECK(cudaEventDestroy(event) == cudaSuccess);
  CHECK(cudaEventRecord(event) == cudaErrorInvalidResourceHandle);
  static_cast<void>(cudaGetLastError());
}

TEST_CASE("events measure time") {
  const Event start, end;
  float milliseconds = -1;
  REGIMEN_CUDA_CHECK(cudaEventRecord(start));
  REGIMEN_CUDA_CHECK(cudaEventRecord(end));
  REGIMEN_CUDA_CHECK(cudaEventSynchronize(end));
  REGIMEN_CUDA_CHECK(cudaEventElapsedTime(&milliseconds, start, end));
  CHECK(milliseconds >= 0);
}

TEST_CASE("a graph records, and plays as often as asked") {
  const Stream a, b;
  const Event fork, join;
  const Device<int> y(std::vector<int>{1});
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  const auto add = [&](cudaStream_t s, int v) { launch("add", trial::add<int>, {.grid = 1, .block = 1}, s, y, v, 1); };

  REGIMEN_CUDA_CHECK(cudaStreamBeginCapture(a, cudaStreamCaptureModeGlobal));
  add(a, 10);
  REGIMEN_CUDA_CHECK(cudaEventRecord(fork, a));
  REGIMEN_CUDA_CHECK(cudaStreamWaitEvent(b, fork));
  add(b, 1);
  CHECK(cudaStreamSynchronize(a) == cudaErrorStreamCaptureUnsupported);
  void* p = nullptr;
  CHECK(cudaMalloc(&p, 8) == cudaErrorStreamCaptureUnsupported);
  REGIMEN_CUDA_CHECK(cudaEventRecord(join, b));
  REGIMEN_CUDA_CHECK(cudaStreamWaitEvent(a, join));
  REGIMEN_CUDA_CHECK(cudaStreamEndCapture(a, &graph));
  static_cast<void>(cudaGetLastError());
  CHECK(y.get()[0] == 1);  // nothing has run

  REGIMEN_CUDA_CHECK(cudaGraphInstantiate(&executable, graph));
  CHECK(cudaGraphDestroy(graph) == cudaSuccess);
  for (int i = 0; i < 3; ++i) REGIMEN_CUDA_CHECK(cudaGraphLaunch(executable, a));
  CHECK(cudaGraphExecDestroy(executable) == cudaSuccess);
  REGIMEN_CUDA_CHECK(cudaStreamSynchronize(a));
  CHECK(y.get()[0] == 34);

  REGIMEN_CUDA_CHECK(cudaStreamBeginCapture(a, cudaStreamCaptureModeGlobal));
  REGIMEN_CUDA_CHECK(cudaEventRecord(fork, a));
  REGIMEN_CUDA_CHECK(cudaStreamWaitEvent(b, fork));
  add(b, 1);
  CHECK(cudaStreamEndCapture(a, &graph) == cudaErrorStreamCaptureUnjoined);
  static_cast<void>(cudaGetLastError());
}

TEST_CASE("memory freed on a stream lives until the stream comes there") {
  const Keep keep;
  simt::config().lazy = true;
  const Stream a;
  int* p = nullptr;
  const Device<int> y(1);
  REGIMEN_CUDA_CHECK(cudaMallocAsync(&p, 4, a));
  REGIMEN_CUDA_CHECK(cudaMemsetAsync(p, 1, 4, a));
  REGIMEN_CUDA_CHECK(cudaMemcpyAsync(y, p, 4, cudaMemcpyDeviceToDevice, a));
  REGIMEN_CUDA_CHECK(cudaFreeAsync(p, a));
  REGIMEN_CUDA_CHECK(cudaStreamSynchronize(a));
  CHECK(y.get()[0] == 0x01010101);
}

TEST_CASE("a program without a GPU sees an error") {
  const Keep keep;
  simt::config().devices = 0;
  int count = -1;
  CHECK(cudaGetDeviceCount(&count) == cudaErrorNoDevice);
  CHECK(count == 0);
  void* p = nullptr;
  CHECK(has(thrown([&] { REGIMEN_CUDA_CHECK(cudaMalloc(&p, 8)); }), "no CUDA-capable device is detected"));
  cublasHandle_t handle = nullptr;
  CHECK(cublasCreate(&handle) == CUBLAS_STATUS_NOT_INITIALIZED);
}

TEST_CASE("the device describes itself") {
  cudaDeviceProp properties{};
  CHECK(cudaGetDeviceProperties(&properties, 0) == cudaSuccess);
  CHECK(properties.warpSize == 32);
  CHECK(cudaGetDeviceProperties(&properties, 1) == cudaErrorInvalidDevice);
  int value = 0;
  CHECK(cudaDeviceGetAttribute(&value, cudaDevAttrMaxSharedMemoryPerBlockOptin, 0) == cudaSuccess);
  CHECK(value == 99 * 1024);
  CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&value, trial::block_sums<>, 256, 0) == cudaSuccess);
  CHECK(value == 8);
  static_cast<void>(cudaGetLastError());
}
