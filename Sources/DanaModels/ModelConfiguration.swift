import DanaHTTP

/// Which models there are by which name, and which one is asked when none is named: out of the environment and of
/// `dana.toml`, or the table `tool.dana` of `pyproject.toml`.
///
///     [models]
///     default = "fast"
///
///     [models.fast]
///     model = "openai/gpt-5-mini"
///
///     [models.own]
///     model = "compatible/qwen"
///     base_url = "http://gpu:8000/v1"
///     key_variable = "GPU_KEY"
///
///     [models.safe]
///     models = ["fast", "own"]
///
/// The last one is several models asked as one; `DesignNotes/models.md` has all settings. A key comes out of the
/// environment, from the provider's usual variable or the one that is named, or stands in the file as `key` or `api_key`.
public struct ModelConfiguration: Sendable {
    /// What is wrong with a configuration, where, and what to do.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// The name of the model that is asked when none is named; nil for the embedded one.
    public private(set) var defaultName: String?
    private var setups: [String: ModelSetup] = [:]
    /// Some of it are keys.
    private let environment: [String: Secret]

    /// `file` names the file that `toml` was read from.
    public init(
        environment: [String: String], toml: [String: TOMLValue] = [:], file: String = "dana.toml"
    ) throws(Fault) {
        self.environment = environment.mapValues(Secret.init)
        try SettingsTable(place: file, values: toml).refuseOthers(than: ["models", "dana"])
        let models = toml["models"] ?? .table([:])
        guard let table = models.table else {
            throw Fault(description: "\(file): models is \(models.kind), a table is expected")
        }
        for (name, value) in table.sorted(by: { $0.key < $1.key }) where name != "default" {
            guard let fields = value.table else {
                throw Fault(description: "\(file): models.\(name) is \(value.kind), a table is expected")
            }
            setups[name] = try setup(SettingsTable(place: "\(file): models.\(name)", values: fields))
        }
        var checked: Set<String> = []
        for name in names { try checkMembers(of: name, in: file, on: [], &checked) }
        for name in names { try checkBudget(of: name, in: file) }
        if let value = table["default"] {
            guard let name = value.text else {
                throw Fault(description: "\(file): models.default is \(value.kind), the name of a model is expected")
            }
            if !isEmbedded(name) {
                defaultName = name
                _ = try setup(name)
            }
        }
        try useEnvironment()
    }

    /// The names that the file gives.
    public var names: [String] { setups.keys.sorted() }

    /// What is said of this name, or of this provider and model, such as `openai/gpt-5`, or of a `.gguf` file.
    public func setup(_ name: String) throws(Fault) -> ModelSetup { try setup(name, others: names) }

    /// `others` are the names to choose from where there is none such.
    func setup(_ name: String, others: [String]) throws(Fault) -> ModelSetup {
        if let setup = setups[name] { return setup }
        guard name.contains("/") || Self.isFile(name) else {
            let known = others.isEmpty ? "none is configured" : "there are \(others.joined(separator: ", "))"
            throw Fault(
                description:
                    "there is no model \"\(name)\" (\(known)): name one, or provider and model as in openai/gpt-5")
        }
        return try setup(SettingsTable(place: "model \"\(name)\"", values: ["model": .text(name)]))
    }

    /// Where the model of this name is, or that of this provider and model.
    public func endpoint(_ name: String) throws(Fault) -> ModelEndpoint { try endpoint(name, others: names) }

    private func endpoint(_ name: String, others: [String]) throws(Fault) -> ModelEndpoint {
        switch try setup(name, others: others).source {
        case .endpoint(let endpoint): return endpoint
        case .file: throw Fault(description: "\"\(name)\" is a file on this machine and has no address")
        case .members:
            throw Fault(description: "\"\(name)\" is several models and has no address of its own: name one of them")
        }
    }

    /// Whether the configuration has this name.
    func isConfigured(_ name: String) -> Bool { setups[name] != nil }

    /// Whether this is a model's file, and not a provider's model that is called like one.
    static func isFile(_ model: String) -> Bool {
        guard model.hasSuffix(".gguf") else { return false }
        return model.firstIndex(of: "/").flatMap { Provider.named(String(model[..<$0])) } == nil
    }

