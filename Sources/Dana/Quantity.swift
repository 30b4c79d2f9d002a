/// Sizes and durations as people write them: `100MB`, `30s`.
public enum Quantity {
    private static let sizes: [(String, Double)] = [
        ("KIB", 1024), ("MIB", 1_048_576), ("GIB", 1_073_741_824), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("B", 1),
    ]
    private static let times: [(String, Double)] = [
        ("MS", 1e6), ("US", 1e3), ("NS", 1), ("S", 1e9), ("MIN", 60e9), ("M", 60e9), ("H", 3600e9),
    ]

    /// Bytes, from `100MB`, `1.5 GiB` or a plain number of bytes.
    public static func bytes(_ text: String) throws(DanaFailure) -> Int {
        guard let value = value(of: text, sizes, plain: 1), value >= 1, value <= 1e15 else {
            throw .usage("ValueError", "'\(text)' is no size: write '100MB', '1.5GiB' or a number of bytes")
        }
        return Int(value)
    }

    /// Nanoseconds, from `30s`, `500ms`, `2m` or a plain number of seconds.
    public static func nanoseconds(_ text: String) throws(DanaFailure) -> UInt64 {
        guard let value = value(of: text, times, plain: 1e9), value >= 1, value <= 1e18 else {
            throw .usage("ValueError", "'\(text)' is no duration: write '30s', '500ms', '2m' or a number of seconds")
        }
        return UInt64(value)
    }

    private static func value(of text: String, _ units: [(String, Double)], plain: Double) -> Double? {
        let word = text.uppercased().filter { !$0.isWhitespace }
        for (unit, factor) in units where word.hasSuffix(unit) {
            if let number = Double(word.dropLast(unit.count)), number.isFinite { return number * factor }
        }
        return Double(word).flatMap { $0.isFinite ? $0 * plain : nil }
    }
}
