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
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SHIM static inline __attribute__((always_inline))

// ---- Singletons, exceptions and types (mutable globals to Swift's importer otherwise).
SHIM PyObject *_Nonnull py_none(void) { return Py_None; }
SHIM PyObject *_Nonnull py_new_none(void) { return Py_NewRef(Py_None); }
SHIM PyObject *_Nonnull py_bool(int v) { return Py_NewRef(v ? Py_True : Py_False); }
SHIM PyObject *_Nonnull py_true(void) { return Py_True; }
SHIM PyObject *_Nonnull py_false(void) { return Py_False; }
SHIM PyObject *_Nonnull py_not_implemented(void) { return Py_NewRef(Py_NotImplemented); }
SHIM PyObject *_Nonnull py_not_implemented_borrowed(void) { return Py_NotImplemented; }
SHIM PyObject *_Nonnull py_type_type(void) { return (PyObject *)&PyType_Type; }
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

// ---- Reference counts.
SHIM void py_incref(PyObject *_Nonnull o) { Py_INCREF(o); }
SHIM void py_decref(PyObject *_Nonnull o) { Py_DECREF(o); }
SHIM void py_xdecref(PyObject *_Nullable o) { Py_XDECREF(o); }
SHIM Py_ssize_t py_refcount(PyObject *_Nonnull o) { return Py_REFCNT(o); }
SHIM PyObject *_Nonnull py_type(PyObject *_Nonnull o) { return (PyObject *)Py_TYPE(o); }
SHIM PyTypeObject *_Nonnull py_as_type(PyObject *_Nonnull o) { return (PyTypeObject *)o; }

// ---- What an object is: one switch over exact types, then subclass tests.
enum {
  PY_KIND_OTHER = 0, PY_KIND_NONE, PY_KIND_BOOL, PY_KIND_INT, PY_KIND_FLOAT, PY_KIND_STR, PY_KIND_LIST,
  PY_KIND_DICT, PY_KIND_TUPLE, PY_KIND_BYTES, PY_KIND_BYTEARRAY, PY_KIND_SET, PY_KIND_FROZENSET,
  PY_KIND_COMPLEX, PY_KIND_RANGE, PY_KIND_MEMORYVIEW
};
SHIM int py_kind(PyObject *_Nonnull o) {
  PyTypeObject *t = Py_TYPE(o);
  if (t == &PyUnicode_Type) return PY_KIND_STR;
  if (t == &PyLong_Type) return PY_KIND_INT;
  if (t == &PyDict_Type) return PY_KIND_DICT;
  if (t == &PyList_Type) return PY_KIND_LIST;
  if (t == &PyFloat_Type) return PY_KIND_FLOAT;
  if (t == &PyBool_Type) return PY_KIND_BOOL;
  if (o == Py_None) return PY_KIND_NONE;
  if (t == &PyTuple_Type) return PY_KIND_TUPLE;
  if (t == &PyBytes_Type) return PY_KIND_BYTES;
  if (t == &PyByteArray_Type) return PY_KIND_BYTEARRAY;
  if (t == &PySet_Type) return PY_KIND_SET;
  if (t == &PyFrozenSet_Type) return PY_KIND_FROZENSET;
  if (t == &PyComplex_Type) return PY_KIND_COMPLEX;
  if (t == &PyRange_Type) return PY_KIND_RANGE;
  if (t == &PyMemoryView_Type) return PY_KIND_MEMORYVIEW;
  return PY_KIND_OTHER;
}
SHIM int py_is_exact_int(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyLong_Type; }
SHIM int py_is_exact_float(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyFloat_Type; }
SHIM int py_is_int(PyObject *_Nonnull o) { return PyLong_Check(o); }
SHIM int py_is_bool(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyBool_Type; }
SHIM int py_is_float(PyObject *_Nonnull o) { return PyFloat_Check(o); }
SHIM int py_is_str(PyObject *_Nonnull o) { return PyUnicode_Check(o); }
SHIM int py_is_exact_str(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyUnicode_Type; }
SHIM int py_is_bytes(PyObject *_Nonnull o) { return PyBytes_Check(o); }
SHIM int py_is_bytearray(PyObject *_Nonnull o) { return PyByteArray_Check(o); }
SHIM int py_is_list(PyObject *_Nonnull o) { return PyList_Check(o); }
SHIM int py_is_tuple(PyObject *_Nonnull o) { return PyTuple_Check(o); }
SHIM int py_is_dict(PyObject *_Nonnull o) { return PyDict_Check(o); }
SHIM int py_is_set(PyObject *_Nonnull o) { return PyObject_TypeCheck(o, &PySet_Type); }
SHIM int py_is_frozenset(PyObject *_Nonnull o) { return PyObject_TypeCheck(o, &PyFrozenSet_Type); }
SHIM int py_is_complex(PyObject *_Nonnull o) { return PyComplex_Check(o); }
SHIM int py_is_type(PyObject *_Nonnull o) { return PyType_Check(o); }
SHIM int py_is_exception(PyObject *_Nonnull o) { return PyExceptionInstance_Check(o); }
SHIM int py_is_capsule(PyObject *_Nonnull o) { return PyCapsule_CheckExact(o); }
SHIM int py_is_subtype(PyObject *_Nonnull a, PyObject *_Nonnull b) {
  return PyType_IsSubtype((PyTypeObject *)a, (PyTypeObject *)b);
}
// Whether a subclass may have overridden iteration or length: exact lists, tuples and dicts only are read directly.
SHIM int py_is_exact_list(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyList_Type; }
SHIM int py_is_exact_tuple(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyTuple_Type; }
SHIM int py_is_exact_dict(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyDict_Type; }

