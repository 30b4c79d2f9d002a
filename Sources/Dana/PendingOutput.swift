import DanaLanguage

/// What a program printed and nobody has been given yet. It is gathered while the context's lock is held, and written
/// when that has been given back.
final class PendingOutput: @unchecked Sendable {
    // Safe because everything is touched with the context's lock held.
    private var bytes: [UInt8] = []
    /// Lives as long as this does, whose sink it holds.
    unowned var interpreter: Interpreter?

    /// Past this many bytes the slice ends, so that they are written.
    private static let limit = 1 << 16

    func append(_ more: [UInt8]) {
        bytes += more
        if bytes.count > PendingOutput.limit { interpreter?.endSlice() }
    }

    var isEmpty: Bool { bytes.isEmpty }

    func take() -> [UInt8] {
        if bytes.isEmpty { return [] }
        defer { bytes = [] }
        return bytes
    }
}
