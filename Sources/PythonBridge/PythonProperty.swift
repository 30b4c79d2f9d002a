import CPython

/// An attribute of an exported class that Swift computes.
public final class PythonProperty: PythonClassItem {
    typealias Getter = @Sendable (PyRef, borrowing Python) throws(PythonError) -> PyRef
    typealias Setter = @Sendable (PyRef, PyRef, borrowing Python) throws(PythonError) -> Void

    let name: StaticString
    let documentation: StaticString
    let getter: Getter
    let setter: Setter?

    init(_ name: StaticString, _ documentation: StaticString, getter: @escaping Getter, setter: Setter?) {
        self.name = name
        self.documentation = documentation
        self.getter = getter
        self.setter = setter
    }

    public var classMember: PythonClassMember { PythonClassMember(kind: .property(self)) }

    /// The line of CPython's table; it keeps the property for the life of the process.
    var entry: PyGetSetDef {
        PyGetSetDef(
            name: name.pointer, get: getProperty, set: setter == nil ? nil : setProperty, doc: documentation.pointer,
            closure: Unmanaged.passRetained(self).toOpaque())
    }
}

/// A property that can be read.
public func property<Receiver: FromPython, Value: ToPython, Failure: Error>(
    _ name: StaticString, doc: StaticString = "",
    _ get: @escaping @Sendable (Receiver) throws(Failure) -> Value
) -> PythonProperty {
    PythonProperty(name, doc, getter: getter(get), setter: nil)
}

/// A property that can be read and written.
public func property<Receiver: FromPython, Value: PythonConvertible, Failure: Error, SetFailure: Error>(
    _ name: StaticString, doc: StaticString = "",
    get: @escaping @Sendable (Receiver) throws(Failure) -> Value,
    set: @escaping @Sendable (Receiver, Value) throws(SetFailure) -> Void
) -> PythonProperty {
    PythonProperty(name, doc, getter: getter(get)) { (object, given, py) throws(PythonError) in
        let receiver = try Receiver.fromPython(object, py)
        let value: Value
        do throws(PythonError) {
            value = try Value.fromPython(given, py)
        } catch {
            throw error.located(argument: name, py)
        }
        do throws(SetFailure) {
            try set(receiver, value)
        } catch {
            throw PythonError(mapping: error, py)
        }
    }
}

private func getter<Receiver: FromPython, Value: ToPython, Failure: Error>(
    _ get: @escaping @Sendable (Receiver) throws(Failure) -> Value
) -> PythonProperty.Getter {
    { (object, py) throws(PythonError) in
        let receiver = try Receiver.fromPython(object, py)
        return try deliver(py) { () throws(Failure) in try get(receiver) }
    }
}

private let getProperty: @convention(c) (PyRef?, UnsafeMutableRawPointer?) -> PyRef? = { object, closure in
    PythonEntry.object { py throws(PythonError) in
        guard let object, let closure else { return nil }
        // Safe because the table keeps the property for the life of the process.
        return try Unmanaged<PythonProperty>.fromOpaque(closure).takeUnretainedValue().getter(object, py)
    }
}

private let setProperty: @convention(c) (PyRef?, PyRef?, UnsafeMutableRawPointer?) -> Int32 = {
    object, value, closure in
    PythonEntry.status { py throws(PythonError) in
        guard let object, let closure else { return -1 }
        // Safe because the table keeps the property for the life of the process.
        let property = Unmanaged<PythonProperty>.fromOpaque(closure).takeUnretainedValue()
        guard let value, let setter = property.setter else {
            throw PythonError(.attributeError, "property '\(property.name)' cannot be deleted")
        }
        try setter(object, value, py)
        return 0
    }
}
