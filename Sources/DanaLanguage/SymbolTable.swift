/// The names of one program, each held once. It begins with the language's own words.
public struct SymbolTable: Sendable {
    private var bytes: [UInt8] = []
    /// Where each symbol's bytes end; they begin where the one before ends.
    private var ends: [UInt32] = []
    private var hashes: [UInt32] = []
    /// Open addressing: the symbol in each slot, -1 for none. The count is a power of two.
    private var slots: [Int32] = Array(repeating: -1, count: 128)

    /// A table that holds the language's words and nothing else.
    static let ofWords: SymbolTable = {
        var table = SymbolTable()
        for word in LanguageWord.reserved + LanguageWord.contextual { _ = table.intern(word.description) }
        return table
    }()

    public var count: Int { ends.count }

    public func text(_ symbol: Symbol) -> String {
        String(decoding: utf8(symbol), as: UTF8.self)
    }

    public func utf8(_ symbol: Symbol) -> ArraySlice<UInt8> {
        let index = Int(symbol.rawValue)
        return bytes[start(index)..<Int(ends[index])]
    }

    mutating func intern(_ text: some StringProtocol) -> Symbol {
        let text = Array(text.utf8)
        var hasher = NameHasher()
        for byte in text { hasher.combine(byte) }
        return intern(text, 0, text.count, hasher.value)
    }

    /// The symbol of the bytes between two offsets, whose hash a `NameHasher` has made.
    mutating func intern(_ text: [UInt8], _ from: Int, _ to: Int, _ hash: UInt32) -> Symbol {
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while true {
            let found = slots[slot]
            if found < 0 { break }
            let index = Int(found)
            if hashes[index] == hash, isName(index, text, from, to) { return Symbol(rawValue: found) }
            slot = (slot + 1) & mask
        }
        let symbol = Int32(truncatingIfNeeded: ends.count)
        slots[slot] = symbol
        bytes.append(contentsOf: text[from..<to])
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
        hashes.append(hash)
        if ends.count * 2 > slots.count { grow() }
        return Symbol(rawValue: symbol)
    }

    private func start(_ index: Int) -> Int { index == 0 ? 0 : Int(ends[index - 1]) }

    @inline(__always)
    private func isName(_ index: Int, _ text: [UInt8], _ from: Int, _ to: Int) -> Bool {
        let start = start(index)
        let length = to - from
        guard Int(ends[index]) - start == length, start + length <= bytes.count, from >= 0, to <= text.count else {
            return false
        }
        return bytes.withUnsafeBufferPointer { bytes in
            text.withUnsafeBufferPointer { text in
                // Safe because both ranges lie within their arrays.
                var offset = 0
                while offset < length {
                    if bytes[start &+ offset] != text[from &+ offset] { return false }
                    offset &+= 1
                }
                return true
            }
        }
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = Array(repeating: -1, count: mask + 1)
        for (index, hash) in hashes.enumerated() {
            var slot = Int(hash) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: index)
        }
    }
}
