/// One thing to say about a program's text: an error or a warning, where, and what to do about it.
public struct Diagnostic: Hashable, Sendable {
    public enum Severity: UInt8, Sendable {
        case error
        case warning
    }

    /// A second place that explains the first, such as where a bracket was opened.
    public struct Note: Hashable, Sendable {
        public let message: String
        public let range: SyntaxRange

        public init(_ message: String, at range: SyntaxRange) {
            self.message = message
            self.range = range
        }
    }

    public let severity: Severity
    /// Stable name of the finding, such as `syntax` or `unused-name`.
    public let code: String
    public let message: String
    public let range: SyntaxRange
    /// What to write instead.
    public let hint: String?
    public let notes: [Note]

    public init(
        _ severity: Severity, code: String, _ message: String, at range: SyntaxRange, hint: String? = nil,
        notes: [Note] = []
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.range = range
        self.hint = hint
        self.notes = notes
    }
}
