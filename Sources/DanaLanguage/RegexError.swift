/// Why a regular expression, or the template of a substitution, cannot be used, and where in it.
struct RegexError: Error, Equatable {
    let message: String
    /// The index of the scalar at which the fault begins.
    let position: Int

    init(_ message: String, at position: Int) {
        self.message = "\(message) at position \(position)"
        self.position = position
    }
}