// ---- Integers. Returns 1 when the value fits and was written to `out`, 0 when it does not fit or an error is set.
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

// ---- Floats.
SHIM double py_float_value(PyObject *_Nonnull o) {
#ifdef Py_LIMITED_API
  return PyFloat_AsDouble(o);
#else
  return PyFloat_AS_DOUBLE(o);
#endif
}

// ---- Strings.
// The text of a str; without a start, and with the error set, when there is none in UTF-8 or the object is no str.
typedef struct { const char *_Nullable start; Py_ssize_t count; } py_text;
// Not inlined where there is a shorter way, which keeps the count in a register then.
#ifdef Py_LIMITED_API
SHIM
#else
static __attribute__((noinline, unused))
#endif
py_text py_text_in_utf8(PyObject *_Nonnull o) {
  py_text text = {NULL, 0};
  text.start = PyUnicode_AsUTF8AndSize(o, &text.count);
  return text;
}
SHIM py_text py_text_of(PyObject *_Nonnull o) {
#ifndef Py_LIMITED_API
  if (PyUnicode_Check(o) && PyUnicode_IS_COMPACT_ASCII(o)) {
    py_text text = {(const char *)((PyASCIIObject *)o + 1), PyUnicode_GET_LENGTH(o)};
    return text;
  }
#endif
  return py_text_in_utf8(o);
}
SHIM int py_is_ascii(PyObject *_Nonnull o) {
#ifdef Py_LIMITED_API
  return 0;
#else
  return PyUnicode_IS_ASCII(o);
#endif
}
// Up to eight bytes as one number, the first lowest: two reads that may overlap, and none beyond the end.
SHIM uint64_t py_short_word(const char *_Nonnull bytes, Py_ssize_t length) {
  if (length >= 4) {
    uint32_t low, high;
    memcpy(&low, bytes, 4);
    memcpy(&high, bytes + length - 4, 4);
    return low | (uint64_t)high << (8 * (length - 4));
  }
  if (length <= 0) return 0;
  const unsigned char *b = (const unsigned char *)bytes;
  Py_ssize_t middle = length / 2, last = length - 1;
  return b[0] | (uint64_t)b[middle] << (8 * middle) | (uint64_t)b[last] << (8 * last);
}
SHIM uint64_t py_word(const char *_Nonnull bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}
#define PY_HIGH_BITS 0x8080808080808080u
SHIM int py_bytes_are_ascii(const char *_Nonnull bytes, Py_ssize_t length) {
  if (length < 8) return (py_short_word(bytes, length) & PY_HIGH_BITS) == 0;
  uint64_t seen = py_word(bytes + length - 8);
#pragma clang loop vectorize(disable)
  for (Py_ssize_t i = 0; i < length - 8; i += 8) seen |= py_word(bytes + i);
  return (seen & PY_HIGH_BITS) == 0;
}
// The two words of a Swift string of at most 15 bytes of UTF-8, which lie in the string itself: the bytes in their
// order, and in the highest one their count and whether all are ASCII.
typedef struct { uint64_t low, high; } py_small_string;
SHIM py_small_string py_small_string_of(const char *_Nonnull bytes, Py_ssize_t length) {
  py_small_string words = {0, 0};
  if (length > 8) {
    words.low = py_word(bytes);
    words.high = py_word(bytes + length - 8) >> (8 * (16 - length));
  } else {
    words.low = py_short_word(bytes, length);
  }
  uint64_t mark = ((words.low | words.high) & PY_HIGH_BITS) == 0 ? 0xE0 : 0xA0;
  words.high |= (mark | (uint64_t)length) << 56;
  return words;
}
// A str from bytes that are known to be ASCII.
SHIM PyObject *_Nullable py_str_from_ascii(const void *_Nonnull bytes, Py_ssize_t length) {
#ifndef Py_LIMITED_API
  if (length > 1) {
    PyObject *s = PyUnicode_New(length, 127);
    if (s) memcpy((PyASCIIObject *)s + 1, bytes, (size_t)length);
    return s;
  }
#endif
  return PyUnicode_DecodeUTF8((const char *)bytes, length, NULL);
}
// A str from valid UTF-8. Short text is mostly ASCII, and then a copy does where the layout of a str is known.
// Not inlined: it is long, and its callers would have to save what they keep in registers.
static __attribute__((noinline, unused)) PyObject *_Nullable py_str_from_utf8(const void *_Nullable bytes, Py_ssize_t length) {
#ifndef Py_LIMITED_API
  if (length <= 256 && bytes && py_bytes_are_ascii((const char *)bytes, length))
    return py_str_from_ascii(bytes, length);
#endif
  return PyUnicode_DecodeUTF8((const char *)bytes, length, NULL);
}

