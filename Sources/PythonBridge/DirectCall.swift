import CPython
import PythonTrampolines

/// `__call__` of an exported class whose objects take the arguments as CPython passes them, in a row and with a tuple of
/// names: for calls that have no time to be bound to parameters.
///
/// ```swift
/// DirectCall { object, arguments, count, names in
///     DirectCall.answer(object, count) { (adder: Adder, count, py) throws(PythonError) in
///         try adder.sum(of: arguments, count, names, py)
///     }
/// }
/// ```
public struct DirectCall: PythonClassItem {
    /// What is passed is borrowed; the positional arguments, so many as the count says, stand before those of the names.
    public typealias Entry = @convention(c) (PyRef?, UnsafePointer<PyRef?>?, Int, PyRef?) -> PyRef?

    let entry: Entry

    public init(_ entry: @escaping Entry) { self.entry = entry }

    /// Answers a call: `body` gives a new reference, and is told how many arguments are positional. Python holds the
    /// object during the call: it is not counted.
    @inlinable @inline(__always)
    public static func answer<Receiver: PythonExported>(
        _ object: PyRef?, _ count: Int,
        _ body: (Receiver, Int, borrowing Python) throws(PythonError) -> PyRef
    ) -> PyRef? {
        guard let object else { return nil }
        dana_held_set(dana_held_get() &+ 1)
        defer { PythonEntry.leave() }
        let count = py_vectorcall_count(count)
        if let result = Receiver.whileHeld(object, { answered($0, count, body) }) { return result }
        do throws(PythonError) {
            return answered(try Receiver.converted(object, Python(held: ())), count, body)
        } catch {
            return PythonEntry.raised(error)
        }
    }

    @inlinable @inline(__always)
    static func answered<Receiver: PythonExported>(
        _ receiver: Receiver, _ count: Int, _ body: (Receiver, Int, borrowing Python) throws(PythonError) -> PyRef
    ) -> PyRef? {
        do throws(PythonError) {
            return try body(receiver, count, Python(held: ()))
        } catch {
            return PythonEntry.raised(error)
        }
    }

    /// The call of whoever has a tuple and perhaps a dict.
    func answer(
        _ object: PyRef, _ arguments: PyRef, _ keywords: PyRef?, _ py: borrowing Python
    ) throws(PythonError) -> PyRef? {
        var passed = (0..<py_tuple_size(arguments)).map { py_tuple_get(arguments, $0) }
        let count = passed.count
        var names: PyRef?
        defer { py_xdecref(names) }
        if let keywords, py_dict_size(keywords) > 0 {
            guard let made = PySequence_Tuple(keywords) else { throw .taken(py) }
            names = made
            var position = 0
            var value: PyRef?
            while PyDict_Next(keywords, &position, nil, &value) != 0 { passed.append(value) }
        }
        return passed.span.withUnsafeBufferPointer { entry(object, $0.baseAddress, count, names) }
    }

    public var classMember: PythonClassMember { PythonClassMember(kind: .call(self)) }
}
