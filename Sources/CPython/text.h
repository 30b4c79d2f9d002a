// Text and bytes.
#ifndef DANA_CPYTHON_TEXT_H
#define DANA_CPYTHON_TEXT_H
#include "objects.h"

// Strings.
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
SHIM int py_equal_bytes(const void *_Nonnull a, const void *_Nonnull b, Py_ssize_t count) {
  return memcmp(a, b, (size_t)count) == 0;
}
#endif
