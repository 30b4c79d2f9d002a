import CPython

/// The Python object that a call of an asynchronous Swift function gives: a coroutine in all that asyncio, trio and
/// `inspect.isawaitable` ask (`send`, `throw`, `close`, `__await__`), never a future. Nothing runs until the first step.
@usableFromInline
enum Coroutine {
    @usableFromInline static func make(_ call: PendingCall, _ py: borrowing Python) throws(PythonError) -> PyRef {
        try type(py).make(call, py)
    }

    private static let made = Once<HostType<PendingCall>>()

    static func type(in module: String = "swift", _ py: borrowing Python) throws(PythonError) -> HostType<PendingCall> {
        try made.value(py) { py throws(PythonError) in
            try HostType(
                name: "\(module).Coroutine",
                doc: "A call of an asynchronous Swift function. Await it once; nothing runs before that.",
                slots: [
                    PyType_Slot(slot: Py_tp_dealloc, pfunc: slotPointer(deallocate)),
                    PyType_Slot(slot: Py_am_await, pfunc: slotPointer(itself)),
                    PyType_Slot(slot: Py_am_send, pfunc: slotPointer(sendSlot)),
                    PyType_Slot(slot: Py_tp_iter, pfunc: slotPointer(itself)),
                    PyType_Slot(slot: Py_tp_iternext, pfunc: slotPointer(next)),
                    PyType_Slot(slot: Py_tp_repr, pfunc: slotPointer(represent)),
                ],
                methods: [
                    methodRow("send", slotPointer(send), "send($self, value, /)\n--\n\nSteps the call."),
                    methodRow(
                        "throw", slotPointer(`throw`),
                        "throw($self, typ, val=None, tb=None, /)\n--\n\nRaises in the call: Swift is cancelled and unwinds first."
                    ),
                    methodRow(
                        "close", slotPointer(close),
                        "close($self, /)\n--\n\nCancels the Swift call without waiting for it."),
                ],
                properties: [
                    propertyRow("__name__", name, "The function's name."),
                    propertyRow("__qualname__", name, "The function's name."),
                    propertyRow("cr_running", isRunning, "Whether Swift is at work on the call."),
                ], py)
        }
    }

    private static func call(_ object: PyRef?) -> PendingCall? { object.map { HostType<PendingCall>.content($0) } }

    private static let deallocate: DeallocationSlot = { object in
        guard let object, let call = call(object) else { return }
        PythonEntry.enter { py in
            if call.dropped() {
                // A warning may run code: what the thread was about to raise is kept out of its way.
                let pending = py_take_exception()
                PythonWarning.issue(.runtimeWarning, "coroutine '\(call.name)' was never awaited", py)
                if let pending { py_raise_instance(pending) }
            }
            HostType<PendingCall>.destroy(object)
        }
    }

    private static let itself: UnarySlot = { object in
        if let object { py_incref(object) }
        return object
    }

    private static let sendSlot: SendSlot = { object, value, result in
        guard let call = call(object), let result else { return PYGEN_ERROR }
        return PythonEntry.enter { py in call.send(value, result, py) }
    }

    /// A step whose end is an exception: `StopIteration` with the value.
    private static func step(_ object: PyRef?, _ value: PyRef?) -> PyRef? {
        guard let call = call(object) else { return nil }
        return PythonEntry.enter { py in
            var result: PyRef?
            guard call.send(value, &result, py) == PYGEN_RETURN, let returned = result else { return result }
            defer { py_decref(returned) }
            if let exception = py_call1(PythonExceptionKind.stopIteration.type, returned) {
                py_raise_instance(exception)
            }
            return nil
        }
    }

    private static let next: UnarySlot = { step($0, nil) }

    private static let send: FastMethod = { object, arguments, count in
        guard count == 1, let value = arguments?[0] else {
            py_raise(PythonExceptionKind.typeError.type, "send() takes exactly one argument")
            return nil
        }
        return step(object, value)
    }

    private static let `throw`: FastMethod = { object, arguments, count in
        guard let call = call(object), count >= 1, count <= 3, let arguments, let first = arguments[0] else {
            py_raise(PythonExceptionKind.typeError.type, "throw() takes an exception")
            return nil
        }
        return PythonEntry.enter { py in
            do throws(PythonError) {
                return try call.throw(try exception(first, count > 1 ? arguments[1] : nil, py), py)
            } catch {
                return error.raised(py)
            }
        }
    }

    /// The exception of the one-argument form and of the older `(type, value, traceback)`.
    private static func exception(
        _ first: PyRef, _ second: PyRef?, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        if py_is_exception(first) != 0 { return PythonObject(borrowing: first, py) }
        if let second, py_is_exception(second) != 0 { return PythonObject(borrowing: second, py) }
        let made = second.flatMap { $0 == py_none() ? nil : $0 }.map { py_call1(first, $0) } ?? py_call0(first)
        guard let made else { throw .taken(py) }
        let exception = PythonObject(owning: made)
        guard py_is_exception(made) != 0 else {
            throw .typeError("exceptions must be classes or instances deriving from BaseException")
        }
        return exception
    }

    private static let close: FastMethod = { object, _, _ in
        PythonEntry.enter { _ in call(object)?.close() }
        return py_new_none()
    }

    private static let name: GetterSlot = { object, _ in
        call(object).flatMap { PythonText.newReference("\($0.name)") }
    }

    private static let isRunning: GetterSlot = { object, _ in
        guard let call = call(object), case .running = call.machine.state else { return py_bool(0) }
        return py_bool(1)
    }

    private static let represent: UnarySlot = { object in
        guard let object, let call = call(object) else { return nil }
        return PythonText.newReference(
            "<coroutine object \(call.name) at 0x\(String(UInt(bitPattern: object), radix: 16))>")
    }
}
