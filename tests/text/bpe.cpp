// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/text/bpe.hpp"

#include <doctest/doctest.h>

#include "nn/support.hpp"
#include "regimen/text/byte_tokenizer.hpp"
#include "support/files.hpp"
#include "support/oracle.hpp"

using namespace test;
using regimen::test::read_bytes;
using regimen::test::TemporaryFolder;
using regimen::test::write_bytes;
using Tokens = std::vector<std::int64_t>;
using Merges = std::vector<BpeMerge>;

namespace {

const Oracle& golden() {
  static const Oracle oracle("text");
  return oracle;
}

Tokens list(const std::string& name) {
  const auto tensor = golden().get<std::int64_t>(name);
  return {tensor.span().begin(), tensor.span().end()};
}

std::string text() { return ByteTokenizer().decode(list("text")); }

Merges merges_of(const std::string& name) {
  Merges merges;
  const Tokens flat = list(name + ".merges");
  for (std::size_t i = 0; i + 1 < flat.size(); i += 2) merges.push_back({flat[i], flat[i + 1]});
  return merges;
}

}  // namespace

TEST_CASE("encoding agrees with one that scans the whole text for each merge") {
  const std::string all = text();
  const std::string other = std::string(all.rbegin(), all.rend()) + all.substr(3, 87);
  for (const std::string name : {"words", "plain", "all"}) {
    INFO(name);
    const Bpe bpe(merges_of(name), {}, name != "plain");
    CHECK(bpe.encode(all) == list(name + ".tokens"));
    CHECK(bpe.encode(other) == list(name + ".other"));
    CHECK(bpe.decode(bpe.encode(all)) == all);
    CHECK(bpe.decode(bpe.encode(other)) == other);
  }
}

TEST_CASE("merges are done in their order, each from left to right, and within words where there are words") {
  const Bpe bpe({{'a', 'a'}, {256, 'a'}, {'b', 'a'}});
  CHECK(bpe.encode("aaaaa") == Tokens{256, 257});
  CHECK(bpe.encode("baaa") == Tokens{'b', 257});
  CHECK(bpe.encode("ba") == Tokens{258});
  CHECK(bpe.encode("").empty());
  CHECK(bpe.vocabulary() == 259);
  CHECK(bpe.decode(Tokens{257, 258}) == "aaaba");
  CHECK(Bpe({{'x', ' '}}).encode("x x") == Tokens{'x', ' ', 'x'});
  CHECK(Bpe({{'x', ' '}}, {}, false).encode("x x") == Tokens{256, 'x'});
  CHECK(bpe.encode("ba ba\nba") == Tokens{258, ' ', 258, '\n', 258});
}

TEST_CASE("special tokens are found where asked for, and split words") {
  const Bpe bpe({{'a', 'b'}}, {"<x>"});
  CHECK(bpe.encode("ab<x>a<x>b", {.special = true}) == Tokens{256, 257, 'a', 257, 'b'});
  CHECK(bpe.encode("<x>") == Tokens{'<', 'x', '>'});
  CHECK(bpe.decode(Tokens{257, 256}) == "<x>ab");
  CHECK(fails_with([&] { bpe.special("<y>"); }, "Bpe::special", "'<y>'"));
}

TEST_CASE("a saved tokenizer is loaded as it was") {
  const TemporaryFolder folder;
  const Bpe bpe(merges_of("plain"), {"<end>", "\"\\\n\xc3\xa4"}, false);
  bpe.save(folder / "bpe.json");
  Bpe loaded({{'x', 'y'}}, {"<other>"});
  loaded.load(folder / "bpe.json");
  CHECK(loaded.merges() == bpe.merges());
  CHECK(loaded.vocabulary() == bpe.vocabulary());
  CHECK(loaded.special("\"\\\n\xc3\xa4") == bpe.special("\"\\\n\xc3\xa4"));
  CHECK(loaded.encode(text()) == bpe.encode(text()));
  loaded.save(folder / "again.json");
  CHECK(read_bytes(folder / "again.json") == read_bytes(folder / "bpe.json"));
  Bpe().save(folder / "bpe.json");
  CHECK(read_bytes(folder / "bpe.json") == "{\"regimen.bpe\":1,\"words\":true,\"special\":[],\"merges\":[]}\n");
  loaded.load(folder / "bpe.json");
  CHECK(loaded.vocabulary() == 256);
  CHECK(loaded.encode("x y") == Tokens{'x', ' ', 'y'});
}

