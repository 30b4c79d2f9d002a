#include "PythonTrampolines.h"
