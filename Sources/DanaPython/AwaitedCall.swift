import CPython
import Dana
import DanaLanguage
import PythonBridge

/// A call of a Dana function that Python awaits.
struct AwaitedCall: Sendable {
    private let function: FunctionHandle
    private let positional: PythonObject
    private let named: PythonObject?
    private let start = AsyncStart()

    init(_ function: FunctionHandle, _ positional: PyRef, _ named: PyRef, _ py: borrowing Python) {
        self.function = function
        self.positional = PythonObject(borrowing: positional, py)
        self.named = py_dict_size(named) > 0 ? PythonObject(borrowing: named, py) : nil
    }

    /// The result where it takes no task.
    func attempt(_ py: borrowing Python) throws(PythonError) -> PyRef? {
        let reference = try function.live(py).reference
        let passed = try PassedArguments(positional.pointer, named?.pointer, to: reference.core, py)
        return try AsyncRun.attempt(in: reference.core, wraps: function.wraps, start, py) { interpreter in
            let wasOn = PyGC_Disable()
            defer { if wasOn != 0 { PyGC_Enable() } }
            return try passed.begin(calling: reference.value, reference.core, interpreter, py)
        }
    }

    /// The result where it takes one.
    func result() async throws -> PythonObject {
        if let result = try await AsyncRun.result(after: start, wraps: function.wraps) { return result }
        let (reference, passed) = try Python.hold { py throws(PythonError) in
            let reference = try function.live(py).reference
            return (
                reference, try PassedArguments(positional.pointer, named?.pointer, to: reference.core, py)
            )
        }
        return try await AsyncRun.quickResult(in: reference.core, wraps: function.wraps) { interpreter, py in
            try passed.begin(calling: reference.value, reference.core, interpreter, py)
        }
    }
}
