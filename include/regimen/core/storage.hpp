// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

#include "regimen/core/allocator.hpp"
#include "regimen/core/device.hpp"
#include "regimen/core/reference_count.hpp"
#include "regimen/core/shape.hpp"

namespace regimen::detail {

/// Header of a tensor's memory: its shape, and where its elements are. An owner's elements follow its header in the
/// same 64-byte aligned block; a view's belong to `base`.
struct Block {
  Block(const Shape& sizes, int block_class) : size_class(block_class), shape(sizes) {}

  ReferenceCount references{1};
  std::uint32_t version = 0;  // of the elements; only an owner's counts
  int size_class;             // of this block, header included
  Block* base = nullptr;      // owner of the elements, null in an owner
  void* data = nullptr;
  Shape shape;

  Block& owner() { return base != nullptr ? *base : *this; }
};

/// Blocks on a device, and what a Tensor does with their elements. `n` are numbers of elements.
template <class Device>
struct Storage;

template <>
struct Storage<Cpu> {
  static constexpr std::size_t header_bytes = (sizeof(Block) + 63) / 64 * 64;

  /// A block with `shape`.size() elements of `element_bytes` bytes, not initialised.
  static Block* create(const Shape& shape, std::size_t element_bytes) {
    const std::size_t bytes = header_bytes + static_cast<std::size_t>(shape.size()) * element_bytes;
    const int index = size_class(bytes);
    Block* block = new (allocate_class(index)) Block(shape, index);
    block->data = reinterpret_cast<char*>(block) + header_bytes;
    return block;
  }

  /// A view of `base`'s elements from byte `offset` on.
  static Block* create_view(Block& base, std::size_t offset, const Shape& shape) {
    const int index = size_class(sizeof(Block));
    Block* block = new (allocate_class(index)) Block(shape, index);
    block->base = &base.owner();
    block->base->references.increment();
    block->data = static_cast<char*>(base.data) + offset;
    return block;
  }

  static void release(Block* block) {
    if (block == nullptr || !block->references.decrement()) return;
    Block* base = block->base;
    deallocate_class(block, block->size_class);
    if (base != nullptr) release(base);
  }

  /// From and to host memory, which is what this device has.
  template <class T>
  static void upload(T* to, const T* host, std::size_t n) {
    std::memcpy(to, host, n * sizeof(T));
  }
  template <class T>
  static void download(T* host, const T* from, std::size_t n) {
    std::memcpy(host, from, n * sizeof(T));
  }
  /// Within the device; the two may overlap.
  template <class T>
  static void copy(T* to, const T* from, std::size_t n) {
    std::memmove(to, from, n * sizeof(T));
  }
  template <class T>
  static void fill(T* to, std::int64_t n, T value) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = value;
  }
  template <class U, class T>
  static void convert(U* to, const T* from, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = static_cast<U>(from[i]);
  }
  template <class T>
  static T read(const T* element) {
    return *element;
  }
};

}  // namespace regimen::detail
