/// A key that no description, reflection or dump shows.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What stands in texts instead.
    public static let placeholder = "<secret>"

    private let text: String

    public init(_ text: String) { self.text = text }

    /// The key itself, to be sent to its provider and nowhere else.
    public var revealed: String { text }

    /// Without the space around it, which no key has and a header cannot carry; nil when nothing is left.
    var trimmed: Secret? {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return nil }
        return Secret(String(text[first...last]))
    }

    public var description: String { Secret.placeholder }
    public var debugDescription: String { Secret.placeholder }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
