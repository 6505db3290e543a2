// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// The CUDA runtime's functions. Never compiled with -fsanitize=thread.
#include "runtime.hpp"

namespace simt {

Memory memory() {
  const std::lock_guard lock(runtime().mutex);
  return runtime().memory;
}

cudaError_t run_on_stream(std::function<void()> work, cudaStream_t stream) {
  return call([&] { return issue(stream, std::move(work)); });
}

namespace detail {

const Heap& heap() { return runtime().heap; }
Heap device_block(const void* p) {
  auto& live = runtime().live;
  const auto it = live.upper_bound(static_cast<char*>(const_cast<void*>(p)));
  if (it == live.begin()) return {};
  const auto& [low, allocation] = *std::prev(it);
  return {low, low + allocation.bytes};
}
bool pinned_on_host(const void* p, std::size_t bytes) {
  auto& pinned = runtime().pinned;
  auto* q = static_cast<char*>(const_cast<void*>(p));
  auto it = pinned.upper_bound(q);
  if (it == pinned.begin()) return false;
  --it;
  return q + bytes <= it->first + it->second;
}

cudaError_t enqueue(Launch launch, std::shared_ptr<void> arguments, cudaStream_t stream) {
  return call([&] {
    const dim3 g = launch.grid, b = launch.block;
    const std::uint64_t threads = std::uint64_t{b.x} * b.y * b.z;
    if (threads == 0 || threads > 1024 || b.z > 64) return cudaErrorInvalidConfiguration;
    if (g.x == 0 || g.y == 0 || g.z == 0 || g.x > 0x7fffffff || g.y > 65535 || g.z > 65535 ||
        std::uint64_t{g.x} * g.y * g.z > 0xffffffffu)
      return cudaErrorInvalidConfiguration;
    const auto limit = runtime().shared_limits.find(launch.function);
    const auto allowed = limit != runtime().shared_limits.end() ? static_cast<std::size_t>(limit->second) : 48 * 1024;
    if (launch.shared_bytes > std::min(std::max<std::size_t>(allowed, 48 * 1024), config().shared_limit))
      return cudaErrorInvalidValue;
    if (launch.cooperative && std::uint64_t{g.x} * g.y * g.z * threads > 16384)
      return cudaErrorCooperativeLaunchTooLarge;
    return issue(stream, [launch, arguments] { run_launch(launch); });
  });
}

}  // namespace detail
}  // namespace simt

const char* cudaGetErrorName(cudaError_t error) {
  switch (error) {
#define SIMT_NAME(name) \
  case name:            \
    return #name;
    SIMT_NAME(cudaSuccess)
    SIMT_NAME(cudaErrorInvalidValue)
    SIMT_NAME(cudaErrorMemoryAllocation)
    SIMT_NAME(cudaErrorInvalidConfiguration)
    SIMT_NAME(cudaErrorInvalidMemcpyDirection)
    SIMT_NAME(cudaErrorInvalidDeviceFunction)
    SIMT_NAME(cudaErrorNoDevice)
    SIMT_NAME(cudaErrorInvalidDevice)
    SIMT_NAME(cudaErrorInvalidResourceHandle)
    SIMT_NAME(cudaErrorIllegalState)
    SIMT_NAME(cudaErrorNotReady)
    SIMT_NAME(cudaErrorLaunchFailure)
    SIMT_NAME(cudaErrorCooperativeLaunchTooLarge)
    SIMT_NAME(cudaErrorStreamCaptureUnsupported)
    SIMT_NAME(cudaErrorStreamCaptureInvalidated)
    SIMT_NAME(cudaErrorStreamCaptureUnjoined)
    SIMT_NAME(cudaErrorStreamCaptureImplicit)
    SIMT_NAME(cudaErrorUnknown)
#undef SIMT_NAME
  }
  return "unrecognized error code";
}
const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return "no error";
    case cudaErrorInvalidValue:
      return "invalid argument";
    case cudaErrorMemoryAllocation:
      return "out of memory";
    case cudaErrorInvalidConfiguration:
      return "invalid configuration argument";
    case cudaErrorInvalidMemcpyDirection:
      return "invalid copy direction for memcpy";
    case cudaErrorNoDevice:
      return "no CUDA-capable device is detected";
    case cudaErrorInvalidDevice:
      return "invalid device ordinal";
    case cudaErrorInvalidResourceHandle:
      return "invalid resource handle";
    case cudaErrorNotReady:
      return "device not ready";
    case cudaErrorCooperativeLaunchTooLarge:
      return "too many blocks in cooperative launch";
    case cudaErrorStreamCaptureUnsupported:
      return "operation not permitted when stream is capturing";
    default:
      return cudaGetErrorName(error);
  }
}
cudaError_t cudaGetLastError() { return std::exchange(runtime().last, cudaSuccess); }
cudaError_t cudaPeekAtLastError() { return runtime().last; }

