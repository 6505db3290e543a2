// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "regimen/core/error.hpp"
#include "regimen/core/state.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/io/json.hpp"
#include "regimen/io/safetensors.hpp"

namespace regimen {
namespace detail {

inline constexpr const char* state_key = "regimen.state";  // of the metadata

/// A number as JSON text, exactly: the bits in hexadecimal where it is not finite.
[[gnu::cold]] inline std::string exact_number(double value) {
  if (value - value == 0) return json_number(value);
  char text[21];
  std::snprintf(text, sizeof(text), "\"0x%016llx\"",
                static_cast<unsigned long long>(std::bit_cast<std::uint64_t>(value)));
  return text;
}

/// What exact_number wrote; false where it is something else.
[[gnu::cold]] inline bool read_number(const rapidjson::Value& value, double& number) {
  if (value.IsNumber()) {
    number = value.GetDouble();
    return true;
  }
  if (!value.IsString() || value.GetStringLength() != 18) return false;
  char* end = nullptr;
  number = std::bit_cast<double>(std::uint64_t{std::strtoull(value.GetString(), &end, 16)});
  return *end == '\0';
}

}  // namespace detail

/// Writes a State as one safetensors file, atomically. The tensors are the file's; all other values, and the order of
/// all names, are a JSON text in its metadata: a list of [name, "tensor"] and [name, type, value]. Throws Error where a
/// text is not UTF-8 or the file cannot be written; an earlier file is then as it was.
[[gnu::cold]] inline void write_state(const std::string& path, const State& state) {
  const char* operation = "write_state";
  Safetensors content;
  std::string list;
  for (const State::Entry& entry : state.entries()) {
    list += (list.empty() ? "[[" : ",[") + detail::json_text(entry.name, operation) + ",";
    if (const auto* integer = std::get_if<std::int64_t>(&entry.value))
      list += "\"integer\"," + std::to_string(*integer);
    else if (const auto* number = std::get_if<double>(&entry.value))
      list += "\"number\"," + detail::exact_number(*number);
    else if (const auto* flag = std::get_if<bool>(&entry.value))
      list += *flag ? "\"bool\",true" : "\"bool\",false";
    else if (const auto* text = std::get_if<std::string>(&entry.value))
      list += "\"text\"," + detail::json_text(*text, operation);
    else
      list += "\"tensor\"";
    if (const auto* floats = std::get_if<Tensor<float>>(&entry.value)) content.tensors[entry.name] = *floats;
    if (const auto* doubles = std::get_if<Tensor<double>>(&entry.value)) content.tensors[entry.name] = *doubles;
    if (const auto* integers = std::get_if<Tensor<std::int64_t>>(&entry.value)) content.tensors[entry.name] = *integers;
    list += "]";
  }
  content.metadata[detail::state_key] = list.empty() ? "[]" : list + "]";
  write_safetensors(path, content);
}

/// Reads what write_state wrote: the same values to the last bit. Throws Error for any other file.
[[gnu::cold]] inline State read_state(const std::string& path) {
  Safetensors content = read_safetensors(path);
  const auto fail = [&](const std::string& problem) {
    detail::fail("read_state", {"'", path, "': ", problem}, "the file is corrupt or no State's");
  };
  const auto found = content.metadata.find(detail::state_key);
  if (found == content.metadata.end()) fail(std::string("there is no '") + detail::state_key + "' in its metadata");
  const rapidjson::Document list = detail::parse_json(found->second, 2, "read_state", path);
  if (!list.IsArray()) fail("the State is no list");

  State state;
  for (const rapidjson::Value& item : list.GetArray()) {
    if (!item.IsArray() || item.Size() < 2 || item.Size() > 3 || !item[0].IsString() || !item[1].IsString())
      fail("a value is not written as [name, \"tensor\"] or [name, type, value]");
    const std::string name(detail::json_view(item[0]));
    const std::string_view type = detail::json_view(item[1]);
    if (type == "tensor" && item.Size() == 2) {
      const auto tensor = content.tensors.find(name);
      if (tensor == content.tensors.end()) fail("the tensor '" + name + "' is missing");
      if (const auto* floats = std::get_if<Tensor<float>>(&tensor->second)) state.put(name, *floats);
      if (const auto* doubles = std::get_if<Tensor<double>>(&tensor->second)) state.put(name, *doubles);
      if (const auto* integers = std::get_if<Tensor<std::int64_t>>(&tensor->second)) state.put(name, *integers);
      content.tensors.erase(tensor);
      continue;
    }
    const rapidjson::Value& value = item[item.Size() - 1];
    double number;
    if (item.Size() == 3 && type == "integer" && value.IsInt64())
      state.put(name, value.GetInt64());
    else if (item.Size() == 3 && type == "number" && detail::read_number(value, number))
      state.put(name, number);
    else if (item.Size() == 3 && type == "bool" && value.IsBool())
      state.put(name, value.GetBool());
    else if (item.Size() == 3 && type == "text" && value.IsString())
      state.put(name, std::string(detail::json_view(value)));
    else
      fail("'" + name + "' is no value of the type '" + std::string(type) + "'");
  }
  if (!content.tensors.empty()) fail("the tensor '" + content.tensors.begin()->first + "' is not in its list");
  return state;
}

}  // namespace regimen
