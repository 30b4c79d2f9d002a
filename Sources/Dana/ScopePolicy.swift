import DanaLanguage

/// Which of a context's scopes a function of the host's sees when it takes the context; `local` are the main program's own
/// variables.
public struct ScopePolicy: Sendable, Equatable {
    public var passed: Set<VariableScope> = [.public]

    public init(_ passed: Set<VariableScope> = [.public]) { self.passed = passed }

    /// No more than both allow.
    public func narrowed(by other: ScopePolicy) -> ScopePolicy { ScopePolicy(passed.intersection(other.passed)) }
}