// ---- Lists, tuples, dicts. The index must be in range and the object of that exact layout.
#ifdef Py_LIMITED_API
SHIM PyObject *_Nullable py_list_get(PyObject *_Nonnull l, Py_ssize_t i) { return PyList_GetItem(l, i); }
// The element, or NULL without an error past the end: for lists that may shrink meanwhile.
SHIM PyObject *_Nullable py_list_element(PyObject *_Nonnull l, Py_ssize_t i) {
  PyObject *element = PyList_GetItem(l, i);
  if (!element) PyErr_Clear();
  return element;
}
SHIM void py_list_init(PyObject *_Nonnull l, Py_ssize_t i, PyObject *_Nonnull v) { PyList_SetItem(l, i, v); }
SHIM Py_ssize_t py_list_size(PyObject *_Nonnull l) { return PyList_Size(l); }
SHIM PyObject *_Nullable py_tuple_get(PyObject *_Nonnull t, Py_ssize_t i) { return PyTuple_GetItem(t, i); }
SHIM void py_tuple_init(PyObject *_Nonnull t, Py_ssize_t i, PyObject *_Nonnull v) { PyTuple_SetItem(t, i, v); }
SHIM Py_ssize_t py_tuple_size(PyObject *_Nonnull t) { return PyTuple_Size(t); }
SHIM Py_ssize_t py_dict_size(PyObject *_Nonnull d) { return PyDict_Size(d); }
SHIM PyObject *_Nullable py_dict_new(Py_ssize_t count) { (void)count; return PyDict_New(); }
#else
SHIM PyObject *_Nullable py_list_get(PyObject *_Nonnull l, Py_ssize_t i) { return PyList_GET_ITEM(l, i); }
SHIM PyObject *_Nullable py_list_element(PyObject *_Nonnull l, Py_ssize_t i) {
  return i < PyList_GET_SIZE(l) ? PyList_GET_ITEM(l, i) : NULL;
}
SHIM void py_list_init(PyObject *_Nonnull l, Py_ssize_t i, PyObject *_Nonnull v) { PyList_SET_ITEM(l, i, v); }
SHIM Py_ssize_t py_list_size(PyObject *_Nonnull l) { return PyList_GET_SIZE(l); }
SHIM PyObject *_Nullable py_tuple_get(PyObject *_Nonnull t, Py_ssize_t i) { return PyTuple_GET_ITEM(t, i); }
SHIM void py_tuple_init(PyObject *_Nonnull t, Py_ssize_t i, PyObject *_Nonnull v) { PyTuple_SET_ITEM(t, i, v); }
SHIM Py_ssize_t py_tuple_size(PyObject *_Nonnull t) { return PyTuple_GET_SIZE(t); }
SHIM Py_ssize_t py_dict_size(PyObject *_Nonnull d) { return PyDict_GET_SIZE(d); }
extern PyObject *_Nullable _PyDict_NewPresized(Py_ssize_t);
SHIM PyObject *_Nullable py_dict_new(Py_ssize_t count) {
  return count > 5 ? _PyDict_NewPresized(count) : PyDict_New();
}
#endif

