// What the Glibc module leaves out.
#ifndef DANA_CPYTHON_SYSTEM_H
#define DANA_CPYTHON_SYSTEM_H
#include "python_headers.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

SHIM int py_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
SHIM void py_eventfd_signal(int fd) { uint64_t one = 1; while (write(fd, &one, 8) < 0 && errno == EINTR) {} }
SHIM void py_eventfd_clear(int fd) { uint64_t v; while (read(fd, &v, 8) < 0 && errno == EINTR) {} }

// Waits until there is something to read, a signal comes that the mask lets in, or the time is over (`ppoll`, which Swift
// does not see).
SHIM int py_wait_readable(int fd, const sigset_t *_Nonnull mask, long milliseconds) {
  struct pollfd poller = {.fd = fd, .events = POLLIN};
  struct timespec limit = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
  return (int)syscall(SYS_ppoll, &poller, 1, &limit, mask, (size_t)8);
}

// The process's first thread, whose end is the end of the process.
SHIM int py_is_first_thread(void) { return syscall(SYS_gettid) == getpid(); }
#endif
