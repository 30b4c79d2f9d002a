import DanaLanguage
import DanaModels
import Synchronization

/// What the contexts of one runtime share: compiled programs, the host's functions, who listens.
public final class RuntimeCore: Sendable {
    public let audit: AuditLog
    public let filter: OutputFilter
    public let functions = FunctionRegistry()
    /// The language models that programs and the host may ask.
    public let models: ModelHub
    let programs = ProgramCache()
    private let importer = Mutex<(any ForeignImporter)?>(nil)
    private let lastContext = Atomic<UInt64>(0)
    private let contexts = Mutex(Contexts())

    private struct Contexts {
        var open: [UInt64: WeakOwner] = [:]
        var sweepAt = 64
        var isClosed = false
    }

    /// A weak reference to a core itself would cost each use of it.
    private struct WeakOwner {
        weak var owner: (any ContextOwner)?
    }

    public init(filter: OutputFilter = OutputFilter(), models: ModelHubSettings = ModelHubSettings()) {
        self.filter = filter
        let audit = AuditLog(filter: filter)
        self.audit = audit
        var models = models
        let (listener, secret) = (models.listener, models.secret)
        models.listener = { event in
            audit.note(.modelCalled, context: 0, event.model, event.summary)
            listener(event)
        }
        models.secret = { value in
            filter.add(secret: value)
            secret(value)
        }
        self.models = ModelHub(models)
    }

    /// Who imports modules of another language; nil when nobody does.
    public var foreign: (any ForeignImporter)? {
        get { importer.withLock { $0 } }
        set { importer.withLock { $0 = newValue } }
    }

    // MARK: Contexts

    /// A context with a new interpreter, closed with the runtime or when its owner is gone.
    public func makeContext<Owner: ContextOwner>(
        _ settings: ContextSettings, _ own: (ContextCore) -> Owner
    ) throws(DanaFailure) -> Owner {
        let owner = try owner(own, settings) { limits, cancellation throws(DanaFailure) in
            do throws(ProgramError) {
                let interpreter = try Interpreter(
                    limits: limits, clock: .machine, cancellation: cancellation, seed: settings.seed)
                for name in StandardFunctions.names { try interpreter.register(hostFunction: name) }
                return interpreter
            } catch {
                throw DanaFailure(error)
            }
        }
        audit.note(.contextCreated, context: owner.core.number, "context \(owner.core.number)")
        return owner
    }

    /// A context that goes on where a saved one stood.
    public func restoreContext<Owner: ContextOwner>(
        _ bytes: [UInt8], key: SealKey, _ settings: ContextSettings, _ own: (ContextCore) -> Owner
    ) throws(DanaFailure) -> Owner {
        let owner = try owner(own, settings) { limits, cancellation throws(DanaFailure) in
            do throws(SaveError) {
                return try Interpreter.restore(
                    bytes, key: key, limits: limits, clock: .machine, cancellation: cancellation)
            } catch {
                throw .usage("SaveError", error.message)
            }
        }
        audit.note(.resumed, context: owner.core.number, "context \(owner.core.number)")
        return owner
    }

    private func owner<Owner: ContextOwner>(
        _ own: (ContextCore) -> Owner, _ settings: ContextSettings,
        interpreter make: (Limits, Cancellation) throws(DanaFailure) -> Interpreter
    ) throws(DanaFailure) -> Owner {
        guard !isClosed else { throw .runtimeClosed }
        let number = lastContext.add(1, ordering: .relaxed).newValue
        let owner = own(try ContextCore(settings, number: number, runtime: self, interpreter: make))
        // The runtime may have been closed meanwhile.
        guard keep(owner, number) else {
            owner.core.abandon()
            throw .runtimeClosed
        }
        return owner
    }

    private func keep(_ owner: any ContextOwner, _ number: UInt64) -> Bool {
        contexts.withLock { contexts in
            if contexts.isClosed { return false }
            contexts.open[number] = WeakOwner(owner: owner)
            if contexts.open.count > contexts.sweepAt {
                contexts.open = contexts.open.filter { $0.value.owner != nil }
                contexts.sweepAt = max(64, contexts.open.count * 2)
            }
            return true
        }
    }

    // MARK: The end

    public var isClosed: Bool { contexts.withLock { $0.isClosed } }

    var openContexts: [ContextCore] {
        let owners = contexts.withLock { $0.open.values.compactMap(\.owner) }
        return owners.map(\.core)
    }

    /// Closes every context, what runs in them is cancelled, and makes no more.
    public func close() {
        let open = contexts.withLock { contexts in
            contexts.isClosed = true
            defer { contexts.open = [:] }
            return contexts.open.values.compactMap(\.owner)
        }
        for owner in open { owner.core.abandon() }
        models.beginClose()
    }
}
