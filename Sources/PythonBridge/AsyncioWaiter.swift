import CPython

/// How a task of asyncio waits for a Swift call: it is handed this, a private object with the Future protocol, and its
/// wake-up callback is called straight from the loop's turn.
///
/// `cancel()` is deferred: it asks Swift to stop and says yes; the task is woken, and sees `CancelledError`, when Swift
/// has unwound. On Python's side a cancellation is an edge, on Swift's a level.
final class AsyncioWaiter: WakeUp {
    /// Cleared when woken: from then on there is nothing to cancel.
    private var call: PendingCall?
    private let bridge: LoopBridge
    /// The Python object that holds this one, not held in turn: the task that waits holds it.
    private var object: PyRef?
    private let loop: PythonObject
    private var callbacks: [(callback: PythonObject, context: PythonObject?)] = []
    private var isBlocking = true

    init(_ call: PendingCall, _ bridge: LoopBridge, loop: PythonObject) {
        self.call = call
        self.bridge = bridge
        self.loop = loop
    }

    /// The object to yield.
    func begin(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let object = try Self.type(py).make(self, py)
        self.object = object
        return object
    }

    /// The context of the task that waits.
    var context: PythonObject? { callbacks.first?.context }

    func wake(_ py: borrowing Python) -> Bool {
        call = nil
        let callbacks = self.callbacks
        self.callbacks = []
        guard !callbacks.isEmpty, let waiter = object else { return true }
        py_incref(waiter)
        defer { py_decref(waiter) }
        // What ends the loop is kept aside until every callback has run.
        var ending: PyRef?
        for (callback, context) in callbacks where !Self.run(callback, waiter, context, py) {
            guard !Self.isContained(py) else { continue }
            if ending == nil { ending = py_take_exception() } else { PyErr_Clear() }
        }
        guard let ending else { return true }
        py_raise_instance(ending)
        return false
    }

    /// Lets go of the task: it holds this waiter, and Python's collector does not see into it.
    func forget() {
        call = nil
        callbacks = []
    }

    private static func run(
        _ callback: PythonObject, _ waiter: PyRef, _ context: PythonObject?, _ py: borrowing Python
    ) -> Bool {
        let result: PyRef?
        if let context {
            result = py_call_in_context(context.pointer, callback.pointer, waiter)
        } else {
            result = py_call1(callback.pointer, waiter)
        }
        py_xdecref(result)
        return result != nil
    }

    /// A task's step keeps its own errors; what comes out is `KeyboardInterrupt`, `SystemExit` or a broken callback.
    /// Only the first two end the loop.
    private static func isContained(_ py: borrowing Python) -> Bool {
        if PyErr_ExceptionMatches(PythonExceptionKind.keyboardInterrupt.type) != 0 { return false }
        if PyErr_ExceptionMatches(PythonExceptionKind.systemExit.type) != 0 { return false }
        PyErr_WriteUnraisable(nil)
        return true
    }

    // MARK: The Python type

    private static let made = Once<HostType<AsyncioWaiter>>()

    private static func type(_ py: borrowing Python) throws(PythonError) -> HostType<AsyncioWaiter> {
        try made.value(py) { py throws(PythonError) in
            try HostType(
                name: "swift.Waiter", doc: "Stands for the completion of a Swift call; private to the event loop.",
                slots: [
                    PyType_Slot(slot: Py_tp_dealloc, pfunc: slotPointer(deallocate)),
                    PyType_Slot(slot: Py_am_await, pfunc: slotPointer(itself)),
                    PyType_Slot(slot: Py_tp_iter, pfunc: slotPointer(itself)),
                    PyType_Slot(slot: Py_tp_iternext, pfunc: slotPointer(next)),
                ],
                methods: [
                    methodRow("get_loop", slotPointer(getLoop), "The event loop."),
                    methodRow(
                        "add_done_callback", slotPointer(addCallback), keywords: true, "Calls back on completion."),
                    methodRow("remove_done_callback", slotPointer(removeCallback), "Takes a callback back."),
                    methodRow("cancel", slotPointer(cancel), keywords: true, "Asks Swift to stop."),
                    methodRow("cancelled", slotPointer(cancelled), "False: a cancellation arrives as an exception."),
                    methodRow("done", slotPointer(done), "Whether Swift has finished."),
                    methodRow("result", slotPointer(result), "None: the coroutine has the result."),
                    methodRow("exception", slotPointer(result), "None: the coroutine raises the exception."),
                ],
                properties: [
                    propertyRow(
                        "_asyncio_future_blocking", getBlocking, set: setBlocking, "Part of asyncio's Future protocol.")
                ], py)
        }
    }

    private static func of(_ object: PyRef?) -> AsyncioWaiter? { object.map { HostType<AsyncioWaiter>.content($0) } }

    private static let deallocate: DeallocationSlot = { object in
        guard let object else { return }
        PythonEntry.enter { _ in
            of(object)?.object = nil
            HostType<AsyncioWaiter>.destroy(object)
        }
    }
    private static let itself: UnarySlot = { object in
        if let object { py_incref(object) }
        return object
    }
    private static let next: UnarySlot = { object in
        guard let waiter = of(object) else { return nil }
        if waiter.call == nil { return nil }
        return itself(object)
    }
    private static let getLoop: FastMethod = { object, _, _ in
        of(object).map { waiter in PythonEntry.enter { py in waiter.loop.owned(py) } }
    }
    private static let addCallback: KeywordMethod = { object, arguments, count, names in
        guard let waiter = of(object), count >= 1, let arguments, let callback = arguments[0] else {
            py_raise(PythonExceptionKind.typeError.type, "add_done_callback() takes a callback")
            return nil
        }
        return PythonEntry.enter { py in
            let named = names.map { py_tuple_size($0) } ?? 0
            let context = named > 0 ? arguments[count] : nil
            waiter.callbacks.append(
                (PythonObject(borrowing: callback, py), context.map { PythonObject(borrowing: $0, py) }))
            if waiter.call == nil { waiter.bridge.owesWakeUp(waiter) }
            return py_new_none()
        }
    }
    private static let removeCallback: FastMethod = { object, arguments, count in
        guard let waiter = of(object), count >= 1, let callback = arguments?[0] else { return PyLong_FromLong(0) }
        return PythonEntry.enter { py in
            let before = waiter.callbacks.count
            waiter.callbacks.removeAll { PyObject_RichCompareBool($0.callback.pointer, callback, Py_EQ) == 1 }
            return PyLong_FromLong(before - waiter.callbacks.count)
        }
    }
    private static let cancel: KeywordMethod = { object, arguments, count, names in
        guard let waiter = of(object), let call = waiter.call else { return py_bool(0) }
        return PythonEntry.enter { py in
            let given = count + (names.map { py_tuple_size($0) } ?? 0)
            let message = given > 0 ? arguments?[0] : nil
            let text = message.flatMap { $0 == py_none() ? nil : PythonObject(borrowing: $0, py) }
            return py_bool(call.cancel(message: text, py) ? 1 : 0)
        }
    }
    private static let cancelled: FastMethod = { _, _, _ in py_bool(0) }
    private static let done: FastMethod = { object, _, _ in py_bool(of(object)?.call == nil ? 1 : 0) }
    private static let result: FastMethod = { _, _, _ in py_new_none() }
    private static let getBlocking: GetterSlot = { object, _ in py_bool(of(object)?.isBlocking == true ? 1 : 0) }
    private static let setBlocking: SetterSlot = { object, value, _ in
        of(object)?.isBlocking = value == py_true()
        return 0
    }
}
