// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace regimen::detail {

/// Parses a text from outside. Calls fail(problem), which must throw, where it is no JSON, nests deeper than
/// `max_depth`, or has an object that names a key twice.
inline nlohmann::json parse_json(const std::string& text, int max_depth, const auto& fail) {
  using Event = nlohmann::json::parse_event_t;
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  try {
    return nlohmann::json::parse(text, [&](int depth, Event event, nlohmann::json& value) {
      if (depth > max_depth) fail("the JSON nests too deep");
      if (event == Event::object_start) keys.emplace_back();
      if (event == Event::object_end) keys.pop_back();
      if (event == Event::key && !keys.back().insert(value.get<std::string>()).second)
        fail("the name '" + value.get<std::string>() + "' stands twice");
      return true;
    });
  } catch (const nlohmann::json::exception& error) {
    fail(std::string("not JSON: ") + error.what());
    throw;
  }
}

/// The JSON text of a value. Calls fail(problem), which must throw, where a text in it is not UTF-8.
inline std::string json_text(const nlohmann::json& value, const auto& fail) {
  try {
    return value.dump();
  } catch (const nlohmann::json::exception& error) {
    fail(std::string("a name or a text is not UTF-8: ") + error.what());
    throw;
  }
}

/// The JSON text of a number, the shortest that reads back to the same; null where it is not finite.
inline std::string json_number(double value) { return nlohmann::json(value).dump(); }

}  // namespace regimen::detail
