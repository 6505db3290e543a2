// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
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
inline constexpr const char* corrupt = "the file is corrupt or of another kind";

/// A tensor as the header describes it: its elements are the bytes [begin, end) after the header.
struct SafetensorsEntry {
  std::string name, type;
  Shape shape;
  std::uint64_t begin = 0, end = 0;
};

/// A JSON list of numbers >= 0, or nothing where it is something else.
[[gnu::cold]] inline std::optional<std::vector<std::uint64_t>> unsigned_list(const rapidjson::Value& object,
                                                                             const char* key) {
  const auto found = object.FindMember(key);
  if (found == object.MemberEnd() || !found->value.IsArray()) return {};
  std::vector<std::uint64_t> list;
  for (const rapidjson::Value& item : found->value.GetArray()) {
    if (!item.IsUint64()) return {};
    list.push_back(item.GetUint64());
  }
  return list;
}

/// One entry of the header. Checks all of it but its place among the other entries.
[[gnu::cold]] inline SafetensorsEntry parse_entry(const std::string& name, const rapidjson::Value& value,
                                                  const FileReader& file) {
  const auto fail = [&](const char* problem) { file.fail("'" + name + "' " + problem, corrupt); };
  if (!value.IsObject()) fail("is no JSON object");
  const auto type = value.FindMember("dtype");
  const auto shape = unsigned_list(value, "shape"), offsets = unsigned_list(value, "data_offsets");
  if (value.MemberCount() != 3 || type == value.MemberEnd() || !type->value.IsString() || !shape || !offsets ||
      offsets->size() != 2)
    fail("is not described by dtype, shape and data_offsets");
  SafetensorsEntry entry{name, std::string(json_view(type->value)), {}, (*offsets)[0], (*offsets)[1]};
  const bool wide = entry.type == "F64" || entry.type == "I64";
  if (!wide && entry.type != "F32")
    file.fail("'" + name + "' has the dtype " + entry.type + ", and F32, F64 and I64 are read; convert it", corrupt);
  if (shape->size() > Shape::max_rank) fail("has a rank above 8");
  std::uint64_t bytes = wide ? 8 : 4;
  for (const std::uint64_t size : *shape)
    if (size > INT64_MAX || __builtin_mul_overflow(bytes, size, &bytes)) fail("overflows");
  if (entry.begin > entry.end || entry.end - entry.begin != bytes)
    file.fail("'" + name + "' takes " + std::to_string(bytes) + " bytes and has the offsets " +
                  std::to_string(entry.begin) + " to " + std::to_string(entry.end),
              corrupt);
  for (const std::uint64_t size : *shape) entry.shape.append(static_cast<std::int64_t>(size));
  return entry;
}

}  // namespace detail

/// Reads a file in the safetensors format, of F32, F64 and I64 tensors. Throws Error for any file that is not exactly
/// that: everything is checked, and compared with the file's length, before memory is taken for a tensor.
///
/// Source of the format: github.com/huggingface/safetensors.
[[gnu::cold]] inline Safetensors read_safetensors(const std::string& path) {
  detail::FileReader file(path, "read_safetensors");
  const auto fail = [&](const std::string& problem) { file.fail(problem, detail::corrupt); };

  const auto length = file.read<std::uint64_t>("header's length");
  if (length > detail::max_safetensors_header) fail("a header of " + std::to_string(length) + " bytes");
  const std::string text = file.read_text(length, "header");
  if (!text.starts_with('{')) fail("the header is no JSON object");
  const rapidjson::Document header = detail::parse_json(text, 3, "read_safetensors", path);

  Safetensors result;
  std::multimap<std::pair<std::uint64_t, std::uint64_t>, detail::SafetensorsEntry> entries;  // in the file's order
  for (const auto& member : header.GetObject()) {
    const std::string key(detail::json_view(member.name));
    if (key != detail::metadata_key) {
      const auto entry = detail::parse_entry(key, member.value, file);
      entries.emplace(std::pair(entry.begin, entry.end), entry);
      continue;
    }
    if (!member.value.IsObject()) fail("the metadata are no JSON object");
    for (const auto& item : member.value.GetObject()) {
      const std::string name(detail::json_view(item.name));
      if (!item.value.IsString()) fail("the metadata '" + name + "' is no text");
      result.metadata[name] = detail::json_view(item.value);
    }
  }
  std::uint64_t position = 0;
  for (const auto& [place, entry] : entries) {
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
  for (const auto& [place, entry] : entries) {
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
[[gnu::cold]] inline void write_safetensors(const std::string& path, const Safetensors& content) {
  const char* operation = "write_safetensors";
  std::string header = "{";
  const auto add_member = [&](const std::string& name, const std::string& value) {
    header += (header.size() > 1 ? "," : "") + detail::json_text(name, operation) + ":" + value;
  };
  std::string metadata;
  for (const auto& [key, text] : content.metadata)
    metadata +=
        (metadata.empty() ? "{" : ",") + detail::json_text(key, operation) + ":" + detail::json_text(text, operation);
  if (!metadata.empty()) add_member(detail::metadata_key, metadata + "}");

  std::vector<std::span<const std::byte>> parts;
  std::int64_t position = 0;
  const auto add_tensor = [&](const std::string& name, const char* type, const Shape& shape,
                              std::span<const std::byte> bytes) {
    parts.push_back(bytes);
    const std::int64_t offsets[] = {position, position += static_cast<std::int64_t>(bytes.size())};
    add_member(name, std::string("{\"dtype\":\"") + type + "\",\"shape\":" + shape.to_string() +
                         ",\"data_offsets\":" + Shape::text(offsets, 2) + "}");
  };
  for (const bool wide : {true, false})  // wide elements first: then all are aligned
    for (const auto& entry : content.tensors) {
      const std::string& name = entry.first;
      if (name == detail::metadata_key) detail::fail(operation, {"a tensor may not be named ", name}, "rename it");
      std::visit(
          [&](const auto& tensor) {
            using T = typename std::remove_cvref_t<decltype(tensor)>::Scalar;
            if ((sizeof(T) == 8) != wide) return;
            if (!tensor.defined()) detail::fail(operation, {"the tensor '", name, "' is undefined"}, "leave it out");
            const char* type = std::is_same_v<T, float> ? "F32" : std::is_same_v<T, double> ? "F64" : "I64";
            add_tensor(name, type, tensor.shape(), std::as_bytes(tensor.span()));
          },
          entry.second);
    }

  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');
  if (header.size() > detail::max_safetensors_header)
    detail::fail(operation, {"a header of ", header.size(), " bytes"}, "the format allows 100000000");
  const std::uint64_t length = header.size();
  AtomicFile file(path, operation);
  file.write(&length, sizeof(length));
  file.write(header);
  for (const auto part : parts) file.write(part.data(), part.size());
  file.commit();
}

}  // namespace regimen
