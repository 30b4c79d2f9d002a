import CPython
import PythonTrampolines

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
    private let count: Int
    /// How many arguments a call passes that needs no binding; -1 where every call does, or where `self` is one.
    private let plainCount: Int
    /// The same for a function whose first parameter is `self`.
    private let plainMethodCount: Int
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
        count = parameters.count
        let isPlain = parameters.allSatisfy { $0.passing == .positionalOnly || $0.passing == .either }
        plainCount = isPlain && receiving == .separate ? parameters.count : -1
        plainMethodCount = isPlain && receiving != .separate ? parameters.count - 1 : -1
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

    @inline(__always)
    func call(
        _ receiver: PyRef?, _ arguments: UnsafePointer<PyRef?>?, _ given: Int, _ names: PyRef?, _ py: borrowing Python
    ) -> PyRef? {
        do throws(PythonError) {
            if given == plainCount, names == nil, let arguments { return try body(self, receiver, arguments, py) }
            if receiving != .separate { return try callMethod(receiver, arguments, given, names, py) }
            return try bindAndCall(receiver, arguments, given, names, py)
        } catch {
            return receiving == .operand && error.isNotImplemented ? py_not_implemented() : error.raised(py)
        }
    }

    /// A call of a method: `self` moves in front of the arguments.
    @inline(never)
    private func callMethod(
        _ receiver: PyRef?, _ arguments: UnsafePointer<PyRef?>?, _ given: Int, _ names: PyRef?, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        var passed = InlineArray<9, PyRef?>(repeating: nil)
        guard given == plainMethodCount, names == nil, given < passed.count else {
            let named = names.map { py_tuple_size($0) } ?? 0
            var all = [receiver]
            if let arguments { all.append(contentsOf: UnsafeBufferPointer(start: arguments, count: given + named)) }
            return try all.span.withUnsafeBufferPointer { all throws(PythonError) in
                try bindAndCall(receiver, all.baseAddress, given + 1, names, py)
            }
        }
        passed[0] = receiver
        if let arguments { for index in 0..<given { passed[index + 1] = arguments[index] } }
        return try passed.span.withUnsafeBufferPointer { passed throws(PythonError) in
            guard let start = passed.baseAddress else { throw PythonError(.systemError, "no room for arguments") }
            return try body(self, receiver, start, py)
        }
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

    @inline(never)
    private func bindAndCall(
        _ receiver: PyRef?, _ arguments: UnsafePointer<PyRef?>?, _ given: Int, _ names: PyRef?, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        let binder = try binder.value(py) { py throws(PythonError) in
            try ArgumentBinder(functionName: name, parameters: parameters, py)
        }
        var result: Result<PyRef, PythonError>?
        withUnsafeTemporaryAllocation(of: PyRef?.self, capacity: max(1, count)) { slots in
            slots.initialize(repeating: nil)
            var temporaries: [PyRef] = []
            do throws(PythonError) {
                try binder.bind(arguments, given, names, into: slots, temporaries: &temporaries, py)
                guard let base = slots.baseAddress else { throw PythonError(.systemError, "no room for arguments") }
                result = .success(try body(self, receiver, base, py))
            } catch {
                result = .failure(error)
            }
            for temporary in temporaries { py_decref(temporary) }
        }
        return try (result ?? .failure(PythonError(.systemError, "the call did not run"))).get()
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

/// Every call of an exported function enters Swift here; every error leaves here.
@c(dana_call)
func call(
    _ function: UnsafeMutableRawPointer, _ receiver: UnsafeMutableRawPointer?,
    _ arguments: UnsafePointer<UnsafeMutableRawPointer?>?, _ count: Int, _ names: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
    // Safe because the slot's function is retained for the life of the process and CPython passes its own objects.
    let function = Unmanaged<ExportedFunction>.fromOpaque(function)
    let arguments = UnsafeRawPointer(arguments)?.assumingMemoryBound(to: PyRef?.self)
    return UnsafeMutableRawPointer(
        function._withUnsafeGuaranteedRef {
            $0.call(
                receiver?.assumingMemoryBound(to: PyObject.self), arguments, count,
                names?.assumingMemoryBound(to: PyObject.self), Python(held: ()))
        })
}
