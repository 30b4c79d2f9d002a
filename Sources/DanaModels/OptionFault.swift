/// What is wrong with the options of a call: which one, what was given and what is expected.
public struct OptionFault: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// A value of the wrong type.
        case type
        /// A value of the right type that makes no sense, or an option that does not exist.
        case value
    }

    public let kind: Kind
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
