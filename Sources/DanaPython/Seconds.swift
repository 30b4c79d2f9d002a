import PythonBridge

/// A length of time that a Python caller gives as a number of seconds; below zero counts as none.
struct Seconds: FromPython, Sendable {
    let nanoseconds: UInt64

    static var pythonTypeName: String { "float" }

    /// A century: more is a mistake.
    private static let longest = 3_155_760_000.0

    static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Seconds {
        let value = try Double.fromPython(object, py)
        guard value <= longest else {
            throw .valueError("expected a number of seconds up to \(Int(longest)), a century, got \(value)")
        }
        return Seconds(nanoseconds: UInt64(max(0, value) * 1e9))
    }
}
