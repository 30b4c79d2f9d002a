// Tells the thread sanitizer that Swift's Mutex is a lock. The way of an uncontended lock is compiled into its user
// and seen; the contended way lies in Swift's library, which the sanitizer does not watch, so that whoever waited for
// a lock would be reported as racing with whoever held it. These stand before the library's two functions, call them,
// and say what they mean. In builds without the sanitizer there is nothing here.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void (*LockSlow)(uint32_t thread, SELF void *mutex);
typedef SWIFT void (*UnlockSlow)(SELF void *mutex);

SWIFT void danaLockSlow(uint32_t thread, SELF void *mutex) __asm__(LOCK_SLOW);
SWIFT void danaUnlockSlow(SELF void *mutex) __asm__(UNLOCK_SLOW);

SWIFT void danaLockSlow(uint32_t thread, SELF void *mutex) {
  ((LockSlow)dlsym(RTLD_NEXT, LOCK_SLOW))(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT void danaUnlockSlow(SELF void *mutex) {
  __tsan_release(mutex);
  ((UnlockSlow)dlsym(RTLD_NEXT, UNLOCK_SLOW))(mutex);
}
#endif
#endif
