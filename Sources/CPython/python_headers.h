// CPython's own headers, as Swift's importer bears them, and how functions over them are declared here.
#ifndef DANA_CPYTHON_PYTHON_HEADERS_H
#define DANA_CPYTHON_PYTHON_HEADERS_H
// Freeze glibc's feature macros before pyconfig.h defines its own: `import Glibc` clashes otherwise.
#include <features.h>
#define PY_SSIZE_T_CLEAN
#ifdef DANA_ABI3
#define Py_LIMITED_API 0x030B0000
#endif
// Swift's importer builds with asserts: CPython's inline functions would check each element of a list.
#ifndef NDEBUG
#define NDEBUG
#include <Python.h>
#undef NDEBUG
#else
#include <Python.h>
#endif
#include <structmember.h>
#include <stdint.h>
#include <string.h>

#define SHIM static inline __attribute__((always_inline))

// A function outside the limited API that every CPython from 3.11 on exports: looked up.
#ifdef Py_LIMITED_API
#include <dlfcn.h>
#define SHIM_EXPORTED(result, name, ...)                                                     \
  static result (*function)(__VA_ARGS__);                                                    \
  if (!function && !(function = (result (*)(__VA_ARGS__))dlsym(RTLD_DEFAULT, name))) {       \
    PyErr_SetString(PyExc_SystemError, "this Python does not export " name);                 \
  }
#endif
#endif
