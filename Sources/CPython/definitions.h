// What Swift defines for Python: modules, functions, classes.
#ifndef DANA_CPYTHON_DEFINITIONS_H
#define DANA_CPYTHON_DEFINITIONS_H
#include "objects.h"

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
SHIM unsigned int py_type_flags_no_new(void) {
  return Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION;
}

SHIM PyObject *_Nullable py_module_from_spec(PyModuleDef *_Nonnull definition, PyObject *_Nonnull spec) {
  return PyModule_FromDefAndSpec2(definition, spec, PYTHON_API_VERSION);
}

// Functions made at run time: `owner` keeps `definition` alive and is what the function is called with.
SHIM PyObject *_Nullable py_function_new(PyMethodDef *_Nonnull definition, PyObject *_Nonnull owner) {
  return PyCFunction_NewEx(definition, owner, NULL);
}

// Classes.
SHIM int py_meth_class(void) { return METH_CLASS; }
SHIM PyMemberDef py_weak_list_member(Py_ssize_t offset) {
  PyMemberDef m = {"__weaklistoffset__", T_PYSSIZET, offset, READONLY, NULL};
  return m;
}
// Where objects hold the function that a call of them begins with; in use only where the class has the flag, which the
// limited API does not name before 3.12, though every CPython since 3.9 heeds both.
SHIM PyMemberDef py_call_member(Py_ssize_t offset) {
  PyMemberDef m = {"__vectorcalloffset__", T_PYSSIZET, offset, READONLY, NULL};
  return m;
}
SHIM unsigned int py_call_flag(void) { return 1u << 11; }
SHIM PyObject *_Nullable py_type_base(PyObject *_Nonnull type) {
  return (PyObject *)PyType_GetSlot((PyTypeObject *)type, Py_tp_base);
}
SHIM unsigned int py_class_flags(int changeable, int subclassable, int instantiable) {
  return Py_TPFLAGS_DEFAULT | (changeable ? 0 : Py_TPFLAGS_IMMUTABLETYPE) | (subclassable ? Py_TPFLAGS_BASETYPE : 0) |
         (instantiable ? 0 : Py_TPFLAGS_DISALLOW_INSTANTIATION);
}
// Lets `Type(...)` skip the tuple of arguments, where the layout of types is known.
SHIM void py_type_set_vectorcall(PyObject *_Nonnull type, void *_Nonnull f) {
#ifndef Py_LIMITED_API
  ((PyTypeObject *)type)->tp_vectorcall = (vectorcallfunc)f;
#endif
}
// Has a class show something under a name. Where the name is that of a slot, the slot stays what it is, which setting the
// attribute would replace.
SHIM int py_type_show(PyObject *_Nonnull type, const char *_Nonnull name, PyObject *_Nonnull value) {
  PyObject *names = PyObject_GenericGetDict(type, NULL);
  if (names == NULL) return -1;
  int status = PyDict_SetItemString(names, name, value);
  Py_DECREF(names);
  PyType_Modified((PyTypeObject *)type);
  return status;
}
SHIM Py_ssize_t py_vectorcall_count(size_t flagged) { return (Py_ssize_t)(flagged & ~((size_t)1 << 63)); }
SHIM void *_Nonnull py_hash_refused(void) { return (void *)PyObject_HashNotImplemented; }
#endif
