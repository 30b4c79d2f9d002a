/// The fields of exceptions that programs may set.
extension Machine {
    /// Sets a field of an exception to a borrowed value; false when it has no such field, or none that can be set.
    func set(_ name: String, of exception: ExceptionObject, to value: Value) throws(DanaError) -> Bool {
        let layout = exception.at
        switch name {
        case "args":
            guard let items = TupleObject(value)?.items ?? ListObject(value)?.items
            else { throw heap.typeError("args must be a tuple or a list, not \(value.typeName)") }
            let arguments = try heap.tuple(copying: items)
            let old = layout.pointee.arguments
            layout.pointee.arguments = arguments.value
            heap.release(old)
            if try heap.detail(Heap.argumentsName, of: exception) != nil {
                try heap.setDetail(Heap.argumentsName, to: arguments.value, of: exception)
            }
        case "__cause__":
            try requireException(value, "exception cause")
            heap.store(heap.retained(value), in: exception.causePlace)
        case "__context__":
            try requireException(value, "exception context")
            let old = layout.pointee.context
            layout.pointee.context = heap.retained(value)
            heap.release(old)
            layout.pointee.isContextSettled = true
        case "__suppress_context__":
            let isSuppressed = try heap.isTrue(value)
            // One with a cause shows that either way.
            if isSuppressed, layout.pointee.cause.isUndefined { layout.pointee.cause = .null }
            if !isSuppressed, layout.pointee.cause.isNull { layout.pointee.cause = .undefined }
        case Heap.notesName: try heap.setDetail(name, to: value, of: exception)
        default: return false
        }
        return true
    }

    private func requireException(_ value: Value, _ what: String) throws(DanaError) {
        guard value.isNull || value.isObject(.exception) else {
            throw heap.typeError("\(what) must be None or derive from BaseException")
        }
    }
}
