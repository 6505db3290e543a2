// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/curriculum/curriculum_sampler.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "regimen/data/sampler.hpp"

using namespace regimen;

namespace {

using List = std::vector<std::int64_t>;

List list(const Tensor<std::int64_t>& t) { return {t.span().begin(), t.span().end()}; }

/// Scores by which example i is the (7 i mod n)-th easiest, n prime to 7.
Tensor<float> ranks(std::int64_t n) {
  auto scores = Tensor<float>::empty({n});
  for (std::int64_t i = 0; i < n; ++i) scores.mutable_data()[i] = static_cast<float>(7 * i % n);
  return scores;
}
std::int64_t rank_of(std::int64_t i, std::int64_t n) { return 7 * i % n; }

bool all_differ(List values) {
  std::sort(values.begin(), values.end());
  return std::adjacent_find(values.begin(), values.end()) == values.end();
}

template <class F>
std::string message(F f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// What save() gives, by way of flat names, as a file would have it.
State through_file(const CurriculumSampler& sampler) {
  State state, flat;
  sampler.save(state);
  for (const auto& entry : state.clone().entries())
    std::visit([&](const auto& value) { flat.put(entry.name, value); }, entry.value);
  return flat;
}

}  // namespace

TEST_CASE("at pace 1 every pass covers every example once, and no batch has one twice") {
  for (const std::int64_t batch_size : {1, 4, 8, 50, 51, 64}) {
    CAPTURE(batch_size);
    CurriculumSampler sampler(ranks(50), Rng(3), {.batch_size = batch_size});
    List all;
    while (all.size() < 2000) {
      const List batch = list(sampler.next());
      CHECK(batch.size() == static_cast<std::size_t>(std::min<std::int64_t>(batch_size, 50)));
      CHECK(all_differ(batch));
      all.insert(all.end(), batch.begin(), batch.end());
      CHECK(sampler.epoch() == static_cast<std::int64_t>(all.size()) / 50);
    }
    for (std::size_t pass = 0; pass < 40; ++pass)
      CHECK(all_differ(List(all.begin() + static_cast<std::ptrdiff_t>(50 * pass),
                            all.begin() + static_cast<std::ptrdiff_t>(50 * pass + 50))));
  }
}

TEST_CASE("at pace 1 each example is equally likely at each place of a batch") {
  CurriculumSampler sampler(ranks(10), Rng(11), {.batch_size = 5});
  std::vector<int> seen(50);
  for (int i = 0; i < 20000; ++i) {
    const List batch = list(sampler.next());
    for (std::size_t place = 0; place < 5; ++place) ++seen[place * 10 + static_cast<std::size_t>(batch[place])];
  }
  double chi = 0;  // each place is uniform: 5 times 9 degrees of freedom
  for (const int n : seen) chi += (n - 2000.0) * (n - 2000.0) / 2000;
  CHECK(chi < 86);  // exceeded by chance once in 5000
  CHECK(chi > 10);
}

TEST_CASE("the pool is the easiest part, the hardest part, or a random one, and grows by the pace") {
  const Schedule pace = linear_pace({.start = 0.2, .steps = 40});
  for (const CurriculumOrder order :
       {CurriculumOrder::easy_first, CurriculumOrder::hard_first, CurriculumOrder::random}) {
    CurriculumSampler sampler(ranks(100), Rng(5), {.batch_size = 7, .order = order, .pace = pace});
    bool inside = true, hard_seen = false;
    for (std::int64_t t = 0; t < 60; ++t) {
      const auto pool = std::llround(100 * pace(t));
      CHECK(sampler.pool() == pool);
      const List batch = list(sampler.next());
      CHECK(batch.size() == 7);
      CHECK(all_differ(batch));
      for (const std::int64_t i : batch) {
        const std::int64_t place = order == CurriculumOrder::hard_first ? 99 - rank_of(i, 100) : rank_of(i, 100);
        inside = inside && place < pool;
        hard_seen = hard_seen || place >= 95;
      }
    }
    CHECK(inside == (order != CurriculumOrder::random));
    CHECK(hard_seen);
  }
}

TEST_CASE("a pool smaller than the batch is the batch") {
  CurriculumSampler sampler(ranks(40), Rng(5), {.batch_size = 16, .pace = step_pace({.start = 0.01, .steps = 3})});
  for (int t = 0; t < 3; ++t) CHECK(list(sampler.next()) == List{0});
  CHECK(sampler.next().size() == 16);
}

TEST_CASE("examples that join the pool join the pass, before any comes again") {
  CurriculumSampler sampler(ranks(20), Rng(1), {.batch_size = 5, .pace = step_pace({.start = 0.5, .steps = 1})});
  List pass;
  for (int t = 0; t < 4; ++t)
    for (const std::int64_t i : list(sampler.next())) pass.push_back(i);
  CHECK(all_differ(pass));
}

TEST_CASE("the same generator gives the same batches, another one others") {
  CurriculumSampler a(ranks(50), Rng(1), {}), b(ranks(50), Rng(1), {}), c(ranks(50), Rng(2), {});
  const List first = list(a.next());
  CHECK(first == list(b.next()));
  CHECK(first != list(c.next()));
}

TEST_CASE("own losses reorder the examples every rescore_every batches, and only with that option") {
  const Schedule pace = [](std::int64_t t) { return t < 2 ? 1.0 : 0.3; };
  for (const std::int64_t every : {0, 2}) {
    Sampler sampler = CurriculumSampler(ranks(10), Rng(1), {.batch_size = 10, .pace = pace, .rescore_every = every});
    for (int t = 0; t < 2; ++t) {
      const auto batch = sampler.next();
      auto losses = Tensor<float>::empty({10});
      for (std::int64_t i = 0; i < 10; ++i) losses.mutable_data()[i] = static_cast<float>(-batch(i));  // 9 is easiest
      sampler.observe(batch, losses);
    }
    List pool = list(sampler.next());
    std::sort(pool.begin(), pool.end());
    CHECK(pool == (every == 2 ? List{7, 8, 9} : List{0, 3, 6}));
  }
}

TEST_CASE("new scores take effect at the next batch") {
  CurriculumSampler sampler(ranks(10), Rng(1), {.batch_size = 3, .pace = 0.3});
  List pool = list(sampler.next());
  std::sort(pool.begin(), pool.end());
  CHECK(pool == List{0, 3, 6});
  sampler.set_scores(Tensor<float>::from({5, 1, 6, 7, 2, 8, 9, 3, 10, 11}));
  pool = list(sampler.next());
  std::sort(pool.begin(), pool.end());
  CHECK(pool == List{1, 4, 7});
}

TEST_CASE("saved anywhere and loaded elsewhere, it draws the same batches") {
  for (const CurriculumOrder order :
       {CurriculumOrder::easy_first, CurriculumOrder::hard_first, CurriculumOrder::random})
    for (const std::int64_t middle : {0, 1, 5, 13, 40}) {
      const CurriculumOptions options{
          .batch_size = 7, .order = order, .pace = root_pace({.start = 0.1, .steps = 20}), .rescore_every = 4};
      CurriculumSampler sampler(ranks(53), Rng(8), options), resumed(Tensor<float>::zeros({53}), Rng(9), options);
      const auto draw = [](CurriculumSampler& from) {
        const auto batch = from.next();
        auto losses = Tensor<float>::empty({batch.size()});
        for (std::int64_t i = 0; i < batch.size(); ++i)
          losses.mutable_data()[i] = static_cast<float>(batch.data()[i] * 31 % 17);
        from.observe(batch, losses);
        return list(batch);
      };
      for (std::int64_t t = 0; t < middle; ++t) draw(sampler);
      for (int t = 0; t < 3; ++t) draw(resumed);
      resumed.load(through_file(sampler));
      for (int t = 0; t < 30; ++t) {
        CHECK(draw(sampler) == draw(resumed));
        CHECK(sampler.epoch() == resumed.epoch());
      }
    }
}

TEST_CASE("a copy draws on its own") {
  CurriculumSampler sampler(ranks(50), Rng(1), {});
  sampler.next();
  Sampler a = sampler, b = a;
  const List first = list(a.next()), second = list(a.next());
  CHECK(list(b.next()) == first);
  CHECK(list(b.next()) == second);
}

TEST_CASE("wrong options, scores, losses and paces are errors that name them") {
  const auto make = [](const CurriculumOptions& options) { return CurriculumSampler(ranks(10), Rng(1), options); };
  CHECK_THROWS_AS(make({.batch_size = 0}), Error);
  CHECK_THROWS_AS(make({.rescore_every = -1}), Error);
  CHECK_THROWS_AS(CurriculumSampler(Tensor<float>::zeros({0}), Rng(1), {}), Error);
  CHECK_THROWS_AS(CurriculumSampler(Tensor<float>::zeros({2, 2}), Rng(1), {}), Error);
  CHECK_THROWS_AS(CurriculumSampler(Tensor<float>::from({1, NAN}), Rng(1), {}), Error);
  auto wrong = make({.pace = 1.5});
  CHECK(message([&] { wrong.next(); }) ==
        "CurriculumSampler: the pace at batch 0 is 1.5 (constant); it must be in (0, 1]");
  auto sampler = make({.rescore_every = 1});
  const auto one = Tensor<std::int64_t>::from({3});
  CHECK_THROWS_AS(sampler.observe(one, Tensor<float>::zeros({2})), Error);
  CHECK_THROWS_AS(sampler.observe(one, Tensor<float>::from({NAN})), Error);
  CHECK(message([&] { sampler.observe(Tensor<std::int64_t>::from({10}), Tensor<float>::zeros({1})); }) ==
        "CurriculumSampler::observe: index 10 of 10 examples; pass the indices that next() gave");
  CHECK(message([&] {
          sampler.set_scores(Tensor<float>::zeros({9}));
        }).find("scores are [9] and there are 10 examples") != std::string::npos);
  CHECK_THROWS_AS(sampler.set_scores(Tensor<float>::full({10}, NAN)), Error);
}

TEST_CASE("a state of another sampler, or a damaged one, is an error and changes nothing") {
  CurriculumSampler sampler(ranks(10), Rng(1), {.batch_size = 4}), twin(ranks(10), Rng(1), {.batch_size = 4});
  sampler.next();
  twin.next();
  CHECK_THROWS_AS(sampler.load(State()), Error);
  CHECK_THROWS_AS(sampler.load(through_file(CurriculumSampler(ranks(11), Rng(1), {.batch_size = 4}))), Error);
  CHECK_THROWS_AS(sampler.load(through_file(CurriculumSampler(ranks(10), Rng(1), {.batch_size = 5}))), Error);
  CHECK_THROWS_AS(sampler.load(through_file(
                      CurriculumSampler(ranks(10), Rng(1), {.batch_size = 4, .order = CurriculumOrder::hard_first}))),
                  Error);
  for (const char* part : {"order", "used", "left"})
    for (const std::int64_t value : {-1, 0, 9, 10}) {
      State damaged;
      for (const auto& entry : through_file(sampler).entries())
        std::visit(
            [&](const auto& v) {
              if constexpr (std::is_same_v<std::remove_cvref_t<decltype(v)>, Tensor<std::int64_t>>)
                if (entry.name == part)
                  for (std::int64_t i = 0; i < 6; ++i) v.mutable_data()[i] = value;
              damaged.put(entry.name, v);
            },
            entry.value);
      CAPTURE(part);
      CAPTURE(value);
      CHECK(message([&] { sampler.load(damaged); }) ==
            "CurriculumSampler::load: the parts of the state contradict each other; it is damaged");
    }
  for (int t = 0; t < 5; ++t) CHECK(list(sampler.next()) == list(twin.next()));
}
