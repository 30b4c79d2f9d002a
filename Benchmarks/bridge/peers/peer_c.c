// Hand-written C: the practical lower limit of what a call into native code costs.
// Built twice, for the running Python (peer_c) and for the limited API of 3.11 (peer_c_abi3, -DPEER_ABI3).
#ifdef PEER_ABI3
#define Py_LIMITED_API 0x030b0000
#define MODULE_NAME "peer_c_abi3"
#define MODULE_INIT PyInit_peer_c_abi3
#else
#define MODULE_NAME "peer_c"
#define MODULE_INIT PyInit_peer_c
#endif
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef PEER_ABI3
#define LIST_GET PyList_GetItem
#define LIST_SET PyList_SetItem
#define LIST_SIZE PyList_Size
#define DICT_SIZE PyDict_Size
#define TUPLE_GET PyTuple_GetItem
#define FLOAT_VALUE PyFloat_AsDouble
#else
#define LIST_GET PyList_GET_ITEM
#define LIST_SET PyList_SET_ITEM
#define LIST_SIZE PyList_GET_SIZE
#define DICT_SIZE PyDict_GET_SIZE
#define TUPLE_GET PyTuple_GET_ITEM
#define FLOAT_VALUE PyFloat_AS_DOUBLE
#endif

// ---- scalars

static PyObject *noop(PyObject *module, PyObject *const *args, Py_ssize_t count) { Py_RETURN_NONE; }

static PyObject *noop_nogil(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    Py_BEGIN_ALLOW_THREADS __asm__ volatile("" :: : "memory");
    Py_END_ALLOW_THREADS Py_RETURN_NONE;
}

static inline int as_int64(PyObject *object, int64_t *value) {
#if !defined(PEER_ABI3) && PY_VERSION_HEX < 0x030c0000
    if (PyLong_CheckExact(object)) {
        Py_ssize_t size = Py_SIZE(object);
        if (size == 0) {
            *value = 0;
            return 0;
        }
        if (size == 1 || size == -1) {
            *value = size * (int64_t)((PyLongObject *)object)->ob_digit[0];
            return 0;
        }
    }
#endif
    long long wide = PyLong_AsLongLong(object);
    if (wide == -1 && PyErr_Occurred())
        return -1;
    *value = wide;
    return 0;
}

static PyObject *add1(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    int64_t value;
    if (count != 1) {
        PyErr_SetString(PyExc_TypeError, "add1() takes 1 argument");
        return NULL;
    }
    if (as_int64(args[0], &value) < 0)
        return NULL;
    return PyLong_FromLongLong(value + 1);
}

static PyObject *echo(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(args[0], &length);
    if (!utf8)
        return NULL;
    char *owned = malloc(length + 1);
    memcpy(owned, utf8, length + 1);
    PyObject *result = PyUnicode_DecodeUTF8(owned, length, NULL);
    free(owned);
    return result;
}

static PyObject *boom(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    PyErr_SetString(PyExc_ValueError, "boom");
    return NULL;
}

// kw(prompt, options=None, n=0): interned names are compared by pointer first.
static PyObject *name_prompt, *name_options, *name_n;

static PyObject *kw(PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *names) {
    PyObject *prompt = count > 0 ? args[0] : NULL, *number = count > 2 ? args[2] : NULL;
    Py_ssize_t named = names ? PyTuple_Size(names) : 0;
    for (Py_ssize_t i = 0; i < named; i++) {
        PyObject *name = TUPLE_GET(names, i);
        if (name == name_prompt)
            prompt = args[count + i];
        else if (name == name_options)
            continue;
        else if (name == name_n)
            number = args[count + i];
        else if (!PyUnicode_Compare(name, name_prompt))
            prompt = args[count + i];
        else if (!PyUnicode_Compare(name, name_options))
            continue;
        else if (!PyUnicode_Compare(name, name_n))
            number = args[count + i];
        else {
            PyErr_Format(PyExc_TypeError, "unexpected keyword %R", name);
            return NULL;
        }
    }
    if (!prompt) {
        PyErr_SetString(PyExc_TypeError, "missing prompt");
        return NULL;
    }
    Py_ssize_t length;
    if (!PyUnicode_AsUTF8AndSize(prompt, &length))
        return NULL;
    int64_t value = 0;
    if (number && as_int64(number, &value) < 0)
        return NULL;
    return PyLong_FromLongLong(value + length);
}

