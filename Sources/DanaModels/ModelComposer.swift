import DanaHTTP

/// Makes models out of their setups. A router that several names lead to is made once; rates and breakers of a model
/// belong to each router that it is in.
struct ModelComposer {
    /// The word for the embedded model among the names.
    static let embeddedName = "embedded"

    let configuration: ModelConfiguration
    let transport: any HTTPTransport
    /// The embedded model, or with its file another that runs like it; nil where none is to be had.
    let embedded: (_ file: String?) -> (any LanguageModel)?
    let meter: ModelMeter?
    let clock: RouterClock
    private var made: [String: any LanguageModel] = [:]

    init(
        _ configuration: ModelConfiguration, transport: any HTTPTransport,
        embedded: @escaping (_ file: String?) -> (any LanguageModel)?, meter: ModelMeter?, clock: RouterClock
    ) {
        self.configuration = configuration
        self.transport = transport
        self.embedded = embedded
        self.meter = meter
        self.clock = clock
    }

    /// The model of this name as it is used.
    mutating func model(_ name: String) throws(ModelConfiguration.Fault) -> any LanguageModel {
        if let known = made[name] { return known }
        guard !configuration.isEmbedded(name) else { return Router([try route(.init(name: name))], clock: clock) }
        let setup = try configuration.setup(name)
        var model: any LanguageModel
        switch setup.source {
        case .endpoint, .file:
            model = Router([try route(.init(name: name))], settings: setup.routerSettings, clock: clock)
        case .members(let members):
            var routes: [ModelRoute] = []
            for member in members { routes.append(try route(member)) }
            model = Router(routes, name: name, settings: setup.routerSettings, clock: clock)
        }
        if let delay = setup.hedgeAfter { model = HedgingModel(model, after: delay, clock: clock) }
        if setup.coalesces { model = CoalescingModel(model) }
        if let limits = setup.cache {
            model = CachingModel(model, limits: limits, sharing: setup.cacheSharing, clock: clock)
        }
        made[name] = model
        return model
    }

    /// A member of a router: a model itself, which that router asks again, or a router of its own.
    private mutating func route(_ member: ModelSetup.Member) throws(ModelConfiguration.Fault) -> ModelRoute {
        if configuration.isEmbedded(member.name) { return try local(nil, member) }
        let setup = try configuration.setup(member.name)
        switch setup.source {
        case .members: return ModelRoute(try model(member.name), rank: member.rank, weight: member.weight)
        case .file(let file): return try local(file, member)
        case .endpoint(var endpoint):
            endpoint.timeout = setup.timeout
            let model = HTTPModel(endpoint, transport: transport)
            return ModelRoute(
                metered(model, endpoint.provider, setup.price), rank: member.rank, weight: member.weight,
                price: setup.price,
                requestsPerMinute: setup.requestsPerMinute, tokensPerMinute: setup.tokensPerMinute)
        }
    }

    /// A model that a process of this machine runs.
    private func local(
        _ file: String?, _ member: ModelSetup.Member
    ) throws(ModelConfiguration.Fault) -> ModelRoute {
        guard let model = embedded(file) else {
            throw .init(description: "the embedded model is not to be had here: name another one")
        }
        return ModelRoute(metered(model, Engine.provider), rank: member.rank, weight: member.weight)
    }

    private func metered(
        _ model: any LanguageModel, _ provider: String, _ price: ModelPrice = ModelPrice()
    ) -> any LanguageModel {
        guard let meter else { return model }
        return MeteredModel(model, provider: provider, price: price, meter: meter, clock: clock)
    }
}

extension ModelConfiguration {
    /// The model of a name as the configuration has it: with its retries, limits, cache and all. A model that is not in
    /// the file is named by provider and model. Its limits and its cache are its own: make it once and keep it.
    ///
    /// `embedded` stands for the name `embedded`; `meter` counts what each model is asked.
    public func model(
        _ name: String, transport: any HTTPTransport, embedded: (any LanguageModel)? = nil, meter: ModelMeter? = nil,
        clock: RouterClock = .system
    ) throws(Fault) -> any LanguageModel {
        var composer = ModelComposer(
            self, transport: transport, embedded: { $0 == nil ? embedded : nil }, meter: meter, clock: clock)
        return try composer.model(name)
    }

    /// How many calls of this model there may be at once; nil when the configuration does not say.
    public func poolSize(_ name: String) -> Int? { (try? setup(name))?.poolSize }
}
