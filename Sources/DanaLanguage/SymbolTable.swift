/// The names of one program, each held once.
public struct SymbolTable: Sendable {
    private var bytes: [UInt8] = []
    /// Where each symbol's bytes end; they begin where the one before ends.
    private var ends: [UInt32] = []

    public var count: Int { ends.count }

    public func text(_ symbol: Symbol) -> String {
        String(decoding: utf8(symbol), as: UTF8.self)
    }

    public func utf8(_ symbol: Symbol) -> ArraySlice<UInt8> {
        let index = Int(symbol.rawValue)
        let start = index == 0 ? 0 : Int(ends[index - 1])
        return bytes[start..<Int(ends[index])]
    }
}
