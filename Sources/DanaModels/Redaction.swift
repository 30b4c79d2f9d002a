import DanaData

/// Takes keys out of texts that others wrote: those it knows, and words that look like one.
struct Redaction: Sendable {
    private let known: KnownSecrets

    init(_ secrets: [Secret] = []) { known = KnownSecrets(secrets.map(\.revealed)) }

    func callAsFunction(_ text: String) -> String {
        KeyShape.removed(from: known.removed(from: text, mark: Secret.placeholder).text, mark: Secret.placeholder).text
    }
}
