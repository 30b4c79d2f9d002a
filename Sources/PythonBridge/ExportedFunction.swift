import CPython
import PythonTrampolines

/// A Swift function as Python sees it: its name, parameters and documentation, and how to call it.
///
/// Made with ``function(_:_:doc:_:)`` and its siblings; given to a ``PythonModule`` or a ``PythonClass``.
public final class ExportedFunction: Sendable {
    /// Receives the function, one borrowed reference or nil a parameter (`self` of a method first), and the token;
    /// returns a new reference, or nil with the exception set. It captures nothing but the user's closure, which lets
    /// the optimiser fold that in. The C entry points call it: its parameters are known to them.
    @usableFromInline typealias Body =
        @Sendable (ExportedFunction, UnsafePointer<PyRef?>, borrowing Python) -> PyRef?

    @usableFromInline let name: StaticString
    let documentation: StaticString
    @usableFromInline let parameters: [ParameterSpecification]
    @usableFromInline let body: Body
    /// What `self` is to the function.
    let receiving: ReceiverPassing
    /// What the C entry points know of the parameters; owned. Safe because it is written with the interpreter held.
    nonisolated(unsafe) private let placing: UnsafeMutablePointer<dana_parameters>
    private let binder: Once<ArgumentBinder> = Once()

    @usableFromInline convenience init(
        _ name: StaticString, _ parameters: [ParameterSpecification], doc: StaticString, body: @escaping Body
    ) {
        self.init(name, parameters, doc: doc, receiving: .separate, body: body)
    }

    private init(
        _ name: StaticString, _ parameters: [ParameterSpecification], doc: StaticString, receiving: ReceiverPassing,
        body: @escaping Body
    ) {
        self.name = name
        self.parameters = parameters
        documentation = doc
        self.receiving = receiving
        self.body = body
        placing = .allocate(capacity: 1)
        placing.initialize(to: dana_parameters(parameters, receiving))
    }

    deinit {
        if let names = placing.pointee.ordered { ReleaseQueue.release(names.assumingMemoryBound(to: PyObject.self)) }
        placing.deallocate()
    }

    /// What the C entry points need, good as long as this object.
    var entry: dana_export {
        // A closure is its code and what it captures, two words, where a structure holds it.
        struct Closure { let body: Body }
        let words = unsafeBitCast(Closure(body: body), to: (UnsafeRawPointer, UnsafeRawPointer?).self)
        let isPlain = receiving == .separate && parameters.allSatisfy { $0.isPlain }
        return dana_export(
            function: Unmanaged.passUnretained(self).toOpaque(), body: words.0, context: words.1,
            direct: isPlain ? parameters.count : -1, parameters: placing)
    }

    /// The same function with `self` passed as its first parameter.
    func receiving(_ receiving: ReceiverPassing) -> ExportedFunction {
        ExportedFunction(name, parameters, doc: documentation, receiving: receiving, body: body)
    }

    var takesKeywords: Bool { parameters.contains { $0.isNameable || $0.passing == .keywords } }

    /// The signature in CPython's form, which `inspect.signature` reads, followed by the documentation.
    func text(receiver: String?) -> String { "\(name)\(signature(receiver: receiver))\n--\n\n\(documentation)" }

    /// The parameters in parentheses.
    func signature(receiver: String?) -> String {
        let parameters = receiving == .separate ? self.parameters[...] : self.parameters.dropFirst()
        var items: [String] = receiver.map { ["$\($0)"] } ?? []
        var starred = false
        for (index, parameter) in zip(parameters.indices, parameters) {
            if parameter.passing == .keywordOnly, !starred {
                items.append("*")
                starred = true
            }
            if parameter.passing == .variadic { starred = true }
            let prefix = parameter.passing == .variadic ? "*" : parameter.passing == .keywords ? "**" : ""
            items.append("\(prefix)\(parameter.name)" + (parameter.fallbackText.map { "=\($0)" } ?? ""))
            let next = index + 1 < parameters.endIndex ? parameters[index + 1].passing : nil
            if parameter.passing == .positionalOnly, next != .positionalOnly { items.append("/") }
        }
        if receiver != nil, !parameters.contains(where: { $0.passing == .positionalOnly }) { items.insert("/", at: 1) }
        return "(\(items.joined(separator: ", ")))"
    }

    /// Any call; nil with the exception set when it fails.
    func call(
        _ receiver: PyRef?, _ arguments: UnsafePointer<PyRef?>?, _ given: Int, _ names: PyRef?, _ py: borrowing Python
    ) -> PyRef? {
        var entry = entry
        let arguments = UnsafeRawPointer(arguments)?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
        return dana_export_call(&entry, receiver, arguments, given, names)?.assumingMemoryBound(to: PyObject.self)
    }

