extension ModelError.Code {
    /// The code as a word for metrics and logs, such as `rate_limited` or `connection_lost`.
    public var word: String {
        let name = if case .transport(let code) = self { "\(code)" } else { "\(self)" }
        return name.reduce(into: "") { word, letter in
            word += letter.isUppercase ? "_\(letter.lowercased())" : String(letter)
        }
    }
}
