import DanaData
import DanaHTTP

/// How a provider's protocol puts requests and answers into JSON. A plain value: it decides, `HTTPModel` acts.
protocol WireFormat: Sendable {
    associatedtype Decoder: StreamDecoder

    var capabilities: ModelCapabilities { get }
    /// What to ask for below the base address.
    var path: String { get }
    /// The fields that show the key, and others that the protocol wants.
    func headers(_ key: Secret?) -> HTTPHeaders
    func body(_ request: ModelRequest, model: String, stream: Bool) throws(WireFault) -> [UInt8]
    /// A whole answer.
    func reply(_ answer: TapeValue, to request: ModelRequest) throws(WireFault) -> ModelReply
    /// What reads the stream of an answer.
    func decoder(for request: ModelRequest) -> Decoder
    func embeddings(_ texts: [String], model: String) throws(WireFault) -> WireQuestion<[[Float]]>
    func tokenCount(_ request: ModelRequest, model: String) throws(WireFault) -> WireQuestion<Int>?
}

extension WireFormat {
    func embeddings(_ texts: [String], model: String) throws(WireFault) -> WireQuestion<[[Float]]> {
        throw WireFault(.unsupported, "this provider has no embeddings: name another model for them")
    }

    func tokenCount(_ request: ModelRequest, model: String) throws(WireFault) -> WireQuestion<Int>? { nil }
}
