import CPython
import PythonTrampolines
import Synchronization

/// A Swift function as Python sees it: its name, parameters and documentation, and how to call it.
///
/// Made with ``function(_:_:doc:_:)`` and its siblings; given to a ``PythonModule`` or a ``PythonClass``.
public final class ExportedFunction: Sendable {
    /// Receives the function, `self` (of a method), one borrowed reference or nil a parameter, and the token;
    /// returns a new reference. It captures nothing but the user's closure, which lets the optimiser fold that in.
    @usableFromInline typealias Body =
        @Sendable (ExportedFunction, PyRef?, UnsafePointer<PyRef?>, borrowing Python) throws(PythonError) -> PyRef

    @usableFromInline let name: StaticString
    let documentation: StaticString
    @usableFromInline let parameters: [ParameterSpecification]
    @usableFromInline let body: Body
    /// What `self` is to the function.
    let receiving: ReceiverPassing
    /// How many arguments a call passes that needs no binding; -1 where every call does.
    private let plainCount: Int
    /// The same where `self` is no parameter either, so that the arguments pass through as they came; -1 elsewhere.
    let directCount: Int
    /// The address of the ``ParameterNames``: made by the first call that needs it, kept for the life of the process.
    private let parameterNames = Atomic<UInt>(0)
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
        let isPlain = parameters.allSatisfy { $0.passing == .positionalOnly || $0.passing == .either }
        plainCount = isPlain ? parameters.count - (receiving == .separate ? 0 : 1) : -1
        directCount = receiving == .separate ? plainCount : -1
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
    @inline(never)
    func call(
        _ receiver: PyRef?, _ arguments: UnsafePointer<PyRef?>?, _ given: Int, _ names: PyRef?, _ py: borrowing Python
    ) -> PyRef? {
        do throws(PythonError) {
            return try bindAndCall(receiver, arguments, given, names, py)
        } catch {
            return raised(error, py)
        }
    }

    /// The call whose arguments are the parameters, ``directCount`` of them.
    @inline(__always)
    fileprivate func callDirect(
        _ receiver: PyRef?, _ arguments: UnsafePointer<PyRef?>, _ py: borrowing Python
    ) -> PyRef? {
        do throws(PythonError) {
            return try body(self, receiver, arguments, py)
        } catch {
            return raised(error, py)
        }
    }

    @inline(never)
    private func raised(_ error: consuming PythonError, _ py: borrowing Python) -> PyRef? {
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

    /// Sorts the arguments into the parameters, `self` of a method first.
    @inline(__always)
    private func bindAndCall(
        _ receiver: PyRef?, _ arguments: UnsafePointer<PyRef?>?, _ given: Int, _ names: PyRef?, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        var slots = ArgumentSlots(repeating: nil)
        var places = slots.mutableSpan
        let isBound = try places.withUnsafeMutableBufferPointer { slots throws(PythonError) in
            guard let slots = slots.baseAddress, parameters.count <= ParameterNames.limit else { return false }
            let first = receiving == .separate ? 0 : 1
            if first == 1 { slots[0] = receiver }
            guard given == plainCount, names == nil else {
                return try knownNames(py).pointee.bind(arguments, given, names, into: slots, from: first)
            }
            // Safe because as many arguments as parameters are left were given, and those were counted above.
            if let arguments { for index in 0..<given { slots[first &+ index] = arguments[index] } }
            return true
        }
        guard isBound else { return try bindAnyAndCall(receiver, arguments, given, names, py) }
        return try slots.span.withUnsafeBufferPointer { slots throws(PythonError) in
            guard let slots = slots.baseAddress else { throw Self.noRoom }
            return try body(self, receiver, slots, py)
        }
    }

    @inline(__always)
    private func knownNames(_ py: borrowing Python) throws(PythonError) -> UnsafePointer<ParameterNames> {
        if let names = UnsafePointer<ParameterNames>(bitPattern: parameterNames.load(ordering: .acquiring)) {
            return names
        }
        return try makeNames(py)
    }

    @inline(never)
    private func makeNames(_ py: borrowing Python) throws(PythonError) -> UnsafePointer<ParameterNames> {
        let made = UnsafeMutablePointer<ParameterNames>.allocate(capacity: 1)
        made.initialize(to: try ParameterNames(parameters, py))
        parameterNames.store(UInt(bitPattern: made), ordering: .releasing)
        return UnsafePointer(made)
    }

    /// The call that needs more than placing: `*args`, `**kwargs`, names made at run time, and every refusal.
    @inline(never)
    private func bindAnyAndCall(
        _ receiver: PyRef?, _ arguments: UnsafePointer<PyRef?>?, _ given: Int, _ names: PyRef?, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        let binder = try binder.value(py) { py throws(PythonError) in
            try ArgumentBinder(functionName: name, parameters: parameters, py)
        }
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
        return try slots.span.withUnsafeBufferPointer { slots throws(PythonError) in
            guard let slots = slots.baseAddress else { throw Self.noRoom }
            return try body(self, receiver, slots, py)
        }
    }

    private static var noRoom: PythonError { PythonError(.systemError, "no room for arguments") }
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

/// The calls of exported functions that need their arguments bound enter Swift here; their errors leave here.
@c(dana_call)
func call(
    _ function: UnsafeMutableRawPointer, _ receiver: UnsafeMutableRawPointer?,
    _ arguments: UnsafePointer<UnsafeMutableRawPointer?>?, _ count: Int, _ names: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
    // Safe because the slot's function is retained for the life of the process and CPython passes its own objects.
    let function = Unmanaged<ExportedFunction>.fromOpaque(function)
    let arguments = UnsafeRawPointer(arguments)?.assumingMemoryBound(to: PyRef?.self)
    let receiver = receiver?.assumingMemoryBound(to: PyObject.self)
    let names = names?.assumingMemoryBound(to: PyObject.self)
    return UnsafeMutableRawPointer(
        function._withUnsafeGuaranteedRef { $0.call(receiver, arguments, count, names, Python(held: ())) })
}

/// All others enter here: a slot's function is called with as many arguments as its `directCount`.
@c(dana_call_direct)
func callDirect(
    _ function: UnsafeMutableRawPointer, _ receiver: UnsafeMutableRawPointer?,
    _ arguments: UnsafePointer<UnsafeMutableRawPointer?>
) -> UnsafeMutableRawPointer? {
    // Safe for the same reasons.
    let function = Unmanaged<ExportedFunction>.fromOpaque(function)
    let arguments = UnsafeRawPointer(arguments).assumingMemoryBound(to: PyRef?.self)
    let receiver = receiver?.assumingMemoryBound(to: PyObject.self)
    return UnsafeMutableRawPointer(
        function._withUnsafeGuaranteedRef { $0.callDirect(receiver, arguments, Python(held: ())) })
}
