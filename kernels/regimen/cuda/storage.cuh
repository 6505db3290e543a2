// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

#include "regimen/core/storage.hpp"
#include "regimen/cuda/context.cuh"
#include "regimen/cuda/elementwise.cuh"

namespace regimen::detail {

/// Blocks whose headers are in host memory and whose elements are in a GPU's. All but read() and download(), which
/// wait, return when the work is in the stream of the calling thread's Context.
template <>
struct Storage<Cuda> {
  /// An owner's header; a view's is a plain Block.
  struct Owner : Block {
    using Block::Block;
    cuda::Context* context = nullptr;
    int data_class = 0;
  };

  static Block* create(const Shape& shape, std::size_t element_bytes) {
    cuda::Context& context = cuda::Context::current();
    const int index = size_class(sizeof(Owner));
    const int data_class = size_class(static_cast<std::size_t>(shape.size()) * element_bytes);
    void* const data = context.allocate(data_class);
    Owner* const block = new (allocate_class(index)) Owner(shape, index);
    block->context = &context;
    block->data_class = data_class;
    block->data = data;
    return block;
  }

  static Block* create_view(Block& base, std::size_t offset, const Shape& shape) {
    return Storage<Cpu>::create_view(base, offset, shape);
  }

  static void release(Block* block) {
    if (block == nullptr || !block->references.decrement()) return;
    Block* const base = block->base;
    if (base == nullptr) {
      auto* const owner = static_cast<Owner*>(block);
      owner->context->deallocate(owner->data, owner->data_class);
    }
    deallocate_class(block, block->size_class);
    if (base != nullptr) release(base);
  }

  template <class T>
  static void upload(T* to, const T* host, std::size_t n) {
    transfer(to, host, n * sizeof(T), cudaMemcpyHostToDevice);
    cuda::synchronize();  // the host may change its memory now
  }
  template <class T>
  static void download(T* host, const T* from, std::size_t n) {
    transfer(host, from, n * sizeof(T), cudaMemcpyDeviceToHost);
    cuda::synchronize();
  }
  template <class T>
  static void copy(T* to, const T* from, std::size_t n) {
    transfer(to, from, n * sizeof(T), cudaMemcpyDeviceToDevice);
  }
  template <class T>
  static void fill(T* to, std::int64_t n, T value) {
    kernel::fill(Cuda{}, n, value, to);
  }
  template <class U, class T>
  static void convert(U* to, const T* from, std::int64_t n) {
    kernel::convert(Cuda{}, n, from, to);
  }
  template <class T>
  static T read(const T* element) {
    T value{};
    download(&value, element, 1);
    return value;
  }

 private:
  static void transfer(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
    REGIMEN_CUDA_CHECK(cudaMemcpyAsync(to, from, bytes, kind, cuda::Context::current().stream()));
  }
};

}  // namespace regimen::detail
