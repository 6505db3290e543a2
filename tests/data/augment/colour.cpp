// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/augment/colour.hpp"

#include <limits>
#include <set>

#include "data/augment/checks.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("colours change as in torchvision", T, float, double) {
  const Oracle oracle("data_b");
  const auto x = oracle.get<T>("colour.x");
  for (const auto& [name, factor] : {std::pair{"half", 0.5}, {"strong", 1.7}}) {
    oracle.check(std::string("colour.brightness.") + name, adjust_brightness(x, factor));
    oracle.check(std::string("colour.contrast.") + name, adjust_contrast(x, factor));
    oracle.check(std::string("colour.saturation.") + name, adjust_saturation(x, factor));
  }
  oracle.check("colour.grey", greyscale(x));
  for (const auto& [name, shift] : {std::pair{"left", -0.5}, {"some", -0.13}, {"none", 0.0}, {"right", 0.3}})
    oracle.check(std::string("colour.hue.") + name, adjust_hue(x, shift));
}

TEST_CASE_TEMPLATE("factor 1 and shift 0 change nothing, factor 0 gives black, the mean and grey", T, float, double) {
  const auto x = images<T>();
  CHECK(same_bits(adjust_brightness(x, 1), x));
  CHECK(same_bits(adjust_contrast(x, 1), x));
  CHECK(same_bits(adjust_saturation(x, 1), x));
  CHECK(distance(adjust_hue(x, 0), x) < 1e-6);
  CHECK(distance(adjust_hue(adjust_hue(x, 0.5), -0.5), x) < 1e-6);
  CHECK(same_bits(adjust_brightness(x, 0), Tensor<T>::zeros(x.shape())));
  CHECK(distance(adjust_saturation(x, 0), greyscale(x)) < 1e-6);
  const auto flat = adjust_contrast(x, 0);
  for (std::int64_t k = 1; k < 126; ++k) CHECK(flat.data()[k] == flat.data()[0]);
}

TEST_CASE("grey images have brightness and contrast only") {
  const auto x = Rng(2).uniform<double>({2, 1, 3, 3});
  CHECK(same_bits(adjust_saturation(x, 0.3), x));
  CHECK(same_bits(adjust_hue(x, 0.3), x));
  CHECK(same_bits(greyscale(x), x));
  double mean = 0;
  for (int k = 0; k < 9; ++k) mean += x.data()[k] / 9;
  CHECK(adjust_contrast(x, 0.5)(0, 0, 1, 1) == doctest::Approx(0.5 * x(0, 0, 1, 1) + 0.5 * mean));
  CHECK(adjust_brightness(Tensor<>::full({1, 2, 1, 1}, 0.8f), 2)(0, 1, 0, 0) == 1);
  CHECK(adjust_contrast(Tensor<>::zeros({2, 3, 0, 4}), 0.5).shape() == Shape{2, 3, 0, 4});
}

TEST_CASE_TEMPLATE("random changes are drawn for each sample", T, float, double) {
  check_by_sample<T>([](const auto& x, const auto& indices) { return colour_jitter(x, indices, Rng(3)); });
  check_by_sample<T>([](const auto& x, const auto& indices) { return random_greyscale(x, indices, Rng(3), 0.5); });
}

TEST_CASE("jitter of one kind is that change, its amounts uniform") {
  // Of a pixel of 0.1, whose brightness never saturates.
  const auto x = Tensor<double>::full({4000, 1, 1, 1}, 0.1);
  const auto y =
      colour_jitter(x, Rng(4).permutation(4000), Rng(5), {.brightness = 1.5, .contrast = 0, .saturation = 0, .hue = 0});
  double sum = 0, squares = 0, low = 1, high = 0;
  for (const double v : y.span()) {
    const double factor = v / 0.1;
    sum += factor / 4000, squares += factor * factor / 4000;
    low = std::min(low, factor), high = std::max(high, factor);
  }
  CHECK(std::abs(sum - 1.25) < 5 * 2.5 / std::sqrt(12 * 4000.0));
  CHECK(squares - sum * sum == doctest::Approx(2.5 * 2.5 / 12).epsilon(0.05));
  CHECK((low >= 0 && low < 0.01 && high <= 2.5 && high > 2.49));

  // Red, turned by at most a sixth of the circle either way.
  const auto red = Tensor<double>::from({1, 0, 0}, {1, 3, 1, 1});
  bool yellow = false, magenta = false;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto z = colour_jitter(red, Tensor<std::int64_t>::from({0}), Rng(seed),
                                 {.brightness = 0, .contrast = 0, .saturation = 0, .hue = 1.0 / 6});
    CHECK(z(0, 0, 0, 0) == doctest::Approx(1));
    CHECK(z(0, 1, 0, 0) * z(0, 2, 0, 0) == doctest::Approx(0));
    yellow = yellow || z(0, 1, 0, 0) > 0.5;
    magenta = magenta || z(0, 2, 0, 0) > 0.5;
  }
  CHECK((yellow && magenta));
}

