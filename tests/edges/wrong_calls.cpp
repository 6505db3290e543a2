// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// Wrong calls all over the library: each is one Error that names the operation, what was given (shapes, values), and a
// remedy.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "regimen/autodiff/grad.hpp"
#include "regimen/curriculum/curriculum_sampler.hpp"
#include "regimen/curriculum/difficulty.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/data/epoch_sampler.hpp"
#include "regimen/data/mixture.hpp"
#include "regimen/data/split.hpp"
#include "regimen/distill/soft_targets.hpp"
#include "regimen/io/npy.hpp"
#include "regimen/io/safetensors.hpp"
#include "regimen/loss/bce_with_logits.hpp"
#include "regimen/loss/bradley_terry.hpp"
#include "regimen/loss/cosine_embedding.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/loss/focal.hpp"
#include "regimen/loss/gaussian_nll.hpp"
#include "regimen/loss/hinge.hpp"
#include "regimen/loss/huber.hpp"
#include "regimen/loss/info_nce.hpp"
#include "regimen/loss/kl.hpp"
#include "regimen/loss/mse.hpp"
#include "regimen/loss/nt_xent.hpp"
#include "regimen/loss/triplet.hpp"
#include "regimen/metrics/accuracy.hpp"
#include "regimen/nn/attention.hpp"
#include "regimen/nn/batch_norm.hpp"
#include "regimen/nn/conv2d.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/embedding.hpp"
#include "regimen/nn/group_norm.hpp"
#include "regimen/nn/layer_norm.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/lstm.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/nn/rms_norm.hpp"
#include "regimen/nn/rotary.hpp"
#include "regimen/nn/sequential.hpp"
#include "regimen/ops/attention.hpp"
#include "regimen/ops/cholesky.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/conv.hpp"
#include "regimen/ops/conv1d.hpp"
#include "regimen/ops/dropout.hpp"
#include "regimen/ops/eigh.hpp"
#include "regimen/ops/gumbel_softmax.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/linear.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/norm.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/pixel_shuffle.hpp"
#include "regimen/ops/pool.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/scan.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/softmax.hpp"
#include "regimen/ops/solve.hpp"
#include "regimen/ops/sort.hpp"
#include "regimen/ops/straight_through.hpp"
#include "regimen/ops/unary.hpp"
#include "regimen/optim/accumulate.hpp"
#include "regimen/optim/adam.hpp"
#include "regimen/optim/adamw.hpp"
#include "regimen/optim/clip.hpp"
#include "regimen/optim/ema.hpp"
#include "regimen/optim/schedule/cosine.hpp"
#include "regimen/optim/sgd.hpp"
#include "regimen/train/program.hpp"
#include "regimen/train/until.hpp"

using namespace regimen;

