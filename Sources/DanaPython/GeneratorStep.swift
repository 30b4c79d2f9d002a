import Dana
import DanaLanguage
import PythonBridge

/// How a generator of Dana's is made to go on, other than by being asked for its next item.
struct GeneratorStep: Sendable {
    /// The generator's method.
    private let method: String
    private let argument: Argument

    private enum Argument {
        /// A value that was made ready for Dana, and whether the host gives it, as `PassedArguments` has it.
        case value(PythonObject, isGift: Bool)
        /// An exception of Python's.
        case exception(SeenException)
    }

    static func sending(
        _ value: PythonObject, to core: ContextCore, _ py: borrowing Python
    ) throws(PythonError) -> GeneratorStep {
        let prepared = try Preparation.result(for: value, py)
        return GeneratorStep(method: "send", argument: .value(prepared, isGift: !core.isInside))
    }

    /// An exception of Python's, or one of Dana's that Python holds.
    static func throwing(_ exception: PythonObject, _ py: borrowing Python) throws(PythonError) -> GeneratorStep {
        let prepared = try Preparation.result(for: exception, py)
        let isDanas = ObjectHandle.held(prepared.pointer) != nil
        return GeneratorStep(
            method: "throw",
            argument: isDanas
                ? .value(prepared, isGift: true) : .exception(SeenException(PythonError(exception: exception), py)))
    }

    /// Begins it, with the context's lock held.
    func begin(_ generator: ValueReference, _ interpreter: Interpreter, _ py: borrowing Python) throws -> Int {
        let method = try interpreter.attribute(method, of: generator.value)
        defer { interpreter.release(method) }
        let core = generator.core
        let argument: Value =
            switch argument {
            case .value(let value, let isGift):
                try PythonToDana(core: core, interpreter: interpreter, isGift: isGift).value(value.pointer, py)
            case .exception(let exception):
                try core.exception(exception.kind, exception.message, origin: exception.origin, interpreter)
            }
        defer { interpreter.release(argument) }
        return try withUnsafePointer(to: argument) { argument in
            try interpreter.begin(calling: method, UnsafeBufferPointer(start: argument, count: 1))
        }
    }
}
