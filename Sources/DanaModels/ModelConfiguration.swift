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
/// A key comes out of the environment, from the provider's usual variable or the one that is named, or stands in the
/// file as `key`.
public struct ModelConfiguration: Sendable {
    /// What is wrong with a configuration, where, and what to do.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// The name of the model that is asked when none is named; nil for the embedded one.
    public private(set) var defaultName: String?
    private var endpoints: [String: ModelEndpoint] = [:]
    private let environment: [String: String]

    /// `file` names the file that `toml` was read from.
    public init(
        environment: [String: String], toml: [String: TOMLValue] = [:], file: String = "dana.toml"
    ) throws(Fault) {
        self.environment = environment
        let models = toml["models"] ?? .table([:])
        guard let table = models.table else {
            throw Fault(description: "\(file): models is \(models.kind), a table is expected")
        }
        for (name, value) in table.sorted(by: { $0.key < $1.key }) where name != "default" {
            guard let fields = value.table else {
                throw Fault(description: "\(file): models.\(name) is \(value.kind), a table is expected")
            }
            endpoints[name] = try endpoint(fields, at: "\(file): models.\(name)")
        }
        if let value = table["default"] {
            guard let name = value.text else {
                throw Fault(description: "\(file): models.default is \(value.kind), the name of a model is expected")
            }
            defaultName = name
            _ = try self.endpoint(name)
        }
        try useEnvironment()
    }

    /// The names that the file gives.
    public var names: [String] { endpoints.keys.sorted() }

    /// The model of this name, or of this provider and model, such as `openai/gpt-5`.
    public func endpoint(_ name: String) throws(Fault) -> ModelEndpoint {
        if let endpoint = endpoints[name] { return endpoint }
        guard name.contains("/") else {
            let known = names.isEmpty ? "none is configured" : "there are \(names.joined(separator: ", "))"
            throw Fault(
                description:
                    "there is no model \"\(name)\" (\(known)): name one, or provider and model as in openai/gpt-5")
        }
        return try endpoint(["model": .text(name)], at: "model \"\(name)\"")
    }

    /// The same, at another address.
    public func endpoint(_ name: String, at address: String?) throws(Fault) -> ModelEndpoint {
        guard let address else { return try endpoint(name) }
        guard endpoints[name] == nil else {
            var known = try endpoint(name)
            known.baseURL = address
            return known
        }
        return try endpoint(["model": .text(name), "base_url": .text(address)], at: "model \"\(name)\"")
    }

    /// `DANA_MODEL` names the default; `DANA_BASE_URL` and `DANA_API_KEY` are for it.
    private mutating func useEnvironment() throws(Fault) {
        guard let name = variable("DANA_MODEL") else { return }
        var chosen: ModelEndpoint
        if let address = variable("DANA_BASE_URL") {
            let model = name.contains("/") || endpoints[name] != nil ? name : "compatible/\(name)"
            if let known = endpoints[model] {
                chosen = known
            } else {
                chosen = try endpoint(["model": .text(model), "base_url": .text(address)], at: "DANA_MODEL")
            }
            chosen.baseURL = address
        } else {
            chosen = try endpoint(name)
        }
        if let key = variable("DANA_API_KEY") {
            chosen.key = Secret(key)
            chosen.missingKeyVariable = nil
        }
        endpoints[name] = chosen
        defaultName = name
    }

    private func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    private static let fields = ["model", "base_url", "dialect", "key", "key_variable", "socket"]

    private func endpoint(_ fields: [String: TOMLValue], at place: String) throws(Fault) -> ModelEndpoint {
        if let wrong = fields.keys.sorted().first(where: { !Self.fields.contains($0) }) {
            throw Fault(
                description: "\(place).\(wrong) is no setting (known are \(Self.fields.joined(separator: ", ")))")
        }
        func text(_ name: String) throws(Fault) -> String? {
            guard let value = fields[name] else { return nil }
            guard let text = value.text, !text.isEmpty else {
                throw Fault(description: "\(place).\(name) is \(value.kind), a text that is not empty is expected")
            }
            return text
        }
        guard let name = try text("model"), let slash = name.firstIndex(of: "/"), name.last != "/" else {
            throw Fault(description: "\(place): model must name provider and model, as in openai/gpt-5")
        }
        guard let provider = Provider.named(String(name[..<slash])) else {
            let words = Provider.all.map(\.word).joined(separator: ", ")
            throw Fault(description: "\(place): \(name[..<slash]) is no provider (known are \(words))")
        }
        let socket = try text("socket")
        guard
            let address = try text("base_url") ?? provider.addressVariable.flatMap(variable) ?? provider.baseURL
                ?? socket.map({ _ in "http://localhost/v1" })
        else { throw Fault(description: "\(place): the provider \(provider.word) needs a base_url") }
        var dialect = provider.dialect
        if let word = try text("dialect") {
            guard let named = ModelEndpoint.Dialect(rawValue: word) else {
                throw Fault(description: "\(place).dialect: \(word) is none of chat, responses, messages")
            }
            dialect = named
        }
        var endpoint = ModelEndpoint(
            provider: provider.word, model: String(name[name.index(after: slash)...]), baseURL: address,
            dialect: dialect, socketPath: socket)
        let keyVariable = try text("key_variable")
        if let key = try text("key") {
            endpoint.key = Secret(key)
        } else {
            endpoint.key = try key(keyVariable, provider, at: place)
        }
        endpoint.missingKeyVariable = address == provider.baseURL && endpoint.key == nil ? provider.keyVariable : nil
        return endpoint
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
