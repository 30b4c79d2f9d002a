/// Finds the events in a `text/event-stream` that arrives in pieces of any size. Lines end with CR, LF or both; an
/// event that the stream ends in the middle of is not told, as the specification wants it, unless `end` asks for it. A
/// field `error`, which llama.cpp's server writes, is the data of an event of that name.
public struct EventStreamParser: Sendable {
    /// What a stream may ask for, in bytes.
    public struct Limits: Sendable, Hashable {
        public var line: Int
        /// The data of one event.
        public var event: Int

        public init(line: Int = 1 << 20, event: Int = 1 << 22) {
            self.line = line
            self.event = event
        }
    }

    /// A stream asked for more than its limits.
    public struct Overflow: Error, Hashable, CustomStringConvertible {
        public let description: String
    }

    private let limits: Limits
    /// The beginning of a line whose end has not come.
    private var line: [UInt8] = []
    /// The last byte was CR, so a LF belongs to it.
    private var endsWithReturn = false
    private var isFirstLine = true
    private var name = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var id = ""

    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Whether the stream stands in the middle of an event: one that ends here was cut off.
    public var isInsideEvent: Bool { !line.isEmpty || hasData || !name.isEmpty }

    /// Takes the next piece; answers the events that are complete with it.
    public mutating func feed(_ piece: [UInt8]) throws(Overflow) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        var rest = piece[...]
        if endsWithReturn, let first = rest.first {
            endsWithReturn = false
            if first == 0x0a { rest.removeFirst() }
        }
        while let end = Self.endOfLine(in: piece, from: rest.startIndex) {
            try check(line.count + (end - rest.startIndex), limits.line, "a line")
            if line.isEmpty {
                try endOfLine(rest[..<end], &events)
            } else {
                let whole = line + rest[..<end]
                line = []
                try endOfLine(whole[...], &events)
            }
            let wasReturn = rest[end] == 0x0d
            rest = rest[(end + 1)...]
            if wasReturn {
                if rest.isEmpty { endsWithReturn = true }
                if rest.first == 0x0a { rest.removeFirst() }
            }
        }
        try check(line.count + rest.count, limits.line, "a line")
        line += rest
        return events
    }

    /// What came of an event whose end did not come; some servers leave out the last blank line.
    public mutating func end() throws(Overflow) -> [ServerSentEvent] { try feed([0x0a, 0x0a]) }

    /// Whether bytes look like the beginning of an event stream: of one of its fields, or a comment.
    public static func mayBegin(with bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        if rest.starts(with: [0xef, 0xbb, 0xbf]) { rest = rest.dropFirst(3) }
        let name = rest.drop { $0 == 0x0a || $0 == 0x0d }.prefix { $0 != UInt8(ascii: ":") }
        return !rest.isEmpty && ["data", "event", "id", "retry", "error"].contains { $0.utf8.starts(with: name) }
    }

    /// Where the next CR or LF is.
    private static func endOfLine(in piece: [UInt8], from start: Int) -> Int? {
        let bytes = piece.span
        for place in start..<bytes.count where bytes[place] <= 0x0d && (bytes[place] == 0x0a || bytes[place] == 0x0d) {
            return place
        }
        return nil
    }

    private mutating func endOfLine(
        _ bytes: ArraySlice<UInt8>, _ events: inout [ServerSentEvent]
    ) throws(Overflow) {
        var bytes = bytes
        if isFirstLine {
            isFirstLine = false
            if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
        }
        guard !bytes.isEmpty else { return endOfEvent(&events) }
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        var value = bytes[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        try field(bytes[..<colon], value)
    }

    private mutating func field(_ field: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) throws(Overflow) {
        let isError = field.elementsEqual("error".utf8)
        if isError { name = "error" }
        if isError || field.elementsEqual("data".utf8) {
            try check(data.count + value.count + 1, limits.event, "the data of an event")
            if hasData { data.append(0x0a) }
            data += value
            hasData = true
        } else if field.elementsEqual("event".utf8) {
            name = String(decoding: value, as: UTF8.self)
        } else if field.elementsEqual("id".utf8), !value.contains(0) {
            id = String(decoding: value, as: UTF8.self)
        }
    }

    private mutating func endOfEvent(_ events: inout [ServerSentEvent]) {
        if hasData { events.append(ServerSentEvent(name: name.isEmpty ? "message" : name, data: data, id: id)) }
        name = ""
        data = []
        hasData = false
    }

    private func check(_ size: Int, _ limit: Int, _ what: String) throws(Overflow) {
        guard size <= limit else {
            throw Overflow(description: "\(what) of the event stream is longer than the limit of \(limit) bytes")
        }
    }
}
