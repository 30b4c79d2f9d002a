// CPython's headers, and as inline functions what Swift cannot import: macros, variadic calls,
// singletons. Everything that knows an object's layout stands here, behind one name for the
// version-specific build and the limited-API build, so that the Swift code is the same for both.
#ifndef DANA_CPYTHON_SHIM_H
#define DANA_CPYTHON_SHIM_H
// Freeze glibc's feature macros before pyconfig.h defines its own: `import Glibc` clashes otherwise.
#include <features.h>
#define PY_SSIZE_T_CLEAN
#ifdef DANA_ABI3
#define Py_LIMITED_API 0x030B0000
#endif
#include <Python.h>
#endif
