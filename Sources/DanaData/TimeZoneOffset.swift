/// A time zone: a fixed offset from UTC with an optional name, or the key of a zone of the IANA
/// database whose rules the receiver looks up.
public struct TimeZoneOffset: Hashable, Sendable {
    private enum Zone: Hashable, Sendable {
        case fixed(TimeDelta, name: String?)
        case region(String)
    }

    private let zone: Zone

    public static let utc = TimeZoneOffset(.fixed(.zero, name: nil))

    /// Nil unless the offset is less than a day either way.
    public init?(offset: TimeDelta, name: String? = nil) {
        guard offset.days == 0 || (offset.days == -1 && (offset.seconds, offset.microseconds) != (0, 0)) else {
            return nil
        }
        self.init(.fixed(offset, name: name))
    }

    /// A zone by its key, such as Europe/Zurich; nil when the key is empty.
    public init?(key: String) {
        guard !key.isEmpty else { return nil }
        self.init(.region(key))
    }

    private init(_ zone: Zone) {
        self.zone = zone
    }

    /// The fixed offset from UTC; nil for a zone known by its key.
    public var offset: TimeDelta? {
        if case .fixed(let offset, _) = zone { offset } else { nil }
    }

    /// The name given to a fixed offset.
    public var name: String? {
        if case .fixed(_, let name) = zone { name } else { nil }
    }

    /// The key of a zone of the IANA database; nil for a fixed offset.
    public var key: String? {
        if case .region(let key) = zone { key } else { nil }
    }

    fileprivate init(checked offset: TimeDelta, name: String?) {
        self.init(.fixed(offset, name: name))
    }

    fileprivate init(checkedKey key: String) {
        self.init(.region(key))
    }
}

extension TimeZoneOffset: CustomStringConvertible {
    /// An offset such as +02:00, or a key in brackets such as [Europe/Zurich].
    public var description: String {
        guard let offset else { return "[\(key ?? "")]" }
        let total = offset.totalMicroseconds
        let size = Int(total.magnitude)
        let (seconds, microseconds) = (size / 1_000_000, size % 1_000_000)
        var text = total < 0 ? "-" : "+"
        text += "\((seconds / 3600).padded(to: 2)):\((seconds / 60 % 60).padded(to: 2))"
        if seconds % 60 != 0 || microseconds != 0 { text += ":\((seconds % 60).padded(to: 2))" }
        if microseconds != 0 { text += ".\(microseconds.padded(to: 6))" }
        return text
    }
}

extension TapeBuilder {
    /// A timeZone has the offset and the name as its parts (the name may be absent), or the key alone.
    public mutating func append(_ value: TimeZoneOffset) {
        begin(.timeZone)
        if let offset = value.offset { append(offset) }
        if let text = value.name ?? value.key { appendString(text) }
        end()
    }
}

extension TapeCursor {
    public mutating func readTimeZone() -> TimeZoneOffset {
        let header = take(.timeZone)
        position &+= 2
        guard kind == .timeDelta else { return TimeZoneOffset(checkedKey: readString()) }
        let offset = readTimeDelta()
        return TimeZoneOffset(checked: offset, name: header.count == 2 ? readString() : nil)
    }
}

extension TapeValue {
    public var timeZone: TimeZoneOffset? { read(.timeZone) { $0.readTimeZone() } }
}