namespace {

using Indices = Tensor<std::int64_t>;
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

Tensor<> ones(const Shape& shape) { return Tensor<>::ones(shape); }
Indices index(std::initializer_list<std::int64_t> values) { return Indices::from(values); }

struct Net {
  Linear<> hidden, out;
  explicit Net(Rng& rng) : hidden{4, 3, rng}, out{3, 2, rng} {}
  REGIMEN_MODULE(hidden, out)
};

struct Wrong {
  const char* operation;
  std::vector<const char*> problem;  // what the text has in it
  std::function<void()> call;
};

std::vector<Wrong> wrong_calls() {
  static Rng rng(1);
  const auto conv = ones({2, 3, 8, 8});
  return {
      // tensors and shapes
      {"Shape",
       {"[2]", "-1"},
       [] {
         Shape{2, -1};
       }},
      {"Shape", {"9"}, [] { Shape{1, 1, 1, 1, 1, 1, 1, 1, 1}; }},
      {"Shape",
       {"4611686018427387904"},
       [] {
         Shape{std::int64_t{1} << 62, 4};
       }},
      {"Tensor", {"before it was given a value"}, [] { Tensor<>().data(); }},
      {"Tensor::from",
       {"3 values", "[2, 2]"},
       [] {
         Tensor<>::from({1, 2, 3}, {2, 2});
       }},
      {"Tensor::item", {"[2]"}, [] { ones({2}).item(); }},
      {"Tensor::assign", {"[3]", "[2]"}, [] { ones({2}).assign(ones({3})); }},
      {"Shape",
       {"axis 2", "[2, 3]"},
       [] {
         ones({2, 3}).size(2);
       }},
      {"reshape",
       {"[2, 3]", "[4]"},
       [] {
         reshape(ones({2, 3}), Shape{4});
       }},
      {"reshape",
       {"-1"},
       [] {
         reshape(ones({2, 3}), {-1, -1});
       }},
      {"reshape",
       {"[2, 3]", "4"},
       [] {
         reshape(ones({2, 3}), {-1, 4});
       }},
      {"squeeze",
       {"axis 0", "[2, 3]"},
       [] {
         squeeze(ones({2, 3}), 0);
       }},
      {"unsqueeze",
       {"4", "[2, 3]"},
       [] {
         unsqueeze(ones({2, 3}), 4);
       }},
      {"permute",
       {"{0, 0}", "[2, 3]"},
       [] {
         permute(ones({2, 3}), {0, 0});
       }},
      {"transpose", {"[2]"}, [] { transpose(ones({2})); }},
      {"slice",
       {"1 to 9", "[2, 3]"},
       [] {
         slice(ones({2, 3}), 1, 1, 9);
       }},
      {"select",
       {"5", "[2, 3]"},
       [] {
         select(ones({2, 3}), 0, 5);
       }},
      {"pad",
       {"1 paddings", "[2, 3]"},
       [] {
         pad(ones({2, 3}), {{1, 1}});
       }},
      {"concat", {"empty"}, [] { concat(std::vector<Tensor<>>{}, 0); }},
      {"concat",
       {"[2, 3]", "[2, 4]"},
       [] {
         concat(std::vector{ones({2, 3}), ones({2, 4})}, 0);
       }},
      {"stack",
       {"[2]", "[3]"},
       [] {
         stack(std::vector{ones({2}), ones({3})}, 0);
       }},
      {"broadcast_to",
       {"[3]", "[2, 4]"},
       [] {
         broadcast_to(ones({3}), {2, 4});
       }},
      {"sum_to",
       {"[2, 3]", "[2]"},
       [] {
         sum_to(ones({2, 3}), {2});
       }},
      // arithmetic and reductions
      {"operator+",
       {"[2, 3]", "[2]"},
       [] {
         ones({2, 3}) + ones({2});
       }},
      {"operator*",
       {"[2, 3]", "[3, 2]"},
       [] {
         ones({2, 3}) * ones({3, 2});
       }},
      {"operator/", {"[4]", "[3]"}, [] { ones({4}) / ones({3}); }},
      {"maximum", {"[4]", "[3]"}, [] { maximum(ones({4}), ones({3})); }},
      {"clip", {"2.0", "1.0"}, [] { clip(ones({4}), 2.0f, 1.0f); }},
      {"sum",
       {"axis 2", "[2, 3]"},
       [] {
         sum(ones({2, 3}), {2});
       }},
      {"mean", {"[0]"}, [] { mean(ones({0})); }},
      {"max",
       {"[2, 0]"},
       [] {
         max(ones({2, 0}), {1});
       }},
      {"argmax",
       {"axis 7", "[2, 3]"},
       [] {
         argmax(ones({2, 3}), 7);
       }},
      {"softmax",
       {"axis 3", "[2, 3]"},
       [] {
         softmax(ones({2, 3}), 3);
       }},
      {"logsumexp",
       {"axis -4", "[2, 3]"},
       [] {
         logsumexp(ones({2, 3}), -4);
       }},
      {"cumsum",
       {"axis 2", "[2, 3]"},
       [] {
         cumsum(ones({2, 3}), 2);
       }},
      {"linear_recurrence",
       {"[2, 3]", "[2]"},
       [] {
         linear_recurrence(ones({2, 3}), ones({2}), 0);
       }},
      {"topk",
       {"k is 4", "[2, 3]"},
       [] {
         topk(ones({2, 3}), 4);
       }},
      {"straight_through", {"[2]", "[3]"}, [] { straight_through(ones({2}), ones({3})); }},
      {"gumbel_softmax",
       {"temperature is 0", "[2, 3]"},
       [] {
         gumbel_softmax(ones({2, 3}), rng, {.temperature = 0});
       }},
      {"dropout",
       {"2.0", "[2, 3]"},
       [] {
         dropout(ones({2, 3}), 2.0, rng);
       }},
      // matrices
      {"matmul",
       {"[64, 784]", "[512, 10]"},
       [] {
         matmul(ones({64, 784}), ones({512, 10}));
       }},
      {"matmul",
       {"[2]", "[3]"},
       [] {
         matmul(ones({2, 2, 3}), ones({3, 3, 2}));
       }},
      {"linear",
       {"[2, 3]", "[5, 4]"},
       [] {
         linear(ones({2, 3}), ones({5, 4}), {});
       }},
      {"solve",
       {"[2, 3]"},
       [] {
         solve(ones({2, 3}), ones({2}));
       }},
      {"solve",
       {"[2, 2]"},
       [] {
         solve(ones({2, 2}), ones({2}));
       }},
      {"cholesky",
       {"[2, 2]"},
       [] {
         cholesky(-ones({2, 2}));
       }},
      {"eigh",
       {"[2, 3]"},
       [] {
         eigh(ones({2, 3}));
       }},
      // indices
      {"gather",
       {"[2, 3]", "[2]"},
       [] {
         gather(ones({2, 3}), 1, index({0, 1}));
       }},
      {"index_select",
       {"7"},
       [] {
         index_select(ones({2, 3}), 0, index({7}));
       }},
      {"embedding",
       {"-1"},
       [] {
         embedding(ones({4, 3}), index({-1}));
       }},
      {"scatter_add",
       {"[2, 3]", "[4]"},
       [] {
         scatter_add(ones({2, 3}), 0, index({0, 1, 1, 0}), ones({4}));
       }},
      {"one_hot", {"3"}, [] { one_hot(index({3}), 3); }},
      // images and sequences
      {"conv2d",
       {"[2, 3, 8, 8]", "[4, 5, 3, 3]"},
       [=] {
         conv2d(conv, ones({4, 5, 3, 3}));
       }},
      {"conv1d",
       {"[2, 3]", "[4, 3, 3]"},
       [] {
         conv1d(ones({2, 3}), ones({4, 3, 3}));
       }},
      {"max_pool2d",
       {"[2, 3]"},
       [] {
         max_pool2d(ones({2, 3}), {.window = 4});
       }},
      {"pixel_shuffle", {"[2, 3, 8, 8]"}, [=] { pixel_shuffle(conv, 2); }},
      {"layer_norm",
       {"[2, 3]"},
       [] {
         layer_norm(ones({2, 3}), Shape{4});
       }},
      {"scaled_dot_product_attention",
       {"[1, 1, 4, 8]", "[1, 1, 5, 8]"},
       [] {
         scaled_dot_product_attention(ones({1, 1, 4, 8}), ones({1, 1, 4, 8}), ones({1, 1, 5, 8}));
       }},
      {"rotary",
       {"[4, 3]"},
       [] {
         rotary(ones({4, 3}));
       }},
      // gradients
      {"grad",
       {"[2]"},
       [] {
         const auto x = variable(ones({2}));
         grad(x * x, {x});
       }},
      {"grad",
       {"input 0"},
       [] {
         const auto x = variable(ones({2}));
         grad(sum(ones({2})), {x});
       }},
      // layers
      {"Linear", {"0"}, [] { Linear<>(0, 3, rng); }},
      {"linear",
       {"[2, 5]", "[3, 4]"},
       [] {
         Linear<> layer(4, 3, rng);
         layer(ones({2, 5}));
       }},
      {"Dropout", {"1.5"}, [] { Dropout(1.5, rng); }},
      {"RMSNorm",
       {"[2, 5]", "4"},
       [] {
         RMSNorm<> layer(4);
         layer(ones({2, 5}));
       }},
      {"GroupNorm", {"3", "4"}, [] { GroupNorm<>(3, 4); }},
      {"BatchNorm",
       {"[2, 5]"},
       [] {
         BatchNorm<> layer(4);
         layer(ones({2, 5}));
       }},
      {"MultiheadAttention", {"10", "3"}, [] { MultiheadAttention<>(10, 3, rng); }},
      {"Lstm",
       {"[2, 3]"},
       [] {
         Lstm<> layer(4, 5, rng);
         layer(ones({2, 3}));
       }},
      {"AnyLayer::as",
       {"another type"},
       [] {
         Sequential<> net{Linear<>(2, 2, rng)};
         net[0].as<RMSNorm<>>();
       }},
      {"Sequential::operator[]",
       {"3"},
       [] {
         Sequential<> net{Linear<>(2, 2, rng)};
         net[3];
       }},
      {"freeze",
       {"no parameter fits 'head'"},
       [] {
         Net net(rng);
         freeze(net, "head");
       }},
      {"Parameters::select",
       {"no parameter fits 'head'"},
       [] {
         Net net(rng);
         parameters(net).select("head");
       }},
      // losses
      {"softmax_cross_entropy",
       {"[2, 3]", "[4]"},
       [] {
         cross_entropy(ones({2, 3}), index({0, 1, 2, 0}));
       }},
      {"softmax_cross_entropy",
       {"3"},
       [] {
         cross_entropy(ones({2, 3}), index({0, 3}));
       }},
      {"softmax_cross_entropy",
       {"2.0"},
       [] {
         cross_entropy(ones({2, 3}), index({0, 1}), {.smoothing = 2});
       }},
      {"mse",
       {"[2, 3]", "[2]"},
       [] {
         mse(ones({2, 3}), ones({2}));
       }},
      {"huber", {"-1.0"}, [] { huber(ones({2}), ones({2}), {.delta = -1}); }},
      {"hinge", {"0"}, [] { hinge(ones({2}), Tensor<>::zeros({2})); }},
      {"bce_with_logits", {"[2]", "[3]"}, [] { bce_with_logits(ones({2}), ones({3})); }},
      {"focal",
       {"-1.0"},
       [] {
         focal(ones({2, 3}), index({0, 1}), {.gamma = -1});
       }},
      {"triplet",
       {"margin is 0"},
       [] {
         triplet(ones({2, 3}), ones({2, 3}), ones({2, 3}), {.margin = 0});
       }},
      {"info_nce",
       {"[2, 3]", "[2, 4]"},
       [] {
         info_nce(ones({2, 3}), ones({2, 4}));
       }},
      {"nt_xent",
       {"[2, 3]", "[3, 3]"},
       [] {
         nt_xent(ones({2, 3}), ones({3, 3}));
       }},
      {"gaussian_nll", {"-1"}, [] { gaussian_nll(ones({2}), ones({2}), -ones({2})); }},
      {"bradley_terry", {"[2]", "[3]"}, [] { bradley_terry(ones({2}), ones({3})); }},
      {"cosine_embedding",
       {"0"},
       [] {
         cosine_embedding(ones({2, 3}), ones({2, 3}), Tensor<>::zeros({2}));
       }},
      {"kl_from_logits",
       {"temperature is -1"},
       [] {
         kl_from_logits(ones({2, 3}), ones({2, 3}), {.temperature = -1});
       }},
      {"distillation_loss",
       {"alpha is 2"},
       [] {
         distillation_loss(ones({2, 3}), ones({2, 3}), index({0, 1}), {.alpha = 2});
       }},
      // optimizers and schedules
      {"adam", {"beta1", "1.5"}, [] { adam({.beta1 = 1.5}); }},
      {"adamw", {"weight_decay", "-1"}, [] { adamw({.weight_decay = -1}); }},
      {"sgd", {"nesterov"}, [] { sgd({.nesterov = true}); }},
      {"Optimizer",
       {"before it was given a value"},
       [] {
         Net net(rng);
         auto p = parameters(net);
         Optimizer<>().update(p, {});
       }},
      {"clip_by_global_norm", {"0"}, [] { clip_by_global_norm(0); }},
      {"accumulate", {"0"}, [] { accumulate(0, Optimizer<>(adam({}))); }},
      {"Ema::swap",
       {"no mean"},
       [] {
         Net net(rng);
         auto p = parameters(net);
         Ema<> ema;
         ema.swap(p);
       }},
      {"Schedule", {"-1"}, [] { cosine({.steps = 10})(-1); }},
      {"cosine", {"steps", "0"}, [] { cosine({.steps = 0}); }},
      {"warmup_cosine", {"20", "10"}, [] { warmup_cosine({.warmup = 20, .steps = 10}); }},
      // data, curricula and training
      {"Dataset",
       {"[4, 3]", "[5]"},
       [] {
         Dataset<>{ones({4, 3}), index({0, 1, 2, 3, 4})}.size();
       }},
      {"Sampler", {"4", "8"}, [] { ShuffledSampler(4, Rng(1), {.batch_size = 8, .drop_last = true}); }},
      {"Sampler", {"before it was given"}, [] { Sampler().next(); }},
      {"train_test_split",
       {"1.5"},
       [] {
         train_test_split(Dataset<>{ones({4, 3}), index({0, 1, 2, 3})}, rng, {.test_fraction = 1.5});
       }},
      {"Mixture",
       {"[2, 2]"},
       [] {
         Mixture(Indices::zeros({2, 2}), {1}, Rng(1));
       }},
      {"difficulty_order",
       {"NaN"},
       [] {
         difficulty_order(Tensor<>::from({1, nan}), CurriculumOrder::easy_first, rng);
       }},
      {"CurriculumSampler", {"no examples"}, [] { CurriculumSampler(Tensor<>::empty({0}), Rng(1), {}); }},
      {"accuracy",
       {"[2, 3]", "[5]"},
       [] {
         accuracy(ones({2, 3}), index({0, 1, 2, 0, 1}));
       }},
      {"steps", {"-1"}, [] { steps(-1); }},
      {"Program",
       {"'warm up'", "no end"},
       [] {
         Net net(rng);
         Phase<> phase;
         phase.name = "warm up";
         Program<>(net, {phase});
       }},
      {"read_npy", {"no such file.npy"}, [] { read_npy<float>("no such file.npy"); }},
      {"read_safetensors", {"no such file"}, [] { read_safetensors("no such file"); }},
  };
}

}  // namespace

TEST_CASE("each wrong call gives one Error with the operation, what was given and a remedy") {
  const auto calls = wrong_calls();
  CHECK(calls.size() >= 80);
  for (const Wrong& wrong : calls) {
    std::string operation, problem, remedy;
    try {
      wrong.call();
      problem = "nothing was thrown";
    } catch (const Error& error) {
      operation = error.operation();
      problem = error.problem();
      remedy = error.remedy();
    }
    INFO(std::string(wrong.operation) << " | " << operation << ": " << problem << "; " << remedy);
    CHECK(operation == wrong.operation);
    for (const char* text : wrong.problem) CHECK_MESSAGE(problem.find(text) != problem.npos, text);
    CHECK(!remedy.empty());
  }
}
