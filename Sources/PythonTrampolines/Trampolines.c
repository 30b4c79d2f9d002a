#include "PythonTrampolines.h"
#include "../CPython/shim.h"
#include <stdatomic.h>
#include <stdlib.h>

static dana_export exports[DANA_EXPORT_SLOTS];
__thread intptr_t dana_held __attribute__((tls_model("initial-exec")));
__thread void *dana_batch __attribute__((tls_model("initial-exec")));
__thread intptr_t dana_adrift __attribute__((tls_model("initial-exec")));
__thread intptr_t dana_depth __attribute__((tls_model("initial-exec")));

static _Atomic(dana_release *) released;

// A Swift closure `(ExportedFunction, UnsafePointer<PyRef?>, borrowing Python) -> PyRef?`: calling it from here spares
// every call a Swift function in between. (The token has no size and is not passed.)
typedef __attribute__((swiftcall)) void *(*swift_body)(void *function, void *const *arguments,
                                                       __attribute__((swift_context)) void *context);

static inline void *call_body(const dana_export *exported, void *const *arguments) {
  return ((swift_body)exported->body)(exported->function, arguments, (void *)exported->context);
}

static inline int is_direct(const dana_export *exported, void *const *arguments, intptr_t count) {
  return count == exported->direct && arguments;
}

// Loops over parameters are short: a call of memset or memcpy, which the compiler would make of them, takes longer.
#define SHORT_LOOPS __attribute__((no_builtin("memset", "memcpy")))
#define INLINED static inline __attribute__((always_inline))

// Whether the arguments given by name complete the others and stand in the order of the parameters, by their interned
// names: then all of them lie as the body wants them. `self` would have to stand before them.
SHORT_LOOPS static int is_in_order(dana_parameters *parameters, intptr_t count, PyObject *names) {
  intptr_t named = py_tuple_size(names);
  if (count + named != parameters->count || count > parameters->positional || parameters->first) return 0;
#pragma clang loop vectorize(disable) unroll(disable)
  for (intptr_t n = 0; n < named; n++)
    if (parameters->names[count + n] != py_tuple_get(names, n)) return 0;
  PyObject *former = parameters->ordered;
  parameters->ordered = Py_NewRef(names);
  parameters->ordered_after = count;
  py_xdecref(former); // a tuple of texts: no Python code runs
  return 1;
}

// Puts the arguments given by name where the interned name of the parameter is the same object, after `positional`
// others; places that stay empty are NULL. False when a name is not found or given twice, or an argument is missing.
SHORT_LOOPS INLINED int place_named(const dana_parameters *parameters, void *const *arguments, PyObject *names,
                                    intptr_t positional, void **places) {
  intptr_t all = parameters->count, named = names ? py_tuple_size(names) : 0;
  uint64_t missing = parameters->required >> positional << positional;
#pragma clang loop vectorize(disable) unroll(disable)
  for (intptr_t i = positional; i < all; i++) places[i] = NULL;
  intptr_t next = positional; // names mostly come in the order of the parameters
#pragma clang loop vectorize(disable) unroll(disable)
  for (intptr_t n = 0; n < named; n++) {
    void *name = py_tuple_get(names, n);
    if (next >= all || parameters->names[next] != name) {
      next = positional;
      while (next < all && parameters->names[next] != name) next++;
      if (next >= all || !name || places[next]) return 0;
    }
    missing &= ~((uint64_t)1 << next);
    places[next++] = arguments[n];
  }
  return !missing;
}

// Calls that need no more than their arguments put in place are made here, all others in Swift.
SHORT_LOOPS INLINED void *place_and_call(const dana_export *exported, void *self, void *const *arguments,
                                         intptr_t count, void *names) {
  const dana_parameters *parameters = exported->parameters;
  intptr_t positional = parameters->first + count;
  if (positional <= parameters->positional && (!names || parameters->is_named)) {
    void *places[DANA_PARAMETER_LIMIT];
    places[0] = self; // where it is no parameter, the first argument takes the place
    void **place = places + parameters->first;
#pragma clang loop vectorize(disable) unroll(disable)
    for (intptr_t i = 0; i < count; i++) place[i] = arguments[i];
    if ((positional == parameters->count && !names) ||
        place_named(parameters, arguments + count, names, positional, places))
      return call_body(exported, places);
  }
  return dana_call(exported->function, self, arguments, count, names);
}

SHORT_LOOPS void *dana_export_call(const dana_export *exported, void *self, void *const *arguments, intptr_t count,
                                   void *names) {
  return !names && is_direct(exported, arguments, count)
             ? call_body(exported, arguments)
             : place_and_call(exported, self, arguments, count, names);
}

// Out of line, so that no entry has to save the result in a register of its own.
__attribute__((noinline)) static void *drain_and_leave(void *result) {
  dana_release_drain();
  dana_held--;
  return result;
}

INLINED void *leave(void *result) {
  if (__builtin_expect(atomic_load_explicit(&released, memory_order_relaxed) != NULL, 0))
    return drain_and_leave(result);
  dana_held--;
  return result;
}

SHORT_LOOPS __attribute__((noinline)) static void *enter_placing(const dana_export *exported, void *self,
                                                                 void *const *arguments, intptr_t count, void *names) {
  dana_held++;
  return leave(place_and_call(exported, self, arguments, count, names));
}

// A call from the same line of Python passes the same tuple of names, whose order is known already. Nothing but the call
// and the register that the interpreter's count needs.
__attribute__((noinline)) static void *enter_named(const dana_export *exported, void *self, void *const *arguments,
                                                   intptr_t count, void *names) {
  dana_parameters *parameters = exported->parameters;
  if (__builtin_expect(parameters->ordered != names || parameters->ordered_after != count, 0) &&
      !is_in_order(parameters, count, names))
    return enter_placing(exported, self, arguments, count, names);
  dana_held++;
  return leave(call_body(exported, arguments));
}

static inline void *enter(const dana_export *exported, void *self, void *const *arguments, intptr_t count,
                          void *names) {
  if (names) return enter_named(exported, self, arguments, count, names);
  if (!is_direct(exported, arguments, count)) return enter_placing(exported, self, arguments, count, NULL);
  dana_held++;
  return leave(call_body(exported, arguments));
}

// A C function cannot carry a context, and a method descriptor offers none: each slot gets its own pair of functions.
#define STAMP(n) \
  static void *fast_##n(void *s, void *const *a, intptr_t c) { return enter(&exports[0x##n], s, a, c, 0); } \
  static void *keywords_##n(void *s, void *const *a, intptr_t c, void *k) { return enter(&exports[0x##n], s, a, c, k); }
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

void dana_export_set(intptr_t slot, const dana_export *exported) {
  if (slot >= 0 && slot < DANA_EXPORT_SLOTS) exports[slot] = *exported;
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
