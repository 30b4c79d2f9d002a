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
    /// The task's wake-up; nobody else is expected to listen, but may.
    private var callback: Callback?
    private var others: [Callback] = []
    private var isBlocking = true

    private typealias Callback = (callback: PythonObject, context: PythonObject?)

    init(_ call: PendingCall, _ bridge: LoopBridge) {
        self.call = call
        self.bridge = bridge
    }

    /// The object to yield.
    func begin(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let object = try Self.type(py).make(self, py)
        self.object = object
        return object
    }

    /// The context of the task that waits.
    var context: PythonObject? { callback?.context }

    func wake(_ py: borrowing Python) -> Bool {
        call = nil
        guard let first = callback, let waiter = object else { return true }
        let others = others
        forget()
        py_incref(waiter)
        defer { py_decref(waiter) }
        // What ends the loop is kept aside until every callback has run.
        var ending = Self.run(first, waiter, py)
        for other in others {
            guard let error = Self.run(other, waiter, py) else { continue }
            if ending == nil { ending = error } else { py_decref(error) }
        }
        guard let ending else { return true }
        py_raise_instance(ending)
        return false
    }

    /// Lets go of the task: it holds this waiter, and Python's collector does not see into it.
    func forget() {
        call = nil
        callback = nil
        others = []
    }

    /// A task's step keeps its own errors; what comes out is `KeyboardInterrupt`, `SystemExit` or a broken callback. The
    /// first two end the loop and are given back, owned.
    private static func run(_ callback: Callback, _ waiter: PyRef, _ py: borrowing Python) -> PyRef? {
        let result: PyRef?
        if let context = callback.context {
            result = py_call_in_context(context.pointer, callback.callback.pointer, waiter)
        } else {
            result = py_call1(callback.callback.pointer, waiter)
        }
        if let result {
            py_decref(result)
            return nil
        }
        if PyErr_ExceptionMatches(PythonExceptionKind.keyboardInterrupt.type) != 0
            || PyErr_ExceptionMatches(PythonExceptionKind.systemExit.type) != 0
        {
            return py_take_exception()
        }
        PyErr_WriteUnraisable(nil)
        return nil
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
        // An open bridge's loop is there: it holds the bridge, and closes it before it goes.
        guard let bridge = of(object)?.bridge, let loop = bridge.loop, !bridge.isClosed else {
            py_raise(PythonExceptionKind.runtimeError.type, "the event loop is closed")
            return nil
        }
        py_incref(loop)
        return loop
    }
    private static let addCallback: KeywordMethod = { object, arguments, count, names in
        guard let waiter = of(object), count >= 1, let arguments, let callback = arguments[0] else {
            py_raise(PythonExceptionKind.typeError.type, "add_done_callback() takes a callback")
            return nil
        }
        return PythonEntry.enter { py in
            let named = names.map { py_tuple_size($0) } ?? 0
            let context = named > 0 ? arguments[count] : nil
            let added = (PythonObject(borrowing: callback, py), context.map { PythonObject(borrowing: $0, py) })
            if waiter.callback == nil { waiter.callback = added } else { waiter.others.append(added) }
            if waiter.call == nil { waiter.bridge.owesWakeUp(waiter) }
            return py_new_none()
        }
    }
    private static let removeCallback: FastMethod = { object, arguments, count in
        guard let waiter = of(object), count >= 1, let callback = arguments?[0] else { return PyLong_FromLong(0) }
        return PythonEntry.enter { py in
            let all = [waiter.callback].compactMap { $0 } + waiter.others
            let kept = all.filter { PyObject_RichCompareBool($0.callback.pointer, callback, Py_EQ) != 1 }
            waiter.callback = kept.first
            waiter.others = Array(kept.dropFirst())
            return PyLong_FromLong(all.count - kept.count)
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
