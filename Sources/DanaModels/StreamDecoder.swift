import DanaData
import DanaHTTP

/// Reads the events of a streamed answer.
protocol StreamDecoder: Sendable {
    /// The pieces that an event brings.
    mutating func decode(_ event: ServerSentEvent) throws(WireFault) -> [ModelChunk]
    /// The end marker has come.
    var isComplete: Bool { get }
}

extension StreamDecoder {
    /// The JSON of an event.
    func document(_ event: ServerSentEvent) throws(WireFault) -> Tape {
        do {
            return try JSONReader.read(utf8: event.data)
        } catch {
            throw WireFault(
                .invalidReply, "an event of the stream is not JSON (\(error))",
                body: String(decoding: event.data, as: UTF8.self))
        }
    }
}

extension ServerSentEvent {
    /// Whether the server says that something failed, in whatever form.
    var isError: Bool { name == "error" }

    /// The data without the white space around it.
    var content: ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
        guard let last = data.lastIndex(where: { !isSpace($0) }) else { return [] }
        return data[...last].drop(while: isSpace)
    }
}
