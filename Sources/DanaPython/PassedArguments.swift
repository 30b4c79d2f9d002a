import CPython
import Dana
import DanaLanguage
import PythonBridge

/// The arguments of a call as Python passes them, the last of which may have names. Borrowed, but for what was made anew
/// of them.
struct PassedArguments: @unchecked Sendable {
    // Safe because the objects are touched with the interpreter held, and whoever calls holds them meanwhile.
    private var items: [PyRef] = []
    private var names: [String] = []
    private var kept: [PythonObject] = []
    /// Whether the host gives them: what is passed while a program waits is what came of its call, and goes in as a result
    /// does.
    private let isGift: Bool

    /// Whatever the conversion of the arguments may ask of Python is asked here, before the context's lock is taken.
    init(
        _ positional: PyRef, _ named: PyRef?, to core: ContextCore, _ py: borrowing Python
    ) throws(PythonError) {
        isGift = !core.isInside
        let count = py_tuple_size(positional)
        items.reserveCapacity(count)
        for index in 0..<count { try add(py_tuple_get(positional, index), py) }
        guard let named else { return }
        var position = 0
        var (name, argument): (PyRef?, PyRef?) = (nil, nil)
        while PyDict_Next(named, &position, &name, &argument) != 0, let name {
            names.append(try String.fromPython(name, py))
            try add(argument, py)
        }
    }

    /// The arguments as they stand in a row, those of a tuple of names behind the others.
    init(
        _ arguments: UnsafePointer<PyRef?>?, _ count: Int, _ named: PyRef?, to core: ContextCore,
        _ py: borrowing Python
    ) throws(PythonError) {
        isGift = !core.isInside
        let namedCount = named.map { py_tuple_size($0) } ?? 0
        items.reserveCapacity(count + namedCount)
        for index in 0..<(count + namedCount) { try add(arguments?[index], py) }
        guard let named else { return }
        for index in 0..<namedCount {
            if let name = py_tuple_get(named, index) { names.append(try String.fromPython(name, py)) }
        }
    }

    /// The same as of a tuple and a dict, held for as long as this lives.
    init(
        keeping positional: PyRef, _ named: PyRef, to core: ContextCore, _ py: borrowing Python
    ) throws(PythonError) {
        let isNamed = py_dict_size(named) > 0
        try self.init(positional, isNamed ? named : nil, to: core, py)
        kept.append(PythonObject(borrowing: positional, py))
        if isNamed { kept.append(PythonObject(borrowing: named, py)) }
    }

    private mutating func add(_ argument: PyRef?, _ py: borrowing Python) throws(PythonError) {
        guard let argument else { return }
        guard Preparation.isNeeded(for: argument) else { return items.append(argument) }
        let made = try Preparation.result(for: PythonObject(borrowing: argument, py), depth: 1, py)
        kept.append(made)
        items.append(made.pointer)
    }

    /// Begins a call with them, with the context's lock held.
    func begin(
        calling callee: Value, _ core: ContextCore, _ interpreter: Interpreter, _ py: borrowing Python
    ) throws -> Int {
        core.noteCall(of: callee, interpreter)
        let converter = PythonToDana(core: core, interpreter: interpreter, isGift: isGift)
        return try withUnsafeTemporaryAllocation(of: Value.self, capacity: items.count + 1) { values in
            var made = 0
            defer { for index in 0..<made { interpreter.release(values[index]) } }
            for item in items {
                do {
                    values.initializeElement(at: made, to: try converter.value(item, py))
                } catch let error as DanaFailure {
                    throw error.cause == .usage ? error.at(place(of: made)) : error
                }
                made += 1
            }
            return try interpreter.begin(
                calling: callee, UnsafeBufferPointer(rebasing: values[..<made]), keywords: names)
        }
    }

    /// What an argument is called in errors.
    private func place(of index: Int) -> String {
        let named = index - (items.count - names.count)
        return names.indices.contains(named) ? "argument '\(names[named])'" : "argument \(index + 1)"
    }

    /// The same with arguments that are all plain, without names; nil, and nothing has happened, where one is not.
    @inline(__always)
    static func begin(
        calling callee: Value, _ count: Int, _ interpreter: Interpreter, _ py: borrowing Python,
        argument: (Int) -> PyRef?
    ) throws -> Int? {
        try withUnsafeTemporaryAllocation(of: Value.self, capacity: count + 1) { values in
            var made = 0
            defer { for index in 0..<made { interpreter.release(values[index]) } }
            while made < count {
                guard let argument = argument(made), let value = PythonToDana.scalar(argument, interpreter, py)
                else { return nil }
                values.initializeElement(at: made, to: value)
                made += 1
            }
            return try interpreter.begin(calling: callee, UnsafeBufferPointer(rebasing: values[..<made]))
        }
    }
}
