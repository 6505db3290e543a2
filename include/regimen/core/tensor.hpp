// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "regimen/core/device.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/node.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/storage.hpp"

namespace regimen {
namespace detail {

[[noreturn, gnu::cold, gnu::noinline]] inline void fail_undefined() {
  fail("Tensor", "used before it was given a value", "assign a tensor to it first");
}

}  // namespace detail

/// An n-dimensional array: a cheap handle (two reference counts) on contiguous row-major elements, 64-byte aligned
/// where the tensor is not a view. Copying the handle shares the elements; clone() copies them. A handle may also
/// carry a Node, the record of how its value was computed; see autodiff/.
///
/// T is float, double, or an integer type for indices and labels. Reading is through data() and operator(), writing
/// through mutable_data(), which counts a new version: a gradient that needs an overwritten value is then an Error.
template <class T = float, class Device = Cpu>
class Tensor {
  static_assert(std::is_arithmetic_v<T>, "Tensor<T>: T is float, double or an integer type");

 public:
  using Scalar = T;
  using DeviceType = Device;

  /// No tensor: defined() is false, and every use is an Error.
  Tensor() = default;

  /// Elements not initialised.
  static Tensor empty(const Shape& shape) { return Tensor(Storage::create(shape, sizeof(T)), nullptr); }

  static Tensor full(const Shape& shape, T value) {
    Tensor result = empty(shape);
    result.fill(value);
    return result;
  }
  static Tensor zeros(const Shape& shape) { return full(shape, T{0}); }
  static Tensor ones(const Shape& shape) { return full(shape, T{1}); }
  static Tensor scalar(T value) { return full(Shape{}, value); }

  /// A copy of `values` in row-major order. Throws Error where their number is not shape.size().
  // Not inlined: GCC 12 stores a wrong constant for some lists, such as {1, 1, 0, 0}, with AVX-512.
  [[gnu::noinline]] static Tensor from(std::span<const T> values, const Shape& shape) {
    if (static_cast<std::int64_t>(values.size()) != shape.size())
      detail::fail("Tensor::from", {values.size(), " values for shape ", shape},
                   "their number is the product of the sizes");
    Tensor result = empty(shape);
    if (!values.empty()) Storage::upload(static_cast<T*>(result.block_->data), values.data(), values.size());
    return result;
  }
  static Tensor from(std::initializer_list<T> values, const Shape& shape) {
    return from(std::span<const T>(values.begin(), values.size()), shape);
  }
  /// A vector.
  static Tensor from(std::initializer_list<T> values) {
    return from(values, {static_cast<std::int64_t>(values.size())});
  }

  Tensor(const Tensor& other) noexcept : block_(other.block_), node_(Node::retain(other.node_)) {
    if (block_ != nullptr) block_->references.increment();
  }
  Tensor(Tensor&& other) noexcept
      : block_(std::exchange(other.block_, nullptr)), node_(std::exchange(other.node_, nullptr)) {}
  // Two operators, not one that takes its argument by value: in templates clang 14 does not destroy what `x = {}`
  // passes to that one.
  Tensor& operator=(const Tensor& other) noexcept { return *this = Tensor(other); }
  Tensor& operator=(Tensor&& other) noexcept {
    Tensor taken(std::move(other));
    std::swap(block_, taken.block_);
    std::swap(node_, taken.node_);
    return *this;
  }
  ~Tensor() {
    Storage::release(block_);
    Node::release(node_);
  }

  bool defined() const { return block_ != nullptr; }
  const Shape& shape() const { return block().shape; }
  int rank() const { return shape().rank(); }
  std::int64_t size() const { return shape().size(); }
  std::int64_t size(int axis) const { return shape()[axis]; }

  const T* data() const { return static_cast<const T*>(block().data); }
  std::span<const T> span() const {
    static_assert(std::is_same_v<Device, Cpu>,
                  "Tensor::span: the host cannot read this device's memory: to<Cpu>() first");
    return {data(), static_cast<std::size_t>(size())};
  }

  /// The elements for writing. Every holder of this tensor, and of views of it, sees the change.
  T* mutable_data() const {
    ++block().owner().version;
    return static_cast<T*>(block_->data);
  }

  /// The element at the given indices, one an axis. Throws Error outside the shape.
  template <class... Index>
  T operator()(Index... index) const {
    const std::int64_t indices[] = {static_cast<std::int64_t>(index)..., 0};
    std::int64_t offset = 0;
    bool inside = static_cast<int>(sizeof...(index)) == rank();
    for (int i = 0; inside && i < rank(); ++i) {
      inside = indices[i] >= 0 && indices[i] < shape().begin()[i];
      offset = offset * shape().begin()[i] + indices[i];
    }
    if (!inside)
      detail::fail("Tensor::operator()",
                   {"index ", Shape::text(indices, static_cast<int>(sizeof...(index))), " is outside shape ", shape()});
    return Storage::read(data() + offset);
  }

  /// The value of a one-element tensor of any rank.
  T item() const {
    if (size() != 1)
      detail::fail("Tensor::item", {"shape ", shape(), " has ", size(), " elements"},
                   "it needs one: reduce or select first");
    return Storage::read(data());
  }

