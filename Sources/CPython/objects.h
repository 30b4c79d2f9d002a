// Objects as such: reference counts, singletons, types, and what an object is.
#ifndef DANA_CPYTHON_OBJECTS_H
#define DANA_CPYTHON_OBJECTS_H
#include "python_headers.h"

// Singletons, exceptions and types (mutable globals to Swift's importer otherwise).
SHIM PyObject *_Nonnull py_none(void) { return Py_None; }
SHIM PyObject *_Nonnull py_new_none(void) { return Py_NewRef(Py_None); }
SHIM PyObject *_Nonnull py_bool(int v) { return Py_NewRef(v ? Py_True : Py_False); }
SHIM PyObject *_Nonnull py_true(void) { return Py_True; }
SHIM PyObject *_Nonnull py_false(void) { return Py_False; }
SHIM PyObject *_Nonnull py_not_implemented(void) { return Py_NewRef(Py_NotImplemented); }
SHIM PyObject *_Nonnull py_not_implemented_borrowed(void) { return Py_NotImplemented; }

// Reference counts.
SHIM void py_incref(PyObject *_Nonnull o) { Py_INCREF(o); }
SHIM void py_decref(PyObject *_Nonnull o) { Py_DECREF(o); }
SHIM void py_xdecref(PyObject *_Nullable o) { Py_XDECREF(o); }
SHIM Py_ssize_t py_refcount(PyObject *_Nonnull o) { return Py_REFCNT(o); }
SHIM PyObject *_Nonnull py_type(PyObject *_Nonnull o) { return (PyObject *)Py_TYPE(o); }

SHIM PyObject *_Nonnull py_tuple_type(void) { return (PyObject *)&PyTuple_Type; }
SHIM PyObject *_Nonnull py_object_type(void) { return (PyObject *)&PyBaseObject_Type; }
SHIM PyObject *_Nonnull py_range_type(void) { return (PyObject *)&PyRange_Type; }
SHIM PyObject *_Nonnull py_memoryview_type(void) { return (PyObject *)&PyMemoryView_Type; }

// What an object is: one switch over exact types, then subclass tests.
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
SHIM int py_is_dict_view(PyObject *_Nonnull o) {
  PyTypeObject *t = Py_TYPE(o);
  return t == &PyDictKeys_Type || t == &PyDictValues_Type || t == &PyDictItems_Type;
}
SHIM int py_is_exact_int(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyLong_Type; }
SHIM int py_is_exact_float(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyFloat_Type; }
SHIM int py_is_int(PyObject *_Nonnull o) { return PyLong_Check(o); }
SHIM int py_is_float(PyObject *_Nonnull o) { return PyFloat_Check(o); }
SHIM int py_is_str(PyObject *_Nonnull o) { return PyUnicode_Check(o); }
SHIM int py_is_bytes(PyObject *_Nonnull o) { return PyBytes_Check(o); }
SHIM int py_is_bytearray(PyObject *_Nonnull o) { return PyByteArray_Check(o); }
SHIM int py_is_list(PyObject *_Nonnull o) { return PyList_Check(o); }
SHIM int py_is_tuple(PyObject *_Nonnull o) { return PyTuple_Check(o); }
SHIM int py_is_dict(PyObject *_Nonnull o) { return PyDict_Check(o); }
SHIM int py_is_complex(PyObject *_Nonnull o) { return PyComplex_Check(o); }
SHIM int py_is_type(PyObject *_Nonnull o) { return PyType_Check(o); }
// A class, or one with parameters, such as `list[int]`.
SHIM int py_is_class(PyObject *_Nonnull o) { return PyType_Check(o) || Py_TYPE(o) == &Py_GenericAliasType; }
// Whether an object's class was made while Python ran, as those written in Python are.
SHIM int py_has_made_class(PyObject *_Nonnull o) { return (PyType_GetFlags(Py_TYPE(o)) & Py_TPFLAGS_HEAPTYPE) != 0; }
SHIM int py_is_module(PyObject *_Nonnull o) { return PyModule_Check(o); }
/// A function of C, which the built-ins are that are no types.
SHIM int py_is_builtin_function(PyObject *_Nonnull o) { return PyCFunction_Check(o); }
/// A method of a class of C's, as the class has it.
SHIM int py_is_method_descriptor(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyMethodDescr_Type; }
SHIM int py_is_exception(PyObject *_Nonnull o) { return PyExceptionInstance_Check(o); }
SHIM int py_is_subtype(PyObject *_Nonnull a, PyObject *_Nonnull b) {
  return PyType_IsSubtype((PyTypeObject *)a, (PyTypeObject *)b);
}
// Whether a subclass may have overridden iteration or length: exact lists, tuples and dicts only are read directly.
SHIM int py_is_exact_list(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyList_Type; }
SHIM int py_is_exact_tuple(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyTuple_Type; }
SHIM int py_is_exact_dict(PyObject *_Nonnull o) { return Py_TYPE(o) == &PyDict_Type; }

SHIM int py_is_exact_set(PyObject *_Nonnull o) { return Py_TYPE(o) == &PySet_Type || Py_TYPE(o) == &PyFrozenSet_Type; }
SHIM int py_is_memoryview(PyObject *_Nonnull o) { return PyMemoryView_Check(o); }
SHIM int py_is_range(PyObject *_Nonnull o) { return PyRange_Check(o); }
SHIM int py_is_slice(PyObject *_Nonnull o) { return PySlice_Check(o); }

// Whether `item in o` goes through the items: o knows no other way, or is a range and has to compare.
SHIM int py_searches_items(PyObject *_Nonnull o, PyObject *_Nonnull item) {
  if (PyRange_Check(o)) return Py_TYPE(item) != &PyLong_Type && Py_TYPE(item) != &PyBool_Type;
  return PyType_GetSlot(Py_TYPE(o), Py_sq_contains) == NULL;
}

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
#endif