// ---- Lists of numbers. Reading stops at the first element that is not exactly of the type or does not fit, and
// gives how many came before it: no Python code runs. Not inlined: loops of their own suffice.
#define SHIM_LOOP static __attribute__((noinline, unused))
SHIM_LOOP Py_ssize_t py_list_read_int64(PyObject *_Nonnull l, int64_t *_Nonnull out, Py_ssize_t count) {
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *item = py_list_get(l, i);
    if (!item || !py_is_exact_int(item) || !py_int64(item, out + i)) return i;
  }
  return count;
}
SHIM_LOOP Py_ssize_t py_list_read_double(PyObject *_Nonnull l, double *_Nonnull out, Py_ssize_t count) {
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *item = py_list_get(l, i);
    if (!item || !py_is_exact_float(item)) return i;
    out[i] = py_float_value(item);
  }
  return count;
}
SHIM_LOOP PyObject *_Nullable py_list_of_int64(const int64_t *_Nullable values, Py_ssize_t count) {
  PyObject *list = PyList_New(count);
  for (Py_ssize_t i = 0; list && i < count; i++) {
    PyObject *item = PyLong_FromLongLong(values[i]);
    if (item) py_list_init(list, i, item);
    else Py_CLEAR(list);
  }
  return list;
}
SHIM_LOOP PyObject *_Nullable py_list_of_double(const double *_Nullable values, Py_ssize_t count) {
  PyObject *list = PyList_New(count);
  for (Py_ssize_t i = 0; list && i < count; i++) {
    PyObject *item = PyFloat_FromDouble(values[i]);
    if (item) py_list_init(list, i, item);
    else Py_CLEAR(list);
  }
  return list;
}

