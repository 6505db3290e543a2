// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>

#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/io/convert.hpp"
#include "regimen/io/file.hpp"

namespace regimen {

/// Reads an array in the IDX format of MNIST, of any of its element types and of rank 1 to 8, into a tensor of T. An
/// integer that T does not hold, or a fraction for an integer T, is an Error. So is any file that is not exactly such
/// an array (one that is still compressed, for example), and memory is taken only for as many elements as the file
/// holds.
///
/// Format: two zero bytes, a byte for the type, one for the rank; a big-endian 32-bit size an axis; the elements, big-
/// endian. Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits.
template <class T = float>
Tensor<T> read_idx(const std::string& path) {
  detail::FileReader file(path, "read_idx");
  const auto zero = file.read<std::uint16_t>("magic number");
  if (zero == 0x8B1F) file.fail("it is compressed by gzip", "decompress it with gunzip first");
  if (zero != 0) file.fail("it does not begin as an IDX file does", "check the path");
  const auto type = file.read<std::uint8_t>("type"), rank = file.read<std::uint8_t>("rank");
  if (rank < 1 || rank > Shape::max_rank)
    file.fail("rank " + std::to_string(rank), "tensors from rank 1 to 8 are read; is it an IDX file?");
  Shape shape;
  for (int axis = 0; axis < rank; ++axis) shape.append(detail::swap_bytes(file.read<std::uint32_t>("sizes")));
  using enum detail::ElementType;
  for (const auto& [code, element] :
       {std::pair(0x08, u8), {0x09, i8}, {0x0B, i16}, {0x0C, i32}, {0x0D, f32}, {0x0E, f64}})
    if (type == code) return detail::read_elements<T>(file, shape, element, true);
  file.fail("element type " + std::to_string(type), "the format has 8, 9, 11, 12, 13 and 14; is it an IDX file?");
}

}  // namespace regimen
