// The C entry points through which CPython calls Swift, and what every entry needs at hand: whether
// this thread holds the interpreter, and the references dropped elsewhere that wait to be released.
// Python.h is not included: a second clang module over it clashes with CPython's.
#ifndef DANA_PYTHON_TRAMPOLINES_H
#define DANA_PYTHON_TRAMPOLINES_H
#include <stdint.h>

// How many functions and methods one process may export.
#define DANA_EXPORT_SLOTS 512

// Where the arguments of a call go: into one place a parameter, `self` of a method first.
#define DANA_PARAMETER_LIMIT 10
typedef struct {
  intptr_t count;
  intptr_t first;      // how many places `self` takes: 0 or 1
  intptr_t positional; // how many may be given by position, `self` included; -1 where placing is not enough
  uint64_t required;   // one bit for each parameter that has no default
  int is_named;        // whether the names are there
  void *_Nullable names[DANA_PARAMETER_LIMIT]; // interned, never released; NULL where it must not be named
  // The last tuple of names that was in the order of the parameters, after so many others, none missing. Owned.
  void *_Nullable ordered;
  intptr_t ordered_after;
} dana_parameters;

// How an exported function is called. The body is a Swift closure's code and the context what it captures.
typedef struct {
  void *_Nullable function; // the Swift object, not retained here
  const void *_Nullable body;
  const void *_Nullable context;
  intptr_t direct; // calls with so many arguments and no names pass them as they came; -1 when none does
  dana_parameters *_Nullable parameters; // touched with the interpreter held
} dana_export;

// Puts an exported function behind a slot, for the life of the process.
void dana_export_set(intptr_t slot, const dana_export *_Nonnull exported);

// Calls an exported function with the interpreter held; NULL with the error set when that fails.
void *_Nullable dana_export_call(const dana_export *_Nonnull exported, void *_Nullable self,
                                 void *_Nullable const *_Nullable arguments, intptr_t count, void *_Nullable names);

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

// Implemented in Swift: calls that need more than placing their arguments.
void *_Nullable dana_call(void *_Nonnull function, void *_Nullable self, void *_Nullable const *_Nullable arguments,
                          intptr_t count, void *_Nullable names);
void *_Nullable dana_special(intptr_t index, void *_Nonnull self, void *_Nullable other);
void dana_release_drain(void);
#endif
