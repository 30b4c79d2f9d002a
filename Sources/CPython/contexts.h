// The contexts of contextvars, and their variables.
#ifndef DANA_CPYTHON_CONTEXTS_H
#define DANA_CPYTHON_CONTEXTS_H
#include "calls.h"

// Contexts and their variables. Outside the limited API, but exported by every CPython since 3.7: looked up.
#ifdef Py_LIMITED_API
SHIM int py_context_enter(PyObject *_Nonnull context) {
  SHIM_EXPORTED(int, "PyContext_Enter", PyObject *) return function ? function(context) : -1;
}
SHIM int py_context_exit(PyObject *_Nonnull context) {
  SHIM_EXPORTED(int, "PyContext_Exit", PyObject *) return function ? function(context) : -1;
}
SHIM PyObject *_Nullable py_context_copy(PyObject *_Nullable context) {
  if (context) { SHIM_EXPORTED(PyObject *, "PyContext_Copy", PyObject *) return function ? function(context) : NULL; }
  SHIM_EXPORTED(PyObject *, "PyContext_CopyCurrent", void) return function ? function() : NULL;
}
SHIM PyObject *_Nullable py_context_variable(const char *_Nonnull name) {
  SHIM_EXPORTED(PyObject *, "PyContextVar_New", const char *, PyObject *) return function ? function(name, NULL) : NULL;
}
SHIM int py_context_variable_set(PyObject *_Nonnull variable, PyObject *_Nonnull value) {
  SHIM_EXPORTED(PyObject *, "PyContextVar_Set", PyObject *, PyObject *)
  PyObject *token = function ? function(variable, value) : NULL;
  Py_XDECREF(token);
  return token ? 0 : -1;
}
// The value in the current context, a new reference; NULL when there is none (no error set) or on failure.
SHIM PyObject *_Nullable py_context_variable_get(PyObject *_Nonnull variable) {
  SHIM_EXPORTED(int, "PyContextVar_Get", PyObject *, PyObject *, PyObject **)
  PyObject *value = NULL;
  return function && function(variable, NULL, &value) == 0 ? value : NULL;
}
#else
SHIM int py_context_enter(PyObject *_Nonnull context) { return PyContext_Enter(context); }
SHIM int py_context_exit(PyObject *_Nonnull context) { return PyContext_Exit(context); }
SHIM PyObject *_Nullable py_context_copy(PyObject *_Nullable context) {
  return context ? PyContext_Copy(context) : PyContext_CopyCurrent();
}
SHIM PyObject *_Nullable py_context_variable(const char *_Nonnull name) { return PyContextVar_New(name, NULL); }
SHIM int py_context_variable_set(PyObject *_Nonnull variable, PyObject *_Nonnull value) {
  PyObject *token = PyContextVar_Set(variable, value);
  Py_XDECREF(token);
  return token ? 0 : -1;
}
// The value in the current context, a new reference; NULL when there is none (no error set) or on failure.
SHIM PyObject *_Nullable py_context_variable_get(PyObject *_Nonnull variable) {
  PyObject *value = NULL;
  return PyContextVar_Get(variable, NULL, &value) == 0 ? value : NULL;
}
#endif
// Leaves a context without touching the error that is set.
SHIM void py_context_leave(PyObject *_Nonnull context) {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  if (py_context_exit(context) < 0) PyErr_Clear();
  PyErr_Restore(type, value, traceback);
}
// `context.run(callback, argument)`.
SHIM PyObject *_Nullable py_call_in_context(PyObject *_Nonnull context, PyObject *_Nonnull callback,
                                            PyObject *_Nonnull argument) {
  if (py_context_enter(context) < 0) return NULL;
  PyObject *result = py_call1(callback, argument);
  py_context_leave(context);
  return result;
}
#endif
