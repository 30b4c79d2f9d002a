/// Reads a regular expression in the syntax of Python's `re`, without what cannot be matched in linear time:
/// backreferences, lookaround, conditions, atomic groups and possessive quantifiers are refused by name.
struct RegexParser {
    let scalars: [Unicode.Scalar]
    var position = 0
    var flags: RegexFlags
    var depth = 0
    var tree = RegexTree()

    static let depthLimit = 100
    /// How many bytes an expression may have, those of its comments included.
    private static let lengthLimit = 1_000_000
    /// How many parts it may have: with more of them its program would be too long.
    private static let partLimit = 4 * RegexCompiler.sizeLimit
    /// How many groups may capture: each has two steps at least, and each step a slot for each group.
    private static let groupLimit = 700
    private static let repetitionLimit = 4_294_967_295

    /// The tree, its root, and the flags, those that the expression sets for itself included.
    static func parse(
        _ pattern: ByteView, flags: RegexFlags
    ) throws(RegexError) -> (tree: RegexTree, root: RegexTree.NodeID, flags: RegexFlags) {
        guard pattern.count <= lengthLimit else {
            throw RegexError("the expression is longer than \(lengthLimit) bytes", at: 0)
        }
        var parser = RegexParser(scalars: Array(pattern.scalars), flags: flags)
        try parser.readGlobalFlags()
        let global = parser.flags
        let root = try parser.readChoice()
        guard parser.position == parser.scalars.count else {
            throw RegexError("unbalanced parenthesis", at: parser.position)
        }
        return (parser.tree, root, global)
    }

    private init(scalars: [Unicode.Scalar], flags: RegexFlags) {
        self.scalars = scalars
        self.flags = flags
    }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    func peek(_ distance: Int) -> Unicode.Scalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars.dropFirst(position).starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    // MARK: Structure

    mutating func readChoice() throws(RegexError) -> RegexTree.NodeID {
        var branches = [try readSequence()]
        while take("|") { branches.append(try readSequence()) }
        return branches.count == 1 ? branches[0] : tree.add(.choice(branches))
    }

    private mutating func readSequence() throws(RegexError) -> RegexTree.NodeID {
        guard tree.nodes.count < RegexParser.partLimit else { throw tooLong }
        var items: [RegexTree.NodeID] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            if flags.contains(.verbose), skipVerbose(scalar) { continue }
            let start = position
            guard let item = try readItem() else { continue }
            guard tree.nodes.count < RegexParser.partLimit else { throw tooLong }
            items.append(try readQuantifiers(of: item, from: start))
        }
        return items.count == 1 ? items[0] : tree.add(items.isEmpty ? .empty : .sequence(items))
    }

    private var tooLong: RegexError {
        RegexError("the expression is longer than \(RegexCompiler.sizeLimit) steps", at: position)
    }

    /// Passes over white space, or a comment to the end of its line.
    private mutating func skipVerbose(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "#" {
            while position < scalars.count, next != "\n" { position += 1 }
            return true
        }
        guard scalar == " " || scalar.value &- 9 < 5 else { return false }
        position += 1
        return true
    }

    /// One item without its quantifier; nil for what stands for nothing, such as a comment.
    private mutating func readItem() throws(RegexError) -> RegexTree.NodeID? {
        let start = position
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "(": return try readGroup(from: start)
        case "[": return tree.add(.set(try readSet(from: start)))
        case "\\": return try readEscape(from: start)
        case ".": return tree.add(.any(newlineToo: flags.contains(.dotAll)))
        case "^": return tree.add(.assertion(flags.contains(.multiline) ? .lineStart : .textStart))
        case "$": return tree.add(.assertion(flags.contains(.multiline) ? .lineEnd : .lastLineEnd))
        case "*", "+", "?": throw RegexError("nothing to repeat", at: start)
        case "{":
            position = start
            if try readBounds() != nil { throw RegexError("nothing to repeat", at: start) }
            position = start + 1
            return literal(scalar)
        default: return literal(scalar)
        }
    }

    /// The number of a group that begins.
    mutating func openGroup(from start: Int) throws(RegexError) -> Int {
        guard tree.groupCount < RegexParser.groupLimit else {
            throw RegexError("the expression has more than \(RegexParser.groupLimit) groups", at: start)
        }
        tree.groupCount += 1
        return tree.groupCount
    }

    mutating func literal(_ scalar: Unicode.Scalar) -> RegexTree.NodeID {
        tree.add(.literal(scalar, flags))
    }

    private mutating func readQuantifiers(
        of item: RegexTree.NodeID, from start: Int
    ) throws(RegexError) -> RegexTree.NodeID {
        while flags.contains(.verbose), let scalar = next, skipVerbose(scalar) {}
        let place = position
        guard let bounds = try readBounds() else { return item }
        if case .assertion(.textStart) = tree.nodes[item], place == start + 1 {
            throw RegexError("nothing to repeat", at: place)
        }
        let isLazy = take("?")
        if !isLazy, next == "+" {
            throw RegexError("possessive quantifiers are not supported, use a plain quantifier;", at: position)
        }
        let after = position
        if try readBounds() != nil { throw RegexError("multiple repeat", at: after) }
        return tree.add(.repetition(item, least: bounds.least, most: bounds.most, isLazy: isLazy))
    }

    /// A quantifier's bounds; nil, and nothing read, when there is none.
    private mutating func readBounds() throws(RegexError) -> (least: Int, most: Int?)? {
        let start = position
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard take("{") else { return nil }
        let least = try readNumber()
        var most = least
        if take(",") {
            most = try readNumber()
        } else if least == nil {
            position = start
            return nil
        }
        guard take("}") else {
            position = start
            return nil
        }
        if let least, let most, least > most {
            throw RegexError("min repeat greater than max repeat", at: start + 1)
        }
        return (least ?? 0, most)
    }

    mutating func readNumber() throws(RegexError) -> Int? {
        let start = position
        var value: Int?
        while let digit = next, digit.value &- 48 < 10 {
            value = (value ?? 0) * 10 + Int(digit.value - 48)
            if value ?? 0 >= RegexParser.repetitionLimit {
                throw RegexError("the repetition number is too large", at: start)
            }
            position += 1
        }
        return value
    }
}