  /// Eigen's views of the elements, without a copy: defined in core/eigen.hpp, eigen() in core/eigen_tensor.hpp.
  auto matrix() const;          ///< of a rank-2 tensor
  auto array() const;           ///< of all elements, as one column
  auto mutable_matrix() const;  ///< for writing, as mutable_data()
  auto mutable_array() const;
  template <int Rank>
  auto eigen() const;
  template <int Rank>
  auto mutable_eigen() const;

  void fill(T value) const { Storage::fill(mutable_data(), size(), value); }

  /// Overwrites the elements with those of `source`, of the same shape.
  void assign(const Tensor& source) const {
    if (!(shape() == source.shape()))
      detail::fail("Tensor::assign", {shape(), " from ", source.shape()}, "shapes must agree");
    if (size() != 0 && source.data() != data())
      Storage::copy(mutable_data(), source.data(), static_cast<std::size_t>(size()));
  }

  /// A copy of the elements, without the record.
  Tensor clone() const {
    Tensor result = empty(shape());
    if (size() != 0) Storage::copy(static_cast<T*>(result.block_->data), data(), static_cast<std::size_t>(size()));
    return result;
  }

  /// The elements converted to the scalar type U, or copied to the device U, without the record. See cast() in ops/ for
  /// the differentiable conversion. On the device where it is the tensor shares its elements with the result.
  template <class U>
  auto to() const {
    if constexpr (std::is_same_v<U, Device>) {
      return detach();
    } else if constexpr (std::is_same_v<U, Cpu>) {
      auto result = Tensor<T, Cpu>::empty(shape());
      if (size() != 0) Storage::download(result.mutable_data(), data(), static_cast<std::size_t>(size()));
      return result;
    } else if constexpr (is_device<U>) {
      return Tensor<T, U>::from(span(), shape());
    } else {
      auto result = Tensor<U, Device>::empty(shape());
      Storage::convert(result.mutable_data(), data(), size());
      return result;
    }
  }

  /// View of the entries [begin, end) of the leading axis. Throws Error for a scalar, a range outside the axis, or a
  /// recorded tensor, whose gradient it would lose.
  Tensor rows(std::int64_t begin, std::int64_t end) const {
    check_view("Tensor::rows", "slice(x, axis, begin, end)");
    if (rank() == 0 || begin < 0 || end < begin || end > size(0))
      detail::fail("Tensor::rows", {"entries ", begin, " to ", end, " of shape ", shape()},
                   "0 <= begin <= end <= size(0)");
    const std::int64_t row = size(0) == 0 ? 0 : size() / size(0);
    return view(begin * row, shape().with(0, end - begin));
  }

  /// View of entry i of the leading axis, without that axis.
  Tensor operator[](std::int64_t i) const {
    const Tensor one = rows(i, i + 1);
    return one.view(0, shape().without(0));
  }

  /// View of the same elements in another shape of the same size. Throws Error for a recorded tensor.
  Tensor reshaped(const Shape& shape) const {
    check_view("Tensor::reshaped", "reshape(x, shape)");
    if (shape.size() != size())
      detail::fail("Tensor::reshaped", {this->shape(), " does not fit ", shape},
                   "the numbers of elements must be equal");
    return view(0, shape);
  }

  /// View of shape.size() elements from element `offset` on, without the record.
  Tensor view(std::int64_t offset, const Shape& shape) const {
    if (offset < 0 || offset + shape.size() > size())
      detail::fail("Tensor::view", {shape, " at offset ", offset, " of ", this->shape()}, "the view must lie inside");
    return Tensor(Storage::create_view(block(), static_cast<std::size_t>(offset) * sizeof(T), shape), nullptr);
  }

  /// The same elements without the record.
  Tensor detach() const {
    Tensor result = *this;
    Node::release(std::exchange(result.node_, nullptr));
    return result;
  }

  /// The record of this value, null for a constant.
  Node* node() const { return node_; }
  /// Whether operations on this tensor are recorded, where recording is on.
  bool requires_grad() const { return node_ != nullptr && !node_->frozen; }
  /// The same elements with another record.
  Tensor with_node(Node* node) const {
    Tensor result = detach();
    result.node_ = Node::retain(node);
    return result;
  }

  /// How often the elements have been opened for writing, over all views of them.
  std::uint32_t version() const { return block().owner().version; }
  /// Whether no other handle, view or record holds these elements.
  bool unique() const { return block().base == nullptr && block_->references.get() == 1; }

 private:
  using Storage = detail::Storage<Device>;

  Tensor(detail::Block* block, Node* node) noexcept : block_(block), node_(Node::retain(node)) {}

  detail::Block& block() const {
    if (block_ == nullptr) [[unlikely]]
      detail::fail_undefined();
    return *block_;
  }

  void check_view(const char* operation, const char* instead) const {
    if (node_ != nullptr)
      detail::fail(operation, "the tensor is recorded for gradients, a plain view would lose them",
                   {"use ", instead, ", or detach() first"});
  }

  detail::Block* block_ = nullptr;
  Node* node_ = nullptr;
};

}  // namespace regimen