// ---- Calls (the variadic ones are not imported).
SHIM PyObject *_Nullable py_call(PyObject *_Nonnull f, PyObject *_Nullable const *_Nullable args, Py_ssize_t n) {
#ifdef Py_LIMITED_API
  switch (n) {
  case 0: return PyObject_CallNoArgs(f);
  case 1: return PyObject_CallFunctionObjArgs(f, args[0], NULL);
  case 2: return PyObject_CallFunctionObjArgs(f, args[0], args[1], NULL);
  case 3: return PyObject_CallFunctionObjArgs(f, args[0], args[1], args[2], NULL);
  default: break;
  }
  PyObject *t = PyTuple_New(n);
  if (!t) return NULL;
  for (Py_ssize_t i = 0; i < n; i++) PyTuple_SetItem(t, i, Py_NewRef(args[i]));
  PyObject *r = PyObject_Call(f, t, NULL);
  Py_DECREF(t);
  return r;
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
SHIM PyObject *_Nullable py_method2(PyObject *_Nonnull o, PyObject *_Nonnull name, PyObject *_Nonnull a,
                                    PyObject *_Nonnull b) {
  return PyObject_CallMethodObjArgs(o, name, a, b, NULL);
}

// ---- Contexts and their variables. Outside the limited API, but exported by every CPython since 3.7: looked up.
#ifdef Py_LIMITED_API
#define SHIM_EXPORTED(result, name, ...)                                                     \
  static result (*function)(__VA_ARGS__);                                                    \
  if (!function && !(function = (result (*)(__VA_ARGS__))dlsym(RTLD_DEFAULT, name))) {       \
    PyErr_SetString(PyExc_SystemError, "this Python does not export " name);                 \
  }
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

// ---- Errors.
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

// ---- Definitions.
SHIM PyModuleDef py_module_def(const char *_Nonnull name, const char *_Nullable doc, PyMethodDef *_Nullable methods,
                               PyModuleDef_Slot *_Nonnull slots) {
  PyModuleDef d = {PyModuleDef_HEAD_INIT, name, doc, 0, methods, slots, NULL, NULL, NULL};
  return d;
}
SHIM PyModuleDef_Slot py_exec_slot(int (*_Nonnull f)(PyObject *_Nullable)) {
  PyModuleDef_Slot s = {Py_mod_exec, (void *)f};
  return s;
}
SHIM PyMethodDef py_method_def(const char *_Nonnull name, void *_Nonnull f, int keywords, int flags,
                               const char *_Nullable doc) {
  PyMethodDef d = {name, (PyCFunction)f, METH_FASTCALL | (keywords ? METH_KEYWORDS : 0) | flags, doc};
  return d;
}
SHIM int py_meth_static(void) { return METH_STATIC; }
SHIM PyObject *_Nullable py_allocate(PyObject *_Nonnull type) {
#ifdef Py_LIMITED_API
  allocfunc allocate = (allocfunc)PyType_GetSlot((PyTypeObject *)type, Py_tp_alloc);
#else
  allocfunc allocate = ((PyTypeObject *)type)->tp_alloc;
#endif
  return allocate((PyTypeObject *)type, 0);
}
// Frees an instance of a heap type; the type loses the reference the instance held.
SHIM void py_free_instance(PyObject *_Nonnull o) {
  PyTypeObject *type = Py_TYPE(o);
#ifdef Py_LIMITED_API
  freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
#else
  freefunc release = type->tp_free;
#endif
  release(o);
  Py_DECREF(type);
}
SHIM unsigned int py_type_flags(int gc, int base) {
  return Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | (gc ? Py_TPFLAGS_HAVE_GC : 0) |
         (base ? Py_TPFLAGS_BASETYPE : 0);
}
SHIM unsigned int py_type_flags_no_new(void) {
  return Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION;
}

// ---- Functions made at run time: `owner` keeps `definition` alive and is what the function is called with.
SHIM PyObject *_Nullable py_function_new(PyMethodDef *_Nonnull definition, PyObject *_Nonnull owner) {
  return PyCFunction_NewEx(definition, owner, NULL);
}

// ---- eventfd, which the Glibc module leaves out.
SHIM int py_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
SHIM void py_eventfd_signal(int fd) { uint64_t one = 1; while (write(fd, &one, 8) < 0 && errno == EINTR) {} }
SHIM void py_eventfd_clear(int fd) { uint64_t v; while (read(fd, &v, 8) < 0 && errno == EINTR) {} }

// ---- Using objects from Swift.
SHIM PyObject *_Nullable py_call_keywords(PyObject *_Nonnull f, PyObject *_Nonnull args, PyObject *_Nullable keywords) {
  return PyObject_Call(f, args, keywords);
}
SHIM PyObject *_Nullable py_call3(PyObject *_Nonnull f, PyObject *_Nonnull a, PyObject *_Nonnull b,
                                  PyObject *_Nonnull c) {
  return PyObject_CallFunctionObjArgs(f, a, b, c, NULL);
}
SHIM PyObject *_Nullable py_builtins(void) { return PyEval_GetBuiltins(); }
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
SHIM PyObject *_Nullable py_module_from_spec(PyModuleDef *_Nonnull definition, PyObject *_Nonnull spec) {
  return PyModule_FromDefAndSpec2(definition, spec, PYTHON_API_VERSION);
}

// ---- Classes.
SHIM int py_meth_class(void) { return METH_CLASS; }
SHIM PyMemberDef py_weak_list_member(Py_ssize_t offset) {
  PyMemberDef m = {"__weaklistoffset__", T_PYSSIZET, offset, READONLY, NULL};
  return m;
}
SHIM PyObject *_Nullable py_type_base(PyObject *_Nonnull type) {
  return (PyObject *)PyType_GetSlot((PyTypeObject *)type, Py_tp_base);
}
SHIM unsigned int py_class_flags(int subclassable, int instantiable) {
  return Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | (subclassable ? Py_TPFLAGS_BASETYPE : 0) |
         (instantiable ? 0 : Py_TPFLAGS_DISALLOW_INSTANTIATION);
}
// Lets `Type(...)` skip the tuple of arguments, where the layout of types is known.
SHIM void py_type_set_vectorcall(PyObject *_Nonnull type, void *_Nonnull f) {
#ifndef Py_LIMITED_API
  ((PyTypeObject *)type)->tp_vectorcall = (vectorcallfunc)f;
#endif
}
SHIM Py_ssize_t py_vectorcall_count(size_t flagged) { return (Py_ssize_t)(flagged & ~((size_t)1 << 63)); }
SHIM void *_Nonnull py_hash_refused(void) { return (void *)PyObject_HashNotImplemented; }
SHIM void py_save_error(PyObject *_Nullable *_Nonnull saved) { PyErr_Fetch(saved, saved + 1, saved + 2); }
SHIM void py_restore_error(PyObject *_Nullable *_Nonnull saved) { PyErr_Restore(saved[0], saved[1], saved[2]); }

// ---- The process's first thread, whose end is the end of the process.
SHIM int py_is_first_thread(void) { return syscall(SYS_gettid) == getpid(); }

#ifndef DANA_ABI3
// ---- Embedding: the configuration is outside the limited API.
typedef struct {
  const char *_Nullable home;
  const char *_Nullable program;
  int isolated;
  int handle_signals;
  int argument_count;
  char *_Nullable const *_Nonnull arguments;
} py_start_options;
// Starts the interpreter. Returns NULL, or what went wrong (static text).
SHIM const char *_Nullable py_start(const py_start_options *_Nonnull options) {
  PyConfig config;
  if (options->isolated) PyConfig_InitIsolatedConfig(&config);
  else PyConfig_InitPythonConfig(&config);
  config.install_signal_handlers = options->handle_signals;
  config.parse_argv = 0;
  PyStatus status = PyConfig_SetBytesArgv(&config, options->argument_count, options->arguments);
  if (!PyStatus_Exception(status) && options->home)
    status = PyConfig_SetBytesString(&config, &config.home, options->home);
  if (!PyStatus_Exception(status) && options->program)
    status = PyConfig_SetBytesString(&config, &config.program_name, options->program);
  if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  if (!PyStatus_Exception(status)) return NULL;
  return status.err_msg ? status.err_msg : "it asked to exit";
}
#endif
// ---- Conversions: types as objects, and what needs a macro or a variadic call.
SHIM PyObject *_Nonnull py_tuple_type(void) { return (PyObject *)&PyTuple_Type; }
SHIM PyObject *_Nonnull py_object_type(void) { return (PyObject *)&PyBaseObject_Type; }
SHIM PyObject *_Nonnull py_range_type(void) { return (PyObject *)&PyRange_Type; }
SHIM PyObject *_Nonnull py_int_type(void) { return (PyObject *)&PyLong_Type; }
SHIM int py_is_exact_set(PyObject *_Nonnull o) { return Py_TYPE(o) == &PySet_Type || Py_TYPE(o) == &PyFrozenSet_Type; }
SHIM int py_is_memoryview(PyObject *_Nonnull o) { return PyMemoryView_Check(o); }
SHIM int py_is_range(PyObject *_Nonnull o) { return PyRange_Check(o); }
// A str from generalised UTF-8, in which lone surrogates stand as three bytes.
SHIM PyObject *_Nullable py_str_from_wtf8(const void *_Nullable bytes, Py_ssize_t length) {
  return PyUnicode_DecodeUTF8((const char *)bytes, length, "surrogatepass");
}
SHIM PyObject *_Nullable py_wtf8(PyObject *_Nonnull o) {
  return PyUnicode_AsEncodedString(o, "utf-8", "surrogatepass");
}
// The bytes of a bytes or bytearray object; valid until it is changed or released.
SHIM const void *_Nonnull py_bytes_start(PyObject *_Nonnull o) {
  return PyBytes_Check(o) ? PyBytes_AsString(o) : PyByteArray_AsString(o);
}
SHIM Py_ssize_t py_bytes_size(PyObject *_Nonnull o) { return PyBytes_Check(o) ? PyBytes_Size(o) : PyByteArray_Size(o); }
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
// Calls `f(**{name: value})`.
SHIM PyObject *_Nullable py_call_named(PyObject *_Nonnull f, const char *_Nonnull name, PyObject *_Nonnull value) {
  PyObject *arguments = PyTuple_New(0), *named = Py_BuildValue("{s:O}", name, value);
  PyObject *result = arguments && named ? PyObject_Call(f, arguments, named) : NULL;
  Py_XDECREF(arguments);
  Py_XDECREF(named);
  return result;
}
SHIM PyObject *_Nonnull py_memoryview_type(void) { return (PyObject *)&PyMemoryView_Type; }
// The usual class that a class inherits from, as a PY_KIND; PY_KIND_OTHER for none.
SHIM int py_base_kind(PyObject *_Nonnull type) {
  PyTypeObject *t = (PyTypeObject *)type;
  if (PyType_IsSubtype(t, &PyUnicode_Type)) return PY_KIND_STR;
  if (PyType_IsSubtype(t, &PyLong_Type)) return PY_KIND_INT;
  if (PyType_IsSubtype(t, &PyDict_Type)) return PY_KIND_DICT;
  if (PyType_IsSubtype(t, &PyList_Type)) return PY_KIND_LIST;
  if (PyType_IsSubtype(t, &PyFloat_Type)) return PY_KIND_FLOAT;
  if (PyType_IsSubtype(t, &PyTuple_Type)) return PY_KIND_TUPLE;
  if (PyType_IsSubtype(t, &PyBytes_Type)) return PY_KIND_BYTES;
  if (PyType_IsSubtype(t, &PyByteArray_Type)) return PY_KIND_BYTEARRAY;
  if (PyType_IsSubtype(t, &PySet_Type)) return PY_KIND_SET;
  if (PyType_IsSubtype(t, &PyFrozenSet_Type)) return PY_KIND_FROZENSET;
  if (PyType_IsSubtype(t, &PyComplex_Type)) return PY_KIND_COMPLEX;
  return PY_KIND_OTHER;
}
SHIM int py_equal_bytes(const void *_Nonnull a, const void *_Nonnull b, Py_ssize_t count) {
  return memcmp(a, b, (size_t)count) == 0;
}

// ---- Memory that objects lend.
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

// ---- Arrow's C data and stream interfaces (their ABI is frozen).
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

// ---- DLPack, without versions and with them.
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
