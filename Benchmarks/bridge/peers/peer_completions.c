// The ways a native thread can complete a Python awaitable, each behind the same submit(strategy, loop, value).
//   cst            per completion: PyGILState_Ensure (a thread state made for it) +
//   loop.call_soon_threadsafe(set_result) cst_keep       the same, but the native thread keeps one thread state for its
//   life cst_batch      a lock-free stack of completions; one hold of the interpreter and one call_soon_threadsafe a
//   burst efd            the same stack; the native thread never touches Python: it writes an eventfd that the loop
//   reads efd_aw         efd with an awaitable of its own, whose task is stepped directly from the drain efd_aw_adapt
//   efd_aw; the first submission of a loop iteration goes at once, the rest of it together ready          an awaitable
//   that is done before it is awaited: the floor of the await itself
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static PyObject *name_add_reader, *name_call_soon, *name_call_soon_threadsafe, *name_create_future, *name_done,
    *name_set_result;

// ---- an awaitable with asyncio's Future protocol

typedef struct {
    PyObject_HEAD PyObject *loop, *callback, *context, *result;
    char blocking, done;
} Awaitable;

static int Awaitable_traverse(Awaitable *self, visitproc visit, void *arg) {
    Py_VISIT(self->loop);
    Py_VISIT(self->callback);
    Py_VISIT(self->context);
    Py_VISIT(self->result);
    return 0;
}

static int Awaitable_clear(Awaitable *self) {
    Py_CLEAR(self->loop);
    Py_CLEAR(self->callback);
    Py_CLEAR(self->context);
    Py_CLEAR(self->result);
    return 0;
}

static void Awaitable_dealloc(Awaitable *self) {
    PyObject_GC_UnTrack(self);
    Awaitable_clear(self);
    PyObject_GC_Del(self);
}

static PySendResult Awaitable_send(PyObject *object, PyObject *argument, PyObject **result) {
    Awaitable *self = (Awaitable *)object;
    if (self->done) {
        *result = Py_NewRef(self->result);
        return PYGEN_RETURN;
    }
    self->blocking = 1;
    *result = Py_NewRef(object);
    return PYGEN_NEXT;
}

static PyObject *Awaitable_next(PyObject *object) {
    PyObject *result;
    if (Awaitable_send(object, Py_None, &result) == PYGEN_NEXT)
        return result;
    PyObject *stop = PyObject_CallOneArg(PyExc_StopIteration, result);
    Py_DECREF(result);
    if (stop)
        PyErr_SetObject(PyExc_StopIteration, stop);
    Py_XDECREF(stop);
    return NULL;
}

static PyObject *Awaitable_add_done_callback(Awaitable *self, PyObject *const *args, Py_ssize_t count,
                                             PyObject *names) {
    if (self->done) {
        PyObject *handle = PyObject_CallMethodObjArgs(self->loop, name_call_soon, args[0], (PyObject *)self, NULL);
        Py_XDECREF(handle);
        if (!handle)
            return NULL;
        Py_RETURN_NONE;
    }
    PyObject *context = names && PyTuple_GET_SIZE(names) == 1 ? args[count] : NULL;
    Py_XSETREF(self->callback, Py_NewRef(args[0]));
    Py_XSETREF(self->context, Py_XNewRef(context));
    Py_RETURN_NONE;
}

static PyObject *Awaitable_get_loop(Awaitable *self, PyObject *unused) { return Py_NewRef(self->loop); }
static PyObject *Awaitable_result(Awaitable *self, PyObject *unused) {
    return Py_NewRef(self->result ? self->result : Py_None);
}
static PyObject *Awaitable_cancel(Awaitable *self, PyObject *args, PyObject *kwargs) { Py_RETURN_FALSE; }
static PyObject *Awaitable_get_blocking(Awaitable *self, void *unused) { return PyBool_FromLong(self->blocking); }
static int Awaitable_set_blocking(Awaitable *self, PyObject *value, void *unused) {
    self->blocking = value == Py_True;
    return 0;
}

#define FUNCTION(name) (PyCFunction)(void (*)(void)) name

static PyMethodDef Awaitable_methods[] = {
    {"get_loop", FUNCTION(Awaitable_get_loop), METH_NOARGS},
    {"add_done_callback", FUNCTION(Awaitable_add_done_callback), METH_FASTCALL | METH_KEYWORDS},
    {"cancel", FUNCTION(Awaitable_cancel), METH_VARARGS | METH_KEYWORDS},
    {"result", FUNCTION(Awaitable_result), METH_NOARGS},
    {0},
};
static PyGetSetDef Awaitable_properties[] = {
    {"_asyncio_future_blocking", (getter)Awaitable_get_blocking, (setter)Awaitable_set_blocking},
    {0},
};
static PyAsyncMethods Awaitable_async = {.am_await = PyObject_SelfIter, .am_send = Awaitable_send};
static PyTypeObject Awaitable_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "peer_completions.Awaitable",
    .tp_basicsize = sizeof(Awaitable),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_dealloc = (destructor)Awaitable_dealloc,
    .tp_traverse = (traverseproc)Awaitable_traverse,
    .tp_clear = (inquiry)Awaitable_clear,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = Awaitable_next,
    .tp_methods = Awaitable_methods,
    .tp_getset = Awaitable_properties,
    .tp_as_async = &Awaitable_async,
};

