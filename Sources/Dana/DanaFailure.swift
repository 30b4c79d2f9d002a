import DanaLanguage

/// Why something asked of Dana did not come to a result.
public struct DanaFailure: Error, Sendable {
    public enum Cause: Sendable, Equatable {
        /// A program raised an exception that it did not catch.
        case raised(ExceptionKind)
        /// A limit of the context was used up; the context is closed.
        case limit(LimitKind)
        case cancelled
        /// A program's text makes no sense.
        case syntax
        /// The context or the runtime is closed.
        case closed
        /// The caller asked for something that there is not, or gave something that does not fit.
        case usage
    }

    public var cause: Cause { facts.cause }
    /// The exception's name as a traceback ends with it.
    public var kind: String { facts.kind }
    public var message: String { path.isEmpty ? facts.text : "\(facts.text) at \(path)" }
    public var arguments: ErrorArguments { facts.arguments }
    /// Where in Dana, innermost call last.
    public var stack: [ErrorPlace] { facts.stack }
    /// What is wrong with a text, that of the program or of a module that it imports: one or several things.
    public var findings: [TextFinding] { facts.findings }
    /// The host's own error that this stems from.
    public var origin: (any HostObject)? { facts.origin }
    /// The host's own object that the exception was made with alone. Only the host knows its text: the message names its
    /// type.
    public var subject: (any HostObject)? { facts.subject }
    /// The exceptions that led to this one, the nearest first.
    public var chain: [EarlierFailure] { facts.chain }
    /// What to write instead, where there is something near; of a limit, why there can be no more.
    public var hint: String? { facts.hint }
    /// What the program added with `add_note`.
    public var notes: [String] { facts.notes }
    /// Takes secrets out of a text as they were taken out of the messages; nil where there is none to take any out of.
    public var redact: (@Sendable (String) -> String)? { facts.redact }

    private let facts: Facts
    /// In which part of a value, such as `[2]['name']`.
    private var path = ""

    /// What does not change. Every context holds failures that hardly ever happen: a copy is one reference.
    private final class Facts: Sendable {
        let cause: Cause
        let kind: String
        let text: String
        let arguments: ErrorArguments
        let stack: [ErrorPlace]
        let findings: [TextFinding]
        let origin: (any HostObject)?
        let subject: (any HostObject)?
        let chain: [EarlierFailure]
        let hint: String?
        let notes: [String]
        let redact: (@Sendable (String) -> String)?

        init(
            _ cause: Cause, _ kind: String, _ text: String, _ arguments: ErrorArguments, _ stack: [ErrorPlace],
            _ findings: [TextFinding], _ origin: (any HostObject)?, _ subject: (any HostObject)?,
            _ chain: [EarlierFailure], _ hint: String?, _ notes: [String], _ redact: (@Sendable (String) -> String)?
        ) {
            self.cause = cause
            self.kind = kind
            self.text = text
            self.arguments = arguments
            self.stack = stack
            self.findings = findings
            self.origin = origin
            self.subject = subject
            self.chain = chain
            self.hint = hint
            self.notes = notes
            self.redact = redact
        }
    }

    /// The error of a Swift function that this stems from.
    public var underlying: (any Error)? { (origin as? SwiftError)?.error }

    public init(
        _ cause: Cause, kind: String, _ message: String, arguments: ErrorArguments = .message,
        stack: [ErrorPlace] = [], findings: [TextFinding] = [], origin: (any HostObject)? = nil,
        subject: (any HostObject)? = nil, chain: [EarlierFailure] = [], hint: String? = nil, notes: [String] = [],
        redact: (@Sendable (String) -> String)? = nil
    ) {
        facts = Facts(
            cause, kind, message, arguments, stack, findings, origin, subject, chain, hint, notes, redact)
    }

    /// `message` and `arguments` are what leaves of the error's own.
    init(
        _ error: ProgramError, message: String? = nil, arguments: ErrorArguments? = nil,
        origin: (any HostObject)? = nil, subject: (any HostObject)? = nil, chain: [EarlierFailure] = [],
        hint: String? = nil, redact: (@Sendable (String) -> String)? = nil
    ) {
        let cause: Cause =
            switch error.cause {
            case .raised(let kind): .raised(kind)
            case .limit(let limit): .limit(limit)
            case .cancelled: .cancelled
            }
        self.init(
            cause, kind: error.kind, message ?? error.message, arguments: arguments ?? error.arguments,
            stack: error.stack, findings: (origin as? FaultyText)?.findings ?? [], origin: origin, subject: subject,
            chain: chain, hint: hint ?? error.hint, notes: error.notes, redact: redact)
    }

    /// An error as the host is told it: what a program's own values have thrown is a failure.
    public static func told(_ error: any Error) -> any Error {
        guard let error = error as? ProgramError else { return error }
        return DanaFailure(error)
    }

    /// From the findings of a text that cannot be compiled.
    init(_ failure: Compiler.Failure, _ source: SourceText) {
        let errors = failure.diagnostics.filter { $0.severity == .error }
        let findings = errors.map { TextFinding($0, in: source) }
        self.init(
            .syntax, kind: "SyntaxError", findings.first?.message ?? "invalid syntax",
            stack: findings.first.map { [$0.place] } ?? [], findings: findings)
    }

    /// The same in a part of something: the path goes from the whole inwards.
    public func at(_ step: String) -> DanaFailure {
        var part = self
        part.path = step + path
        return part
    }

    static func usage(_ kind: String, _ message: String) -> DanaFailure { DanaFailure(.usage, kind: kind, message) }

    public static let tooDeep = usage(
        "TypeConversionError",
        "a value is nested more than \(ContextCore.depthLimit) levels deep, or contains itself: flatten it")
    static let contextClosed = DanaFailure(
        .closed, kind: "ContextClosedError", "the context is closed: create another with runtime.create_context()")
    /// What the one hears whose task is cancelled.
    static let taskCancelled = cancelled(taskCancellation)
    static let taskCancellation = "the task that waited for it was cancelled"

    static func cancelled(_ reason: String) -> DanaFailure {
        DanaFailure(.cancelled, kind: "CancelledError", "the run was cancelled: \(reason)")
    }

    /// The context's time is over.
    static let lifeOver = DanaFailure(.limit(.deadline), kind: "LimitExceeded", LimitKind.deadline.message)

    /// As those are told it who come after it has closed the context.
    var asClosing: DanaFailure {
        guard case .limit = cause else { return .contextClosed }
        return DanaFailure(
            .closed, kind: "ContextClosedError",
            "the context is closed since \(message): create another with runtime.create_context()")
    }

    static let runtimeClosed = DanaFailure(
        .closed, kind: "RuntimeClosedError", "the runtime is closed: make another DanaRuntime")
}

extension DanaFailure: CustomStringConvertible {
    /// The trace as a terminal shows it, the failing line last.
    public var description: String {
        var text = stack.isEmpty ? "" : "Dana traceback (most recent call last):\n"
        for place in stack {
            text += "  File \"\(place.source)\", line \(place.start.line), in \(place.function)\n"
            if !place.line.isEmpty { text += "    \(place.line)\n" }
        }
        return text + "\(kind): \(message)"
    }
}
