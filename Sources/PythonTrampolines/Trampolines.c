#include "PythonTrampolines.h"
#include <stdatomic.h>
#include <stdlib.h>

static struct {
  void *function;
  intptr_t direct;
} exports[DANA_EXPORT_SLOTS];
__thread intptr_t dana_held __attribute__((tls_model("initial-exec")));
__thread void *dana_batch __attribute__((tls_model("initial-exec")));
__thread intptr_t dana_adrift __attribute__((tls_model("initial-exec")));
__thread intptr_t dana_depth __attribute__((tls_model("initial-exec")));

static _Atomic(dana_release *) released;

static inline void *enter(intptr_t slot, void *self, void *const *arguments, intptr_t count, void *names) {
  dana_held++;
  void *result = count == exports[slot].direct && arguments && !names
                     ? dana_call_direct(exports[slot].function, self, arguments)
                     : dana_call(exports[slot].function, self, arguments, count, names);
  if (__builtin_expect(atomic_load_explicit(&released, memory_order_relaxed) != NULL, 0)) dana_release_drain();
  dana_held--;
  return result;
}

// A C function cannot carry a context, and a method descriptor offers none: each slot gets its own pair of functions.
#define STAMP(n) \
  static void *fast_##n(void *s, void *const *a, intptr_t c) { return enter(0x##n, s, a, c, 0); } \
  static void *keywords_##n(void *s, void *const *a, intptr_t c, void *k) { return enter(0x##n, s, a, c, k); }
#define ENTRY(n) {(void *)fast_##n, (void *)keywords_##n},
#define ROW(F, n) \
  F(n##0) F(n##1) F(n##2) F(n##3) F(n##4) F(n##5) F(n##6) F(n##7) \
  F(n##8) F(n##9) F(n##a) F(n##b) F(n##c) F(n##d) F(n##e) F(n##f)
#define PAGE(F, n) \
  ROW(F, n##0) ROW(F, n##1) ROW(F, n##2) ROW(F, n##3) ROW(F, n##4) ROW(F, n##5) ROW(F, n##6) ROW(F, n##7) \
  ROW(F, n##8) ROW(F, n##9) ROW(F, n##a) ROW(F, n##b) ROW(F, n##c) ROW(F, n##d) ROW(F, n##e) ROW(F, n##f)
#define ALL(F) PAGE(F, 0) PAGE(F, 1)
ALL(STAMP)
static void *const trampolines[DANA_EXPORT_SLOTS][2] = {ALL(ENTRY)};

void *dana_trampoline(intptr_t slot, int keywords) {
  return slot >= 0 && slot < DANA_EXPORT_SLOTS ? trampolines[slot][keywords != 0] : NULL;
}

void dana_export_set(intptr_t slot, void *function, intptr_t direct) {
  if (slot < 0 || slot >= DANA_EXPORT_SLOTS) return;
  exports[slot].function = function;
  exports[slot].direct = direct;
}

// A type's slot carries no context either: an index tells Swift which special method is meant.
#define SPECIAL(n) \
  static void *unary_##n(void *s) { return dana_special(0x##n, s, NULL); } \
  static void *binary_##n(void *s, void *o) { return dana_special(0x##n, s, o); }
#define SPECIAL_ENTRY(n) {(void *)unary_##n, (void *)binary_##n},
#define SPECIALS(F) ROW(F, 0) ROW(F, 1)
SPECIALS(SPECIAL)
static void *const specials[DANA_SPECIAL_SLOTS][2] = {SPECIALS(SPECIAL_ENTRY)};

void *dana_special_unary(intptr_t index) {
  return index >= 0 && index < DANA_SPECIAL_SLOTS ? specials[index][0] : NULL;
}

void *dana_special_binary(intptr_t index) {
  return index >= 0 && index < DANA_SPECIAL_SLOTS ? specials[index][1] : NULL;
}

int dana_release_push(void *thing, void (*release)(void *)) {
  dana_release *node = malloc(sizeof *node);
  if (!node) return 0; // Out of memory: leaking one reference is the only harmless answer.
  node->thing = thing;
  node->release = release;
  dana_release *head = atomic_load_explicit(&released, memory_order_relaxed);
  do node->next = head;
  while (!atomic_compare_exchange_weak_explicit(&released, &head, node, memory_order_release, memory_order_relaxed));
  return head == NULL;
}

int dana_release_pending(void) { return atomic_load_explicit(&released, memory_order_relaxed) != NULL; }

dana_release *dana_release_take(void) { return atomic_exchange_explicit(&released, NULL, memory_order_acquire); }
