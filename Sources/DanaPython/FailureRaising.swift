import Dana
import DanaLanguage
import PythonBridge

/// A failure of Dana's as the exception that Python users see; the package's Python side makes it.
extension DanaFailure: PythonRaisable {
    public var isCancellation: Bool { cause == .cancelled }

    public func pythonError(_ py: borrowing Python) -> PythonError {
        guard let hook = Hooks[.failure] else { return PythonError(.runtimeError, "\(kind): \(message)") }
        do throws(PythonError) {
            let findings = findings.map { finding in
                PythonRow(
                    finding.message, finding.hint, finding.place.source, finding.place.start.line,
                    finding.place.start.column, finding.place.line)
            }
            let chain = try chain.map { earlier throws(PythonError) in
                PythonRow(
                    earlier.link == .cause,
                    PythonRow(
                        earlier.kind, earlier.message, try earlier.arguments.object(with: earlier.subject, py),
                        Self.rows(earlier.stack),
                        Self.original(earlier.origin, py), earlier.notes))
            }
            let original = Self.original(origin, py)
            let exception = try hook.call(
                spread: [
                    causeName, kind, message, try arguments.object(with: subject, py), Self.rows(stack), findings,
                    original, chain, hint, notes,
                    try redact.map { redact throws(PythonError) in try Self.function(redact, py) },
                ], keywords: [:], py)
            return PythonError(exception: exception)
        } catch {
            return error
        }
    }

    /// With the program's places in its traceback.
    public func located(_ cancellation: PythonError, _ py: borrowing Python) -> PythonError {
        guard !stack.isEmpty, let hook = Hooks[.placed] else { return cancellation }
        do throws(PythonError) {
            return PythonError(
                exception: try hook.call(
                    spread: [cancellation.exception(py), try py.object(Self.rows(stack))], keywords: [:], py))
        } catch {
            return error
        }
    }

    /// Python's own exception, or that of a model, which a failure stems from.
    private static func original(_ origin: (any HostObject)?, _ py: borrowing Python) -> PythonObject? {
        (origin as? PythonGuest)?.object ?? (origin as? ModelFault)?.error.pythonError(py).exception(py)
    }

    /// What takes secrets out of a text, for the Python side.
    private static func function(
        _ redact: @escaping @Sendable (String) -> String, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        try py.object(PythonBridge.function("redact", "text") { (text: String) in redact(text) })
    }

    private static func rows(_ stack: [ErrorPlace]) -> [PythonRow] {
        stack.map { place in
            PythonRow(
                place.source, place.function, place.start.line, place.start.column, place.end.line, place.end.column,
                place.line)
        }
    }

    private var causeName: String {
        switch cause {
        case .raised: "raised"
        case .limit(let limit): "limit:\(limit)"
        case .cancelled: "cancelled"
        case .syntax: "syntax"
        case .closed: "closed"
        case .usage: "usage"
        }
    }
}

extension ContextCore {
    /// Throws what interrupted a run that has ended with an error, with the places that this names in its traceback.
    func throwInterruption(of error: any Error) throws {
        do {
            try throwInterruption()
        } catch let interruption as PythonError {
            guard let failure = error as? DanaFailure else { throw interruption }
            throw Python.hold { py in failure.located(interruption, py) }
        }
    }
}

extension ErrorArguments {
    /// As the Python side reads them: how many the message spells, the text that spells them, None for the message, or a
    /// tuple of the only one, where that is an object of Python's.
    fileprivate func object(
        with subject: (any HostObject)?, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        if let guest = subject as? PythonGuest { return try py.builtin("tuple").call([guest.object], py: py) }
        return switch self {
        case .message: py.none
        case .spelled(let count): try py.object(count)
        case .apart(let text): try py.object(text)
        }
    }
}