static Awaitable *Awaitable_new(PyObject *loop) {
    Awaitable *self = PyObject_GC_New(Awaitable, &Awaitable_Type);
    if (!self)
        return NULL;
    self->loop = Py_NewRef(loop);
    self->callback = self->context = self->result = NULL;
    self->blocking = self->done = 0;
    PyObject_GC_Track(self);
    return self;
}

// Takes the reference to `value`; steps the waiting task at once, in its own context.
static void Awaitable_finish(Awaitable *self, PyObject *value) {
    self->result = value;
    self->done = 1;
    PyObject *callback = self->callback, *context = self->context;
    self->callback = self->context = NULL;
    if (!callback)
        return;
    if (context)
        PyContext_Enter(context);
    PyObject *outcome = PyObject_CallOneArg(callback, (PyObject *)self);
    if (!outcome)
        PyErr_WriteUnraisable(callback);
    if (context)
        PyContext_Exit(context);
    Py_XDECREF(outcome);
    Py_DECREF(callback);
    Py_XDECREF(context);
}

// ---- the native side: a queue of jobs, one worker thread, a stack of completions

typedef enum { CST, CST_KEEP, CST_BATCH, EFD, EFD_AW, EFD_AW_ADAPT } Strategy;

typedef struct Job {
    struct Job *next;
    Strategy strategy;
    PyObject *future, *loop;
    int64_t value;
} Job;

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t queue_filled = PTHREAD_COND_INITIALIZER;
static Job *queue_head, *queue_tail;
static int worker_waits, worker_started;
static _Atomic(Job *) completed;
static int wake_fd = -1;
static PyObject *drain_function, *flush_function, *set_result_function, *attached_loop;

static int push_completed(Job *job) {
    Job *head = atomic_load_explicit(&completed, memory_order_relaxed);
    do
        job->next = head;
    while (!atomic_compare_exchange_weak_explicit(&completed, &head, job, memory_order_acq_rel, memory_order_relaxed));
    return head == NULL;
}

static void call_soon_threadsafe(PyObject *loop, PyObject *function, PyObject *first, PyObject *second) {
    PyObject *handle = PyObject_CallMethodObjArgs(loop, name_call_soon_threadsafe, function, first, second, NULL);
    if (!handle)
        PyErr_Clear();
    Py_XDECREF(handle);
}

static void set_result_soon(Job *job) {
    PyObject *value = PyLong_FromLongLong(job->value);
    call_soon_threadsafe(job->loop, set_result_function, job->future, value);
    Py_DECREF(value);
    Py_DECREF(job->future);
    Py_DECREF(job->loop);
    free(job);
}

static void take_interpreter(PyThreadState **kept) {
    if (*kept) {
        PyEval_RestoreThread(*kept);
    } else {
        PyGILState_Ensure();
        *kept = PyThreadState_Get();
    }
}

static void complete(Job *job, PyThreadState **kept) {
    switch (job->strategy) {
    case CST: {
        PyGILState_STATE state = PyGILState_Ensure();
        set_result_soon(job);
        PyGILState_Release(state);
        break;
    }
    case CST_KEEP:
        take_interpreter(kept);
        set_result_soon(job);
        PyEval_SaveThread();
        break;
    case CST_BATCH:
        if (!push_completed(job))
            break;
        take_interpreter(kept);
        call_soon_threadsafe(attached_loop, drain_function, NULL, NULL);
        PyEval_SaveThread();
        break;
    default:
        if (push_completed(job))
            eventfd_write(wake_fd, 1);
    }
}

static void *work(void *unused) {
    PyThreadState *kept = NULL;
    for (;;) {
        pthread_mutex_lock(&queue_lock);
        while (!queue_head) {
            worker_waits = 1;
            pthread_cond_wait(&queue_filled, &queue_lock);
            worker_waits = 0;
        }
        Job *job = queue_head;
        queue_head = queue_tail = NULL;
        pthread_mutex_unlock(&queue_lock);
        while (job) {
            Job *next = job->next;
            complete(job, &kept);
            job = next;
        }
    }
    return NULL;
}

static void enqueue(Job *first, Job *last) {
    pthread_mutex_lock(&queue_lock);
    if (queue_tail)
        queue_tail->next = first;
    else
        queue_head = first;
    queue_tail = last;
    int wake = worker_waits;
    pthread_mutex_unlock(&queue_lock);
    if (wake)
        pthread_cond_signal(&queue_filled);
}

// ---- submissions of one loop iteration, held back by efd_aw_adapt

static Job *held_head, *held_tail;
static int iteration_open;

static PyObject *flush(PyObject *module, PyObject *unused) {
    Job *first = held_head, *last = held_tail;
    held_head = held_tail = NULL;
    iteration_open = 0;
    if (first)
        enqueue(first, last);
    Py_RETURN_NONE;
}

