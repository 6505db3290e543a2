// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/transformer_decoder.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "nn/golden.hpp"
#include "nn/module_checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("a decoder block agrees with PyTorch, with norms before and after", T, float, double) {
  const Oracle oracle("nn_b_transformer");
  for (const bool pre : {false, true}) {
    Rng rng(1);
    TransformerDecoderBlock<T> block(4, 2, rng, {.pre_norm = pre, .causal = true, .hidden = 6});
    const std::string name = pre ? "decoder_pre" : "decoder_post";
    load_golden<T>(oracle, name + ".model", block);
    oracle.check_case<T>(name, {"x", "context"}, [&](const auto& in) { return block(in[0], in[1]); });
  }
}

TEST_CASE_TEMPLATE("an encoder and a decoder agree with PyTorch", T, float, double) {
  const Oracle oracle("nn_b_transformer");
  Rng rng(1);
  EncoderDecoder<T> model(4, 2, rng, {.encoder_layers = 2, .decoder_layers = 1, .block = {.hidden = 6}});
  load_golden<T>(oracle, "both.model", model);
  oracle.check_case<T>("both", {"source", "target"}, [&](const auto& in) { return model(in[0], in[1]); });
}

TEST_CASE("a decoder block has gradients to second order, and a model is copied with its bits") {
  Rng rng(2);
  const auto x = rng.normal<double>({1, 2, 2}), context = rng.normal<double>({1, 2, 2});
  const TransformerDecoderBlock<double> block(2, 1, rng, {.causal = true, .hidden = 2, .dropout = 0.2});
  check_module_gradients(block, {x, context}, [](const auto& f, const auto& in) { return f(in[0], in[1]); });
  const EncoderDecoder<double> model(2, 1, rng, {.encoder_layers = 1, .decoder_layers = 1});
  check_module_copies(model, [&](const auto& f) { return f(x, context); });
  CHECK(fails_with([&] { EncoderDecoder<>(2, 1, rng, {.encoder_layers = -1}); }, "EncoderDecoder", "-1 layers"));
}
