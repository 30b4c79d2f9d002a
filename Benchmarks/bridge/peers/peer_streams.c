// Two ways a native thread at full speed can feed `async for`.
//   queue(loop, put_nowait, total)   per item: PyGILState_Ensure + loop.call_soon_threadsafe(put_nowait, item)
//   ring(loop, total, capacity)      a bounded ring and an eventfd; an item that is there is handed over without the
//   loop
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <pthread.h>
#include <sys/eventfd.h>

// ---- the ring

typedef struct {
    PyObject_HEAD PyObject *loop, *callback, *context;
    pthread_mutex_t lock;
    pthread_cond_t drained;
    long *items, head, tail, capacity, total;
    int finished, waiting, blocking, wake_fd;
} Ring;

static PyObject *Ring_deliver(Ring *self, PyObject *unused) {
    eventfd_t wakes;
    eventfd_read(self->wake_fd, &wakes);
    PyObject *callback = self->callback, *context = self->context;
    if (!callback)
        Py_RETURN_NONE;
    self->callback = self->context = NULL;
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
    Py_RETURN_NONE;
}

static void *produce(void *argument) {
    Ring *ring = argument;
    for (long i = 0; i <= ring->total; i++) {
        pthread_mutex_lock(&ring->lock);
        while (ring->tail - ring->head == ring->capacity)
            pthread_cond_wait(&ring->drained, &ring->lock);
        if (i < ring->total)
            ring->items[ring->tail++ % ring->capacity] = i;
        else
            ring->finished = 1;
        int wake = ring->waiting;
        ring->waiting = 0;
        pthread_mutex_unlock(&ring->lock);
        if (wake)
            eventfd_write(ring->wake_fd, 1);
    }
    return NULL;
}

static PySendResult Ring_send(PyObject *object, PyObject *argument, PyObject **result) {
    Ring *self = (Ring *)object;
    long item = 0;
    int taken = 0, full = 0;
    pthread_mutex_lock(&self->lock);
    int finished = self->finished;
    if (self->head < self->tail) {
        full = self->tail - self->head == self->capacity;
        item = self->items[self->head++ % self->capacity];
        taken = 1;
    } else if (!finished) {
        self->waiting = 1;
    }
    pthread_mutex_unlock(&self->lock);
    if (full)
        pthread_cond_signal(&self->drained);
    if (taken) {
        *result = PyLong_FromLong(item);
        return PYGEN_RETURN;
    }
    if (finished) {
        PyErr_SetNone(PyExc_StopAsyncIteration);
        *result = NULL;
        return PYGEN_ERROR;
    }
    self->blocking = 1;
    *result = Py_NewRef(object);
    return PYGEN_NEXT;
}

static PyObject *Ring_add_done_callback(Ring *self, PyObject *const *args, Py_ssize_t count, PyObject *names) {
    Py_XSETREF(self->callback, Py_NewRef(args[0]));
    Py_XSETREF(self->context, Py_XNewRef(names && PyTuple_GET_SIZE(names) ? args[count] : NULL));
    Py_RETURN_NONE;
}

static PyObject *Ring_get_loop(Ring *self, PyObject *unused) { return Py_NewRef(self->loop); }
static PyObject *Ring_result(Ring *self, PyObject *unused) { Py_RETURN_NONE; }
static PyObject *Ring_cancel(Ring *self, PyObject *args, PyObject *kwargs) { Py_RETURN_FALSE; }
static PyObject *Ring_get_blocking(Ring *self, void *unused) { return PyBool_FromLong(self->blocking); }
static int Ring_set_blocking(Ring *self, PyObject *value, void *unused) {
    self->blocking = value == Py_True;
    return 0;
}
static PyObject *Ring_next(PyObject *object) {
    PyErr_SetString(PyExc_RuntimeError, "a ring is awaited, not iterated");
    return NULL;
}

#define FUNCTION(name) (PyCFunction)(void (*)(void)) name

static PyMethodDef Ring_methods[] = {
    {"add_done_callback", FUNCTION(Ring_add_done_callback), METH_FASTCALL | METH_KEYWORDS},
    {"cancel", FUNCTION(Ring_cancel), METH_VARARGS | METH_KEYWORDS},
    {"deliver", FUNCTION(Ring_deliver), METH_NOARGS},
    {"get_loop", FUNCTION(Ring_get_loop), METH_NOARGS},
    {"result", FUNCTION(Ring_result), METH_NOARGS},
    {0},
};
static PyGetSetDef Ring_properties[] = {
    {"_asyncio_future_blocking", (getter)Ring_get_blocking, (setter)Ring_set_blocking},
    {0},
};
static PyAsyncMethods Ring_async = {
    .am_await = PyObject_SelfIter,
    .am_aiter = PyObject_SelfIter,
    .am_anext = PyObject_SelfIter,
    .am_send = Ring_send,
};
static PyTypeObject Ring_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "peer_streams.Ring",
    .tp_basicsize = sizeof(Ring),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = Ring_next,
    .tp_methods = Ring_methods,
    .tp_getset = Ring_properties,
    .tp_as_async = &Ring_async,
};

// A ring is made once a run and lives until the process ends: its producer may still hold it.
static PyObject *ring(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    Ring *self = PyObject_New(Ring, &Ring_Type);
    if (!self)
        return NULL;
    self->loop = Py_NewRef(args[0]);
    self->callback = self->context = NULL;
    self->total = PyLong_AsLong(args[1]);
    self->capacity = PyLong_AsLong(args[2]);
    self->items = malloc(sizeof(long) * self->capacity);
    self->head = self->tail = 0;
    self->finished = self->waiting = self->blocking = 0;
    self->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->drained, NULL);
    PyObject *deliver = PyObject_GetAttrString((PyObject *)self, "deliver");
    PyObject *outcome = PyObject_CallMethod(self->loop, "add_reader", "iO", self->wake_fd, deliver);
    Py_DECREF(deliver);
    Py_XDECREF(outcome);
    if (!outcome)
        return NULL;
    pthread_t thread;
    pthread_create(&thread, NULL, produce, Py_NewRef(self));
    pthread_detach(thread);
    return (PyObject *)self;
}

// ---- the queue

typedef struct {
    PyObject *loop, *put;
    long total;
} Queue;

static void *fill(void *argument) {
    Queue *queue = argument;
    for (long i = 0; i <= queue->total; i++) {
        PyGILState_STATE state = PyGILState_Ensure();
        PyObject *item = i < queue->total ? PyLong_FromLong(i) : Py_NewRef(Py_None);
        PyObject *handle = PyObject_CallMethod(queue->loop, "call_soon_threadsafe", "OO", queue->put, item);
        if (!handle)
            PyErr_Clear();
        Py_XDECREF(handle);
        Py_DECREF(item);
        PyGILState_Release(state);
    }
    free(queue);
    return NULL;
}

static PyObject *queue(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    Queue *queue = malloc(sizeof *queue);
    *queue = (Queue){Py_NewRef(args[0]), Py_NewRef(args[1]), PyLong_AsLong(args[2])};
    pthread_t thread;
    pthread_create(&thread, NULL, fill, queue);
    pthread_detach(thread);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"queue", FUNCTION(queue), METH_FASTCALL},
    {"ring", FUNCTION(ring), METH_FASTCALL},
    {0},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "peer_streams", NULL, -1, methods};

PyMODINIT_FUNC PyInit_peer_streams(void) {
    if (PyType_Ready(&Ring_Type) < 0)
        return NULL;
    return PyModule_Create(&definition);
}
