/// A Swift file of the package as the house's rules see it: its room, its imports, its opening line.
struct SourceFile {
    /// The folder of `Sources/` it lies in.
    let room: String
    /// Its place in the package.
    let path: String
    /// The modules it imports, in order.
    let imports: [String]
    /// Its first line that is neither empty nor an import nor a condition (`#if`), nor opens an extension, whose first
    /// member then says what the file adds.
    let opening: Substring

    init(room: String, path: String, text: String) {
        self.room = room
        self.path = path
        let statements = text.split { $0.isNewline || $0 == ";" }.map { $0.drop(while: \.isWhitespace) }
        imports = statements.compactMap(Self.imported)
        let opens = { (line: Substring) in
            !line.isEmpty && !line.hasPrefix("#") && !line.hasPrefix("extension ") && Self.imported(line) == nil
        }
        opening = statements.first(where: opens) ?? ""
    }

    /// True when the file says what it holds before it holds anything.
    var saysWhatItIs: Bool { opening.isEmpty || opening.hasPrefix("//") || opening.hasPrefix("/*") }

    private static let kinds: Set<Substring> = [
        "actor", "class", "enum", "func", "let", "protocol", "struct", "typealias", "var",
    ]

    /// The module that `line` imports, if it is an import: `@testable public import struct Module.Name` is `Module`.
    private static func imported(_ line: Substring) -> String? {
        var words = line.split(whereSeparator: \.isWhitespace)[...]
        while let word = words.first, word != "import" {
            let precedes =
                word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
            guard precedes else { return nil }
            words = words.dropFirst()
        }
        words = words.dropFirst()
        if let kind = words.first, kinds.contains(kind) { words = words.dropFirst() }
        let endsThere = words.dropFirst().first.map { $0.hasPrefix("//") } ?? true  // prose in a string goes on
        guard endsThere, let name = words.first else { return nil }
        return name.split(separator: ".").first.map(String.init)
    }
}
