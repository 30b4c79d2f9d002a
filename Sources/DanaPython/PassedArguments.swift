import CPython
import Dana
import DanaLanguage
import PythonBridge

/// The arguments of a call as Python passes them: a tuple, and a dict where some have names. Borrowed, but for what was
/// made anew of them.
struct PassedArguments: @unchecked Sendable {
    // Safe because the objects are touched with the interpreter held, and whoever calls holds them meanwhile.
    private let positional: PyRef
    private let named: PyRef?
    /// The names, in the order of the dict.
    private let names: [String]
    private let kept: [PythonObject]

    /// Whatever the conversion of the arguments may ask of Python is asked here, before the context's lock is taken.
    init(_ positional: PyRef, _ named: PyRef?, _ py: borrowing Python) throws(PythonError) {
        var kept: [PythonObject] = []
        self.positional = try PassedArguments.prepared(positional, &kept, py)
        if let named, py_dict_size(named) > 0 {
            self.named = try PassedArguments.prepared(named, &kept, py)
            names = try PassedArguments.names(of: named, py)
        } else {
            self.named = nil
            names = []
        }
        self.kept = kept
    }

    /// The same, held for as long as this lives.
    init(keeping positional: PythonObject, _ named: PythonObject?, _ py: borrowing Python) throws(PythonError) {
        let passed = try PassedArguments(positional.pointer, named?.pointer, py)
        self.positional = passed.positional
        self.named = passed.named
        names = passed.names
        kept = passed.kept + [positional] + (named.map { [$0] } ?? [])
    }

    private static func prepared(
        _ object: PyRef, _ kept: inout [PythonObject], _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        guard PythonToDana.needsPreparing(object) else { return object }
        let made = try PythonToDana.prepared(PythonObject(borrowing: object, py), py)
        kept.append(made)
        return made.pointer
    }

    private static func names(of named: PyRef, _ py: borrowing Python) throws(PythonError) -> [String] {
        var names: [String] = []
        var position = 0
        var name: PyRef?
        while PyDict_Next(named, &position, &name, nil) != 0, let name {
            names.append(try String.fromPython(name, py))
        }
        return names
    }

    /// Begins a call with them, with the context's lock held.
    func begin(
        calling callee: Value, _ core: ContextCore, _ interpreter: Interpreter, _ py: borrowing Python
    ) throws -> Int {
        core.noteCall(of: callee, interpreter)
        let count = py_tuple_size(positional)
        let converter = PythonToDana(core: core, interpreter: interpreter)
        return try withUnsafeTemporaryAllocation(of: Value.self, capacity: count + names.count + 1) { values in
            var made = 0
            defer { for index in 0..<made { interpreter.release(values[index]) } }
            for index in 0..<count {
                guard let argument = py_tuple_get(positional, index) else { continue }
                values.initializeElement(at: made, to: try converter.value(argument, py))
                made += 1
            }
            if let named {
                var position = 0
                var argument: PyRef?
                while made < count + names.count, PyDict_Next(named, &position, nil, &argument) != 0, let argument {
                    values.initializeElement(at: made, to: try converter.value(argument, py))
                    made += 1
                }
            }
            return try interpreter.begin(
                calling: callee, UnsafeBufferPointer(rebasing: values[..<made]), keywords: names)
        }
    }
}