cudaError_t cudaRuntimeGetVersion(int* version) { return *version = CUDART_VERSION, cudaSuccess; }
cudaError_t cudaDriverGetVersion(int* version) { return *version = CUDART_VERSION, cudaSuccess; }
cudaError_t cudaGetDeviceCount(int* count) {
  *count = config().devices;
  return remember(config().devices == 0 ? cudaErrorNoDevice : cudaSuccess);
}
cudaError_t cudaGetDevice(int* device) {
  return call([&] { return *device = 0, cudaSuccess; });
}
cudaError_t cudaSetDevice(int device) {
  return call([&] { return device == 0 ? cudaSuccess : cudaErrorInvalidDevice; });
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  return call([&] {
    if (device != 0) return cudaErrorInvalidDevice;
    *properties = {};
    std::strcpy(properties->name, "CUDA on the CPU");
    properties->totalGlobalMem = config().memory_limit;
    properties->sharedMemPerBlock = 48 * 1024;
    properties->sharedMemPerBlockOptin = config().shared_limit;
    properties->warpSize = 32;
    properties->maxThreadsPerBlock = 1024;
    for (int i = 0; i < 3; ++i) {
      properties->maxThreadsDim[i] = i < 2 ? 1024 : 64;
      properties->maxGridSize[i] = i == 0 ? 0x7fffffff : 65535;
    }
    properties->multiProcessorCount = 4;
    properties->maxThreadsPerMultiProcessor = 2048;
    properties->major = 8;
    properties->l2CacheSize = 1 << 20;
    properties->cooperativeLaunch = 1;
    return cudaSuccess;
  });
}
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  return call([&] {
    if (device != 0) return cudaErrorInvalidDevice;
    switch (attribute) {
      case cudaDevAttrMaxThreadsPerBlock:
        *value = 1024;
        break;
      case cudaDevAttrMaxSharedMemoryPerBlock:
        *value = 48 * 1024;
        break;
      case cudaDevAttrMaxSharedMemoryPerBlockOptin:
        *value = static_cast<int>(config().shared_limit);
        break;
      case cudaDevAttrWarpSize:
        *value = 32;
        break;
      case cudaDevAttrMultiProcessorCount:
        *value = 4;
        break;
      case cudaDevAttrMaxThreadsPerMultiProcessor:
        *value = 2048;
        break;
      case cudaDevAttrComputeCapabilityMajor:
        *value = 8;
        break;
      case cudaDevAttrComputeCapabilityMinor:
        *value = 0;
        break;
      case cudaDevAttrCooperativeLaunch:
        *value = 1;
        break;
      case cudaDevAttrMemoryPoolsSupported:
        *value = 1;
        break;
    }
    return cudaSuccess;
  });
}
cudaError_t cudaDeviceSynchronize() {
  return call([] {
    if (const auto e = no_capture(nullptr); e != cudaSuccess) return e;
    run_all();
    return cudaSuccess;
  });
}
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  return call([&] {
    *total = config().memory_limit;
    *free = *total - std::min(*total, runtime().memory.bytes);
    return cudaSuccess;
  });
}

