/// A raised or raisable exception.
struct ExceptionObject: HeapObject {
    struct Layout {
        /// Its `own` is the `ExceptionKind`.
        var header: ObjectHeader
        /// A tuple.
        var arguments: Value
        /// Of `raise ... from`; null for none, undefined when not given.
        var cause: Value
        /// The exception that was being handled when this one was raised; null for none.
        var context: Value
        /// A list of the callers' places, innermost first; null while there are none.
        var trace: Value
        /// A handle, null for none: the host's own error, which a host call failed with.
        var origin: Value
        /// What it tells besides its arguments, by name, such as its notes: a dict; null while there is nothing.
        var details: Value
        /// Where it was raised: a code's number and an instruction's as `TracePlace` packs them; -1 until raised.
        var place: Int
        /// The frame that raises it again is in the trace already.
        var isReraised: Bool
        /// A handler has caught it, so that what is handled further out is not what it was raised in.
        var isContextSettled: Bool
    }

    static let kind = ObjectKind.exception
    let at: UnsafeMutablePointer<Layout>

    var exceptionKind: ExceptionKind {
        ExceptionKind(rawValue: UInt8(truncatingIfNeeded: at.pointee.header.own)) ?? .exception
    }
    var arguments: TupleObject { TupleObject(known: at.pointee.arguments) }

    /// The host's number for its own error, when the exception came from it.
    var origin: UInt64? { HostHandleObject(at.pointee.origin)?.identifier }

    /// The host's number for an object of its own, when the exception was made with that alone.
    var subject: UInt64? {
        let arguments = arguments
        return arguments.count == 1 ? HostHandleObject(arguments[unchecked: 0])?.identifier : nil
    }

    /// The field of the cause, to be stored in.
    var causePlace: UnsafeMutablePointer<Value> {
        // Safe because the offset is the field's own.
        (UnsafeMutableRawPointer(at) + (MemoryLayout<Layout>.offset(of: \.cause) ?? 0))
            .assumingMemoryBound(to: Value.self)
    }
}

/// An exception kind as a value: `ValueError`. Calling it makes an `ExceptionObject`.
struct ExceptionTypeObject: HeapObject {
    struct Layout {
        /// Its `own` is the `ExceptionKind`.
        var header: ObjectHeader
    }

    static let kind = ObjectKind.exceptionType
    let at: UnsafeMutablePointer<Layout>

    var exceptionKind: ExceptionKind {
        ExceptionKind(rawValue: UInt8(truncatingIfNeeded: at.pointee.header.own)) ?? .exception
    }
}

extension Heap {
    /// An exception with these arguments, a tuple whose reference it takes over even on an error.
    func exception(_ kind: ExceptionKind, arguments: Value) throws(DanaError) -> ExceptionObject {
        let held = owned(arguments)
        let object = try allocate(ExceptionObject.self, own: UInt32(kind.rawValue))
        object.at.pointee.arguments = held.take()
        object.at.pointee.cause = .undefined
        object.at.pointee.context = .null
        object.at.pointee.place = -1
        object.at.pointee.trace = .null
        object.at.pointee.origin = .null
        object.at.pointee.details = .null
        object.at.pointee.isReraised = false
        object.at.pointee.isContextSettled = false
        return object
    }

    /// An exception with a message, as an error to throw; the limit of memory when there is no room for it.
    @inline(never) func error(_ kind: ExceptionKind, _ message: String) -> DanaError {
        do {
            let text = owned(try string(message).value)
            let arguments = try tuple(count: 1)
            arguments.start[0] = text.take()
            return .raised(try exception(kind, arguments: arguments.value).value)
        } catch {
            return error
        }
    }

    /// An exception without arguments, as an error to throw.
    func error(_ kind: ExceptionKind) -> DanaError {
        do {
            return .raised(try exception(kind, arguments: retained(emptyTuple)).value)
        } catch {
            return error
        }
    }

    func typeError(_ message: String) -> DanaError { error(.typeError, message) }
    func valueError(_ message: String) -> DanaError { error(.valueError, message) }
    func indexError(_ message: String) -> DanaError { error(.indexError, message) }
    func overflowError(_ message: String) -> DanaError { error(.overflowError, message) }
    func attributeError(_ message: String) -> DanaError { error(.attributeError, message) }
    func runtimeError(_ message: String) -> DanaError { error(.runtimeError, message) }

    /// A `KeyError` whose argument is the key itself.
    func keyError(_ key: Value) -> DanaError {
        do {
            let arguments = try tuple(count: 1)
            arguments.start[0] = retained(key)
            return .raised(try exception(.keyError, arguments: arguments.value).value)
        } catch {
            return error
        }
    }

    /// The `OverflowError` of a float beyond the largest, with the system's number of that error as in Python.
    func rangeError() -> DanaError {
        do {
            let text = owned(try string("Numerical result out of range").value)
            let arguments = try tuple(count: 2)
            arguments.start[0] = Value(small: 34)
            arguments.start[1] = text.take()
            return .raised(try exception(.overflowError, arguments: arguments.value).value)
        } catch {
            return error
        }
    }

    /// What catching an error takes on: drops the exception's reference.
    func discard(_ error: DanaError) {
        if case .raised(let exception) = error { release(exception) }
    }
}
