import CPython

/// `__call__` of an exported class whose objects take the arguments as CPython passes them, a tuple and perhaps a dict:
/// for calls that have no time to be bound to parameters.
public struct DirectCall: PythonClassItem {
    typealias Body = @Sendable (PyRef, PyRef, PyRef?, borrowing Python) throws(PythonError) -> PyRef

    let body: Body

    /// `body` gives a new reference; what it is passed is borrowed.
    public init<Receiver: PythonExported>(
        _ body: @escaping @Sendable (Receiver, PyRef, PyRef?, borrowing Python) throws(PythonError) -> PyRef
    ) {
        self.body = { object, arguments, keywords, py throws(PythonError) in
            try body(try Receiver.fromPython(object, py), arguments, keywords, py)
        }
    }

    public var classMember: PythonClassMember { PythonClassMember(kind: .call(self)) }
}
