/// Why an algorithm on text or numbers has no answer: the kind of Python's exception, and its message.
struct TextError: Error, Equatable {
    enum Kind {
        case value, type, overflow, index, key, attribute
    }

    let kind: Kind
    let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
