// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// What holds for modules that take more than one tensor, or none.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/nn/module_state.hpp"

namespace test {

/// Something else for the parameters than their first values, some of which are 0 or 1.
template <class Model>
void disturb_parameters(Model& model, std::uint64_t seed, double low = -0.9, double high = 1.1) {
  Rng rng(seed);
  for_each_parameter(model, [&](const std::string&, auto& tensor) {
    using T = typename std::remove_cvref_t<decltype(tensor)>::Scalar;
    tensor.assign(rng.uniform<T>(tensor.shape(), static_cast<T>(low), static_cast<T>(high)));
  });
}

/// Whether the gradients of call(model, inputs), by the inputs and by the model's parameters, agree with differences,
/// to second order. Each evaluation is of a clone of the model.
template <class Model, class F>
void check_module_gradients(const Model& model, std::vector<Tensor<double>> inputs, const F& call, int order = 2) {
  const std::size_t given = inputs.size();
  Model first = model;
  for_each_parameter(first, [&](const std::string&, auto& tensor) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<double>>)
      inputs.push_back(tensor.clone());
  });
  const auto f = [&](const auto& in) {
    auto copy = clone(model);
    std::size_t i = given;
    for_each_parameter(copy, [&](const std::string&, auto& tensor) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<double>>) tensor = in[i++];
    });
    return Tensor<double>(call(copy, std::vector<Tensor<double>>(in.begin(), in.begin() + static_cast<long>(given))));
  };
  const auto result = gradcheck(f, inputs, {.order = order});
  CHECK_MESSAGE(result, result.message);
}

/// Whether a clone of the model gives the same bits as the model and shares nothing with it, and a model that was saved
/// and loaded goes on with the same bits.
template <class Model, class F>
void check_module_copies(Model model, const F& call) {
  auto twin = clone(model);
  const auto before = call(model).detach().clone();
  CHECK(same_bits(call(twin).detach(), before));
  disturb_parameters(twin, 19);
  State state;
  save_module(model, state);
  load_module(twin, state.clone());
  CHECK(same_bits(call(twin).detach(), call(model).detach()));
  disturb_parameters(twin, 20);
  auto other = clone(model);
  CHECK(same_bits(call(other).detach(), call(model).detach()));
}

}  // namespace test
