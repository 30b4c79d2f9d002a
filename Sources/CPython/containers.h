// Lists, tuples and dicts.
#ifndef DANA_CPYTHON_CONTAINERS_H
#define DANA_CPYTHON_CONTAINERS_H
#include "numbers.h"

// Lists, tuples, dicts. The index must be in range and the object of that exact layout.
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

// Where the items of a list stand: NULL where that is not known. The limited API hides it, so a list whose items are
// known shows it, once: every CPython so far with one interpreter lock has it so.
#ifdef Py_LIMITED_API
typedef struct { PyVarObject head; PyObject *_Nullable *_Nullable items; Py_ssize_t room; } py_list_layout;
static __attribute__((noinline, unused)) int py_list_has_layout(void) {
  PyObject *size = PyObject_GetAttrString((PyObject *)&PyList_Type, "__basicsize__");
  int is_so = size && PyLong_AsSsize_t(size) == (Py_ssize_t)sizeof(py_list_layout);
  Py_XDECREF(size);
  PyObject *list = is_so ? PyList_New(2) : NULL;
  if (list) {
    PyList_SetItem(list, 0, Py_NewRef(Py_True));
    PyList_SetItem(list, 1, Py_NewRef(Py_Ellipsis));
    py_list_layout *seen = (py_list_layout *)list;
    is_so = seen->head.ob_size == 2 && seen->room >= 2 && seen->room < 64 && seen->items &&
            seen->items[0] == Py_True && seen->items[1] == Py_Ellipsis;
  }
  Py_XDECREF(list);
  PyErr_Clear();
  return is_so;
}
SHIM PyObject *_Nullable *_Nullable py_list_items(PyObject *_Nonnull l) {
  static int layout; // 0 until it was looked at
  if (!layout) layout = py_list_has_layout() ? 1 : -1;
  return layout > 0 ? ((py_list_layout *)l)->items : NULL;
}
#else
SHIM PyObject *_Nullable *_Nullable py_list_items(PyObject *_Nonnull l) { return ((PyListObject *)l)->ob_item; }
#endif

// Lists of numbers. Reading stops at the first element that is not exactly of the type or does not fit, and
// gives how many came before it: no Python code runs. Not inlined: loops of their own suffice.
#define SHIM_LOOP static __attribute__((noinline, unused))
SHIM_LOOP Py_ssize_t py_list_read_int64(PyObject *_Nonnull l, int64_t *_Nonnull out, Py_ssize_t count) {
  PyObject **items = py_list_items(l);
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *item = items ? items[i] : py_list_get(l, i);
    if (!item || !py_is_exact_int(item) || !py_int64(item, out + i)) return i;
  }
  return count;
}
// How many items stand before the first that is no None, bool, int, float or str.
SHIM_LOOP Py_ssize_t py_list_scalars(PyObject *_Nonnull l) {
  PyObject **items = py_list_items(l);
  Py_ssize_t count = py_list_size(l);
  PyTypeObject *last = NULL; // mostly the next one's, too
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *item = items ? items[i] : py_list_get(l, i);
    if (!item) return i;
    PyTypeObject *t = Py_TYPE(item);
    if (t == last) continue;
    if (t != &PyLong_Type && t != &PyUnicode_Type && t != &PyFloat_Type && t != &PyBool_Type && item != Py_None) return i;
    last = t;
  }
  return count;
}
SHIM_LOOP Py_ssize_t py_list_read_double(PyObject *_Nonnull l, double *_Nonnull out, Py_ssize_t count) {
  PyObject **items = py_list_items(l);
  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject *item = items ? items[i] : py_list_get(l, i);
    if (!item || !py_is_exact_float(item)) return i;
    out[i] = py_float_value(item);
  }
  return count;
}
SHIM_LOOP PyObject *_Nullable py_list_of_int64(const int64_t *_Nullable values, Py_ssize_t count) {
  PyObject *list = PyList_New(count);
  PyObject **items = list ? py_list_items(list) : NULL;
  for (Py_ssize_t i = 0; list && i < count; i++) {
    PyObject *item = PyLong_FromLongLong(values[i]);
    if (item && items) items[i] = item;
    else if (item) py_list_init(list, i, item);
    else Py_CLEAR(list);
  }
  return list;
}
SHIM_LOOP PyObject *_Nullable py_list_of_double(const double *_Nullable values, Py_ssize_t count) {
  PyObject *list = PyList_New(count);
  PyObject **items = list ? py_list_items(list) : NULL;
  for (Py_ssize_t i = 0; list && i < count; i++) {
    PyObject *item = PyFloat_FromDouble(values[i]);
    if (item && items) items[i] = item;
    else if (item) py_list_init(list, i, item);
    else Py_CLEAR(list);
  }
  return list;
}
#endif
