/// A Dana function's parameters. The values arrive in the first registers: the positional ones, the keyword-only
/// ones, then the tuple of `*args` and the dict of `**kwargs` when there are such.
struct Parameters: Equatable, Sendable {
    /// Positional names, then keyword-only names.
    var names: [String] = []
    var positionalCount = 0
    /// How many of the positional ones take no keyword.
    var positionalOnlyCount = 0
    /// How many of the last positional ones have a default.
    var positionalDefaults = 0
    /// For each keyword-only parameter, whether it has a default.
    var keywordDefaults: [Bool] = []
    /// The name of `*args`.
    var rest: String?
    /// The name of `**kwargs`.
    var keywordRest: String?

    var keywordCount: Int { names.count - positionalCount }

    /// Registers that the arguments fill.
    var registerCount: Int { names.count + (rest == nil ? 0 : 1) + (keywordRest == nil ? 0 : 1) }

    /// Defaults in the order `makeFunction` takes them: the positional ones', then the keyword-only ones'.
    var defaultCount: Int { positionalDefaults + keywordDefaults.count { $0 } }

    /// Whether as many positional arguments as there are parameters is all a call can and must give.
    var isSimple: Bool { keywordCount == 0 && rest == nil && keywordRest == nil }
}
