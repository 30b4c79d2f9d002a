import DanaHTTP
import DanaPools
import Synchronization

/// The language models of a runtime by their names, each lent by a pool that is made when it is first asked for. A pool
/// that somebody holds outlives it; the others end with it.
public final class ModelHub: Sendable {
    /// The name of the model that needs no set-up.
    public static let embeddedName = ModelComposer.embeddedName

    /// Counts and times what the models are asked.
    public let meter = ModelMeter()

    private struct State {
        var configuration: ModelConfiguration?
        var transport: (any HTTPTransport)?
        var pools: [String: ModelPool] = [:]
        /// By the names of their files; the one that needs no set-up by its own name.
        var embedded: [String: EmbeddedModel] = [:]
        var defaultName: String?
        var listeners: [Int: @Sendable (ModelCallEvent) -> Void] = [:]
        var lastListener = 0
        var isClosed = false
    }

    private let settings: ModelHubSettings
    private let state = Mutex(State())

    public init(_ settings: ModelHubSettings = ModelHubSettings()) { self.settings = settings }

    // MARK: Models

    /// The pool of a model: of a name that was added or is configured, of `provider/model`, of a `.gguf` file, of
    /// `embedded`; nil means the default model.
    public func pool(_ name: String? = nil) throws(ModelError) -> ModelPool {
        try state.withLock { state throws(ModelError) in
            guard !state.isClosed else {
                throw ModelError(
                    .noModelLeft, "the runtime is closed, and its models with it", model: name ?? "default")
            }
            if let name, let known = state.pools[name] { return known }
            let name = if let name { name } else { try defaultName(&state) }
            if let known = state.pools[name] { return known }
            let pool = try makePool(name, &state)
            state.pools[name] = pool
            return pool
        }
    }

    /// Adds a model, or puts it in the place of another of its name; nobody is asked what it is.
    public func add(
        _ name: String, limits: PoolLimits = PoolLimits(), isDefault: Bool = false, _ model: any LanguageModel
    ) throws(ModelError) {
        try add(makePool(name, limits) { _ in model }, isDefault: isDefault)
    }

    /// Adds a model behind a server.
    public func add(
        _ name: String, limits: PoolLimits? = nil, isDefault: Bool = false, _ endpoint: ModelEndpoint
    ) throws(ModelError) {
        let model = state.withLock { server(endpoint, &$0) }
        try add(makePool(name, limits ?? providerLimits) { _ in model }, isDefault: isDefault)
    }

    /// Adds a model by its provider and name, such as `openai/gpt-5`, or behind an address; what is not said comes out
    /// of the configuration.
    public func add(
        _ name: String, model: String, address: String? = nil, key: Secret? = nil, socket: String? = nil,
        size: Int? = nil, isDefault: Bool = false
    ) throws(ModelError) {
        let address = address ?? socket.map { _ in "http://localhost/v1" }
        let isOwn = address != nil
        var endpoint: ModelEndpoint
        do {
            endpoint = try state.withLock { state throws(ModelError) in try configuration(&state) }
                .endpoint(isOwn && !model.contains("/") ? "compatible/\(model)" : model, at: address)
        } catch let fault as ModelConfiguration.Fault {
            throw ModelError(.configuration, fault.description, model: name)
        } catch let error as ModelError {
            throw error
        } catch {
            throw ModelError(.configuration, "\(error)", model: name)
        }
        if let key {
            endpoint.key = key
            endpoint.missingKeyVariable = nil
        }
        endpoint.socketPath = socket ?? endpoint.socketPath
        var limits = providerLimits
        if let size { limits.maxSize = size }
        try add(name, limits: limits, isDefault: isDefault, endpoint)
    }

    private func add(_ pool: ModelPool, isDefault: Bool) throws(ModelError) {
        let replaced = try state.withLock { state throws(ModelError) in
            guard !state.isClosed else {
                throw ModelError(.noModelLeft, "the runtime is closed, and its models with it", model: pool.name)
            }
            if isDefault { state.defaultName = pool.name }
            return state.pools.updateValue(pool, forKey: pool.name)
        }
        replaced?.beginDrain()
    }

    /// The models that are in use or configured.
    public var names: [String] {
        state.withLock { state in
            let configured = (try? configuration(&state).names) ?? []
            return Set(configured).union(state.pools.keys).union([Self.embeddedName]).sorted()
        }
    }

    /// The name of the model that is asked when none is named.
    public func defaultName() throws(ModelError) -> String {
        try state.withLock { state throws(ModelError) in try defaultName(&state) }
    }

    /// The process ids of embedded models that run.
    public var processIDs: [Int32] { state.withLock { Array($0.embedded.values) }.compactMap(\.processID) }

    // MARK: Calls

    /// Tells of each call from now on, on whatever thread it ends; the number takes the listener back.
    public func listen(_ listener: @escaping @Sendable (ModelCallEvent) -> Void) -> Int {
        state.withLock { state in
            state.lastListener += 1
            state.listeners[state.lastListener] = listener
            return state.lastListener
        }
    }

