/// A stretch of a program's text as byte offsets.
public struct SyntaxRange: Hashable, Sendable {
    public let start: UInt32
    public let end: UInt32

    @inlinable
    public init(start: UInt32, end: UInt32) {
        self.start = start
        self.end = end
    }
}
