import DanaLanguage
import Synchronization

/// What the contexts of one runtime share: compiled programs, the host's functions, who listens.
public final class RuntimeCore: Sendable {
    public let audit: AuditLog
    public let filter: OutputFilter
    public let functions = FunctionRegistry()
    let programs = ProgramCache()
    private let importer = Mutex<(any ForeignImporter)?>(nil)
    private let lastContext = Atomic<UInt64>(0)

    public init(filter: OutputFilter = OutputFilter()) {
        self.filter = filter
        audit = AuditLog(filter: filter)
    }

    /// Who imports modules of another language; nil when nobody does.
    public var foreign: (any ForeignImporter)? {
        get { importer.withLock { $0 } }
        set { importer.withLock { $0 = newValue } }
    }

    func nextContext() -> UInt64 { lastContext.add(1, ordering: .relaxed).newValue }

    public func makeCore(_ settings: ContextSettings) throws(DanaFailure) -> ContextCore {
        try ContextCore(settings, number: nextContext(), runtime: self)
    }

    /// A context that goes on where a saved one stood.
    public func restoreCore(
        _ bytes: [UInt8], key: SealKey, _ settings: ContextSettings
    ) throws(DanaFailure) -> ContextCore {
        try ContextCore(settings, number: nextContext(), runtime: self) {
            limits, cancellation throws(DanaFailure) in
            do throws(SaveError) {
                return try Interpreter.restore(
                    bytes, key: key, limits: limits, clock: MonotonicClock.clock, cancellation: cancellation)
            } catch {
                throw .usage("SaveError", error.message)
            }
        }
    }
}

/// Imports modules of another language for programs.
public protocol ForeignImporter: Sendable {
    /// Answers an import: of a file, or of a module that the language itself finds.
    func importModule(_ call: HostCall, name: String, file: String?, in core: ContextCore) -> HostReply
}
