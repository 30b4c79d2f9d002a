/// How a parameter takes its argument.
public enum ParameterKind: UInt8, Sendable {
    case positionalOnly
    case positionalOrKeyword
    /// `*args`
    case variadic
    case keywordOnly
    /// `**kwargs`
    case keywords
}
