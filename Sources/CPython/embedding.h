// Starting Python in a program of one's own. The configuration is outside the limited API.
#ifndef DANA_CPYTHON_EMBEDDING_H
#define DANA_CPYTHON_EMBEDDING_H
#include "python_headers.h"

#ifndef DANA_ABI3
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
#endif
