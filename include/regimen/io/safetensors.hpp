// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/io/atomic_file.hpp"
#include "regimen/io/file.hpp"
#include "regimen/io/json.hpp"

namespace regimen {

/// What a safetensors file holds: named tensors, and texts beside them.
struct Safetensors {
  using Value = std::variant<Tensor<float>, Tensor<double>, Tensor<std::int64_t>>;  ///< F32, F64, I64
  std::map<std::string, Value> tensors;
  std::map<std::string, std::string> metadata;
};

namespace detail {

inline constexpr const char* metadata_key = "__metadata__";
inline constexpr std::uint64_t max_safetensors_header = 100'000'000;  // the format's own limit

/// A tensor as the header describes it: its elements are the bytes [begin, end) after the header.
struct SafetensorsEntry {
  std::string name, type;
  Shape shape;
  std::uint64_t begin = 0, end = 0;
};

/// A JSON list of numbers >= 0, or nothing where it is something else.
inline std::optional<std::vector<std::uint64_t>> unsigned_list(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return {};
  std::vector<std::uint64_t> list;
  for (const nlohmann::json& item : *found) {
    const auto* number = item.get_ptr<const nlohmann::json::number_unsigned_t*>();
    if (number == nullptr) return {};
    list.push_back(*number);
  }
  return list;
}

/// One entry of the header. Checks all of it but its place among the other entries.
inline SafetensorsEntry parse_entry(const std::string& name, const nlohmann::json& value, const auto& fail) {
  if (!value.is_object()) fail("'" + name + "' is no JSON object");
  const auto type = value.find("dtype");
  const auto shape = unsigned_list(value, "shape"), offsets = unsigned_list(value, "data_offsets");
  if (value.size() != 3 || type == value.end() || !type->is_string() || !shape || !offsets || offsets->size() != 2)
    fail("'" + name + "' is not described by dtype, shape and data_offsets");
  SafetensorsEntry entry{name, type->get_ref<const std::string&>(), {}, (*offsets)[0], (*offsets)[1]};
  const bool wide = entry.type == "F64" || entry.type == "I64";
  if (!wide && entry.type != "F32")
    fail("'" + name + "' has the dtype " + entry.type + ", and F32, F64 and I64 are read; convert it");
  if (shape->size() > Shape::max_rank) fail("'" + name + "' has a rank above 8");
  std::uint64_t bytes = wide ? 8 : 4;
  for (const std::uint64_t size : *shape)
    if (size > INT64_MAX || __builtin_mul_overflow(bytes, size, &bytes)) fail("'" + name + "' overflows");
  if (entry.begin > entry.end || entry.end - entry.begin != bytes)
    fail("'" + name + "' takes " + std::to_string(bytes) + " bytes and has the offsets " + std::to_string(entry.begin) +
         " to " + std::to_string(entry.end));
  for (const std::uint64_t size : *shape) entry.shape.append(static_cast<std::int64_t>(size));
  return entry;
}

}  // namespace detail

/// Reads a file in the safetensors format, of F32, F64 and I64 tensors. Throws Error for any file that is not exactly
/// that: everything is checked, and compared with the file's length, before memory is taken for a tensor.
///
/// Source of the format: github.com/huggingface/safetensors.
inline Safetensors read_safetensors(const std::string& path) {
  detail::FileReader file(path, "read_safetensors");
  const auto fail = [&](const std::string& problem) { file.fail(problem, "the file is corrupt or of another kind"); };

  const auto length = file.read<std::uint64_t>("header's length");
  if (length > detail::max_safetensors_header) fail("a header of " + std::to_string(length) + " bytes");
  const std::string text = file.read_text(length, "header");
  if (!text.starts_with('{')) fail("the header is no JSON object");
  const nlohmann::json header = detail::parse_json(text, 3, fail);

  Safetensors result;
  std::vector<detail::SafetensorsEntry> entries;
  for (auto member = header.begin(); member != header.end(); ++member) {
    const nlohmann::json& value = *member;
    if (member.key() != detail::metadata_key) {
      entries.push_back(detail::parse_entry(member.key(), value, fail));
      continue;
    }
    if (!value.is_object()) fail("the metadata are no JSON object");
    for (auto item = value.begin(); item != value.end(); ++item) {
      if (!item->is_string()) fail("the metadata '" + item.key() + "' is no text");
      result.metadata[item.key()] = item->get_ref<const std::string&>();
    }
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
  std::uint64_t position = 0;
  for (const auto& entry : entries) {
    if (entry.begin != position) fail("a gap or an overlap before '" + entry.name + "'");
    position = entry.end;
  }
  if (position != file.remaining())
    fail("the tensors take " + std::to_string(position) + " bytes, and " + std::to_string(file.remaining()) +
         " are there");

  const auto read = [&]<class T>(const detail::SafetensorsEntry& entry, Tensor<T>) {
    auto tensor = Tensor<T>::empty(entry.shape);
    file.read(tensor.mutable_data(), entry.end - entry.begin, "tensors");
    return tensor;
  };
  for (const auto& entry : entries) {
    auto& value = result.tensors[entry.name];
    if (entry.type == "F32")
      value = read(entry, Tensor<float>());
    else if (entry.type == "F64")
      value = read(entry, Tensor<double>());
    else
      value = read(entry, Tensor<std::int64_t>());
  }
  return result;
}

/// Writes a safetensors file, atomically. Throws Error where a tensor is undefined, a name or text is not UTF-8, or the
/// file cannot be written; an earlier file is then as it was.
inline void write_safetensors(const std::string& path, const Safetensors& content) {
  const char* operation = "write_safetensors";
  const auto fail = [&](const std::string& problem) { detail::fail(operation, problem, "use UTF-8"); };
  std::string header = "{";
  const auto add_member = [&](const std::string& name, const std::string& value) {
    header += (header.size() > 1 ? "," : "") + detail::json_text(name, fail) + ":" + value;
  };
  if (!content.metadata.empty()) add_member(detail::metadata_key, detail::json_text(content.metadata, fail));

  std::vector<std::span<const std::byte>> parts;
  std::int64_t position = 0;
  const auto add_tensor = [&]<class T>(const std::string& name, const char* type, const Tensor<T>& tensor) {
    if (name == detail::metadata_key) detail::fail(operation, "a tensor may not be named " + name, "rename it");
    if (!tensor.defined()) detail::fail(operation, "the tensor '" + name + "' is undefined", "leave it out");
    parts.push_back(std::as_bytes(tensor.span()));
    const std::int64_t offsets[] = {position, position += static_cast<std::int64_t>(parts.back().size())};
    add_member(name, std::string("{\"dtype\":\"") + type + "\",\"shape\":" + tensor.shape().to_string() +
                         ",\"data_offsets\":" + Shape::text(offsets, 2) + "}");
  };
  for (const auto& [name, value] : content.tensors) {  // wide elements first: then all are aligned
    if (const auto* tensor = std::get_if<Tensor<double>>(&value)) add_tensor(name, "F64", *tensor);
    if (const auto* tensor = std::get_if<Tensor<std::int64_t>>(&value)) add_tensor(name, "I64", *tensor);
  }
  for (const auto& [name, value] : content.tensors)
    if (const auto* tensor = std::get_if<Tensor<float>>(&value)) add_tensor(name, "F32", *tensor);

  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');
  if (header.size() > detail::max_safetensors_header)
    detail::fail(operation, "a header of " + std::to_string(header.size()) + " bytes", "the format allows 100000000");
  const std::uint64_t length = header.size();
  AtomicFile file(path, operation);
  file.write(&length, sizeof(length));
  file.write(header);
  for (const auto part : parts) file.write(part.data(), part.size());
  file.commit();
}

}  // namespace regimen