TEST_CASE("a special token that is not UTF-8 is not written, and the earlier file stays") {
  const TemporaryFolder folder;
  write_bytes(folder / "bpe.json", "before");
  CHECK(fails_with([&] { Bpe({}, {"\xff"}).save(folder / "bpe.json"); }, "Bpe::save", "UTF-8"));
  CHECK(read_bytes(folder / "bpe.json") == "before");
  CHECK(folder.count() == 1);
  CHECK(fails_with([&] { Bpe().save(folder / "none/bpe.json"); }, "Bpe::save", "none/bpe.json"));
}

TEST_CASE("a corrupt file is an Error that changes nothing") {
  const TemporaryFolder folder;
  Bpe bpe({{'x', 'y'}}, {"<x>"});
  const auto refused = [&](const std::string& bytes, const char* problem) {
    INFO(bytes);
    write_bytes(folder / "bad.json", bytes);
    CHECK(fails_with([&] { bpe.load(folder / "bad.json"); }, "Bpe::load", "bad.json", problem));
    CHECK(bpe.encode("xy<x>", {.special = true}) == Tokens{256, 257});
  };
  const auto with = [](const std::string& special, const std::string& merges) {
    return "{\"regimen.bpe\":1,\"words\":true,\"special\":" + special + ",\"merges\":" + merges + "}";
  };
  refused("", "not JSON");
  refused("[]", "not an object");
  refused("{}", "not an object");
  refused("{\"regimen.bpe\":1,\"words\":true,\"special\":[],\"merge\":[]}", "one of them 'merges'");
  refused(with("[],\"more\":0", "[]"), "four members");
  refused(with("[],\"words\":true", "[]"), "twice");
  refused("{\"regimen.bpe\":2,\"words\":true,\"special\":[],\"merges\":[]}", "version");
  refused("{\"regimen.bpe\":1,\"words\":1,\"special\":[],\"merges\":[]}", "'words'");
  refused(with("{}", "[]"), "no list");
  refused(with("[]", "0"), "no list");
  refused(with("[1]", "[]"), "no text");
  refused(with("[\"\"]", "[]"), "a special token is empty");
  refused(with("[\"a\",\"a\"]", "[]"), "there twice");
  refused(with("[]", "[[97,98,99]]"), "no pair");
  refused(with("[]", "[[97]]"), "no pair");
  refused(with("[]", "[97]"), "no pair");
  refused(with("[]", "[[97,1.5]]"), "no pair");
  refused(with("[]", "[[97,[98]]]"), "too deep");
  refused(with("[]", "[[97,9223372036854775808]]"), "no pair");
  refused(with("[]", "[[97,256]]"), "merge 0 is of tokens 97 and 256, and there are 256 before it");
  refused(with("[]", "[[-1,97]]"), "merge 0");
  refused(with("[]", "[[97,98],[97,98]]"), "merge 1 of tokens 97 and 98 is there twice");
  std::string doubling = "[[97,97]";
  for (int i = 256; i < 300; ++i) doubling += ",[" + std::to_string(i) + "," + std::to_string(i) + "]";
  refused(with("[]", doubling + "]"), "the token of merge 16 has 131072 bytes");
  CHECK(fails_with([&] { bpe.load(folder / "none.json"); }, "Bpe::load", "none.json"));
}

TEST_CASE("every cut and every flipped bit of a file is an Error or a tokenizer") {
  const TemporaryFolder folder;
  Bpe({{'a', 'b'}, {256, 'c'}}, {"<x>"}).save(folder / "good.json");
  std::string bytes = read_bytes(folder / "good.json");
  bytes.pop_back();  // the new line at the end, which may be cut
  const int taken = regimen::test::damage(folder, bytes, [](const std::string& path) {
    Bpe bpe;
    bpe.load(path);
    CHECK(bpe.decode(bpe.encode("abcabc<x>")) == "abcabc<x>");
  });
  CHECK(taken > 0);
}

TEST_CASE("wrong merges and tokens are Errors") {
  CHECK(fails_with([] { Bpe({{256, 0}}); }, "Bpe", "merge 0 is of tokens 256 and 0"));
  CHECK(fails_with([] { Bpe().decode(Tokens{256}); }, "Bpe::decode", "token 256 of a vocabulary of 256"));
  CHECK(fails_with([] { Bpe().decode(Tokens{-1}); }, "token -1"));
  CHECK(fails_with([] { Bpe({{'a', 'b'}, {'a', 'b'}}); }, "merge 1 of tokens 97 and 98 is there twice"));
  CHECK(fails_with([] { Bpe({}, {"a", "b", "a"}); }, "'a' is there twice"));
}
