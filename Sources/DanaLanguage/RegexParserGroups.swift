/// How groups of a regular expression are read: captures, names, comments, flags; what is not matched in linear time is
/// refused here by name.
extension RegexParser {
    mutating func readGroup(from start: Int) throws(RegexError) -> RegexTree.NodeID? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= RegexParser.depthLimit else {
            throw RegexError("groups are nested deeper than \(RegexParser.depthLimit)", at: start)
        }
        let outer = flags
        defer { flags = outer }
        var number: Int?
        if take("?") {
            if take("P<") {
                number = try openGroup(from: start)
                try readName(of: tree.groupCount)
            } else if take("#") {
                while position < scalars.count, next != ")" { position += 1 }
                guard take(")") else { throw RegexError("missing ), unterminated comment", at: start) }
                return nil
            } else if !take(":") {
                try readLocalFlags(from: start)
            }
        } else {
            number = try openGroup(from: start)
        }
        let child = try readChoice()
        guard take(")") else { throw RegexError("missing ), unterminated subpattern", at: start) }
        return number.map { tree.add(.group($0, child)) } ?? child
    }

    private mutating func readName(of number: Int) throws(RegexError) {
        let start = position
        while position < scalars.count, next != ">" { position += 1 }
        let name = String(String.UnicodeScalarView(scalars[start..<position]))
        guard take(">") else {
            throw name.isEmpty
                ? RegexError("missing group name", at: start)
                : RegexError("missing >, unterminated name", at: start)
        }
        guard !name.isEmpty else { throw RegexError("missing group name", at: start) }
        guard Array(name.utf8).withView(TextPredicates.isIdentifier) else {
            throw RegexError("bad character in group name '\(name)'", at: start)
        }
        if let other = tree.groupNames.first(where: { $0.name == name }) {
            throw RegexError(
                "redefinition of group name '\(name)' as group \(number); was group \(other.number)", at: start)
        }
        tree.groupNames.append((name, number))
    }

    /// `(?flags:` and `(?flags-flags:`; all else that begins with `(?` is refused by name.
    private mutating func readLocalFlags(from start: Int) throws(RegexError) {
        for (text, name) in RegexParser.refusals where take(text) {
            throw RegexError("\(name) is not supported, because it cannot be matched in linear time;", at: start)
        }
        guard next != nil else { throw RegexError("unexpected end of pattern", at: position) }
        let (added, removed) = try readFlags(from: start)
        guard take(":") else {
            guard scalars[start..<position].last != "-", removed.isEmpty else {
                throw RegexError("missing :", at: position)
            }
            if take(")") { throw RegexError("global flags not at the start of the expression", at: start) }
            throw next == nil
                ? RegexError("missing -, : or )", at: position) : RegexError("unknown flag", at: position)
        }
        flags.formUnion(added)
        flags.subtract(removed)
    }

    private static let refusals = [
        ("=", "lookahead (?=...)"), ("!", "negative lookahead (?!...)"), ("<=", "lookbehind (?<=...)"),
        ("<!", "negative lookbehind (?<!...)"), ("P=", "a backreference (?P=name)"), (">", "an atomic group (?>...)"),
        ("(", "a conditional group (?(id)...)"),
    ]

    /// `(?flags)` at the beginning counts for all of the expression.
    mutating func readGlobalFlags() throws(RegexError) {
        while next == "(", peek(1) == "?", let letter = peek(2), RegexFlags(letter: letter) != nil {
            let start = position
            position += 2
            let (added, removed) = try readFlags(from: start)
            guard removed.isEmpty, take(")") else {
                position = start
                return
            }
            flags.formUnion(added)
        }
    }

    private mutating func readFlags(from start: Int) throws(RegexError) -> (added: RegexFlags, removed: RegexFlags) {
        var (added, removed): (RegexFlags, RegexFlags) = ([], [])
        var isRemoving = false
        while let scalar = next {
            if scalar == "-", !isRemoving {
                isRemoving = true
            } else if let flag = RegexFlags(letter: scalar) {
                if isRemoving { removed.formUnion(flag) } else { added.formUnion(flag) }
            } else {
                break
            }
            position += 1
        }
        guard position > start + 2 else {
            throw RegexError("unknown extension ?\(next.map(String.init) ?? "")", at: start + 1)
        }
        return (added, removed)
    }
}
