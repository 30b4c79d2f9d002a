import CPython

/// The Python side of a ``PythonStream``: an asynchronous iterator.
enum StreamObject {
    static func make(_ stream: StreamDriver, _ py: borrowing Python) throws(PythonError) -> PyRef {
        try type(py).make(stream, py)
    }

    private static let made = Once<HostType<StreamDriver>>()

    static func type(in module: String = "swift", _ py: borrowing Python) throws(PythonError) -> HostType<StreamDriver>
    {
        try made.value(py) { py throws(PythonError) in
            try HostType(
                name: "\(module).Stream", doc: "A Swift sequence as an asynchronous iterator.",
                slots: [
                    PyType_Slot(slot: Py_tp_dealloc, pfunc: slotPointer(deallocate)),
                    PyType_Slot(slot: Py_am_aiter, pfunc: slotPointer(itself)),
                    PyType_Slot(slot: Py_am_anext, pfunc: slotPointer(next)),
                    PyType_Slot(slot: Py_tp_repr, pfunc: slotPointer(represent)),
                ],
                methods: [
                    methodRow(
                        "aclose", slotPointer(close),
                        "aclose($self, /)\n--\n\nCancels the source and waits until it has stopped.")
                ], py)
        }
    }

    private static func stream(_ object: PyRef?) -> StreamDriver? { object.map { HostType<StreamDriver>.content($0) } }

    private static let deallocate: DeallocationSlot = { object in
        guard let object else { return }
        PythonEntry.enter { _ in
            stream(object)?.dropped()
            HostType<StreamDriver>.destroy(object)
        }
    }

    private static let itself: UnarySlot = { object in
        if let object { py_incref(object) }
        return object
    }

    private static let next: UnarySlot = { object in
        guard let stream = stream(object) else { return nil }
        return PythonEntry.object { py throws(PythonError) in
            if let element = stream.ready() { return try ReadyItem.make(element, for: stream, py) }
            return try stream.next(py)
        }
    }

    private static let close: FastMethod = { object, _, _ in
        guard let stream = stream(object) else { return nil }
        return PythonEntry.object { py throws(PythonError) in try stream.close(py) }
    }

    private static let represent: UnarySlot = { object in
        guard let object, let stream = stream(object) else { return nil }
        return PythonText.newReference("<stream \(stream.name) at 0x\(String(UInt(bitPattern: object), radix: 16))>")
    }
}

/// An awaitable whose result is there already: one `send` gives it, without a trip through the event loop.
final class ReadyItem {
    private var value: PyRef?

    /// Takes over `value`. The stream's spare one is used again when nobody holds it any more.
    static func make(_ value: PyRef, for stream: StreamDriver, _ py: borrowing Python) throws(PythonError) -> PyRef {
        if let spare = stream.spare, py_refcount(spare.pointer) == 1 {
            let item = HostType<ReadyItem>.content(spare.pointer)
            if let left = item.value { py_decref(left) }
            item.value = value
            return spare.owned(py)
        }
        let item = ReadyItem()
        item.value = value
        let object = try type(py).make(item, py)
        stream.spare = PythonObject(borrowing: object, py)
        return object
    }

    private static let made = Once<HostType<ReadyItem>>()

    private static func type(_ py: borrowing Python) throws(PythonError) -> HostType<ReadyItem> {
        try made.value(py) { py throws(PythonError) in
            try HostType(
                name: "swift.StreamItem", doc: "An element of a stream that is there already; await it once.",
                slots: [
                    PyType_Slot(slot: Py_tp_dealloc, pfunc: slotPointer(deallocate)),
                    PyType_Slot(slot: Py_am_await, pfunc: slotPointer(itself)),
                    PyType_Slot(slot: Py_tp_iter, pfunc: slotPointer(itself)),
                    PyType_Slot(slot: Py_am_send, pfunc: slotPointer(send)),
                    PyType_Slot(slot: Py_tp_iternext, pfunc: slotPointer(next)),
                ], py)
        }
    }

    private static let deallocate: DeallocationSlot = { object in
        guard let object else { return }
        PythonEntry.enter { _ in
            py_xdecref(HostType<ReadyItem>.content(object).value)
            HostType<ReadyItem>.destroy(object)
        }
    }

    private static let itself: UnarySlot = { object in
        if let object { py_incref(object) }
        return object
    }

    private static let send: SendSlot = { object, _, result in
        guard let object, let result else { return PYGEN_ERROR }
        let item = HostType<ReadyItem>.content(object)
        guard let value = item.value else {
            result.pointee = nil
            py_raise(PythonExceptionKind.runtimeError.type, "cannot reuse already awaited stream item")
            return PYGEN_ERROR
        }
        item.value = nil
        result.pointee = value
        return PYGEN_RETURN
    }

    private static let next: UnarySlot = { object in
        var value: PyRef?
        guard send(object, nil, &value) == PYGEN_RETURN, let value else { return nil }
        PyErr_SetObject(PythonExceptionKind.stopIteration.type, value)
        py_decref(value)
        return nil
    }
}
