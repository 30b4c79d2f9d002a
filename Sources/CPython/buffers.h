// Memory that objects lend.
#ifndef DANA_CPYTHON_BUFFERS_H
#define DANA_CPYTHON_BUFFERS_H
#include "python_headers.h"

SHIM int py_buffer_full_read_only(void) { return PyBUF_FULL_RO; }
SHIM int py_buffer_wants_writable(int flags) { return (flags & PyBUF_WRITABLE) == PyBUF_WRITABLE; }
SHIM int py_buffer_wants_shape(int flags) { return (flags & PyBUF_ND) == PyBUF_ND; }
SHIM int py_buffer_wants_strides(int flags) { return (flags & PyBUF_STRIDES) == PyBUF_STRIDES; }
SHIM int py_buffer_wants_format(int flags) { return (flags & PyBUF_FORMAT) == PyBUF_FORMAT; }
SHIM int py_buffer_wants_fortran(int flags) { return (flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS; }
// Moves a view: PyBuffer_FillInfo lets its shape and strides point into the view itself.
SHIM void py_buffer_move(Py_buffer *_Nonnull from, Py_buffer *_Nonnull to) {
  *to = *from;
  if (from->shape == &from->len) to->shape = &to->len;
  if (from->strides == &from->itemsize) to->strides = &to->itemsize;
}
#endif
