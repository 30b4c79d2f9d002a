// CPython's headers, and as inline functions what Swift cannot import: macros, variadic calls,
// singletons. Everything that knows an object's layout stands here, behind one name for the
// version-specific build and the limited-API build, so that the Swift code is the same for both.
#ifndef DANA_CPYTHON_SHIM_H
#define DANA_CPYTHON_SHIM_H
#include "python_headers.h"
#include "objects.h"
#include "numbers.h"
#include "text.h"
#include "containers.h"
#include "calls.h"
#include "contexts.h"
#include "errors.h"
#include "definitions.h"
#include "buffers.h"
#include "embedding.h"
#include "arrow.h"
#include "dlpack.h"
#include "system.h"
#endif
