// The C entry points through which CPython calls Swift, and what every entry needs at hand: whether
// this thread holds the interpreter, and the references dropped elsewhere that wait to be released.
// Python.h is not included: a second clang module over it clashes with CPython's.
#ifndef DANA_PYTHON_TRAMPOLINES_H
#define DANA_PYTHON_TRAMPOLINES_H
#include <stdint.h>

// How many functions and methods one process may export.
#define DANA_EXPORT_SLOTS 512

// Puts a retained Swift object, the exported function, behind a slot. Calls with `direct` arguments and no names need
// no binding; -1 when every call does.
void dana_export_set(intptr_t slot, void *_Nonnull function, intptr_t direct);

// The C function for a slot, for METH_FASTCALL (keywords = 0) or METH_FASTCALL | METH_KEYWORDS.
void *_Nullable dana_trampoline(intptr_t slot, int keywords);

// The C functions behind the special methods of classes: one pair for each index, for slots of one and of two operands.
#define DANA_SPECIAL_SLOTS 32
void *_Nullable dana_special_unary(intptr_t index);
void *_Nullable dana_special_binary(intptr_t index);

// How many entries into Swift with the interpreter held this thread is in; above zero it is held now.
extern __thread intptr_t dana_held __attribute__((tls_model("initial-exec")));
static inline intptr_t dana_held_get(void) { return dana_held; }
static inline void dana_held_set(intptr_t value) { dana_held = value; }

// Where jobs for the workers are gathered while this thread, an event loop's, runs Swift (an unretained Swift object).
extern __thread void *_Nullable dana_batch __attribute__((tls_model("initial-exec")));
static inline void *_Nullable dana_batch_get(void) { return dana_batch; }
static inline void dana_batch_set(void *_Nullable value) { dana_batch = value; }

// Above zero while this thread runs Swift that was suspended: the Python context is that of whoever drains, not of the
// task that awaits.
extern __thread intptr_t dana_adrift __attribute__((tls_model("initial-exec")));
static inline intptr_t dana_adrift_get(void) { return dana_adrift; }
static inline void dana_adrift_set(intptr_t value) { dana_adrift = value; }

// How deep this thread is in conversions that call themselves.
extern __thread intptr_t dana_depth __attribute__((tls_model("initial-exec")));
static inline intptr_t dana_depth_get(void) { return dana_depth; }
static inline void dana_depth_set(intptr_t value) { dana_depth = value; }

// A lock-free stack of references dropped on threads that did not hold the interpreter.
typedef struct dana_release {
  struct dana_release *_Nullable next;
  void *_Nonnull thing;
  void (*_Nullable release)(void *_Nonnull); // NULL: the thing is an object, which loses a reference
} dana_release;
// Returns 1 when the stack was empty before.
int dana_release_push(void *_Nonnull thing, void (*_Nullable release)(void *_Nonnull));
int dana_release_pending(void);
dana_release *_Nullable dana_release_take(void);

// Implemented in Swift.
void *_Nullable dana_call(void *_Nonnull function, void *_Nullable self, void *_Nullable const *_Nullable arguments,
                          intptr_t count, void *_Nullable names);
void *_Nullable dana_call_direct(void *_Nonnull function, void *_Nullable self,
                                 void *_Nullable const *_Nonnull arguments);
void *_Nullable dana_special(intptr_t index, void *_Nonnull self, void *_Nullable other);
void dana_release_drain(void);
#endif
