/// Sizes and times as people write them, `100MB` and `30s`: as everywhere in the Python package, a number alone is bytes or
/// seconds.
enum Quantity {
    private static let sizes: [(unit: String, factor: Double)] = [
        ("kib", 0x1p10), ("mib", 0x1p20), ("gib", 0x1p30), ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("b", 1),
    ]
    private static let times: [(unit: String, factor: Double)] = [
        ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9), ("s", 1), ("min", 60), ("m", 60), ("h", 3600),
    ]

    /// From 1 to 10^15; nil for any other text.
    static func bytes(_ text: String) -> Int? {
        number(text, sizes).flatMap { (1...1e15).contains($0) ? Int($0) : nil }
    }

    /// From a nanosecond to 10^9 seconds; nil for any other text.
    static func nanoseconds(_ text: String) -> UInt64? {
        number(text, times).flatMap { (1e-9...1e9).contains($0) ? UInt64(($0 * 1e9).rounded()) : nil }
    }

    private static func number(_ text: String, _ units: [(unit: String, factor: Double)]) -> Double? {
        let word = text.lowercased().filter { !$0.isWhitespace }
        let unit = units.first { word.hasSuffix($0.unit) } ?? ("", 1)
        let digits = word.dropLast(unit.unit.count)
        // Swift reads hexadecimal digits, too.
        guard digits.utf8.allSatisfy({ (48...57).contains($0) || "+-.e".utf8.contains($0) }) else { return nil }
        return Double(digits).map { $0 * unit.factor }
    }
}
