import CPython

/// The callable that an event loop calls when a bridge's eventfd is readable. The loop's registration is its only
/// owner, so its end is the loop's closing.
enum LoopReader {
    static func make(_ bridge: LoopBridge, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        let retained = Unmanaged.passRetained(bridge)
        let capsule = PyCapsule_New(retained.toOpaque(), nil) { capsule in
            guard let pointer = PyCapsule_GetPointer(capsule, nil) else { return }
            let bridge = Unmanaged<LoopBridge>.fromOpaque(pointer).takeRetainedValue()
            PythonEntry.enter { py in bridge.close(py) }
        }
        guard let capsule else {
            retained.release()
            throw .taken(py)
        }
        defer { py_decref(capsule) }
        guard let function = PyCFunction_NewEx(definition.row, capsule, nil) else { throw .taken(py) }
        return PythonObject(owning: function)
    }

    private struct Definition: @unchecked Sendable {
        // Safe because the row is written once and CPython only reads it.
        let row: UnsafeMutablePointer<PyMethodDef>
    }

    private static let definition: Definition = {
        let row = UnsafeMutablePointer<PyMethodDef>.allocate(capacity: 1)
        let turn: FastMethod = { capsule, _, _ in
            guard let capsule, let pointer = PyCapsule_GetPointer(capsule, nil) else { return nil }
            let bridge = Unmanaged<LoopBridge>.fromOpaque(pointer).takeUnretainedValue()
            return PythonEntry.enter { py in bridge.turn(py) ? py_new_none() : nil }
        }
        row.initialize(to: methodRow("turn", slotPointer(turn), "Runs what Swift has queued for this event loop."))
        return Definition(row: row)
    }()
}
