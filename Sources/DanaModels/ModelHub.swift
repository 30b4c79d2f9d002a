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

    /// How many pools are kept for names that nobody configured or added, where nobody uses them.
    private static let idleNames = 64

    private struct KeptPool {
        let pool: ModelPool
        /// Whether it was made because somebody said its name, and would be made again.
        var isByName = false
        var lastUse: UInt64 = 0
    }

    private struct State {
        var configuration: ModelConfiguration?
        var transport: (any HTTPTransport)?
        var pools: [String: KeptPool] = [:]
        var uses: UInt64 = 0
        /// By the names of their files; the one that needs no set-up by its own name.
        var embedded: [String: EmbeddedModel] = [:]
        var defaultName: String?
        var listeners: [Int: @Sendable (ModelCallEvent) -> Void] = [:]
        var lastListener = 0
        var isClosed = false

        mutating func pool(_ name: String) -> ModelPool? {
            uses &+= 1
            pools[name]?.lastUse = uses
            return pools[name]?.pool
        }
    }

    private let settings: ModelHubSettings
    /// Nothing is made or asked while it is held: of what two make at the same time the first is kept.
    private let state = Mutex(State())

    public init(_ settings: ModelHubSettings = ModelHubSettings()) { self.settings = settings }

    // MARK: Models

    /// The pool of a model: of a name that was added or is configured, of `provider/model`, of a `.gguf` file, of
    /// `embedded`; nil means the default model.
    public func pool(_ name: String? = nil) throws(ModelError) -> ModelPool {
        if let name, let known = try known(name) { return known }
        let name = if let name { name } else { try defaultName() }
        if let known = try known(name) { return known }
        let (made, embedded) = try makePool(name)
        let kept = try state.withLock { state throws(ModelError) in
            try checkOpen(state, name)
            if let first = state.pool(name) { return first }
            state.pools[name] = made
            return state.pool(name) ?? made.pool
        }
        if kept === made.pool { embedded?.warm() }
        if made.isByName { dropIdle() }
        return kept
    }

    private func known(_ name: String) throws(ModelError) -> ModelPool? {
        try state.withLock { state throws(ModelError) in
            try checkOpen(state, name)
            return state.pool(name)
        }
    }

    private func checkOpen(_ state: borrowing State, _ name: String) throws(ModelError) {
        if state.isClosed {
            throw ModelError(.noModelLeft, "the runtime is closed, and its models with it", model: name)
        }
    }

    /// Lets go of pools that names made and nobody asks any more, those that were asked for longest ago first.
    private func dropIdle() {
        let byName = state.withLock { state in state.pools.filter { $1.isByName } }
        var surplus = byName.count - Self.idleNames
        for (name, kept) in byName.sorted(by: { $0.value.lastUse < $1.value.lastUse }) where surplus > 0 {
            let figures = kept.pool.statistics
            guard figures.leased == 0, figures.waiting == 0 else { continue }
            surplus -= 1
            state.withLock { state in
                if state.pools[name]?.lastUse == kept.lastUse { state.pools[name] = nil }
            }
        }
    }

    /// Whether a name would have a file of this machine run that neither the configuration nor the host has named.
    public func isUnknownFile(_ name: String) throws(ModelError) -> Bool {
        guard ModelConfiguration.isFile(name), try defaultName() != name else { return false }
        guard state.withLock({ $0.pools[name].map(\.isByName) ?? true }) else { return false }
        return try !configuration().isConfigured(name)
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
        let model = server(endpoint)
        try add(makePool(name, limits ?? providerLimits) { _ in model }, isDefault: isDefault)
    }

    /// Adds a model by its provider and name, such as `openai/gpt-5`, behind an address, or a `.gguf` file; what is not
    /// said comes out of the configuration.
    public func add(
        _ name: String, model: String, address: String? = nil, key: Secret? = nil, headers: [String: Secret] = [:],
        socket: String? = nil, size: Int? = nil, isDefault: Bool = false
    ) throws(ModelError) {
        let address = address ?? socket.map { _ in "http://localhost/v1" }
        let isOwn = address != nil
        let configuration = try configuration()
        if !isOwn, ModelConfiguration.isFile(model), !configuration.isConfigured(model) {
            guard key == nil, headers.isEmpty else {
                throw ModelError(.configuration, "a file on this machine wants no key and no headers", model: name)
            }
            return try add(file: model, as: name, size, isDefault: isDefault)
        }
        var endpoint: ModelEndpoint
        do throws(ModelConfiguration.Fault) {
            endpoint = try configuration.endpoint(
                isOwn && !model.contains("/") ? "compatible/\(model)" : model, at: address, others: knownNames)
            for (field, value) in headers.sorted(by: { $0.key < $1.key }) {
                endpoint.headers.removeAll { $0.name.lowercased() == field.lowercased() }
                endpoint.headers.append((field, value))
            }
            try endpoint.checkHeaders(at: "headers")
        } catch {
            throw ModelError(.configuration, error.description, model: name)
        }
        if let key {
            guard let key = key.trimmed else { throw ModelError(.configuration, "the key is empty", model: name) }
            endpoint.key = key
            endpoint.missingKeyVariable = nil
        }
        endpoint.socketPath = socket ?? endpoint.socketPath
        var limits = providerLimits
        if let size { limits.maxSize = size }
        try add(name, limits: limits, isDefault: isDefault, endpoint)
    }

    private func add(
        file: String, as name: String, _ size: Int?, isDefault: Bool
    ) throws(ModelError) {
        var setup = ModelSetup(.file(file))
        setup.poolSize = size
        let (pool, model) = try makeEmbedded(name, file, setup)
        try add(pool, isDefault: isDefault)
        model.warm()
    }

    private func add(_ pool: ModelPool, isDefault: Bool) throws(ModelError) {
        let replaced = try state.withLock { state throws(ModelError) in
            try checkOpen(state, pool.name)
            if isDefault { state.defaultName = pool.name }
            return state.pools.updateValue(KeptPool(pool: pool), forKey: pool.name)
        }
        // Whoever asks it has the time that a call has.
        replaced?.pool.beginDrain(within: ModelOptions.usualTimeout)
    }

    /// The models that are in use or configured.
    public var names: [String] {
        Set(knownNames).union(state.withLock { $0.pools.keys }).union([Self.embeddedName]).sorted()
    }

    /// Those that are configured or were added, and the embedded one where there is one.
    private var knownNames: [String] {
        let configured = (try? configuration().names) ?? []
        let added = state.withLock { state in state.pools.filter { !$1.isByName }.map(\.key) }
        return Set(configured + added + (settings.embedded == nil ? [] : [Self.embeddedName])).sorted()
    }

    /// The name of the model that is asked when none is named.
    public func defaultName() throws(ModelError) -> String {
        if let name = state.withLock({ $0.defaultName }) { return name }
        let configured = try configuration().defaultName ?? Self.embeddedName
        return state.withLock { state in
            let name = state.defaultName ?? configured
            state.defaultName = name
            return name
        }
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
            return (state.pools.values.map(\.pool), Array(state.embedded.values))
        }
    }

    // MARK: Making

    private func configuration() throws(ModelError) -> ModelConfiguration {
        if let known = state.withLock({ $0.configuration }) { return known }
        let made: ModelConfiguration
        do {
            made = try settings.configuration()
        } catch {
            throw ModelError(.configuration, error.description, model: "models")
        }
        return state.withLock { $0.configuration.keepingFirst(made) }
    }

    private func transport() -> any HTTPTransport {
        if let known = state.withLock({ $0.transport }) { return known }
        let made = settings.transport()
        return state.withLock { $0.transport.keepingFirst(made) }
    }

    private var providerLimits: PoolLimits {
        var limits = PoolLimits()
        limits.maxSize = settings.providerSize
        return limits
    }

    /// The pool of a name, and the model whose process it uses.
    private func makePool(_ name: String) throws(ModelError) -> (KeptPool, EmbeddedModel?) {
        let configuration = try configuration()
        if configuration.isEmbedded(name) {
            let (pool, model) = try makeEmbedded(name, Self.embeddedName)
            return (KeptPool(pool: pool), model)
        }
        let setup: ModelSetup
        do throws(ModelConfiguration.Fault) {
            setup = try configuration.setup(name, others: knownNames)
        } catch {
            throw ModelError(.configuration, error.description, model: name)
        }
        let isByName = !configuration.isConfigured(name)
        if case .file(let file) = setup.source {
            let (pool, model) = try makeEmbedded(name, file, setup)
            return (KeptPool(pool: pool, isByName: isByName), model)
        }
        let model = try compose(name, setup, configuration)
        var limits = providerLimits
        if let size = setup.poolSize { limits.maxSize = size }
        return (KeptPool(pool: try makePool(name, limits) { _ in model }, isByName: isByName), nil)
    }

    private func compose(
        _ name: String, _ setup: ModelSetup, _ configuration: ModelConfiguration
    ) throws(ModelError) -> any LanguageModel {
        if case .endpoint(let endpoint) = setup.source { noteSecrets(endpoint) }
        for other in configuration.names {
            if let endpoint = try? configuration.endpoint(other) { noteSecrets(endpoint) }
        }
        var composer = ModelComposer(
            configuration, transport: transport(), embedded: { [self] in try? embedded($0 ?? Self.embeddedName) },
            meter: meter, clock: settings.clock)
        do {
            return try composer.model(name)
        } catch {
            throw ModelError(.configuration, error.description, model: name)
        }
    }

    private func noteSecrets(_ endpoint: ModelEndpoint) {
        for secret in endpoint.secrets { settings.secret(secret.revealed) }
    }

    private func server(_ endpoint: ModelEndpoint) -> any LanguageModel {
        noteSecrets(endpoint)
        let model = HTTPModel(endpoint, transport: transport())
        let metered = MeteredModel(model, provider: endpoint.provider, meter: meter, clock: settings.clock)
        return Router([ModelRoute(metered)], clock: settings.clock)
    }

    /// The pool of a model that a process of this machine runs: of a file, or of the embedded one's name.
    private func makeEmbedded(
        _ name: String, _ file: String, _ setup: ModelSetup? = nil
    ) throws(ModelError) -> (ModelPool, EmbeddedModel) {
        let model = try embedded(file)
        var limits = PoolLimits()
        limits.maxSize = setup?.poolSize ?? model.slots
        // The time to fetch the model is the call's.
        limits.acquisitionTimeout = ModelOptions.usualTimeout
        let terms = setup?.routerSettings ?? RouterSettings()
        let pool = try makePool(name, limits) { [meter, clock = settings.clock] slot in
            let asked = MeteredModel(model.slot(slot), provider: Self.embeddedName, meter: meter, clock: clock)
            return Router([ModelRoute(ToolsBySchema(asked))], settings: terms, clock: clock)
        }
        return (pool, model)
    }

    private func embedded(_ file: String) throws(ModelError) -> EmbeddedModel {
        if let known = state.withLock({ $0.embedded[file] }) { return known }
        guard var embedded = settings.embedded else {
            throw ModelError(
                .configuration,
                "there is no embedded model here: name another in DANA_MODEL, such as openai/gpt-5-mini", model: file)
        }
        if file != Self.embeddedName { embedded.modelFile = file }
        let made = EmbeddedModel(embedded, transport: transport(), fetching: settings.fetching)
        return try state.withLock { state throws(ModelError) in
            try checkOpen(state, file)
            return state.embedded[file].keepingFirst(made)
        }
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

extension Optional {
    /// What is there already, or what is put there now.
    fileprivate mutating func keepingFirst(_ made: Wrapped) -> Wrapped {
        let kept = self ?? made
        self = kept
        return kept
    }
}
