/// The text of a path in a file system. A file name that is not Unicode is kept: its undecodable
/// bytes stand as lone surrogates in generalised UTF-8, as Python writes them in a `str`.
public struct PathText: Hashable, Sendable {
    /// The text as UTF-8, or as generalised UTF-8 when it has lone surrogates.
    public let utf8: [UInt8]
    public let hasSurrogates: Bool

    public init(_ text: String) {
        utf8 = Array(text.utf8)
        hasSurrogates = false
    }

    /// From generalised UTF-8: a lone surrogate stands as three bytes ED Ax/Bx xx.
    public init(wtf8: some Sequence<UInt8>) {
        utf8 = Array(wtf8)
        hasSurrogates = zip(utf8, utf8.dropFirst()).contains { $0 == 0xed && $1 >= 0xa0 }
    }

    /// The text; nil when it has lone surrogates.
    public var string: String? {
        hasSurrogates ? nil : String(decoding: utf8, as: UTF8.self)
    }
}

extension PathText: CustomStringConvertible {
    /// The text, with replacement characters for lone surrogates.
    public var description: String { String(decoding: utf8, as: UTF8.self) }
}

extension TapeBuilder {
    public mutating func append(_ value: PathText) {
        value.utf8.withUnsafeBytes { bytes in unsafe appendPath(utf8: bytes, hasSurrogates: value.hasSurrogates) }
    }
}

extension TapeCursor {
    public mutating func readPath() -> PathText {
        _ = take(.path)
        return unsafe readBytes { bytes in unsafe PathText(wtf8: bytes) }
    }
}

extension TapeValue {
    public var path: PathText? { read(.path) { $0.readPath() } }
}
