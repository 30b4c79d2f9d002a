import DanaData
import DanaHTTP
import DanaPools

/// How a question is to be answered: what stands in the options of `reason` in every language.
///
/// | option | meaning | when it is not given |
/// |---|---|---|
/// | `mode` | `brief`, `detailed`, `steps`, `bullets`, `precise` or `creative` | as the model likes |
/// | `system` | instructions that stand before the question | none |
/// | `max_tokens` | how long the answer may get | the provider's default; 512 for the embedded model, 4096 for Anthropic's |
/// | `temperature`, `top_p`, `seed`, `stop` | as providers have them | the provider's default |
/// | `model` | a configured name, `provider/model` or a `.gguf` file | the default model |
/// | `timeout` | seconds for all of it, waiting included | 600 |
/// | `priority` | `low`, `normal` or `high` | `normal` |
/// | `tenant` | who asks, for fair shares of the pool | nobody |
/// | `data` | what the question is about: a table, a list, anything plain | none |
/// | `max_data` | how many bytes of `data` are shown to the model, so many rows as they hold | 6,000 |
/// | `batch_size` | asks once for so many rows of `data` each, instead of showing the first | one question |
/// | `max_steps` | how often the model may call tools before it answers | 8 |
/// | `schema` | the JSON Schema of the answer, which is then a value and no text | text |
/// | `choices` | a list of texts, one of which is the answer | text |
/// | `extra` | fields of the provider's own; none that an option sets | none |
public struct ModelOptions: Sendable, Hashable {
    public static let usualTimeout = Duration.seconds(600)
    public static let usualDataLimit = 6000
    public static let usualSteps = 8

    public var mode: AnswerMode?
    public var system: String?
    public var maxTokens: Int?
    public var temperature: Double?
    public var topP: Double?
    public var seed: Int64?
    public var stop: [String] = []
    public var model: String?
    public var timeout = ModelOptions.usualTimeout
    public var place = PlaceWish()
    public var data: Tape?
    public var maxData = ModelOptions.usualDataLimit
    public var batchSize: Int?
    public var maxSteps = ModelOptions.usualSteps
    public var schema: ReplySchema?
    public var extras: [ModelRequest.Extra] = []

    public init() {}

    /// The names that options have.
    public static let names = [
        "mode", "system", "max_tokens", "temperature", "top_p", "seed", "stop", "model", "timeout", "priority",
        "tenant",
        "data", "max_data", "batch_size", "max_steps", "schema", "choices", "extra",
    ]

    /// From a dict of options. `typeName` is what errors call the type of a value.
    public init(
        _ options: TapeValue, typeName: @escaping (TapeValue) -> String = \.typeName
    ) throws(OptionFault) {
        let reader = OptionReader(options, typeName: typeName)
        try reader.allow(Self.names)
        mode = try reader.choice("mode", AnswerMode.self)
        system = try reader.text("system")
        maxTokens = try reader.count("max_tokens")
        temperature = try reader.number("temperature", in: 0...2)
        topP = try reader.number("top_p", in: 0...1)
        seed = try reader.integer("seed")
        stop = try reader.texts("stop")
        model = try reader.text("model")
        if let seconds = try reader.number("timeout", in: 0...1e9) { timeout = .seconds(seconds) }
        place = try PlaceWish(
            priority: try reader.text("priority"), tenant: try reader.text("tenant"), timeout: nil)
        data = reader["data"].map(Tape.init)
        maxData = try reader.count("max_data") ?? maxData
        batchSize = try reader.count("batch_size")
        maxSteps = try reader.count("max_steps") ?? maxSteps
        schema = try Self.schema(reader)
        if let extra = reader["extra"] {
            guard let pairs = extra.pairs else {
                throw reader.wrongType("extra", extra, "dict")
            }
            for pair in pairs {
                guard let name = pair.key.string else {
                    throw OptionFault(.type, "Expected string, got another type as a key of option 'extra'")
                }
                try reader.checkWritten(pair.value, "extra")
                extras.append(ModelRequest.Extra(name: name, value: Tape(pair.value)))
            }
        }
    }

    private static func schema(_ reader: OptionReader) throws(OptionFault) -> ReplySchema? {
        let choices = try reader.texts("choices")
        if let given = reader["schema"] {
            guard given.pairs != nil else {
                throw reader.wrongType("schema", given, "dict")
            }
            try reader.checkWritten(given, "schema")
            guard choices.isEmpty else { throw OptionFault(.value, "give either 'schema' or 'choices', not both") }
            return try ReplySchema(checking: given)
        }
        guard !choices.isEmpty else {
            if reader["choices"] != nil { throw OptionFault(.value, "option 'choices' must have at least one choice") }
            return nil
        }
        var builder = TapeBuilder()
        builder.object { $0.list("enum", of: choices) { $0.appendString($1) } }
        return ReplySchema(answer: builder.finish())
    }

    /// Puts what the options say into a request.
    func apply(to request: inout ModelRequest) {
        let instructions = [system, request.system, mode?.instruction].compactMap { $0 }
        request.system = instructions.isEmpty ? nil : instructions.joined(separator: "\n\n")
        request.maxTokens = maxTokens
        request.temperature = temperature ?? mode?.temperature
        request.topP = topP
        request.seed = seed
        request.stop = stop
        request.timeouts.total = timeout
        request.extras += extras
    }
}

extension Tape {
    /// A part of a value as a value of its own.
    init(_ value: TapeValue) {
        var builder = TapeBuilder()
        builder.append(value)
        self = builder.finish()
    }

    init(text: String) {
        var builder = TapeBuilder()
        builder.appendString(text)
        self = builder.finish()
    }

    init(_ number: Int64) {
        var builder = TapeBuilder()
        builder.appendInt(number)
        self = builder.finish()
    }
}
