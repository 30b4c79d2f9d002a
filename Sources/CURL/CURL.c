// Forwards to the functions of the libcurl that was loaded.
#include "CURL.h"
#include <dlfcn.h>

// A message of libcurl's about an exchange; the layout is part of its binary interface.
struct Message {
    int kind;
    void *easy;
    union {
        void *any;
        int code;
    } data;
};

enum { messageDone = 1, initialiseAll = 3, pauseNothing = 0 };

static struct {
    int (*global_init)(long);
    char *(*version)(void);
    const char *(*easy_strerror)(int);
    void *(*easy_init)(void);
    void (*easy_reset)(void *);
    void (*easy_cleanup)(void *);
    int (*easy_setopt)(void *, int, ...);
    int (*easy_getinfo)(void *, int, ...);
    int (*easy_pause)(void *, int);
    void *(*slist_append)(void *, const char *);
    void (*slist_free_all)(void *);
    void *(*multi_init)(void);
    int (*multi_cleanup)(void *);
    int (*multi_setopt)(void *, int, ...);
    int (*multi_add_handle)(void *, void *);
    int (*multi_remove_handle)(void *, void *);
    int (*multi_perform)(void *, int *);
    int (*multi_poll)(void *, void *, unsigned int, int, int *);
    int (*multi_wakeup)(void *);
    struct Message *(*multi_info_read)(void *, int *);
} curl;

#define LOAD(name)                                                        \
    do {                                                                  \
        *(void **)&curl.name = dlsym(library, "curl_" #name);             \
        if (!curl.name) return "it has no function curl_" #name;          \
    } while (0)

const char *danaCurlLoad(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *reason = dlerror();
        return reason ? reason : "it cannot be loaded";
    }
    LOAD(global_init);
    LOAD(version);
    LOAD(easy_strerror);
    LOAD(easy_init);
    LOAD(easy_reset);
    LOAD(easy_cleanup);
    LOAD(easy_setopt);
    LOAD(easy_getinfo);
    LOAD(easy_pause);
    LOAD(slist_append);
    LOAD(slist_free_all);
    LOAD(multi_init);
    LOAD(multi_cleanup);
    LOAD(multi_setopt);
    LOAD(multi_add_handle);
    LOAD(multi_remove_handle);
    LOAD(multi_perform);
    LOAD(multi_poll);
    LOAD(multi_wakeup);
    LOAD(multi_info_read);
    return curl.global_init(initialiseAll) == 0 ? NULL : "it cannot be initialised";
}

const char *danaCurlVersion(void) { return curl.version(); }
const char *danaCurlReason(int code) { return curl.easy_strerror(code); }

void *danaCurlEasyMake(void) { return curl.easy_init(); }
void danaCurlEasyReset(void *easy) { curl.easy_reset(easy); }
void danaCurlEasyFree(void *easy) { curl.easy_cleanup(easy); }
int danaCurlSetNumber(void *easy, int option, long value) { return curl.easy_setopt(easy, option, value); }
int danaCurlSetSize(void *easy, int option, int64_t value) { return curl.easy_setopt(easy, option, value); }
int danaCurlSetText(void *easy, int option, const char *value) { return curl.easy_setopt(easy, option, value); }
int danaCurlSetPointer(void *easy, int option, void *value) { return curl.easy_setopt(easy, option, value); }
int danaCurlSetReceiver(void *easy, int option, DanaCurlReceiver value) {
    return curl.easy_setopt(easy, option, value);
}
long danaCurlNumber(void *easy, int information) {
    long value = 0;
    return curl.easy_getinfo(easy, information, &value) == 0 ? value : 0;
}
int danaCurlContinue(void *easy) { return curl.easy_pause(easy, pauseNothing); }

void *danaCurlListAppend(void *list, const char *line) { return curl.slist_append(list, line); }
void danaCurlListFree(void *list) { curl.slist_free_all(list); }

void *danaCurlMultiMake(void) { return curl.multi_init(); }
void danaCurlMultiFree(void *multi) { curl.multi_cleanup(multi); }
int danaCurlMultiSetNumber(void *multi, int option, long value) { return curl.multi_setopt(multi, option, value); }
int danaCurlMultiAdd(void *multi, void *easy) { return curl.multi_add_handle(multi, easy); }
int danaCurlMultiRemove(void *multi, void *easy) { return curl.multi_remove_handle(multi, easy); }
int danaCurlMultiPerform(void *multi) {
    int running = 0;
    return curl.multi_perform(multi, &running);
}
int danaCurlMultiPoll(void *multi, int milliseconds) { return curl.multi_poll(multi, NULL, 0, milliseconds, NULL); }
int danaCurlWakeUp(void *multi) { return curl.multi_wakeup(multi); }

bool danaCurlMultiFinished(void *multi, void **easy, int *code) {
    int left = 0;
    struct Message *message;
    while ((message = curl.multi_info_read(multi, &left))) {
        if (message->kind != messageDone) continue;
        *easy = message->easy;
        *code = message->data.code;
        return true;
    }
    return false;
}
