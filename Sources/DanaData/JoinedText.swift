/// A text that comes in pieces which may part a character: the first half of one waits for the second, and a half that
/// stays alone becomes a replacement character.
public struct JoinedText: Sendable {
    /// The first half of a character, which ended the piece before.
    private var waiting: UInt16?

    public init() {}

    /// What can be said of the text with its next piece; nothing of a value that is no text.
    public mutating func add(_ piece: TapeValue) -> String {
        if waiting == nil, let whole = piece.string { return whole }
        guard piece.kind == .string || piece.kind == .surrogateString else { return "" }
        var result = ""
        var left = piece.rawBytes[...]
        while let place = left.indices.first(where: { Self.isHalf(left, at: $0) }) {
            add(left[..<place], to: &result)
            add(0xd000 | UInt16(left[place + 1] & 0x3f) << 6 | UInt16(left[place + 2] & 0x3f), to: &result)
            left = left[(place + 3)...]
        }
        add(left, to: &result)
        return result
    }

    /// What stands for a half whose other one did not come.
    public mutating func rest() -> String {
        defer { waiting = nil }
        return waiting == nil ? "" : "\u{fffd}"
    }

    /// Halves stand as three bytes: ED, Ax or Bx, and another one.
    private static func isHalf(_ bytes: ArraySlice<UInt8>, at place: Int) -> Bool {
        bytes[place] == 0xed && place + 2 < bytes.endIndex && bytes[place + 1] >= 0xa0
    }

    private mutating func add(_ plain: ArraySlice<UInt8>, to text: inout String) {
        if !plain.isEmpty { text += rest() + String(decoding: plain, as: UTF8.self) }
    }

    private mutating func add(_ half: UInt16, to text: inout String) {
        if let first = waiting, UTF16.isTrailSurrogate(half) {
            text += String(decoding: [first, half], as: UTF16.self)
            waiting = nil
        } else {
            text += rest()
            if UTF16.isLeadSurrogate(half) { waiting = half } else { text += "\u{fffd}" }
        }
    }
}
