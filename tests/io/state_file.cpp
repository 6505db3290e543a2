// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/io/state_file.hpp"

#include <cmath>
#include <limits>

#include "support/files.hpp"

using namespace regimen;
using namespace regimen::test;

namespace {

std::uint64_t bits_of(double value) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

State sample() {
  State state;
  state.put("b", Tensor<>::from({1, 2, 3}));
  state.put("a", 3);
  state.put("model.hidden.weight", Tensor<double>::from({0.1, -0.0}, {2, 1}));
  state.put("model.on", true);
  state.scope("sampler").put("rng", Rng(5));
  state.put("text", "t");
  return state;
}

}  // namespace

TEST_CASE("a State comes back with its names, order and values") {
  const TemporaryFolder folder;
  write_state(folder / "f", sample());
  const State read = read_state(folder / "f");
  std::string names;
  for (const auto& entry : read.entries()) names += entry.name + " ";
  CHECK(names == "b a text model.on model.hidden.weight sampler.rng ");
  CHECK(read.get<Tensor<>>("b", {3})(2) == 3);
  CHECK(read.get<std::int64_t>("a") == 3);
  CHECK(read.get<bool>("model.on"));
  CHECK(std::signbit(read.get<Tensor<double>>("model.hidden.weight", {2, 1})(1, 0)));
  CHECK(read.get<Rng>("sampler.rng").state() == Rng(5).state());
  write_state(folder / "empty", State());
  CHECK(read_state(folder / "empty").entries().empty());
}

TEST_CASE("numbers, integers and texts come back to the last bit") {
  using Limits = std::numeric_limits<double>;
  const TemporaryFolder folder;
  State state;
  const double numbers[] = {0.0,
                            -0.0,
                            1.0,
                            5e22,
                            0.1,
                            1.0 / 3,
                            Limits::max(),
                            Limits::min(),
                            Limits::denorm_min(),
                            Limits::infinity(),
                            -Limits::infinity(),
                            Limits::quiet_NaN(),
                            -Limits::quiet_NaN(),
                            std::nan("12345")};
  const std::int64_t integers[] = {0, -1, INT64_MAX, INT64_MIN, (std::int64_t{1} << 53) + 1};
  const std::string texts[] = {"", "0x7ff8000000000000", "\n\t\"\\", std::string("a\0b", 3), "\xf0\x9f\x99\x82"};
  int index = 0;
  for (const double number : numbers) state.put("n" + std::to_string(index++), number);
  for (const std::int64_t integer : integers) state.put("i" + std::to_string(index++), integer);
  for (const std::string& text : texts) state.put("t" + std::to_string(index++), text);
  Rng rng(1);
  for (int i = 0; i < 2000; ++i) {  // any bits
    const std::uint64_t bits = rng.next64();
    double number;
    std::memcpy(&number, &bits, sizeof(number));
    state.put("r" + std::to_string(i), number);
  }
  write_state(folder / "f", state);
  const State read = read_state(folder / "f");
  index = 0;
  for (const double number : numbers)
    CHECK(bits_of(read.get<double>("n" + std::to_string(index++))) == bits_of(number));
  for (const std::int64_t integer : integers) CHECK(read.get<std::int64_t>("i" + std::to_string(index++)) == integer);
  for (const std::string& text : texts) CHECK(read.get<std::string>("t" + std::to_string(index++)) == text);
  for (int i = 0; i < 2000; ++i) {
    const std::string name = "r" + std::to_string(i);
    if (bits_of(read.get<double>(name)) != bits_of(state.get<double>(name))) FAIL_CHECK(state.get<double>(name));
  }
}

TEST_CASE("a damaged file is an Error or a whole State") {
  const TemporaryFolder folder;
  State state;
  state.put("w", Tensor<>::from({1, 2}));
  state.put("n", 0.5);
  state.put("i", 3);
  write_state(folder / "f", state);
  damage(folder, read_bytes(folder / "f"), [](const std::string& path) {
    if (read_state(path).entries().size() != 3) FAIL_CHECK("a part of the State");
  });
}

TEST_CASE("a file whose list and tensors disagree is an Error") {
  const TemporaryFolder folder;
  const auto error = [&](const char* list) {
    Safetensors content;
    content.tensors["w"] = Tensor<>::from({1});
    if (list != nullptr) content.metadata["regimen.state"] = list;
    write_safetensors(folder / "f", content);
    return error_of([&] { read_state(folder / "f"); });
  };
  const auto contains = [](const std::string& text, const char* part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  };
  CHECK(error(R"([["w","tensor"]])") == "no Error");
  contains(error(nullptr), "there is no 'regimen.state'");
  contains(error("[]"), "'w' is not in its list");
  contains(error(R"([["w","tensor"],["v","tensor"]])"), "'v' is missing");
  contains(error(R"([["w","tensor"],["w","tensor"]])"), "'w' is missing");
  contains(error(R"([["w","tensor"],["w","integer",1]])"), "there already is 'w'");
  contains(error(R"([["w","tensor"],["a..b","integer",1]])"), "is no name");
  contains(error("{}"), "no list");
  contains(error("[[["), "not JSON");
  for (const char* bad : {R"([1])", R"([["a"]])", R"([["a","integer"]])", R"([["a","integer",1,2]])",
                          R"([["a","integer",1.5]])", R"([["a","integer",9223372036854775808]])", R"([["a","bool",1]])",
                          R"([["a","number",1]])", R"([["a","number","0x7ff800000000000g"]])", R"([["a","text",1]])",
                          R"([["a","other",1]])", R"([["a","tensor",1]])", R"([["a","number",1e999]])"})
    CHECK(error(bad) != "no Error");
}

TEST_CASE("a State that cannot be written leaves the earlier file") {
  const TemporaryFolder folder;
  write_state(folder / "f", sample());
  const std::string earlier = read_bytes(folder / "f");
  State state;
  state.put("text", "\xff");
  CHECK_THROWS_AS(write_state(folder / "f", state), Error);
  CHECK(read_bytes(folder / "f") == earlier);
}
