import DanaData

/// The value of an integer in a program's text.
public enum IntegerLiteral: Hashable, Sendable {
    case small(Int)
    case big(BigInteger)
}
