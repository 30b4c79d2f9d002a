// Declares nothing: linking this module is its whole use (see ThreadSanitizerMutex.c).
#ifndef DANA_THREAD_SANITIZER_MUTEX_H
#define DANA_THREAD_SANITIZER_MUTEX_H
#endif
