// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
//   sh benchmarks/run.sh gemm [largest n]
//
// Single-precision matrix products beside OpenBLAS's, one thread, in one process: the two alternate, and a case's ratio
// is the median over the repetitions. OpenBLAS picks its own kernel: the program runs itself again without the
// environment variables that would override it. It also prefetches beyond its packed panels, which is slow for as long
// as that memory was never touched, so one large product comes first.
#include <cblas.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "regimen/cpu/gemm.hpp"

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

void plain_environment(char** argv) {
  const char* threads = std::getenv("OPENBLAS_NUM_THREADS");
  if (std::getenv("OPENBLAS_CORETYPE") == nullptr && std::getenv("OPENBLAS_L2_SIZE") == nullptr && threads != nullptr &&
      std::string(threads) == "1")
    return;
  unsetenv("OPENBLAS_CORETYPE");
  unsetenv("OPENBLAS_L2_SIZE");
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  execv("/proc/self/exe", argv);
  std::perror("gemm: cannot run itself with a plain environment");
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  plain_environment(argv);
  const int largest = argc > 1 ? std::atoi(argv[1]) : 1024;
  std::printf("OpenBLAS: %s, %d thread\n", openblas_get_corename(), openblas_get_num_threads());
  {
    constexpr int n = 1024;
    const std::vector<float> ones(n * n, 1.0f);
    std::vector<float> product(n * n);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1.0f, ones.data(), n, ones.data(), n, 0.0f,
                product.data(), n);
  }
  std::printf("form     n   Regimen  OpenBLAS  GFLOP/s  ratio\n");
  double log_sum = 0;
  int cases = 0;
  for (const char* form : {"nn", "tn", "nt"}) {
    const bool ta = form[0] == 't', tb = form[1] == 't';
    for (const int n : {32, 64, 128, 256, 512, 1024}) {
      if (n > largest) continue;
      const auto size = static_cast<std::size_t>(n) * static_cast<std::size_t>(n);
      std::vector<float> a(size), b(size), ours(size), theirs(size);
      for (std::size_t i = 0; i < size; ++i) {
        a[i] = static_cast<float>(i * 7 % 31) / 31.0f - 0.5f;
        b[i] = static_cast<float>(i * 5 % 29) / 29.0f - 0.5f;
      }
      const auto regimen = [&] {
        regimen::kernel::gemm(regimen::Cpu{}, ta, tb, n, n, n, a.data(), n, b.data(), n, ours.data(), n);
      };
      const auto openblas = [&] {
        cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, n, n, n, 1.0f,
                    a.data(), n, b.data(), n, 0.0f, theirs.data(), n);
      };
      const double flops = 2.0 * n * n * n;
      const int calls = std::max(1, static_cast<int>(1e8 / flops));
      const auto seconds = [calls](const auto& product) {
        const double start = now();
        for (int i = 0; i < calls; ++i) product();
        return (now() - start) / calls;
      };
      seconds(regimen);
      seconds(openblas);
      for (std::size_t i = 0; i < size; ++i)
        if (!(std::abs(ours[i] - theirs[i]) <= 1e-5f * static_cast<float>(n))) {
          std::fprintf(stderr, "%s n=%d: the products differ at element %zu\n", form, n, i);
          return 1;
        }
      std::vector<double> our_times, their_times, ratios;
      for (int repetition = 0; repetition < 15; ++repetition) {
        our_times.push_back(seconds(regimen));
        their_times.push_back(seconds(openblas));
        ratios.push_back(their_times.back() / our_times.back());
      }
      std::printf("%s    %4d   %7.1f   %7.1f           %5.2f\n", form, n, flops / median(our_times) / 1e9,
                  flops / median(their_times) / 1e9, median(ratios));
      log_sum += std::log(median(ratios));
      ++cases;
    }
  }
  if (cases == 0) {
    std::fprintf(stderr, "the largest n must be at least 32\n");
    return 1;
  }
  std::printf("gemm: ratio=%.3f\n", std::exp(log_sum / cases));
}
