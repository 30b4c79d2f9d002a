// Integers and floats.
#ifndef DANA_CPYTHON_NUMBERS_H
#define DANA_CPYTHON_NUMBERS_H
#include "objects.h"

// Integers. Returns 1 when the value fits and was written to `out`, 0 when it does not fit or an error is set.
SHIM int py_int64(PyObject *_Nonnull o, int64_t *_Nonnull out) {
#if !defined(Py_LIMITED_API) && PY_VERSION_HEX < 0x030c0000
  Py_ssize_t size = Py_SIZE(o);
  if ((size_t)(size + 1) <= 2) { // -1, 0 or 1 digits, and even zero has room for one
    *out = size * (int64_t)((PyLongObject *)o)->ob_digit[0];
    return 1;
  }
#elif !defined(Py_LIMITED_API)
  if (PyUnstable_Long_IsCompact((PyLongObject *)o)) {
    *out = PyUnstable_Long_CompactValue((PyLongObject *)o);
    return 1;
  }
#endif
  int overflow = 0;
  long long v = PyLong_AsLongLongAndOverflow(o, &overflow);
  *out = v;
  return !overflow && !(v == -1 && PyErr_Occurred());
}

// Whether the type has `__index__` (and so stands for an integer) or `__float__`.
SHIM int py_is_index(PyObject *_Nonnull o) { return PyIndex_Check(o); }
SHIM int py_has_float(PyObject *_Nonnull o) {
#ifdef Py_LIMITED_API
  return PyType_GetSlot(Py_TYPE(o), Py_nb_float) != NULL || PyIndex_Check(o);
#else
  return (Py_TYPE(o)->tp_as_number && Py_TYPE(o)->tp_as_number->nb_float) || PyIndex_Check(o);
#endif
}

SHIM PyObject *_Nullable py_int_to_bytes(PyObject *_Nonnull o, Py_ssize_t size) {
  PyObject *method = PyObject_GetAttrString(o, "to_bytes");
  if (!method) return NULL;
  PyObject *arguments = Py_BuildValue("(ns)", size, "little"), *named = Py_BuildValue("{s:i}", "signed", 1);
  PyObject *result = arguments && named ? PyObject_Call(method, arguments, named) : NULL;
  Py_XDECREF(arguments);
  Py_XDECREF(named);
  Py_DECREF(method);
  return result;
}
SHIM PyObject *_Nullable py_int_from_bytes(const void *_Nonnull bytes, Py_ssize_t size) {
  PyObject *method = PyObject_GetAttrString((PyObject *)&PyLong_Type, "from_bytes");
  if (!method) return NULL;
  PyObject *arguments = Py_BuildValue("(y#s)", bytes, size, "little"), *named = Py_BuildValue("{s:i}", "signed", 1);
  PyObject *result = arguments && named ? PyObject_Call(method, arguments, named) : NULL;
  Py_XDECREF(arguments);
  Py_XDECREF(named);
  Py_DECREF(method);
  return result;
}

// Floats.
SHIM double py_float_value(PyObject *_Nonnull o) {
#ifdef Py_LIMITED_API
  return PyFloat_AsDouble(o);
#else
  return PyFloat_AS_DOUBLE(o);
#endif
}
#endif
