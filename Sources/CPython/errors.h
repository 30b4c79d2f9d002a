// Exceptions: their classes, and the one that is set.
#ifndef DANA_CPYTHON_ERRORS_H
#define DANA_CPYTHON_ERRORS_H
#include "objects.h"

SHIM PyObject *_Nonnull py_exception(int kind) {
  switch (kind) {
  case 1: return PyExc_ValueError;
  case 2: return PyExc_TypeError;
  case 3: return PyExc_RuntimeError;
  case 4: return PyExc_OverflowError;
  case 5: return PyExc_KeyError;
  case 6: return PyExc_IndexError;
  case 7: return PyExc_AttributeError;
  case 8: return PyExc_RecursionError;
  case 9: return PyExc_StopIteration;
  case 10: return PyExc_BufferError;
  case 11: return PyExc_UnicodeEncodeError;
  case 12: return PyExc_NotImplementedError;
  case 13: return PyExc_ImportError;
  case 14: return PyExc_OSError;
  case 15: return PyExc_TimeoutError;
  case 16: return PyExc_MemoryError;
  case 17: return PyExc_SystemError;
  case 18: return PyExc_KeyboardInterrupt;
  case 19: return PyExc_StopAsyncIteration;
  case 20: return PyExc_ZeroDivisionError;
  case 21: return PyExc_PermissionError;
  case 22: return PyExc_FileNotFoundError;
  case 23: return PyExc_LookupError;
  case 24: return PyExc_ArithmeticError;
  case 25: return PyExc_AssertionError;
  case 26: return PyExc_EOFError;
  case 27: return PyExc_GeneratorExit;
  case 28: return PyExc_ConnectionError;
  case 29: return PyExc_BaseException;
  case 30: return PyExc_RuntimeWarning;
  case 31: return PyExc_ResourceWarning;
  case 32: return PyExc_UnicodeError;
  case 33: return PyExc_SystemExit;
  default: return PyExc_Exception;
  }
}

SHIM void py_raise(PyObject *_Nonnull type, const char *_Nonnull message) { PyErr_SetString(type, message); }
// Takes the set exception, normalised, with its traceback attached; NULL when none is set. New reference.
SHIM PyObject *_Nullable py_take_exception(void) {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  if (!type) return NULL;
  PyErr_NormalizeException(&type, &value, &traceback);
  if (traceback && value) PyException_SetTraceback(value, traceback);
  Py_XDECREF(type);
  Py_XDECREF(traceback);
  return value;
}
// Raises `value` (an exception instance; the reference is consumed) as it is, traceback included.
SHIM void py_raise_instance(PyObject *_Nonnull value) {
  PyErr_Restore(Py_NewRef((PyObject *)Py_TYPE(value)), value, PyException_GetTraceback(value));
}

SHIM void py_save_error(PyObject *_Nullable *_Nonnull saved) { PyErr_Fetch(saved, saved + 1, saved + 2); }
SHIM void py_restore_error(PyObject *_Nullable *_Nonnull saved) { PyErr_Restore(saved[0], saved[1], saved[2]); }
#endif
