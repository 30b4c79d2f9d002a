// Two ways a native thread can await Python coroutines, behind drive(strategy, loop, function, total, in_flight).
//   cst   per coroutine: PyGILState_Ensure + loop.call_soon_threadsafe(launch)
//   efd   a lock-free stack of requests and an eventfd that the loop reads; the native thread never touches Python
// drive() gives a future of the nanoseconds that the native thread took for all of them.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <time.h>

enum { CST, EFD };

typedef struct {
    int strategy;
    long total, in_flight, outstanding;
    PyObject *loop, *function, *future;
    pthread_mutex_t lock;
    pthread_cond_t all_done;
} Drive;

typedef struct Request {
    struct Request *next;
    Drive *drive;
} Request;

static _Atomic(Request *) requests;
static int wake_fd = -1;
static PyObject *drain_function, *launch_function;

static int64_t nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// ---- the loop's side

typedef struct {
    PyObject_HEAD Drive *drive;
} DoneCallback;

static PyObject *DoneCallback_call(DoneCallback *self, PyObject *args, PyObject *kwargs) {
    PyObject *result = PyObject_CallMethod(PyTuple_GET_ITEM(args, 0), "result", NULL);
    if (!result)
        PyErr_Clear();
    Py_XDECREF(result);
    Drive *drive = self->drive;
    pthread_mutex_lock(&drive->lock);
    if (--drive->outstanding == 0)
        pthread_cond_signal(&drive->all_done);
    pthread_mutex_unlock(&drive->lock);
    Py_RETURN_NONE;
}

static PyTypeObject DoneCallback_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "peer_coroutines.DoneCallback",
    .tp_basicsize = sizeof(DoneCallback),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_call = (ternaryfunc)DoneCallback_call,
};

static int start_task(Drive *drive) {
    PyObject *coroutine = PyObject_CallNoArgs(drive->function);
    if (!coroutine)
        return -1;
    PyObject *task = PyObject_CallMethod(drive->loop, "create_task", "N", coroutine);
    if (!task)
        return -1;
    DoneCallback *callback = PyObject_New(DoneCallback, &DoneCallback_Type);
    callback->drive = drive;
    PyObject *outcome = PyObject_CallMethod(task, "add_done_callback", "N", callback);
    Py_DECREF(task);
    Py_XDECREF(outcome);
    return outcome ? 0 : -1;
}

static PyObject *launch(PyObject *module, PyObject *capsule) {
    if (start_task(PyCapsule_GetPointer(capsule, NULL)) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *drain(PyObject *module, PyObject *unused) {
    eventfd_t wakes;
    eventfd_read(wake_fd, &wakes);
    Request *stack = atomic_exchange(&requests, NULL), *oldest = NULL;
    while (stack) {
        Request *next = stack->next;
        stack->next = oldest;
        oldest = stack;
        stack = next;
    }
    while (oldest) {
        Request *next = oldest->next;
        if (start_task(oldest->drive) < 0)
            PyErr_WriteUnraisable(oldest->drive->function);
        free(oldest);
        oldest = next;
    }
    Py_RETURN_NONE;
}

// ---- the native side

static void call_soon_threadsafe(PyObject *loop, PyObject *function, PyObject *argument) {
    PyObject *handle = PyObject_CallMethod(loop, "call_soon_threadsafe", "OO", function, argument);
    if (!handle)
        PyErr_Clear();
    Py_XDECREF(handle);
}

static void request_coroutine(Drive *drive) {
    if (drive->strategy == CST) {
        PyGILState_STATE state = PyGILState_Ensure();
        PyObject *capsule = PyCapsule_New(drive, NULL, NULL);
        call_soon_threadsafe(drive->loop, launch_function, capsule);
        Py_DECREF(capsule);
        PyGILState_Release(state);
        return;
    }
    Request *request = malloc(sizeof *request), *head = atomic_load(&requests);
    request->drive = drive;
    do
        request->next = head;
    while (!atomic_compare_exchange_weak(&requests, &head, request));
    if (!head)
        eventfd_write(wake_fd, 1);
}

static void *run(void *argument) {
    Drive *drive = argument;
    int64_t start = nanoseconds();
    for (long left = drive->total; left > 0;) {
        long batch = drive->in_flight < left ? drive->in_flight : left;
        left -= batch;
        drive->outstanding = batch;
        for (long i = 0; i < batch; i++)
            request_coroutine(drive);
        pthread_mutex_lock(&drive->lock);
        while (drive->outstanding)
            pthread_cond_wait(&drive->all_done, &drive->lock);
        pthread_mutex_unlock(&drive->lock);
    }
    int64_t taken = nanoseconds() - start;
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *set_result = PyObject_GetAttrString(drive->future, "set_result"), *value = PyLong_FromLongLong(taken);
    call_soon_threadsafe(drive->loop, set_result, value);
    Py_DECREF(set_result);
    Py_DECREF(value);
    Py_DECREF(drive->future);
    Py_DECREF(drive->function);
    Py_DECREF(drive->loop);
    PyGILState_Release(state);
    free(drive);
    return NULL;
}

static PyObject *drive(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    if (wake_fd < 0)
        wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    PyObject *outcome = PyObject_CallMethod(args[1], "add_reader", "iO", wake_fd, drain_function);
    Py_XDECREF(outcome);
    if (!outcome)
        return NULL;
    PyObject *future = PyObject_CallMethod(args[1], "create_future", NULL);
    if (!future)
        return NULL;
    Drive *drive = calloc(1, sizeof *drive);
    drive->strategy = (int)PyLong_AsLong(args[0]);
    drive->loop = Py_NewRef(args[1]);
    drive->function = Py_NewRef(args[2]);
    drive->total = PyLong_AsLong(args[3]);
    drive->in_flight = PyLong_AsLong(args[4]);
    drive->future = Py_NewRef(future);
    pthread_mutex_init(&drive->lock, NULL);
    pthread_cond_init(&drive->all_done, NULL);
    pthread_t thread;
    pthread_create(&thread, NULL, run, drive);
    pthread_detach(thread);
    return future;
}

static PyMethodDef methods[] = {
    {"drain", drain, METH_NOARGS},
    {"drive", (PyCFunction)(void (*)(void))drive, METH_FASTCALL},
    {"launch", launch, METH_O},
    {0},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "peer_coroutines", NULL, -1, methods};

PyMODINIT_FUNC PyInit_peer_coroutines(void) {
    if (PyType_Ready(&DoneCallback_Type) < 0)
        return NULL;
    PyObject *module = PyModule_Create(&definition);
    if (!module)
        return NULL;
    drain_function = PyObject_GetAttrString(module, "drain");
    launch_function = PyObject_GetAttrString(module, "launch");
    if (PyModule_AddIntMacro(module, CST) < 0 || PyModule_AddIntMacro(module, EFD) < 0)
        return NULL;
    return module;
}
