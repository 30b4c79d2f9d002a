import DanaData
import DanaHTTP

/// The model that needs no key, no server and no set-up: small, run by a child process on this machine. It is good for
/// answers in a given form (a choice, a schema, yes or no) and for short summaries.
///
/// A call whose process ends before the answer has begun may be made again, which a `Router` does.
public final class EmbeddedModel: LanguageModel {
    /// What a small model does best with when the request does not say.
    /// An answer by choice is always the likeliest.
    private static let usualTemperature = 0.2
    private static let usualTopP = 0.9
    /// A small model does not always find an end.
    private static let usualTokens = 512

    public let name: String
    public let capabilities: ModelCapabilities = [.streaming, .schema, .seed, .stop]
    private let settings: EmbeddedSettings
    private let engine: Engine
    private let transport: any HTTPTransport

    /// `fetching` is told when the model has to be fetched first, with its size in bytes.
    public init(
        _ settings: EmbeddedSettings, transport: any HTTPTransport,
        fetching: @escaping @Sendable (_ package: String, _ bytes: Int) -> Void = { _, _ in }
    ) {
        self.transport = transport
        self.settings = settings
        name = "\(Engine.provider)/\(Self.shortName(settings.modelFile))"
        engine = Engine(settings, name: name) { event in
            if case .fetching(let package, let bytes) = event { fetching(package, bytes) }
        }
    }

    /// What a model in a file is called, or the one that is fetched.
    private static func shortName(_ file: String?) -> String {
        guard let file else { return "smollm2-135m-instruct" }
        let last = file.split(separator: "/").last ?? ""
        return String(last.hasSuffix(".gguf") ? last.dropLast(5) : last)
    }

    /// Starts the process, which becomes ready behind the caller's back.
    public func warm() { engine.warm() }

    /// Ends the process. The model cannot be used any more.
    public func close() { engine.close() }

    /// The process that runs the model, while there is one.
    public var processID: Int32? { engine.processID }

    public func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        try await stream(request).collect()
    }

    public func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
        try await stream(request, slot: nil)
    }

    /// How many may ask it at the same time.
    public var slots: Int { max(1, settings.slots) }

    /// The model as one of those who may ask it at the same time: what one of them asked before is not read again.
    public func slot(_ number: Int) -> any LanguageModel { EmbeddedSlot(model: self, number: number % slots) }

    func stream(_ request: ModelRequest, slot: Int?) async throws(ModelError) -> ModelStream {
        guard request.tools.isEmpty else {
            throw ModelError(
                .unsupported, "the embedded model calls no tools: ask for an answer in a schema, or another model",
                model: name)
        }
        var request = request
        let isChoice = request.schema?.isChoice ?? false
        request.temperature = request.temperature ?? (isChoice ? 0 : Self.usualTemperature)
        request.topP = request.topP ?? Self.usualTopP
        request.maxTokens = request.maxTokens ?? Self.usualTokens
        if let schema = request.schema { request.schema?.schema = BoundedSchema.of(schema.schema) }
        if let slot { request.extras.append(ModelRequest.Extra(name: "id_slot", value: Tape(Int64(slot)))) }
        return try await HTTPModel(try await engine.endpoint(), transport: transport).stream(request)
    }
}