TEST_CASE("jitter applies the changes in every order") {
  // The two changes do not commute: the mean that contrast keeps is of the brighter or the first image.
  const auto x = Rng(6).uniform<double>({1, 3, 4, 4});
  const auto index = Tensor<std::int64_t>::from({0});
  int first = 0, second = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const ColourJitterOptions wide{.brightness = 0.9, .contrast = 0.9, .saturation = 0, .hue = 0};
    const auto y = colour_jitter(x, index, Rng(seed), wide);
    // The amounts, from what the change alone does with the same draws.
    const auto bright =
        colour_jitter(x, index, Rng(seed), {.brightness = 0.9, .contrast = 0, .saturation = 0, .hue = 0});
    const double b = bright(0, 0, 0, 0) / x(0, 0, 0, 0);
    if (bright(0, 0, 0, 0) >= 1) continue;
    const auto flat = colour_jitter(x, index, Rng(seed), {.brightness = 0, .contrast = 0.9, .saturation = 0, .hue = 0});
    double c = -1;
    double mean = 0;
    const auto grey = greyscale(x);
    for (int k = 0; k < 16; ++k) mean += grey.data()[k] / 16;
    for (int k = 0; k < 48 && c < 0; ++k)
      if (flat.data()[k] > 0 && flat.data()[k] < 1) c = (flat.data()[k] - mean) / (x.data()[k] - mean);
    const double ab = distance(y, adjust_contrast(adjust_brightness(x, b), c));
    const double ba = distance(y, adjust_brightness(adjust_contrast(x, c), b));
    CHECK(std::min(ab, ba) < 1e-9);
    if (ab < 1e-9 && ba > 1e-9) ++first;
    if (ba < 1e-9 && ab > 1e-9) ++second;
  }
  CHECK(first > 5);
  CHECK(second > 5);
}

TEST_CASE("greyscale happens as often as asked") {
  const auto x = Rng(7).uniform({2000, 3, 1, 1});
  const auto y = random_greyscale(x, Rng(8).permutation(2000), Rng(9), 0.2);
  double grey = 0;
  for (std::int64_t i = 0; i < 2000; ++i) grey += y(i, 0, 0, 0) == y(i, 1, 0, 0) ? 1 : 0;
  CHECK(std::abs(grey - 400) < 5 * std::sqrt(2000 * 0.2 * 0.8));
  CHECK(same_bits(random_greyscale(x, Rng(8).permutation(2000), Rng(9), 0), x));
}

TEST_CASE("wrong images and amounts are Errors") {
  const auto x = images<float>();
  const auto two = Tensor<>::zeros({2, 2, 3, 3});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(fails_with([&] { adjust_contrast(two, 1); }, "adjust_contrast", "[2, 2, 3, 3]", "RGB"));
  CHECK(fails_with([&] { adjust_saturation(two, 1); }, "[2, 2, 3, 3]"));
  CHECK(fails_with([&] { adjust_hue(two, 0); }, "[2, 2, 3, 3]"));
  CHECK(fails_with([&] { greyscale(two); }, "[2, 2, 3, 3]"));
  CHECK(fails_with([&] { adjust_brightness(x.reshaped({5, 126}), 1); }, "[5, 126]"));
  CHECK(fails_with([&] { adjust_brightness(x, -1); }, "factor is -1"));
  CHECK(fails_with([&] { adjust_contrast(x, nan); }, "factor is nan"));
  CHECK(fails_with([&] { adjust_saturation(x, INFINITY); }, "factor is inf"));
  CHECK(fails_with([&] { adjust_hue(x, 0.6); }, "shift is 0.6", "[-0.5, 0.5]"));
  CHECK(fails_with([&] { adjust_hue(x, nan); }, "shift is nan"));
  const auto indices = Rng().permutation(5);
  CHECK(fails_with([&] { random_greyscale(x, indices, Rng(), 1.1); }, "p is 1.1"));
  CHECK(fails_with([&] { colour_jitter(x, indices, Rng(), {.brightness = -1}); }, "brightness is -1"));
  CHECK(fails_with([&] { colour_jitter(x, indices, Rng(), {.contrast = nan}); }, "contrast is nan"));
  CHECK(fails_with([&] { colour_jitter(x, indices, Rng(), {.saturation = -2}); }, "saturation is -2"));
  CHECK(fails_with([&] { colour_jitter(x, indices, Rng(), {.hue = -0.1}); }, "hue is -0.1", "[0, 0.5]"));
}
