// DLPack: tensors that frameworks hand to each other, without versions and with them.
#ifndef DANA_CPYTHON_DLPACK_H
#define DANA_CPYTHON_DLPACK_H
#include <stdint.h>

typedef struct { int32_t device_type; int32_t device_id; } DLDevice;
typedef struct { uint8_t code; uint8_t bits; uint16_t lanes; } DLDataType;
typedef struct {
  void *_Nullable data;
  DLDevice device;
  int32_t ndim;
  DLDataType dtype;
  int64_t *_Nullable shape;
  int64_t *_Nullable strides;
  uint64_t byte_offset;
} DLTensor;
typedef struct DLManagedTensor {
  DLTensor dl_tensor;
  void *_Nullable manager_ctx;
  void (*_Nullable deleter)(struct DLManagedTensor *_Nonnull);
} DLManagedTensor;
typedef struct DLManagedTensorVersioned {
  uint32_t major;
  uint32_t minor;
  void *_Nullable manager_ctx;
  void (*_Nullable deleter)(struct DLManagedTensorVersioned *_Nonnull);
  uint64_t flags;
  DLTensor dl_tensor;
} DLManagedTensorVersioned;
#endif
