/// What a configuration says of one name: a model, or several models asked as one, and on which terms.
public struct ModelSetup: Sendable {
    public enum Source: Sendable {
        case endpoint(ModelEndpoint)
        /// A model in GGUF, which a process of this machine runs.
        case file(String)
        case members([Member])
    }

    /// One of several models, by its name.
    public struct Member: Sendable, Hashable {
        public var name: String
        /// Those of the lowest rank are asked first.
        public var rank: Int
        public var weight: Double

        public init(name: String, rank: Int = 0, weight: Double = 1) {
            self.name = name
            self.rank = rank
            self.weight = weight
        }
    }

    public var source: Source
    public var price = ModelPrice()
    /// Whether the configuration names a price.
    private(set) var isPriced = false
    public var requestsPerMinute: Int?
    public var tokensPerMinute: Int?
    /// How many calls there may be at once; nil for what pools do.
    public var poolSize: Int?
    /// How long one call may take; nil for what routers and transports do.
    public var timeout: Duration?
    /// How often a failed request is sent again to the same model; nil for what routers do.
    public var retries: Int?
    public var budget = Budget()
    public var order = RouterOrder.given
    /// Nil when no answers are kept.
    public var cache: ReplyCacheLimits?
    public var cacheSharing = AnswerSharing.temperatureZero
    public var coalesces = false
    /// Nil when nothing is asked a second time.
    public var hedgeAfter: Duration?

    public init(_ source: Source) { self.source = source }

    /// How a router treats failures and limits for it.
    var routerSettings: RouterSettings {
        var settings = RouterSettings()
        if let retries { settings.retry.attempts = retries == .max ? retries : retries + 1 }
        if let timeout { settings.deadline = timeout }
        settings.budget = budget
        settings.order = order
        return settings
    }
}

extension ModelSetup {
    private static let common = ["max_size", "timeout", "retries", "budget", "cache", "coalesce", "hedge_after"]
    static let modelFields =
        [
            "model", "base_url", "dialect", "key", "api_key", "key_variable", "headers", "socket",
            "requests_per_minute", "tokens_per_minute",
        ]
        + ["price"] + common
    static let fileFields = ["model", "max_size", "timeout", "retries"]
    static let routerFields = ["models", "weights", "order"] + common

    /// Whether this table speaks of several models.
    static func isRouter(_ table: SettingsTable) -> Bool {
        table.values["models"] != nil || table.values["weights"] != nil
    }

    /// The several models of a table.
    init(routerOf table: SettingsTable) throws(ModelConfiguration.Fault) {
        try table.refuseOthers(than: Self.routerFields)
        let order: RouterOrder? = try table.text("order").map { (word: String) throws(ModelConfiguration.Fault) in
            guard let order = RouterOrder(rawValue: word) else {
                let known = RouterOrder.allCases.map(\.rawValue).joined(separator: ", ")
                throw ModelConfiguration.Fault(description: "\(table.place).order: \(word) is none of \(known)")
            }
            return order
        }
        self.init(.members(try Self.members(table, inOrder: order ?? .given == .given)))
        self.order = order ?? .given
        try readCommon(table)
    }

    /// The terms of the one model of a table.
    init(_ endpoint: ModelEndpoint, _ table: SettingsTable) throws(ModelConfiguration.Fault) {
        try table.refuseOthers(than: Self.modelFields)
        self.init(.endpoint(endpoint))
        requestsPerMinute = try table.count("requests_per_minute")
        tokensPerMinute = try table.count("tokens_per_minute")
        if let prices = try table.table("price") {
            try prices.refuseOthers(than: ["input", "output", "cached_input"])
            price = ModelPrice(
                input: try prices.number("input") ?? 0, output: try prices.number("output") ?? 0,
                cachedInput: try prices.number("cached_input"))
            isPriced = true
        }
        try readCommon(table)
    }

    /// The terms of a model in a file.
    init(file: String, _ table: SettingsTable) throws(ModelConfiguration.Fault) {
        try table.refuseOthers(than: Self.fileFields)
        self.init(.file(file))
        try readCommon(table)
    }

    private mutating func readCommon(_ table: SettingsTable) throws(ModelConfiguration.Fault) {
        poolSize = try table.count("max_size")
        timeout = try table.seconds("timeout")
        retries = try table.count("retries", least: 0)
        coalesces = try table.boolean("coalesce") ?? false
        hedgeAfter = try table.seconds("hedge_after")
        if let bounds = try table.table("budget") {
            try bounds.refuseOthers(than: ["tokens", "money"])
            budget = Budget(tokens: try bounds.count("tokens"), money: try bounds.number("money"))
        }
        if let bounds = try table.table("cache") {
            try bounds.refuseOthers(than: ["size", "bytes", "seconds", "always"])
            let usual = ReplyCacheLimits()
            cache = ReplyCacheLimits(
                count: try bounds.count("size") ?? usual.count, bytes: try bounds.count("bytes") ?? usual.bytes,
                age: try bounds.seconds("seconds") ?? usual.age)
            if try bounds.boolean("always") ?? false { cacheSharing = .always }
        }
    }

    /// Without weights, the models follow one another, unless another order is asked for.
    private static func members(
        _ table: SettingsTable, inOrder: Bool
    ) throws(ModelConfiguration.Fault) -> [Member] {
        if let names = try table.texts("models") {
            guard table.values["weights"] == nil else {
                throw ModelConfiguration.Fault(
                    description: "\(table.place) has models and weights: keep one of the two")
            }
            return names.enumerated().map { Member(name: $1, rank: inOrder ? $0 : 0) }
        }
        guard let weights = try table.table("weights"), !weights.values.isEmpty else {
            throw ModelConfiguration.Fault(description: "\(table.place).weights names no model")
        }
        var members: [Member] = []
        for name in weights.values.keys.sorted() {
            members.append(Member(name: name, weight: try weights.number(name) ?? 1))
        }
        guard members.contains(where: { $0.weight > 0 }) else {
            throw ModelConfiguration.Fault(
                description: "\(table.place).weights are all 0, so that no model would be chosen: raise one of them")
        }
        return members
    }
}
