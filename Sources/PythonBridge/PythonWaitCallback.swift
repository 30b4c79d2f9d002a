import CPython

/// The callable that an asyncio task calls when it is done.
enum PythonWaitCallback {
    private static let made = Once<HostType<PythonWait>>()
    private static let name = Once<PythonObject>()
    private static let variable = Once<PythonObject>()

    /// The context variable that leads Swift called from Python back to the Swift task that awaits that Python. A
    /// completion is its value.
    static func variable(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        try variable.value(py) { py throws(PythonError) in
            guard let variable = py_context_variable("swift.awaiting") else { throw .taken(py) }
            return PythonObject(owning: variable)
        }
    }

    /// The wait on whose behalf Python runs on this thread; nil where nothing of Swift's awaits it.
    static func current(_ py: borrowing Python) -> PythonWait? {
        guard let variable = try? variable(py), let value = py_context_variable_get(variable.pointer) else {
            return nil
        }
        defer { py_decref(value) }
        let wait = HostType<PythonWait>.content(value)
        return wait.isWaiting ? wait : nil
    }

    /// The interned name `result`; made with the type.
    static var resultName: PyRef {
        (try? name.value(Python(held: ()), { py throws(PythonError) in try PythonNames.intern("result", py) }))?.pointer
            ?? py_none()
    }

    static func make(_ wait: PythonWait, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        let type = try made.value(py) { py throws(PythonError) in
            try HostType(
                name: "swift.Completion", doc: "Tells Swift that a task has ended; private to the event loop.",
                slots: [
                    PyType_Slot(slot: Py_tp_dealloc, pfunc: slotPointer(deallocate)),
                    PyType_Slot(slot: Py_tp_call, pfunc: slotPointer(call)),
                ], py)
        }
        return PythonObject(owning: try type.make(wait, py))
    }

    private static let deallocate: DeallocationSlot = { object in
        guard let object else { return }
        PythonEntry.enter { _ in
            HostType<PythonWait>.content(object).abandoned()
            HostType<PythonWait>.destroy(object)
        }
    }

    private static let call: @convention(c) (PyRef?, PyRef?, PyRef?) -> PyRef? = { object, arguments, _ in
        guard let object, let arguments, py_tuple_size(arguments) == 1, let task = py_tuple_get(arguments, 0) else {
            py_raise(PythonExceptionKind.typeError.type, "a completion is called with the task that has ended")
            return nil
        }
        return PythonEntry.enter { py in
            HostType<PythonWait>.content(object).ended(task, py)
            return py_new_none()
        }
    }
}
