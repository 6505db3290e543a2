// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "fuzz/reader.hpp"
#include "regimen/data/epoch_sampler.hpp"
#include "regimen/io/state_file.hpp"
#include "regimen/loss/mse.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/optim/adam.hpp"
#include "regimen/train/program.hpp"

using namespace regimen;

namespace {

struct Model {
  Linear<> layer;
  explicit Model(Rng rng) : layer(2, 1, rng) {}
  REGIMEN_MODULE(layer)
};

/// A training of three steps.
struct Training {
  Model model{Rng(1)};
  Program<> program{model, {phase()}};

  Phase<> phase() {
    const Dataset<> data{.inputs = Rng(2).normal({4, 2}), .targets = Rng(3).normal({4, 1})};
    return {
        .name = "fit",
        .objective = on(data, [this](const Batch<>& batch) { return mse(model.layer(batch.inputs), batch.targets); }),
        .sampler = ShuffledSampler(4, Rng(4), {.batch_size = 2}),
        .optimizer = adam({.lr = 0.1}),
        .until = steps(3)};
  }
};

/// The checkpoint of its second step, without the list of its values.
struct Checkpoint {
  std::string header, elements;  // of the tensors

  Checkpoint() {
    State state;
    Training training;
    training.program.run({.checkpoint = [&](const StepReport& report, const auto& snapshot) {
      if (report.step == 2) state = snapshot().clone();
    }});
    for (const auto& entry : state.entries())
      std::visit(
          [&]<class V>(const V& value) {
            if constexpr (std::is_same_v<V, Tensor<float>>) add(entry.name, "F32", value);
            if constexpr (std::is_same_v<V, Tensor<double>>) add(entry.name, "F64", value);
            if constexpr (std::is_same_v<V, Tensor<std::int64_t>>) add(entry.name, "I64", value);
          },
          entry.value);
  }

  template <class T>
  void add(const std::string& name, const char* type, const Tensor<T>& tensor) {
    const auto begin = elements.size();
    elements.append(reinterpret_cast<const char*>(tensor.data()), tensor.span().size_bytes());
    header += ",\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + tensor.shape().to_string() +
              ",\"data_offsets\":[" + std::to_string(begin) + "," + std::to_string(elements.size()) + "]}";
  }

  /// The file with this list, in JSON.
  std::string with(std::string_view list) const {
    std::string text = "{\"__metadata__\":{\"regimen.state\":\"";
    for (const char c : list) {
      if (c == '"' || c == '\\') text += '\\';
      text += c == '\n' ? ' ' : c;
    }
    text += "\"}" + header + "}";
    const std::uint64_t length = text.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof(length)) + text + elements;
  }
};

}  // namespace

/// The fuzzer writes the list of the values of a training's checkpoint. What can be read is loaded and trained on from.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Checkpoint checkpoint;
  const std::string bytes = checkpoint.with({reinterpret_cast<const char*>(data), size});
  return fuzz::read(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), [](const std::string& path) {
    const State state = read_state(path);
    Training training;
    training.program.load(state);
    training.program.run();
    fuzz::require(training.program.finished());
  });
}
