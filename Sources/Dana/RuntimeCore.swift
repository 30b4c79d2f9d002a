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
    private let contexts = Mutex(Contexts())

    private struct Contexts {
        var open: [UInt64: WeakCore] = [:]
        var sweepAt = 64
        var isClosed = false
    }

    private struct WeakCore {
        weak var core: ContextCore?
    }

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
        guard !isClosed else { throw .runtimeClosed }
        return try ContextCore(settings, number: nextContext(), runtime: self)
    }

    // MARK: The end

    public var isClosed: Bool { contexts.withLock { $0.isClosed } }

    var openContexts: [ContextCore] { contexts.withLock { $0.open.values.compactMap(\.core) } }

    /// Closes a context with the runtime.
    public func keep(_ core: ContextCore) {
        contexts.withLock { contexts in
            contexts.open[core.number] = WeakCore(core: core)
            if contexts.open.count > contexts.sweepAt {
                contexts.open = contexts.open.filter { $0.value.core?.isEnded == false }
                contexts.sweepAt = max(64, contexts.open.count * 2)
            }
        }
    }

    /// Closes every context, what runs in them is cancelled, and makes no more.
    public func close() {
        let open = contexts.withLock { contexts in
            contexts.isClosed = true
            defer { contexts.open = [:] }
            return contexts.open.values.compactMap(\.core)
        }
        for core in open { core.abandon() }
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
