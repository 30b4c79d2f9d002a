#define _GNU_SOURCE
#include "ForkedThread.h"

#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// Where the thread that forks remembers its number: each object file that uses locks has a place of its own. They are
// looked for before the fork: in the child, the loader's lock may be held by a thread that is not there.
enum { most = 1024 };
static uint32_t *places[most];
static size_t count;
static pthread_mutex_t oneAtATime = PTHREAD_MUTEX_INITIALIZER;

static uint32_t threadNumber(void) { return (uint32_t)syscall(SYS_gettid); }

static int holds(const struct dl_phdr_info *library, uintptr_t place) {
    for (int index = 0; index < library->dlpi_phnum; index++) {
        const ElfW(Phdr) *part = &library->dlpi_phdr[index];
        uintptr_t start = library->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && place >= start && place - start < part->p_memsz) return 1;
    }
    return 0;
}

static int find(struct dl_phdr_info *library, size_t size, void *number) {
    (void)size;
    int isOurs = holds(library, (uintptr_t)&find) || strstr(library->dlpi_name, "/libswift") != NULL;
    if (!isOurs || library->dlpi_tls_data == NULL) return 0;
    for (int index = 0; index < library->dlpi_phnum; index++) {
        if (library->dlpi_phdr[index].p_type != PT_TLS) continue;
        uint32_t *words = library->dlpi_tls_data;
        size_t end = library->dlpi_phdr[index].p_memsz / sizeof *words;
        for (size_t word = 0; word < end && count < most; word++) {
            if (words[word] == *(uint32_t *)number) places[count++] = &words[word];
        }
    }
    return 0;
}

static void prepare(void) {
    pthread_mutex_lock(&oneAtATime);
    uint32_t number = threadNumber();
    count = 0;
    dl_iterate_phdr(find, &number);
}

static void goOn(void) { pthread_mutex_unlock(&oneAtATime); }

static void renumber(void) {
    uint32_t number = threadNumber();
    for (size_t index = 0; index < count; index++) *places[index] = number;
    goOn();
}

void danaRenumberForkedThreads(void) {
    static atomic_flag isDone = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&isDone)) pthread_atfork(prepare, goOn, renumber);
}