    /// Whether this name means the embedded model.
    public func isEmbedded(_ name: String) -> Bool { name == ModelComposer.embeddedName && setups[name] == nil }

    private func setup(_ table: SettingsTable) throws(Fault) -> ModelSetup {
        guard !ModelSetup.isRouter(table) else { return try ModelSetup(routerOf: table) }
        if let file = try table.text("model"), Self.isFile(file) { return try ModelSetup(file: file, table) }
        return try ModelSetup(try endpoint(table), table)
    }

    /// Every member of `name` exists, and none leads back to it; `path` leads to it.
    private func checkMembers(
        of name: String, in file: String, on path: [String], _ checked: inout Set<String>
    ) throws(Fault) {
        let path = path + [name]
        guard path.count <= 100, !path.dropLast().contains(name) else {
            throw Fault(description: "\(file): the models lead in a circle: \(path.joined(separator: " -> "))")
        }
        guard !isEmbedded(name), !checked.contains(name) else { return }
        do {
            guard case .members(let members) = try setup(name).source else { return }
            for member in members { try checkMembers(of: member.name, in: file, on: path, &checked) }
            checked.insert(name)
        } catch {
            // What is wrong with the innermost one says it best.
            throw path.count == 1 || error.description.hasPrefix(file)
                ? error : Fault(description: "\(file): models.\(path[path.count - 2]): \(error)")
        }
    }

    /// A budget of money counts by the prices: what costs money has one. Servers of one's own may cost nothing, but not
    /// all of them.
    private func checkBudget(of name: String, in file: String) throws(Fault) {
        guard let setup = setups[name], setup.budget.money != nil else { return }
        let members = if case .members(let members) = setup.source { members.map(\.name) } else { [name] }
        let place = "\(file): models.\(name) has a budget of money"
        var isCounted = false
        for member in members where !isEmbedded(member) {
            let asked = try self.setup(member)
            isCounted = isCounted || asked.isPriced
            switch asked.source {
            case .endpoint(let endpoint):
                guard !asked.isPriced, Provider.named(endpoint.provider)?.keyVariable != nil else { continue }
                throw Fault(
                    description:
                        "\(place), and \(member) has no price: give it one, such as price = { input = 0.25, output = 2 }"
                )
            case .members:
                throw Fault(
                    description:
                        "\(place), which does not count what \(member) costs, for that is several models: "
                        + "name them here, or give \(member) the budget")
            case .file: break
            }
        }
        guard isCounted else { throw Fault(description: "\(place), and no model in it has a price: give them prices") }
    }

    /// The same, at another address.
    public func endpoint(_ name: String, at address: String?) throws(Fault) -> ModelEndpoint {
        try endpoint(name, at: address, others: names)
    }

    /// `others` are the names that are told where there is none such.
    func endpoint(_ name: String, at address: String?, others: [String]) throws(Fault) -> ModelEndpoint {
        guard let address else { return try endpoint(name, others: others) }
        guard setups[name] == nil else {
            var known = try endpoint(name)
            known.baseURL = try Self.checked(address, at: "model \"\(name)\"")
            return known
        }
        let values = ["model": TOMLValue.text(name), "base_url": .text(address)]
        guard case .endpoint(let endpoint) = try setup(SettingsTable(place: "model \"\(name)\"", values: values)).source
        else { return try endpoint(name) }
        return endpoint
    }

    /// `DANA_MODEL` names the default; `DANA_BASE_URL` and `DANA_API_KEY` are for it.
    private mutating func useEnvironment() throws(Fault) {
        let terms = ["DANA_BASE_URL", "DANA_API_KEY"].filter { variable($0) != nil }
        guard let name = variable("DANA_MODEL") else {
            guard let term = terms.first else { return }
            throw Fault(
                description: "\(term) is for the model that DANA_MODEL names, and there is no DANA_MODEL: set it")
        }
        if case .members? = setups[name]?.source {
            if let term = terms.first {
                throw Fault(
                    description: "\(term) is for one model, and DANA_MODEL=\(name) is several: unset one of the two")
            }
            defaultName = name
            return
        }
        if isEmbedded(name) {
            defaultName = nil
            return
        }
        var chosen: ModelSetup
        if let address = variable("DANA_BASE_URL") {
            let model = name.contains("/") || setups[name] != nil ? name : "compatible/\(name)"
            if let known = setups[model] {
                chosen = known
            } else {
                let values = ["model": TOMLValue.text(model), "base_url": .text(address)]
                chosen = try setup(SettingsTable(place: "DANA_MODEL", values: values))
            }
        } else {
            chosen = try setup(name)
        }
        if case .endpoint(var endpoint) = chosen.source {
            if let address = variable("DANA_BASE_URL") {
                endpoint.baseURL = try Self.checked(address, at: "DANA_BASE_URL")
            }
            if let key = variable("DANA_API_KEY") {
                endpoint.key = Secret(key)
                endpoint.missingKeyVariable = nil
            }
            chosen.source = .endpoint(endpoint)
        }
        setups[name] = chosen
        defaultName = name
    }