    /// What a body gives: the reference that `body` makes, or nil with its error set.
    @inlinable @inline(__always)
    func answer(_ py: borrowing Python, _ body: () throws(PythonError) -> PyRef?) -> PyRef? {
        do throws(PythonError) {
            return try body()
        } catch {
            return raised(error, py)
        }
    }

    /// The same with the object of a method, which Python holds during the call: it is not counted up and down again.
    @inlinable @inline(__always)
    func answer<Receiver: PythonExported>(
        _ arguments: UnsafePointer<PyRef?>, _ py: borrowing Python,
        _ body: (Receiver) throws(PythonError) -> PyRef
    ) -> PyRef? {
        if let object = arguments[0],
            let result = Receiver.whileHeld(
                object,
                { receiver in
                    answer(py) { () throws(PythonError) in try body(receiver) }
                })
        {
            return result
        }
        return answer(py) { () throws(PythonError) in try body(try argument(0, arguments, py)) }
    }

    @inline(never) @usableFromInline
    func raised(_ error: consuming PythonError, _ py: borrowing Python) -> PyRef? {
        receiving == .operand && error.isNotImplemented ? py_not_implemented() : error.raised(py)
    }

    /// Converts what was passed for a parameter (nil: nothing), naming the parameter when that fails.
    @inlinable @inline(__always)
    func argument<Value: FromPython>(
        _ index: Int, _ arguments: UnsafePointer<PyRef?>, _ py: borrowing Python
    ) throws(PythonError) -> Value {
        guard let argument = arguments[index] else { return try fallback(index) }
        do throws(PythonError) {
            return try Value.fromPython(argument, py)
        } catch {
            throw located(error, index, py)
        }
    }

    @inlinable @inline(never)
    func fallback<Value>(_ index: Int) throws(PythonError) -> Value {
        if let value = (parameters[index].fallback as? Fallback<Value>)?.value { return value }
        throw missing(index)
    }

    @usableFromInline func missing(_ index: Int) -> PythonError {
        .typeError("\(name)() missing argument '\(parameters[index].name)'")
    }

    @inline(never) @usableFromInline
    func located(_ error: PythonError, _ index: Int, _ py: borrowing Python) -> PythonError {
        if receiving == .operand, error.matches(.typeError, py) { return .notImplemented(py) }
        return error.located(argument: parameters[index].name, py)
    }

    /// The call that needs more than placing: `*args`, `**kwargs`, names made at run time, and every refusal.
    fileprivate func bindAndCall(
        _ receiver: PyRef?, _ arguments: UnsafePointer<PyRef?>?, _ given: Int, _ names: PyRef?, _ py: borrowing Python
    ) throws(PythonError) -> PyRef? {
        let binder = try binder.value(py) { py throws(PythonError) in
            try ArgumentBinder(functionName: name, parameters: parameters, py)
        }
        placing.pointee.setNames(binder)
        let named = names.map { py_tuple_size($0) } ?? 0
        var all = receiving == .separate ? [] : [receiver]
        let total = given + all.count
        if let arguments { all.append(contentsOf: UnsafeBufferPointer(start: arguments, count: given + named)) }
        var slots = [PyRef?](repeating: nil, count: max(1, parameters.count))
        var temporaries: [PyRef] = []
        defer { for temporary in temporaries { py_decref(temporary) } }
        var places = slots.mutableSpan
        try places.withUnsafeMutableBufferPointer { slots throws(PythonError) in
            try all.span.withUnsafeBufferPointer { all throws(PythonError) in
                try binder.bind(all.baseAddress, total, names, into: slots, temporaries: &temporaries, py)
            }
        }
        return slots.span.withUnsafeBufferPointer { slots in slots.baseAddress.flatMap { body(self, $0, py) } }
    }
}

/// What `self` is to an exported function.
enum ReceiverPassing: Sendable {
    /// Not a parameter: a module's function, or a static method.
    case separate
    /// The first parameter: a method.
    case parameter
    /// The first parameter; and an argument of the wrong type makes the answer `NotImplemented`: an operator.
    case operand
}

/// The calls of exported functions whose arguments do not simply fit come in here.
@c(dana_call)
func call(
    _ function: UnsafeMutableRawPointer, _ receiver: UnsafeMutableRawPointer?,
    _ arguments: UnsafePointer<UnsafeMutableRawPointer?>?, _ count: Int, _ names: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
    // Safe because who calls keeps the function, and CPython passes its own objects.
    let function = Unmanaged<ExportedFunction>.fromOpaque(function).takeUnretainedValue()
    let arguments = UnsafeRawPointer(arguments)?.assumingMemoryBound(to: PyRef?.self)
    let receiver = receiver?.assumingMemoryBound(to: PyObject.self)
    let names = names?.assumingMemoryBound(to: PyObject.self)
    let py = Python(held: ())
    return UnsafeMutableRawPointer(
        function.answer(py) { () throws(PythonError) in
            try function.bindAndCall(receiver, arguments, count, names, py)
        })
}
