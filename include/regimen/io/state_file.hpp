// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <type_traits>
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
inline std::string number_text(double value, const auto& fail) {
  if (value - value == 0) return json_text(value, fail);
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  char text[21];
  std::snprintf(text, sizeof(text), "\"0x%016llx\"", static_cast<unsigned long long>(bits));
  return text;
}

inline double number_of(const nlohmann::json& value, const auto& fail) {
  if (const auto* number = value.get_ptr<const double*>()) return *number;
  const auto* text = value.get_ptr<const std::string*>();
  char* end = nullptr;
  const std::uint64_t bits = text == nullptr ? 0 : std::strtoull(text->c_str(), &end, 16);
  if (text == nullptr || text->size() != 18 || *end != '\0') fail("'" + json_text(value, fail) + "' is no number");
  double number;
  std::memcpy(&number, &bits, sizeof(number));
  return number;
}

}  // namespace detail

/// Writes a State as one safetensors file, atomically. The tensors are the file's; all other values, and the order of
/// all names, are a JSON text in its metadata: a list of [name, "tensor"] and [name, type, value]. Throws Error where a
/// text is not UTF-8 or the file cannot be written; an earlier file is then as it was.
inline void write_state(const std::string& path, const State& state) {
  const auto fail = [](const std::string& problem) { detail::fail("write_state", problem, "use UTF-8"); };
  Safetensors content;
  std::string list;
  for (const State::Entry& entry : state.entries()) {
    list += (list.empty() ? "[[" : ",[") + detail::json_text(entry.name, fail) + ",";
    std::visit(
        [&]<class V>(const V& value) {
          if constexpr (std::is_same_v<V, std::int64_t>) {
            list += "\"integer\"," + std::to_string(value);
          } else if constexpr (std::is_same_v<V, double>) {
            list += "\"number\"," + detail::number_text(value, fail);
          } else if constexpr (std::is_same_v<V, bool>) {
            list += value ? "\"bool\",true" : "\"bool\",false";
          } else if constexpr (std::is_same_v<V, std::string>) {
            list += "\"text\"," + detail::json_text(value, fail);
          } else {
            list += "\"tensor\"";
            content.tensors[entry.name] = value;
          }
        },
        entry.value);
    list += "]";
  }
  content.metadata[detail::state_key] = list.empty() ? "[]" : list + "]";
  write_safetensors(path, content);
}

/// Reads what write_state wrote: the same values to the last bit. Throws Error for any other file.
inline State read_state(const std::string& path) {
  Safetensors content = read_safetensors(path);
  const auto fail = [&](const std::string& problem) {
    detail::fail("read_state", "'" + path + "': " + problem, "the file is corrupt or no State's");
  };
  const auto found = content.metadata.find(detail::state_key);
  if (found == content.metadata.end()) fail(std::string("there is no '") + detail::state_key + "' in its metadata");
  const nlohmann::json list = detail::parse_json(found->second, 2, fail);
  if (!list.is_array()) fail("the State is no list");

  State state;
  for (const nlohmann::json& item : list) {
    const auto refuse = [&] { fail("'" + detail::json_text(item, fail) + "' is no value"); };
    if (!item.is_array() || item.size() < 2 || !item[0].is_string() || !item[1].is_string()) refuse();
    const auto &name = item[0].get_ref<const std::string&>(), &type = item[1].get_ref<const std::string&>();
    if (type == "tensor" && item.size() == 2) {
      const auto tensor = content.tensors.extract(name);
      if (tensor.empty()) fail("the tensor '" + name + "' is missing");
      std::visit([&](const auto& value) { state.put(name, value); }, tensor.mapped());
      continue;
    }
    if (item.size() != 3) refuse();
    const nlohmann::json& value = item[2];
    const auto* integer = value.get_ptr<const std::int64_t*>();
    const auto* text = value.get_ptr<const std::string*>();
    const auto* flag = value.get_ptr<const bool*>();
    if (type == "integer" && integer != nullptr && (!value.is_number_unsigned() || *integer >= 0))
      state.put(name, *integer);
    else if (type == "number")
      state.put(name, detail::number_of(value, fail));
    else if (type == "bool" && flag != nullptr)
      state.put(name, *flag);
    else if (type == "text" && text != nullptr)
      state.put(name, *text);
    else
      refuse();
  }
  if (!content.tensors.empty()) fail("the tensor '" + content.tensors.begin()->first + "' is not in its list");
  return state;
}

}  // namespace regimen
