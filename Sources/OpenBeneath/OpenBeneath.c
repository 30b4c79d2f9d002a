// The system call openat2, which glibc has no function for.
#include "OpenBeneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

static int openResolved(int folder, const char *path, unsigned long resolve) {
    struct open_how how = {
        .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
        .resolve = resolve | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

int danaOpenBeneath(int folder, const char *path) { return openResolved(folder, path, RESOLVE_BENEATH); }

int danaOpenFrom(int folder, const char *path) { return openResolved(folder, path, 0); }
