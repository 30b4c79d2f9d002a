// libcurl as Swift sees it. The library is loaded when it is first needed and nothing links it, so that a program
// without requests pays nothing for it; its headers are not needed to build either. Options and results are told by
// number, as the library's binary interface (libcurl.so.4) fixes them.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Takes bytes that arrived; answers how many it took, or `danaCurlPause`.
typedef size_t (*DanaCurlReceiver)(char *bytes, size_t size, size_t count, void *context);

// What a receiver answers to be given the same bytes again after `danaCurlContinue`.
static const size_t danaCurlPause = 0x10000001;

// Loads the library at `path` and prepares it; null when that went well, otherwise the reason. To be called once, and
// before any other function.
const char *danaCurlLoad(const char *path);

const char *danaCurlVersion(void);
const char *danaCurlReason(int code);

// One exchange.
void *danaCurlEasyMake(void);
void danaCurlEasyReset(void *easy);
void danaCurlEasyFree(void *easy);
int danaCurlSetNumber(void *easy, int option, long value);
int danaCurlSetSize(void *easy, int option, int64_t value);
int danaCurlSetText(void *easy, int option, const char *value);
int danaCurlSetPointer(void *easy, int option, void *value);
int danaCurlSetReceiver(void *easy, int option, DanaCurlReceiver value);
long danaCurlNumber(void *easy, int information);
int danaCurlContinue(void *easy);

// A list of header lines; null is the empty one, and the answer when there is no memory.
void *danaCurlListAppend(void *list, const char *line);
void danaCurlListFree(void *list);

// Many exchanges on one thread. Only `danaCurlWakeUp` may be called from another.
void *danaCurlMultiMake(void);
void danaCurlMultiFree(void *multi);
int danaCurlMultiSetNumber(void *multi, int option, long value);
int danaCurlMultiAdd(void *multi, void *easy);
int danaCurlMultiRemove(void *multi, void *easy);
int danaCurlMultiPerform(void *multi);
int danaCurlMultiPoll(void *multi, int milliseconds);
int danaCurlWakeUp(void *multi);

// Tells one exchange that has ended, and its result; false when there is none to tell.
bool danaCurlMultiFinished(void *multi, void **easy, int *code);
