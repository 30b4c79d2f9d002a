# cython: language_level=3, boundscheck=False, wraparound=False, binding=False
# distutils: language = c++
"""Cython with C++ containers for the native side."""
from libc.stdint cimport int64_t
from libcpp.string cimport string
from libcpp.unordered_map cimport unordered_map
from libcpp.utility cimport pair
from libcpp.vector cimport vector


def noop():
    pass


def noop_nogil():
    with nogil:
        pass


def add1(int64_t a):
    return a + 1


def echo(str s):
    cdef string native = s.encode("utf-8")
    return native.decode("utf-8")


def list_rt(vector[int64_t] values):
    cdef size_t i
    for i in range(values.size()):
        values[i] += 1
    return values


def dict_rt(dict source):
    cdef unordered_map[string, int64_t] native
    cdef pair[string, int64_t] entry
    for key, value in source.items():
        native[(<str>key).encode("utf-8")] = <int64_t>value
    cdef dict result = {}
    for entry in native:
        result[entry.first.decode("utf-8")] = entry.second + 1
    return result


cdef enum Kind:
    NULL_NODE, BOOL_NODE, INT_NODE, FLOAT_NODE, STRING_NODE, LIST_NODE, DICT_NODE


cdef cppclass Node:
    int kind
    int64_t integer
    double number
    string text
    vector[Node*] children
    vector[string] keys

    __dealloc__():
        for child in this.children:
            del child


cdef Node* node_from(object source) except NULL:
    cdef Node* node = new Node()
    if source is None:
        node.kind = NULL_NODE
    elif isinstance(source, bool):
        node.kind = BOOL_NODE
        node.integer = source is True
    elif isinstance(source, str):
        node.kind = STRING_NODE
        node.text = (<str>source).encode("utf-8")
    elif isinstance(source, int):
        node.kind = INT_NODE
        node.integer = source
    elif isinstance(source, float):
        node.kind = FLOAT_NODE
        node.number = source
    elif isinstance(source, list):
        node.kind = LIST_NODE
        for item in <list>source:
            node.children.push_back(node_from(item))
    elif isinstance(source, dict):
        node.kind = DICT_NODE
        for key, item in (<dict>source).items():
            node.keys.push_back((<str>key).encode("utf-8"))
            node.children.push_back(node_from(item))
    else:
        raise TypeError("unsupported type")
    return node


cdef object node_to(Node* node):
    cdef size_t i
    if node.kind == NULL_NODE:
        return None
    if node.kind == BOOL_NODE:
        return node.integer != 0
    if node.kind == INT_NODE:
        return node.integer
    if node.kind == FLOAT_NODE:
        return node.number
    if node.kind == STRING_NODE:
        return node.text.decode("utf-8")
    if node.kind == LIST_NODE:
        return [node_to(node.children[i]) for i in range(node.children.size())]
    cdef dict result = {}
    for i in range(node.children.size()):
        result[node.keys[i].decode("utf-8")] = node_to(node.children[i])
    return result


def json_rt(source):
    cdef Node* node = node_from(source)
    try:
        return node_to(node)
    finally:
        del node


def boom():
    raise ValueError("boom")


def kw(str prompt, options=None, int64_t n=0):
    return len(prompt) + n


def buf_sum1(const double[::1] array):
    return array[0] + <double>array.shape[0]


cdef class Obj:
    cdef int64_t total

    def add(self, int64_t value):
        self.total += value
        return self.total & 0xff


def call_py(function, long times):
    for _ in range(times):
        function()