    /// Without the space around it, with which files and shells like to end; nil when nothing is left.
    private func variable(_ name: String) -> String? {
        environment[name]?.trimmed?.revealed
    }

    private func endpoint(_ table: SettingsTable) throws(Fault) -> ModelEndpoint {
        let place = table.place
        try table.refuseOthers(than: ModelSetup.modelFields)
        guard let name = try table.text("model"), let slash = name.firstIndex(of: "/"), name.last != "/" else {
            throw Fault(description: "\(place): model must name provider and model, as in openai/gpt-5")
        }
        guard let provider = Provider.named(String(name[..<slash])) else {
            let words = Provider.all.map(\.word).joined(separator: ", ")
            throw Fault(description: "\(place): \(name[..<slash]) is no provider (known are \(words))")
        }
        let socket = try table.text("socket")
        guard
            let address = try table.text("base_url") ?? provider.addressVariable.flatMap(variable) ?? provider.baseURL
                ?? socket.map({ _ in "http://localhost/v1" })
        else { throw Fault(description: "\(place): the provider \(provider.word) needs a base_url") }
        var dialect = provider.dialect
        if let word = try table.text("dialect") {
            guard let named = ModelEndpoint.Dialect(rawValue: word) else {
                throw Fault(description: "\(place).dialect: \(word) is none of chat, responses, messages")
            }
            dialect = named
        }
        var endpoint = ModelEndpoint(
            provider: provider.word, model: String(name[name.index(after: slash)...]),
            baseURL: try Self.checked(address, at: place), dialect: dialect, socketPath: socket)
        let keyVariable = try table.text("key_variable")
        let keys = ["key", "api_key"].filter { table.values[$0] != nil }
        guard keys.count < 2 else { throw Fault(description: "\(place) has key and api_key: keep one of the two") }
        if let field = keys.first, let key = try table.text(field) {
            guard let key = Secret(key).trimmed else { throw Fault(description: "\(place).\(field) is empty") }
            endpoint.key = key
        } else {
            endpoint.key = try key(keyVariable, provider, at: place)
        }
        if let fields = try table.table("headers") {
            for name in fields.values.keys.sorted() {
                endpoint.headers.append((name, Secret(try fields.text(name) ?? "")))
            }
            try endpoint.checkHeaders(at: "\(place).headers")
        }
        endpoint.missingKeyVariable = address == provider.baseURL && endpoint.key == nil ? provider.keyVariable : nil
        return endpoint
    }

    /// An address below which requests can go; one with a password in it is not repeated.
    private static func checked(_ address: String, at place: String) throws(Fault) -> String {
        guard ServerAddress(url: address) != nil else {
            let given = address.contains("@") ? "" : ", got \"\(address)\""
            throw Fault(description: "\(place): base_url must be an address such as http://gpu:8000/v1\(given)")
        }
        if let fault = HTTPRequest(url: address).fault {
            let advice = address.contains("@") ? ", by the setting `headers`" : ""
            throw Fault(description: "\(place): base_url: \(fault.message)\(advice)")
        }
        guard !address.contains("#") else {
            throw Fault(description: "\(place): base_url has a part behind #, which no server gets: leave it out")
        }
        return address
    }

    private func key(_ named: String?, _ provider: Provider, at place: String) throws(Fault) -> Secret? {
        if let named {
            guard let key = variable(named) else {
                throw Fault(description: "\(place): the environment has no variable \(named), which holds the key")
            }
            return Secret(key)
        }
        return provider.keyVariable.flatMap(variable).map(Secret.init)
    }
}
