// Calling Python: functions, methods, source.
#ifndef DANA_CPYTHON_CALLS_H
#define DANA_CPYTHON_CALLS_H
#include "objects.h"

// Calls (the variadic ones are not imported).
SHIM PyObject *_Nullable py_call(PyObject *_Nonnull f, PyObject *_Nullable const *_Nullable args, Py_ssize_t n) {
#ifdef Py_LIMITED_API
  SHIM_EXPORTED(PyObject *, "PyObject_Vectorcall", PyObject *, PyObject *const *, size_t, PyObject *)
  return function ? function(f, args, (size_t)n, NULL) : NULL;
#else
  return PyObject_Vectorcall(f, args, (size_t)n, NULL);
#endif
}
SHIM PyObject *_Nullable py_call0(PyObject *_Nonnull f) { return PyObject_CallNoArgs(f); }
SHIM PyObject *_Nullable py_call1(PyObject *_Nonnull f, PyObject *_Nonnull a) {
#ifdef Py_LIMITED_API
  return PyObject_CallFunctionObjArgs(f, a, NULL);
#else
  return PyObject_CallOneArg(f, a);
#endif
}
SHIM PyObject *_Nullable py_call2(PyObject *_Nonnull f, PyObject *_Nonnull a, PyObject *_Nonnull b) {
  return PyObject_CallFunctionObjArgs(f, a, b, NULL);
}
SHIM PyObject *_Nullable py_method0(PyObject *_Nonnull o, PyObject *_Nonnull name) {
  return PyObject_CallMethodObjArgs(o, name, NULL);
}
SHIM PyObject *_Nullable py_method1(PyObject *_Nonnull o, PyObject *_Nonnull name, PyObject *_Nonnull a) {
  return PyObject_CallMethodObjArgs(o, name, a, NULL);
}

SHIM PyObject *_Nullable py_call_keywords(PyObject *_Nonnull f, PyObject *_Nonnull args, PyObject *_Nullable keywords) {
  return PyObject_Call(f, args, keywords);
}
// Whether `await` takes an object, as its type says.
SHIM int py_has_await(PyObject *_Nonnull o) {
#ifdef Py_LIMITED_API
  return PyType_GetSlot(Py_TYPE(o), Py_am_await) != NULL;
#else
  PyTypeObject *t = Py_TYPE(o);
  return t->tp_as_async && t->tp_as_async->am_await;
#endif
}
SHIM int py_eval_input(void) { return 258; }
SHIM int py_file_input(void) { return 257; }
SHIM PyObject *_Nullable py_compile(const char *_Nonnull source, const char *_Nonnull file, int start) {
  return Py_CompileString(source, file, start);
}
SHIM int py_compare_operator(int index) {
  switch (index) {
  case 0: return Py_LT;
  case 1: return Py_LE;
  case 2: return Py_EQ;
  case 3: return Py_NE;
  case 4: return Py_GT;
  default: return Py_GE;
  }
}

// Calls `f(**{name: value})`.
SHIM PyObject *_Nullable py_call_named(PyObject *_Nonnull f, const char *_Nonnull name, PyObject *_Nonnull value) {
  PyObject *arguments = PyTuple_New(0), *named = Py_BuildValue("{s:O}", name, value);
  PyObject *result = arguments && named ? PyObject_Call(f, arguments, named) : NULL;
  Py_XDECREF(arguments);
  Py_XDECREF(named);
  return result;
}
#endif