static int enqueue_adaptively(Job *job) {
    if (iteration_open) {
        if (held_tail)
            held_tail->next = job;
        else
            held_head = job;
        held_tail = job;
        return 0;
    }
    iteration_open = 1;
    enqueue(job, job);
    PyObject *handle = PyObject_CallMethodOneArg(job->loop, name_call_soon, flush_function);
    Py_XDECREF(handle);
    return handle ? 0 : -1;
}

// ---- the loop's side

static void set_result_unless_done(PyObject *future, PyObject *value) {
    PyObject *done = PyObject_CallMethodNoArgs(future, name_done);
    if (done == Py_False) {
        PyObject *outcome = PyObject_CallMethodOneArg(future, name_set_result, value);
        if (!outcome)
            PyErr_WriteUnraisable(future);
        Py_XDECREF(outcome);
    }
    Py_XDECREF(done);
}

static PyObject *set_result(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    set_result_unless_done(args[0], args[1]);
    Py_RETURN_NONE;
}

// Clears the eventfd first, then takes the whole stack and completes it oldest first.
static PyObject *drain(PyObject *module, PyObject *unused) {
    eventfd_t wakes;
    eventfd_read(wake_fd, &wakes);
    Job *stack = atomic_exchange_explicit(&completed, NULL, memory_order_acq_rel), *oldest = NULL;
    while (stack) {
        Job *next = stack->next;
        stack->next = oldest;
        oldest = stack;
        stack = next;
    }
    while (oldest) {
        Job *next = oldest->next;
        PyObject *value = PyLong_FromLongLong(oldest->value);
        if (oldest->strategy >= EFD_AW) {
            Awaitable_finish((Awaitable *)oldest->future, value);
        } else {
            set_result_unless_done(oldest->future, value);
            Py_DECREF(value);
        }
        Py_DECREF(oldest->future);
        Py_DECREF(oldest->loop);
        free(oldest);
        oldest = next;
    }
    Py_RETURN_NONE;
}

static PyObject *attach(PyObject *module, PyObject *loop) {
    if (wake_fd < 0)
        wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    PyObject *descriptor = PyLong_FromLong(wake_fd);
    PyObject *outcome = PyObject_CallMethodObjArgs(loop, name_add_reader, descriptor, drain_function, NULL);
    Py_DECREF(descriptor);
    Py_XDECREF(outcome);
    if (!outcome)
        return NULL;
    Py_XSETREF(attached_loop, Py_NewRef(loop));
    Py_RETURN_NONE;
}

static PyObject *submit(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    Strategy strategy = (Strategy)PyLong_AsLong(args[0]);
    PyObject *loop = args[1];
    if (!worker_started) {
        pthread_t worker;
        worker_started = 1;
        pthread_create(&worker, NULL, work, NULL);
        pthread_detach(worker);
    }
    PyObject *future =
        strategy >= EFD_AW ? (PyObject *)Awaitable_new(loop) : PyObject_CallMethodNoArgs(loop, name_create_future);
    if (!future)
        return NULL;
    Job *job = malloc(sizeof *job);
    *job = (Job){NULL, strategy, Py_NewRef(future), Py_NewRef(loop), PyLong_AsLongLong(args[2])};
    if (strategy != EFD_AW_ADAPT)
        enqueue(job, job);
    else if (enqueue_adaptively(job) < 0)
        return NULL;
    return future;
}

static PyObject *ready(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    Awaitable *awaitable = Awaitable_new(args[0]);
    if (awaitable)
        Awaitable_finish(awaitable, Py_NewRef(args[1]));
    return (PyObject *)awaitable;
}

static PyMethodDef methods[] = {
    {"attach", attach, METH_O},
    {"drain", drain, METH_NOARGS},
    {"flush", flush, METH_NOARGS},
    {"ready", FUNCTION(ready), METH_FASTCALL},
    {"set_result", FUNCTION(set_result), METH_FASTCALL},
    {"submit", FUNCTION(submit), METH_FASTCALL},
    {0},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "peer_completions", NULL, -1, methods};

PyMODINIT_FUNC PyInit_peer_completions(void) {
    name_add_reader = PyUnicode_InternFromString("add_reader");
    name_call_soon = PyUnicode_InternFromString("call_soon");
    name_call_soon_threadsafe = PyUnicode_InternFromString("call_soon_threadsafe");
    name_create_future = PyUnicode_InternFromString("create_future");
    name_done = PyUnicode_InternFromString("done");
    name_set_result = PyUnicode_InternFromString("set_result");
    if (PyType_Ready(&Awaitable_Type) < 0)
        return NULL;
    PyObject *module = PyModule_Create(&definition);
    if (!module)
        return NULL;
    drain_function = PyObject_GetAttrString(module, "drain");
    flush_function = PyObject_GetAttrString(module, "flush");
    set_result_function = PyObject_GetAttrString(module, "set_result");
    const char *strategies[] = {"CST", "CST_KEEP", "CST_BATCH", "EFD", "EFD_AW", "EFD_AW_ADAPT"};
    for (int i = 0; i < 6; i++)
        if (PyModule_AddIntConstant(module, strategies[i], i) < 0)
            return NULL;
    return module;
}
