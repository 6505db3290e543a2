// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// Switching between stacks: a few lines of assembly (16 ns), or ucontext (100 times slower) on other machines.

#include <cstddef>
#include <cstdint>

#if defined(__SANITIZE_ADDRESS__)
#define SIMT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SIMT_ASAN 1
#endif
#endif
#ifndef SIMT_ASAN
#define SIMT_ASAN 0
#endif
#if SIMT_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

#if !defined(SIMT_UCONTEXT) && !defined(__x86_64__) && !defined(__aarch64__)
#define SIMT_UCONTEXT
#endif
#ifdef SIMT_UCONTEXT
#include <ucontext.h>
#endif

namespace simt::detail {

#if defined(SIMT_UCONTEXT)

struct Context {
  ucontext_t state;
};

inline void make_context(Context& context, char* low, std::size_t bytes, void (*entry)()) {
  getcontext(&context.state);
  context.state.uc_stack.ss_sp = low;
  context.state.uc_stack.ss_size = bytes;
  context.state.uc_link = nullptr;
  makecontext(&context.state, entry, 0);
}
inline void swap_context(Context& from, Context& to) { swapcontext(&from.state, &to.state); }

#else

struct Context {
  void* stack = nullptr;
};

#if defined(__x86_64__)

/// Saves the stack pointer through `save` and resumes `to`.
__attribute__((naked, noinline)) inline void swap_stacks(void** /*save*/, void* /*to*/) {
  asm volatile(
      "pushq %rbp\n\tpushq %rbx\n\tpushq %r12\n\tpushq %r13\n\tpushq %r14\n\tpushq %r15\n\t"
      "movq %rsp,(%rdi)\n\tmovq %rsi,%rsp\n\t"
      "popq %r15\n\tpopq %r14\n\tpopq %r13\n\tpopq %r12\n\tpopq %rbx\n\tpopq %rbp\n\tret");
}
inline constexpr int saved_words = 6, entry_word = 6;

#else

extern "C" void simt_swap_stacks(void** save, void* to);
asm(".text\n.weak simt_swap_stacks\nsimt_swap_stacks:\n"
    "sub sp,sp,#176\nstp x19,x20,[sp]\nstp x21,x22,[sp,16]\nstp x23,x24,[sp,32]\nstp x25,x26,[sp,48]\n"
    "stp x27,x28,[sp,64]\nstp x29,x30,[sp,80]\nstp d8,d9,[sp,96]\nstp d10,d11,[sp,112]\nstp d12,d13,[sp,128]\n"
    "stp d14,d15,[sp,144]\nmov x9,sp\nstr x9,[x0]\nmov sp,x1\n"
    "ldp x19,x20,[sp]\nldp x21,x22,[sp,16]\nldp x23,x24,[sp,32]\nldp x25,x26,[sp,48]\nldp x27,x28,[sp,64]\n"
    "ldp x29,x30,[sp,80]\nldp d8,d9,[sp,96]\nldp d10,d11,[sp,112]\nldp d12,d13,[sp,128]\nldp d14,d15,[sp,144]\n"
    "add sp,sp,#176\nret\n");
inline void swap_stacks(void** save, void* to) { simt_swap_stacks(save, to); }
inline constexpr int saved_words = 22, entry_word = 11;  // x30

#endif

inline void make_context(Context& context, char* low, std::size_t bytes, void (*entry)()) {
  auto** words = reinterpret_cast<void**>(reinterpret_cast<std::uintptr_t>(low + bytes) & ~std::uintptr_t{63});
  words -= saved_words + (entry_word == saved_words ? 2 : 0);  // x86-64: the entry, and a return address for it
  for (int i = 0; i < saved_words + (entry_word == saved_words ? 2 : 0); ++i) words[i] = nullptr;
  words[entry_word] = reinterpret_cast<void*>(entry);
  context.stack = words;
}
inline void swap_context(Context& from, Context& to) { swap_stacks(&from.stack, to.stack); }

#endif

struct Fiber {
  Context context;
  char* low = nullptr;  // the stack
  std::size_t bytes = 0;
  void* fake_stack = nullptr;  // the address sanitizer's
  Fiber* next_free = nullptr;
};

/// Switches; returns when something switches back to `from`. The caller of either side then calls landed().
inline void switch_fibers(Fiber& from, Fiber& to) {
#if SIMT_ASAN
  __sanitizer_start_switch_fiber(&from.fake_stack, to.low, to.bytes);
#endif
  swap_context(from.context, to.context);
}

/// The first thing a fiber does when it runs again; `main`, if given, gets the bounds of the stack that was left.
inline void landed([[maybe_unused]] Fiber& self, [[maybe_unused]] Fiber* main) {
#if SIMT_ASAN
  const void* low = nullptr;
  std::size_t bytes = 0;
  __sanitizer_finish_switch_fiber(self.fake_stack, &low, &bytes);
  if (main != nullptr) {
    main->low = const_cast<char*>(static_cast<const char*>(low));
    main->bytes = bytes;
  }
#endif
}

}  // namespace simt::detail
