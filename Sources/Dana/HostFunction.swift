import DanaLanguage

/// A function of the host's that programs call. It is called without the context's lock.
public protocol HostFunction: AnyObject, Sendable {
    /// Answers a call at once, or says what must be awaited first.
    func call(_ call: HostCall, in core: ContextCore) -> HostReply

    /// How a model may call it; nil when how it is called is not known. Called without the lock.
    func tool() throws(DanaFailure) -> HostTool?
}

extension HostFunction {
    public func tool() throws(DanaFailure) -> HostTool? { nil }
}

/// Something of the host's that programs hold without looking inside.
public protocol HostObject: AnyObject, Sendable {
    /// What tells it from others of its language: two with the same identity are one to a program.
    var identity: UInt { get }

    /// The name of its type, for messages.
    var typeName: String { get }

    /// Whether `|` takes it for a function.
    var isFunction: Bool { get }

    /// What it holds as plain data, for a model to read: of a table no fewer rows than so many bytes can show, all of them
    /// where there is no limit. Nil when it has no such form. Called without the lock.
    func plainData(limit: Int?) throws(DanaFailure) -> ObjectData?

    /// As `str` gives it, for a line of a log; nil where it gives no text. Called without the lock.
    func text() -> String?

    /// How a model may call it; nil when it is no function. Called without the lock.
    func tool() throws(DanaFailure) -> HostTool?

    /// What audit events call it when it is called, or when a method of it is; and what it is called in full.
    func name(ofMethod method: String?) -> (name: String, whole: String)

    /// Ends a `with` of a program's that a failure has ended where the program itself could not. Called without the lock.
    func leave(_ failure: DanaFailure)

    /// Does what a program asks of it.
    func perform(_ operation: HandleOperation, _ call: HostCall, in core: ContextCore) -> HostReply
}

extension HostObject {
    public func plainData(limit: Int?) throws(DanaFailure) -> ObjectData? { nil }
    public func text() -> String? { nil }
    public func tool() throws(DanaFailure) -> HostTool? { nil }
    public func leave(_ failure: DanaFailure) {}

    public func name(ofMethod method: String?) -> (name: String, whole: String) {
        (method.map { "\(typeName).\($0)" } ?? typeName, "")
    }
}

/// What becomes of a host call.
public enum HostReply: Sendable {
    /// It was answered: with `ContextCore.answer` or `fail`.
    case answered
    /// The answer comes when this has been awaited: what it gives is called then, without the lock, and answers.
    case later(@Sendable () async -> HostAnswering)
}

/// Answers a host call: with `ContextCore.answer` or `fail`.
public typealias HostAnswering = @Sendable (HostCall) -> Void

/// A host call that must be awaited.
public struct PendingOperation: Sendable {
    public let call: HostCall
    /// What it works for, as whoever made the call does.
    let scope: ContextScope
    let operation: @Sendable () async -> HostAnswering

    /// Awaits it; what it begins in the context runs inside the turn.
    public func answering() async -> HostAnswering {
        await ContextScope.$current.withValue(scope) { await operation() }
    }
}