    public func ignore(_ number: Int) { _ = state.withLock { $0.listeners.removeValue(forKey: number) } }

    private func tell(_ event: ModelCallEvent) {
        meter.recordWait(event.timing.queued, pool: event.name)
        settings.listener(event)
        for listener in state.withLock({ Array($0.listeners.values) }) { listener(event) }
    }

    // MARK: The end

    /// Gives borrowers their time, then ends every pool and every process.
    public func close(within time: Duration? = nil) async {
        let (pools, embedded) = takeAll()
        for pool in pools { await pool.drain(within: time) }
        for model in embedded { model.close() }
    }

    /// Ends at once.
    public func beginClose() {
        let (pools, embedded) = takeAll()
        for pool in pools { pool.beginDrain(within: .zero) }
        for model in embedded { model.close() }
    }

    private func takeAll() -> ([ModelPool], [EmbeddedModel]) {
        state.withLock { state in
            defer { (state.pools, state.embedded, state.isClosed) = ([:], [:], true) }
            return (Array(state.pools.values), Array(state.embedded.values))
        }
    }

    // MARK: Making

    private func configuration(_ state: inout State) throws(ModelError) -> ModelConfiguration {
        if let known = state.configuration { return known }
        do {
            let made = try settings.configuration()
            state.configuration = made
            return made
        } catch {
            throw ModelError(.configuration, error.description, model: "models")
        }
    }

    private func defaultName(_ state: inout State) throws(ModelError) -> String {
        if let name = state.defaultName { return name }
        let name = try configuration(&state).defaultName ?? Self.embeddedName
        state.defaultName = name
        return name
    }

    private func transport(_ state: inout State) -> any HTTPTransport {
        if let known = state.transport { return known }
        let made = settings.transport()
        state.transport = made
        return made
    }

    private var providerLimits: PoolLimits {
        var limits = PoolLimits()
        limits.maxSize = settings.providerSize
        return limits
    }

    private func makePool(_ name: String, _ state: inout State) throws(ModelError) -> ModelPool {
        let configuration = try configuration(&state)
        if configuration.isEmbedded(name) || name.hasSuffix(".gguf") { return try makeEmbedded(name, &state) }
        var limits = providerLimits
        if let size = configuration.poolSize(name) { limits.maxSize = size }
        let model: any LanguageModel
        do throws(ModelConfiguration.Fault) {
            let setup = try configuration.setup(name)
            if case .endpoint(let endpoint) = setup.source { noteSecrets(endpoint) }
            for other in configuration.names {
                if let endpoint = try? configuration.endpoint(other) { noteSecrets(endpoint) }
            }
            model = try configuration.model(
                name, transport: transport(&state), embedded: try? embedded(Self.embeddedName, &state), meter: meter,
                clock: settings.clock)
        } catch {
            throw ModelError(.configuration, error.description, model: name)
        }
        return try makePool(name, limits) { _ in model }
    }

    private func noteSecrets(_ endpoint: ModelEndpoint) {
        for secret in endpoint.secrets { settings.secret(secret.revealed) }
    }

    private func server(_ endpoint: ModelEndpoint, _ state: inout State) -> any LanguageModel {
        noteSecrets(endpoint)
        let model = HTTPModel(endpoint, transport: transport(&state))
        let metered = MeteredModel(model, provider: endpoint.provider, meter: meter)
        return Router([ModelRoute(metered)], clock: settings.clock)
    }

    private func makeEmbedded(_ name: String, _ state: inout State) throws(ModelError) -> ModelPool {
        let model = try embedded(name, &state)
        var limits = PoolLimits()
        limits.maxSize = model.slots
        // The time to fetch the model is the call's.
        limits.acquisitionTimeout = ModelOptions.usualTimeout
        let pool = try makePool(name, limits) { [meter, clock = settings.clock] slot in
            let asked = MeteredModel(model.slot(slot), provider: Self.embeddedName, meter: meter)
            return Router([ModelRoute(ToolsBySchema(asked))], clock: clock)
        }
        model.warm()
        return pool
    }

    private func embedded(_ name: String, _ state: inout State) throws(ModelError) -> EmbeddedModel {
        if let known = state.embedded[name] { return known }
        guard var embedded = settings.embedded else {
            throw ModelError(
                .configuration,
                "there is no embedded model here: name another in DANA_MODEL, such as openai/gpt-5-mini", model: name)
        }
        if name != Self.embeddedName { embedded.modelFile = name }
        let model = EmbeddedModel(embedded, transport: transport(&state), fetching: settings.fetching)
        state.embedded[name] = model
        return model
    }

    private func makePool(
        _ name: String, _ limits: PoolLimits, model: @escaping @Sendable (_ slot: Int) -> any LanguageModel
    ) throws(ModelError) -> ModelPool {
        do {
            return try ModelPool(
                name, limits: limits, listener: { [weak self] in self?.tell($0) },
                model: model)
        } catch {
            throw ModelError(.configuration, error.description, model: name)
        }
    }
}
