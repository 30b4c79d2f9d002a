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

    // MARK: Contexts

    /// A context with a new interpreter, closed with the runtime.
    public func makeCore(_ settings: ContextSettings) throws(DanaFailure) -> ContextCore {
        let core = try core(settings) { limits, cancellation throws(DanaFailure) in
            do throws(ProgramError) {
                let interpreter = try Interpreter(
                    limits: limits, clock: MonotonicClock.clock, cancellation: cancellation, seed: settings.seed)
                for name in StandardFunctions.names { try interpreter.register(hostFunction: name) }
                return interpreter
            } catch {
                throw DanaFailure(error)
            }
        }
        audit.note(.contextCreated, context: core.number, "context \(core.number)")
        return core
    }

    /// A context that goes on where a saved one stood, closed with the runtime.
    public func restoreCore(
        _ bytes: [UInt8], key: SealKey, _ settings: ContextSettings
    ) throws(DanaFailure) -> ContextCore {
        let core = try core(settings) { limits, cancellation throws(DanaFailure) in
            do throws(SaveError) {
                return try Interpreter.restore(
                    bytes, key: key, limits: limits, clock: MonotonicClock.clock, cancellation: cancellation)
            } catch {
                throw .usage("SaveError", error.message)
            }
        }
        audit.note(.resumed, context: core.number, "context \(core.number)")
        return core
    }

    private func core(
        _ settings: ContextSettings, interpreter make: (Limits, Cancellation) throws(DanaFailure) -> Interpreter
    ) throws(DanaFailure) -> ContextCore {
        guard !isClosed else { throw .runtimeClosed }
        let number = lastContext.add(1, ordering: .relaxed).newValue
        let core = try ContextCore(settings, number: number, runtime: self, interpreter: make)
        // The runtime may have been closed meanwhile.
        guard keep(core) else {
            core.abandon()
            throw .runtimeClosed
        }
        return core
    }

    private func keep(_ core: ContextCore) -> Bool {
        contexts.withLock { contexts in
            if contexts.isClosed { return false }
            contexts.open[core.number] = WeakCore(core: core)
            if contexts.open.count > contexts.sweepAt {
                contexts.open = contexts.open.filter { $0.value.core?.isEnded == false }
                contexts.sweepAt = max(64, contexts.open.count * 2)
            }
            return true
        }
    }

    // MARK: The end

    public var isClosed: Bool { contexts.withLock { $0.isClosed } }

    var openContexts: [ContextCore] { contexts.withLock { $0.open.values.compactMap(\.core) } }

    /// Closes every context, what runs in them is cancelled, and makes no more.
    public func close() {
        let open = contexts.withLock { contexts in
            contexts.isClosed = true
            defer { contexts.open = [:] }
            return contexts.open.values.compactMap(\.core)
        }
        for core in open { core.abandon() }
    }
}