cudaError_t cudaMalloc(void** p, std::size_t bytes) {
  return call([&] { return runtime().captures > 0 ? cudaErrorStreamCaptureUnsupported : allocate(p, bytes); });
}
cudaError_t cudaFree(void* p) {
  if (p == nullptr) return cudaSuccess;
  return call_to_release([&] {
    run_all();
    return release(p);
  });
}
cudaError_t cudaMallocAsync(void** p, std::size_t bytes, cudaStream_t stream) {
  return call([&] { return find(stream) == nullptr ? cudaErrorInvalidResourceHandle : allocate(p, bytes); });
}
cudaError_t cudaFreeAsync(void* p, cudaStream_t stream) {
  if (p == nullptr) return cudaSuccess;
  return call_to_release([&] {
    if (place(p, 1) != Place::device) return cudaErrorInvalidValue;
    return issue(stream, [p] {
      if (release(p) != cudaSuccess) throw simt::Error("cudaFreeAsync: freed twice");
    });
  });
}
cudaError_t cudaHostAlloc(void** p, std::size_t bytes, unsigned) {
  return call([&] {
    if (p == nullptr) return cudaErrorInvalidValue;
    *p = bytes > 0 ? std::malloc(bytes) : nullptr;
    if (bytes == 0) return cudaSuccess;
    if (*p == nullptr) return cudaErrorMemoryAllocation;
    std::memset(*p, 0xFF, bytes);
    runtime().pinned[static_cast<char*>(*p)] = bytes;
    return cudaSuccess;
  });
}
cudaError_t cudaMallocHost(void** p, std::size_t bytes, unsigned flags) { return cudaHostAlloc(p, bytes, flags); }
cudaError_t cudaFreeHost(void* p) {
  if (p == nullptr) return cudaSuccess;
  return call_to_release([&] {
    run_all();
    if (runtime().pinned.erase(static_cast<char*>(p)) == 0) return cudaErrorInvalidValue;
    std::free(p);
    return cudaSuccess;
  });
}
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* p) {
  return call([&] {
    void* q = const_cast<void*>(p);
    const bool device = place(p, 1) == Place::device, pinned = simt::detail::pinned_on_host(p, 1);
    *attributes = {device   ? cudaMemoryTypeDevice
                   : pinned ? cudaMemoryTypeHost
                            : cudaMemoryTypeUnregistered,
                   0, device || pinned ? q : nullptr, pinned ? q : nullptr};
    return cudaSuccess;
  });
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  return call([&] {
    if (bytes == 0) return cudaSuccess;
    if (const auto e = check_copy(to, from, bytes, kind); e != cudaSuccess) return e;
    return issue(stream, [=] { std::memcpy(to, from, bytes); });
  });
}
cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  return call([&] {
    if (bytes == 0) return cudaSuccess;
    if (const auto e = check_copy(to, from, bytes, kind); e != cudaSuccess) return e;
    if (const auto e = issue(nullptr, [=] { std::memcpy(to, from, bytes); }); e != cudaSuccess) return e;
    run_until(*runtime().null, runtime().null->issued);
    return cudaSuccess;
  });
}
cudaError_t cudaMemsetAsync(void* p, int value, std::size_t bytes, cudaStream_t stream) {
  return call([&] {
    if (bytes == 0) return cudaSuccess;
    if (place(p, bytes) != Place::device) return cudaErrorInvalidValue;
    return issue(stream, [=] { std::memset(p, value, bytes); });
  });
}
cudaError_t cudaMemset(void* p, int value, std::size_t bytes) { return cudaMemsetAsync(p, value, bytes, nullptr); }

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  return call([&] {
    auto s = std::make_shared<CUstream_st>();
    s->blocking = (flags & cudaStreamNonBlocking) == 0;
    *stream = s.get();
    runtime().streams.push_back(std::move(s));
    return cudaSuccess;
  });
}
cudaError_t cudaStreamCreate(cudaStream_t* stream) { return cudaStreamCreateWithFlags(stream, 0); }
cudaError_t cudaStreamCreateWithPriority(cudaStream_t* stream, unsigned flags, int) {
  return cudaStreamCreateWithFlags(stream, flags);
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  return call_to_release([&] {
    const auto s = find(stream);
    if (s == nullptr || is_null(stream)) return cudaErrorInvalidResourceHandle;
    if (s->recording != nullptr && s->recording->origin == stream) end(s->recording);
    run_until(*s, s->issued);
    std::erase(runtime().streams, s);
    return cudaSuccess;
  });
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  return call([&] {
    const auto s = find(stream);
    if (s == nullptr) return cudaErrorInvalidResourceHandle;
    if (const auto e = no_capture(s.get()); e != cudaSuccess) return e;
    run_until(*s, s->issued);
    return cudaSuccess;
  });
}
cudaError_t cudaStreamQuery(cudaStream_t stream) {
  return call([&] {
    const auto s = find(stream);
    if (s == nullptr) return cudaErrorInvalidResourceHandle;
    if (const auto e = no_capture(s.get()); e != cudaSuccess) return e;
    if (!s->queue.empty()) run_one(*s);  // so that polling comes to an end
    return s->queue.empty() ? cudaSuccess : cudaErrorNotReady;
  });
}
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  return call([&] {
    const auto s = find(stream);
    if (s == nullptr || !runtime().events.contains(event)) return cudaErrorInvalidResourceHandle;
    const auto record = event->record;
    if (record == nullptr) return cudaSuccess;
    if (const auto recording = record->recording; recording != nullptr && recording->open) {
      if (s->recording == nullptr) s->recording = recording;  // the stream joins the capture
      auto& joined = recording->joined[record->stream.get()];
      joined = std::max(joined, record->at);
      return cudaSuccess;
    }
    if (s->recording != nullptr) return cudaErrorIllegalState;  // what was recorded outside cannot be part of a graph
    return issue(stream, [record] { run_until(*record->stream, record->at); });
  });
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  return call([&] {
    auto e = std::make_unique<CUevent_st>();
    *event = e.get();
    runtime().events[*event] = std::move(e);
    return cudaSuccess;
  });
}
cudaError_t cudaEventCreate(cudaEvent_t* event) { return cudaEventCreateWithFlags(event, 0); }
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  return call_to_release(
      [&] { return runtime().events.erase(event) == 1 ? cudaSuccess : cudaErrorInvalidResourceHandle; });
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  return call([&] {
    const auto s = find(stream);
    if (s == nullptr || !runtime().events.contains(event)) return cudaErrorInvalidResourceHandle;
    const auto record = std::make_shared<EventRecord>();
    record->stream = s;
    record->recording = s->recording;
    record->at = s->recording != nullptr ? s->recording->issued[s.get()] : s->issued + 1;
    event->record = record;
    if (s->recording != nullptr) return cudaSuccess;
    return issue(stream, [record] {
      const auto now = std::chrono::steady_clock::now().time_since_epoch();
      record->milliseconds = std::chrono::duration<double, std::milli>(now).count();
    });
  });
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  return call([&] {
    if (!runtime().events.contains(event)) return cudaErrorInvalidResourceHandle;
    const auto record = event->record;
    if (record == nullptr) return cudaSuccess;
    if (record->recording != nullptr) return cudaErrorStreamCaptureUnsupported;
    run_until(*record->stream, record->at);
    return cudaSuccess;
  });
}
cudaError_t cudaEventQuery(cudaEvent_t event) {
  return call([&] {
    if (!runtime().events.contains(event)) return cudaErrorInvalidResourceHandle;
    const auto record = event->record;
    if (record == nullptr) return cudaSuccess;
    if (record->recording != nullptr) return cudaErrorStreamCaptureUnsupported;
    if (record->stream->done >= record->at) return cudaSuccess;
    run_one(*record->stream);  // so that polling comes to an end
    return cudaErrorNotReady;
  });
}
cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
  return call([&] {
    const auto& events = runtime().events;
    if (!events.contains(start) || !events.contains(end)) return cudaErrorInvalidResourceHandle;
    const auto a = start->record, b = end->record;
    if (a == nullptr || b == nullptr) return cudaErrorInvalidResourceHandle;
    if (a->stream->done < a->at || b->stream->done < b->at) return cudaErrorNotReady;
    *milliseconds = static_cast<float>(b->milliseconds - a->milliseconds);
    return cudaSuccess;
  });
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode) {
  return call([&] {
    const auto s = find(stream);
    if (s == nullptr) return cudaErrorInvalidResourceHandle;
    if (is_null(stream)) return cudaErrorStreamCaptureUnsupported;
    if (s->recording != nullptr) return cudaErrorIllegalState;
    s->recording = std::make_shared<Recording>();
    s->recording->origin = stream;
    s->recording->relaxed = mode == cudaStreamCaptureModeRelaxed;
    if (!s->recording->relaxed) ++runtime().captures;
    return cudaSuccess;
  });
}
cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  return call([&] {
    const auto s = find(stream);
    if (s == nullptr) return cudaErrorInvalidResourceHandle;
    const auto recording = s->recording;
    *graph = nullptr;
    if (recording == nullptr || recording->origin != stream) return cudaErrorIllegalState;
    end(recording);
    for (const auto& [other, count] : recording->issued)
      if (other != stream && recording->joined[other] < count) return cudaErrorStreamCaptureUnjoined;
    *graph = new CUgraph_st{std::move(recording->operations)};
    return cudaSuccess;
  });
}
cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status) {
  return call([&] {
    const auto s = find(stream);
    if (s == nullptr) return cudaErrorInvalidResourceHandle;
    *status = s->recording != nullptr ? cudaStreamCaptureStatusActive : cudaStreamCaptureStatusNone;
    return cudaSuccess;
  });
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long) {
  return call([&] {
    if (graph == nullptr) return cudaErrorInvalidValue;
    *executable = new CUgraphExec_st{std::make_shared<const std::vector<Operation>>(graph->operations)};
    return cudaSuccess;
  });
}
cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream) {
  return call([&] {
    if (executable == nullptr) return cudaErrorInvalidValue;
    return issue(stream, [operations = executable->operations] {
      for (const auto& operation : *operations) operation();
    });
  });
}
cudaError_t cudaGraphDestroy(cudaGraph_t graph) { return delete graph, cudaSuccess; }
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) { return delete executable, cudaSuccess; }

cudaError_t cudaFuncSetAttribute(const void* function, cudaFuncAttribute attribute, int value) {
  return call([&] {
    if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) return cudaSuccess;
    if (value < 0 || static_cast<std::size_t>(value) > config().shared_limit) return cudaErrorInvalidValue;
    runtime().shared_limits[function] = value;
    return cudaSuccess;
  });
}
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void*, int threads, std::size_t shared) {
  return call([&] {
    if (threads < 1 || threads > 1024) return cudaErrorInvalidValue;
    *blocks = std::min(2048 / threads, 16);
    if (shared > 0) *blocks = std::min(*blocks, static_cast<int>(config().shared_limit / shared));
    return cudaSuccess;
  });
}
