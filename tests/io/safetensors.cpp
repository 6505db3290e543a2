// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/io/safetensors.hpp"

#include "support/files.hpp"

using namespace regimen;
using namespace regimen::test;

namespace {

/// A file with this header and so many zero bytes of tensors.
std::string file_with(const std::string& header, std::size_t bytes) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(bytes, '\0');
}

Safetensors small() {
  Safetensors content;
  content.tensors["weight"] = Tensor<>::from({1, 2, 3, 4, 5, 6}, {2, 3});
  content.tensors["a.double"] = Tensor<double>::scalar(0.1);
  content.tensors["index"] = Tensor<std::int64_t>::from({-1, INT64_MAX});
  content.tensors["none"] = Tensor<>::zeros({0, 4});
  content.metadata["note"] = "\"quoted\" \xc3\xa9";
  return content;
}

}  // namespace

TEST_CASE("tensors of every type and metadata come back") {
  const TemporaryFolder folder;
  write_safetensors(folder / "f", small());
  const Safetensors read = read_safetensors(folder / "f");
  CHECK(read.tensors.size() == 4);
  const auto& weight = std::get<Tensor<>>(read.tensors.at("weight"));
  CHECK(weight.shape() == Shape{2, 3});
  CHECK(weight(1, 2) == 6);
  CHECK(std::get<Tensor<double>>(read.tensors.at("a.double")).item() == 0.1);
  CHECK(std::get<Tensor<std::int64_t>>(read.tensors.at("index"))(1) == INT64_MAX);
  CHECK(std::get<Tensor<>>(read.tensors.at("none")).shape() == Shape{0, 4});
  CHECK(read.metadata == small().metadata);
  write_safetensors(folder / "empty", {});
  CHECK(read_safetensors(folder / "empty").tensors.empty());
}

TEST_CASE("the file is the format's, byte by byte") {
  const TemporaryFolder folder;
  Safetensors content;
  content.tensors["b"] = Tensor<>::from({1});
  content.tensors["c"] = Tensor<double>::from({0});
  write_safetensors(folder / "f", content);
  std::string header =
      R"({"c":{"dtype":"F64","shape":[1],"data_offsets":[0, 8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8, 12]}})";
  header.append((8 - header.size() % 8) % 8, ' ');
  CHECK(read_bytes(folder / "f") == file_with(header, 8) + std::string("\0\0\x80\x3f", 4));
}

TEST_CASE("a damaged file is an Error or a whole result") {
  const TemporaryFolder folder;
  Safetensors content;
  content.tensors["w"] = Tensor<>::from({1, 2}, {1, 2});
  content.tensors["i"] = Tensor<std::int64_t>::from({3});
  content.metadata["k"] = "v";
  write_safetensors(folder / "f", content);
  const std::string bytes = read_bytes(folder / "f");
  const int taken = damage(folder, bytes, [](const std::string& path) {
    const Safetensors read = read_safetensors(path);
    if (read.tensors.size() != 2) FAIL_CHECK("a part of the tensors");
  });
  CHECK(taken < 13 * 40);  // the 16 value bytes, and the letters of names and texts
}

TEST_CASE("a header that is not exactly right is an Error that says what is wrong") {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& bytes) {
    write_bytes(folder / "f", bytes);
    return error_of([&] { read_safetensors(folder / "f"); });
  };
  const auto contains = [](const std::string& text, const char* part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  };
  const std::string w = R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
  CHECK(error(file_with("{\"w\":" + w + "}  ", 8)) == "no Error");
  CHECK(error(file_with("{}", 0)) == "no Error");
  contains(error("1234567"), "within its header's length");
  contains(error(file_with("", 0)), "no JSON object");
  contains(error(file_with(" {}", 0)), "no JSON object");
  contains(error(file_with("{", 0)), "not JSON");
  contains(error(file_with("{\"\xff\":1}", 0)), "not JSON");
  contains(error(file_with("{\"w\":" + w + ",\"w\":" + w + "}", 8)), "'w' stands twice");
  contains(error(file_with("{\"w\":" + std::string(1000000, '[') + std::string(1000000, ']') + "}", 0)),
           "nests too deep");
  contains(error(file_with("{\"w\":" + std::string(1000000, '['), 0)), "not JSON");
  contains(error(file_with("{\"w\":" + w + "}", 7)), "take 8 bytes, and 7 are there");
  contains(error(file_with("{\"w\":" + w + "}", 9)), "take 8 bytes, and 9 are there");
  contains(error(std::string(8, '\xff') + "{}"), "a header of 18446744073709551615 bytes");
  contains(error(std::string("\0\0\0\1\0\0\0\0{}", 10)), "within its header");

  const auto entry = [&](const char* text) { return error(file_with("{\"w\":" + std::string(text) + "}", 8)); };
  contains(entry(R"({"dtype":"F16","shape":[4],"data_offsets":[0,8]})"), "dtype F16");
  contains(entry(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"), "takes 12 bytes");
  contains(entry(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), "offsets 8 to 0");
  contains(entry(R"({"dtype":"F32","shape":[2],"data_offsets":[8,16]})"), "a gap");
  contains(entry(R"({"dtype":"F32","shape":[1152921504606846976],"data_offsets":[0,4611686018427387904]})"),
           "are there");
  contains(entry(R"({"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]})"), "overflows");
  contains(entry(R"({"dtype":"F32","shape":[9223372036854775808,0],"data_offsets":[0,8]})"), "overflows");
  contains(entry(R"({"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]})"), "rank above 8");
  for (const char* bad :
       {R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})", R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})",
        R"({"dtype":"F32","shape":2,"data_offsets":[0,8]})", R"({"dtype":1,"shape":[2],"data_offsets":[0,8]})",
        R"({"dtype":"F32","shape":[2],"data_offsets":[0]})", R"({"dtype":"F32","shape":[2]})",
        R"({"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1})"})
    contains(entry(bad), "is not described");
  for (const char* bad : {"[]", "1", "null"}) contains(entry(bad), "'w' is no JSON object");
  contains(error(file_with(R"({"__metadata__":{"k":1}})", 0)), "is no text");
  contains(error(file_with(R"({"__metadata__":"k"})", 0)), "no JSON object");
  contains(error(file_with(R"({"a":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
                           R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                           8)),
           "a gap or an overlap");
}

TEST_CASE("content that the format cannot hold is an Error, and the earlier file stays") {
  const TemporaryFolder folder;
  write_safetensors(folder / "f", small());
  const std::string earlier = read_bytes(folder / "f");
  for (const char* name : {"__metadata__", "\xff"}) {
    Safetensors content;
    content.tensors[name] = Tensor<>::ones({1});
    CHECK_THROWS_AS(write_safetensors(folder / "f", content), Error);
  }
  Safetensors content;
  content.tensors["x"] = Tensor<>();
  CHECK_THROWS_AS(write_safetensors(folder / "f", content), Error);
  CHECK(read_bytes(folder / "f") == earlier);
  CHECK(folder.count() == 1);
}