static PyObject *buf_sum1(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    Py_buffer buffer;
    if (PyObject_GetBuffer(args[0], &buffer, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0)
        return NULL;
    if (!buffer.format || strcmp(buffer.format, "d")) {
        PyBuffer_Release(&buffer);
        PyErr_SetString(PyExc_TypeError, "expected float64");
        return NULL;
    }
    double sum = ((double *)buffer.buf)[0] + (double)(buffer.len / 8);
    PyBuffer_Release(&buffer);
    return PyFloat_FromDouble(sum);
}

static PyObject *call_py(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    long times = PyLong_AsLong(args[1]);
    for (long i = 0; i < times; i++) {
        PyObject *result = PyObject_CallNoArgs(args[0]);
        if (!result)
            return NULL;
        Py_DECREF(result);
    }
    Py_RETURN_NONE;
}

// ---- collections

static PyObject *list_rt(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    PyObject *list = args[0];
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "expected list");
        return NULL;
    }
    Py_ssize_t size = LIST_SIZE(list);
    int64_t *values = malloc(sizeof(int64_t) * (size ? size : 1));
    for (Py_ssize_t i = 0; i < size; i++)
        if (as_int64(LIST_GET(list, i), &values[i]) < 0) {
            free(values);
            return NULL;
        }
    for (Py_ssize_t i = 0; i < size; i++)
        values[i] += 1;
    PyObject *result = PyList_New(size);
    if (result)
        for (Py_ssize_t i = 0; i < size; i++)
            LIST_SET(result, i, PyLong_FromLongLong(values[i]));
    free(values);
    return result;
}

typedef struct {
    char *text;
    Py_ssize_t length;
    int64_t value;
} Entry;

static PyObject *dict_rt(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    PyObject *dict = args[0], *key, *value, *result = NULL;
    Py_ssize_t position = 0, filled = 0;
    if (!PyDict_Check(dict)) {
        PyErr_SetString(PyExc_TypeError, "expected dict");
        return NULL;
    }
    Py_ssize_t size = DICT_SIZE(dict);
    Entry *entries = calloc(size ? size : 1, sizeof(Entry));
    while (PyDict_Next(dict, &position, &key, &value)) {
        Entry *entry = &entries[filled];
        const char *utf8 = PyUnicode_AsUTF8AndSize(key, &entry->length);
        if (!utf8)
            goto done;
        entry->text = malloc(entry->length + 1);
        memcpy(entry->text, utf8, entry->length + 1);
        filled++;
        if (as_int64(value, &entry->value) < 0)
            goto done;
    }
    result = PyDict_New();
    for (Py_ssize_t i = 0; i < size; i++) {
        PyObject *new_key = PyUnicode_DecodeUTF8(entries[i].text, entries[i].length, NULL);
        PyObject *new_value = PyLong_FromLongLong(entries[i].value + 1);
        PyDict_SetItem(result, new_key, new_value);
        Py_DECREF(new_key);
        Py_DECREF(new_value);
    }
done:
    for (Py_ssize_t i = 0; i < filled; i++)
        free(entries[i].text);
    free(entries);
    return result;
}

// ---- a JSON-like tree of owned native values

typedef enum { TREE_NULL, TREE_BOOL, TREE_INT, TREE_FLOAT, TREE_STRING, TREE_LIST, TREE_DICT } TreeKind;
typedef struct Tree Tree;
struct Tree {
    TreeKind kind;
    union {
        int64_t integer;
        double number;
        struct {
            char *text;
            Py_ssize_t length;
        } string;
        struct {
            Tree *children;
            Entry *keys;
            Py_ssize_t count;
        } nodes;
    } as;
};

static void tree_free(Tree *tree) {
    if (tree->kind == TREE_STRING)
        free(tree->as.string.text);
    if (tree->kind < TREE_LIST)
        return;
    for (Py_ssize_t i = 0; i < tree->as.nodes.count; i++) {
        tree_free(&tree->as.nodes.children[i]);
        if (tree->kind == TREE_DICT)
            free(tree->as.nodes.keys[i].text);
    }
    free(tree->as.nodes.children);
    free(tree->as.nodes.keys);
}

static int tree_from(PyObject *object, Tree *tree) {
    memset(tree, 0, sizeof *tree);
    if (object == Py_None)
        return 0;
    if (PyBool_Check(object)) {
        tree->kind = TREE_BOOL;
        tree->as.integer = object == Py_True;
        return 0;
    }
    if (PyUnicode_Check(object)) {
        const char *utf8 = PyUnicode_AsUTF8AndSize(object, &tree->as.string.length);
        if (!utf8)
            return -1;
        tree->kind = TREE_STRING;
        tree->as.string.text = malloc(tree->as.string.length + 1);
        memcpy(tree->as.string.text, utf8, tree->as.string.length + 1);
        return 0;
    }
    if (PyLong_Check(object)) {
        tree->kind = TREE_INT;
        return as_int64(object, &tree->as.integer);
    }
    if (PyFloat_Check(object)) {
        tree->kind = TREE_FLOAT;
        tree->as.number = FLOAT_VALUE(object);
        return 0;
    }
    if (PyList_Check(object)) {
        Py_ssize_t size = LIST_SIZE(object);
        tree->kind = TREE_LIST;
        tree->as.nodes.children = malloc(sizeof(Tree) * (size ? size : 1));
        for (Py_ssize_t i = 0; i < size; i++) {
            tree->as.nodes.count++;
            if (tree_from(LIST_GET(object, i), &tree->as.nodes.children[i]) < 0)
                return -1;
        }
        return 0;
    }
    if (PyDict_Check(object)) {
        Py_ssize_t size = DICT_SIZE(object), position = 0, i = 0;
        PyObject *key, *value;
        tree->kind = TREE_DICT;
        tree->as.nodes.children = calloc(size ? size : 1, sizeof(Tree));
        tree->as.nodes.keys = malloc(sizeof(Entry) * (size ? size : 1));
        while (PyDict_Next(object, &position, &key, &value)) {
            Entry *entry = &tree->as.nodes.keys[i];
            const char *utf8 = PyUnicode_AsUTF8AndSize(key, &entry->length);
            if (!utf8)
                return -1;
            entry->text = malloc(entry->length + 1);
            memcpy(entry->text, utf8, entry->length + 1);
            tree->as.nodes.count = i + 1;
            if (tree_from(value, &tree->as.nodes.children[i]) < 0)
                return -1;
            i++;
        }
        return 0;
    }
    PyErr_SetString(PyExc_TypeError, "unsupported type");
    return -1;
}

