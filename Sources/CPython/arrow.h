// Arrow's C data and stream interfaces, whose ABI is frozen.
#ifndef DANA_CPYTHON_ARROW_H
#define DANA_CPYTHON_ARROW_H
#include <stdint.h>

struct ArrowSchema {
  const char *_Nullable format;
  const char *_Nullable name;
  const char *_Nullable metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema *_Nullable *_Nullable children;
  struct ArrowSchema *_Nullable dictionary;
  void (*_Nullable release)(struct ArrowSchema *_Nonnull);
  void *_Nullable private_data;
};
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void *_Nullable *_Nullable buffers;
  struct ArrowArray *_Nullable *_Nullable children;
  struct ArrowArray *_Nullable dictionary;
  void (*_Nullable release)(struct ArrowArray *_Nonnull);
  void *_Nullable private_data;
};
struct ArrowArrayStream {
  int (*_Nullable get_schema)(struct ArrowArrayStream *_Nonnull, struct ArrowSchema *_Nonnull);
  int (*_Nullable get_next)(struct ArrowArrayStream *_Nonnull, struct ArrowArray *_Nonnull);
  const char *_Nullable (*_Nullable get_last_error)(struct ArrowArrayStream *_Nonnull);
  void (*_Nullable release)(struct ArrowArrayStream *_Nonnull);
  void *_Nullable private_data;
};
#endif
