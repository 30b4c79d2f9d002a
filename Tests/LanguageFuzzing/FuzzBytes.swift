/// The bytes of a fuzzer's input as a source of choices; once they are used up every choice is the first.
public struct FuzzBytes {
    private var bytes: ArraySlice<UInt8>

    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)[...]
    }

    public var isEmpty: Bool { bytes.isEmpty }

    public mutating func next() -> UInt8 { bytes.popFirst() ?? 0 }

    /// A number below a limit.
    public mutating func below(_ limit: Int) -> Int {
        limit > 0 ? (Int(next()) << 8 | Int(next())) % limit : 0
    }

    public mutating func pick<T>(_ options: [T]) -> T { options[below(options.count)] }

    public mutating func rest() -> [UInt8] {
        defer { bytes = [] }
        return Array(bytes)
    }
}