static PyObject *tree_to(Tree *tree) {
    switch (tree->kind) {
    case TREE_NULL:
        Py_RETURN_NONE;
    case TREE_BOOL:
        return PyBool_FromLong(tree->as.integer);
    case TREE_INT:
        return PyLong_FromLongLong(tree->as.integer);
    case TREE_FLOAT:
        return PyFloat_FromDouble(tree->as.number);
    case TREE_STRING:
        return PyUnicode_DecodeUTF8(tree->as.string.text, tree->as.string.length, NULL);
    case TREE_LIST: {
        PyObject *list = PyList_New(tree->as.nodes.count);
        for (Py_ssize_t i = 0; i < tree->as.nodes.count; i++)
            LIST_SET(list, i, tree_to(&tree->as.nodes.children[i]));
        return list;
    }
    default: {
        PyObject *dict = PyDict_New();
        for (Py_ssize_t i = 0; i < tree->as.nodes.count; i++) {
            PyObject *key = PyUnicode_DecodeUTF8(tree->as.nodes.keys[i].text, tree->as.nodes.keys[i].length, NULL);
            PyObject *value = tree_to(&tree->as.nodes.children[i]);
            PyDict_SetItem(dict, key, value);
            Py_DECREF(key);
            Py_DECREF(value);
        }
        return dict;
    }
    }
}

static PyObject *json_rt(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    Tree tree;
    PyObject *result = tree_from(args[0], &tree) < 0 ? NULL : tree_to(&tree);
    tree_free(&tree);
    return result;
}

// ---- a class with a native payload

typedef struct {
    PyObject_HEAD int64_t total;
} Obj;

static PyObject *Obj_add(Obj *self, PyObject *const *args, Py_ssize_t count) {
    int64_t value;
    if (as_int64(args[0], &value) < 0)
        return NULL;
    self->total += value;
    return PyLong_FromLongLong(self->total & 0xff);
}

static void Obj_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

#define FUNCTION(name) (PyCFunction)(void (*)(void)) name

static PyMethodDef Obj_methods[] = {{"add", FUNCTION(Obj_add), METH_FASTCALL, NULL}, {0}};
static PyType_Slot Obj_slots[] = {{Py_tp_methods, Obj_methods}, {Py_tp_dealloc, Obj_dealloc}, {0, 0}};
static PyType_Spec Obj_spec = {MODULE_NAME ".Obj", sizeof(Obj), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
                               Obj_slots};

static PyMethodDef methods[] = {
    {"noop", FUNCTION(noop), METH_FASTCALL, NULL},
    {"noop_nogil", FUNCTION(noop_nogil), METH_FASTCALL, NULL},
    {"add1", FUNCTION(add1), METH_FASTCALL, NULL},
    {"echo", FUNCTION(echo), METH_FASTCALL, NULL},
    {"list_rt", FUNCTION(list_rt), METH_FASTCALL, NULL},
    {"dict_rt", FUNCTION(dict_rt), METH_FASTCALL, NULL},
    {"json_rt", FUNCTION(json_rt), METH_FASTCALL, NULL},
    {"boom", FUNCTION(boom), METH_FASTCALL, NULL},
    {"kw", FUNCTION(kw), METH_FASTCALL | METH_KEYWORDS, NULL},
    {"buf_sum1", FUNCTION(buf_sum1), METH_FASTCALL, NULL},
    {"call_py", FUNCTION(call_py), METH_FASTCALL, NULL},
    {0},
};

static int module_exec(PyObject *module) {
    name_prompt = PyUnicode_InternFromString("prompt");
    name_options = PyUnicode_InternFromString("options");
    name_n = PyUnicode_InternFromString("n");
    PyObject *type = PyType_FromModuleAndSpec(module, &Obj_spec, NULL);
    return type ? PyModule_AddType(module, (PyTypeObject *)type) : -1;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, MODULE_NAME, NULL, 0, methods, module_slots};
PyMODINIT_FUNC MODULE_INIT(void) { return PyModuleDef_Init(&definition); }
