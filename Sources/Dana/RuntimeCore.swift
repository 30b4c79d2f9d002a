import DanaHTTP
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
    /// Carries what programs ask of the network; it starts its thread with the first request.
    let http: any HTTPTransport
    let programs = ProgramCache()
    private let importer = Mutex<(any ForeignImporter)?>(nil)
    private let lastContext = Atomic<UInt64>(0)
    private let contexts = Mutex(Contexts())

    private struct Contexts {
        /// Those that have not ended: an owner that goes ends its context.
        var open: [UInt64: ContextCore] = [:]
        var isClosed = false
    }

    /// `http` carries what programs and models ask of the network; made as the models' settings say when it is nil.
    public init(
        filter: OutputFilter = OutputFilter(), models: ModelHubSettings = ModelHubSettings(),
        http: (any HTTPTransport)? = nil
    ) {
        self.filter = filter
        let audit = AuditLog(filter: filter)
        self.audit = audit
        var models = models
        let (listener, secret, transport) = (models.listener, models.secret, http ?? models.transport())
        self.http = transport
        models.transport = { transport }
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
                return try Interpreter(
                    limits: limits, clock: .machine, cancellation: cancellation, seed: settings.seed,
                    hostNames: StandardFunctions.names)
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
                guard let limit = error.limit else { throw .usage("SaveError", error.message) }
                let kind = limit == .memory ? "MemoryLimitExceeded" : "LimitExceeded"
                throw DanaFailure(.limit(limit), kind: kind, error.message)
            }
        }
        do throws(DanaFailure) {
            try owner.core.importAgain()
        } catch {
            owner.core.abandon()
            throw error
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
        guard keep(owner.core) else {
            owner.core.abandon()
            throw .runtimeClosed
        }
        return owner
    }

    private func keep(_ core: ContextCore) -> Bool {
        contexts.withLock { contexts in
            if contexts.isClosed { return false }
            contexts.open[core.number] = core
            return true
        }
    }

    /// A context has ended.
    func forget(_ core: ContextCore) {
        contexts.withLock { _ = $0.open.removeValue(forKey: core.number) }
        filter.forget(context: core.number)
    }

    /// A context has ended and its owner has been told: after the last of a closed runtime there is no more to tell.
    func endEventsIfOver() {
        if contexts.withLock({ $0.isClosed && $0.open.isEmpty }) { audit.end() }
    }

    // MARK: The end

    public var isClosed: Bool { contexts.withLock { $0.isClosed } }

    var openContexts: [ContextCore] { contexts.withLock { Array($0.open.values) } }

    /// Closes every context, what runs in them is cancelled, and makes no more.
    public func close() {
        let open = contexts.withLock { contexts in
            contexts.isClosed = true
            return Array(contexts.open.values)
        }
        for core in open { core.abandon() }
        models.beginClose()
        endEventsIfOver()
    }

    deinit { audit.end() }
}
