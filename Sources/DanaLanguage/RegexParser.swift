/// Reads a regular expression in the syntax of Python's `re`, without what cannot be matched in linear time:
/// backreferences, lookaround, conditions, atomic groups and possessive quantifiers are refused by name.
struct RegexParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var flags: RegexFlags
    private var depth = 0
    private var tree = RegexTree()

    private static let depthLimit = 100
    private static let repetitionLimit = 4_294_967_295

    /// The tree, its root, and the flags, those that the expression sets for itself included.
    static func parse(
        _ pattern: ByteView, flags: RegexFlags
    ) throws(RegexError) -> (tree: RegexTree, root: RegexTree.NodeID, flags: RegexFlags) {
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

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func peek(_ distance: Int) -> Unicode.Scalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars.dropFirst(position).starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    // MARK: Structure

    private mutating func readChoice() throws(RegexError) -> RegexTree.NodeID {
        var branches = [try readSequence()]
        while take("|") { branches.append(try readSequence()) }
        return branches.count == 1 ? branches[0] : tree.add(.choice(branches))
    }

    private mutating func readSequence() throws(RegexError) -> RegexTree.NodeID {
        var items: [RegexTree.NodeID] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            if flags.contains(.verbose), skipVerbose(scalar) { continue }
            let start = position
            guard let item = try readItem() else { continue }
            items.append(try readQuantifiers(of: item, from: start))
        }
        return items.count == 1 ? items[0] : tree.add(items.isEmpty ? .empty : .sequence(items))
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

    private mutating func literal(_ scalar: Unicode.Scalar) -> RegexTree.NodeID {
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

    private mutating func readNumber() throws(RegexError) -> Int? {
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

    // MARK: Groups

    private mutating func readGroup(from start: Int) throws(RegexError) -> RegexTree.NodeID? {
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
                number = openGroup()
                try readName(of: tree.groupCount)
            } else if take("#") {
                while position < scalars.count, next != ")" { position += 1 }
                guard take(")") else { throw RegexError("missing ), unterminated comment", at: start) }
                return nil
            } else if !take(":") {
                try readLocalFlags(from: start)
            }
        } else {
            number = openGroup()
        }
        let child = try readChoice()
        guard take(")") else { throw RegexError("missing ), unterminated subpattern", at: start) }
        return number.map { tree.add(.group($0, child)) } ?? child
    }

    private mutating func openGroup() -> Int {
        tree.groupCount += 1
        return tree.groupCount
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
    private mutating func readGlobalFlags() throws(RegexError) {
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

    // MARK: Escapes and sets

    private mutating func readEscape(from start: Int) throws(RegexError) -> RegexTree.NodeID {
        guard let scalar = next else { throw RegexError("bad escape (end of pattern)", at: start) }
        let isASCII = flags.contains(.ascii)
        switch scalar {
        case "A": return assertion(.textStart)
        case "Z": return assertion(.textEnd)
        case "b": return assertion(isASCII ? .asciiWordBoundary : .wordBoundary)
        case "B": return assertion(isASCII ? .noASCIIWordBoundary : .noWordBoundary)
        case "1"..."9":
            if let octal = readOctal() { return literal(octal) }
            throw RegexError(
                "a backreference (\\\(scalar)) is not supported, because it cannot be matched in linear time;",
                at: start)
        default:
            if let (category, isNegated) = RegexParser.category(scalar) {
                position += 1
                var set = RegexSet(flags: flags)
                set.add(category, isNegated: isNegated)
                set.finish(isNegated: false)
                return tree.add(.set(set))
            }
            return literal(try readCharacterEscape(from: start))
        }
    }

    private mutating func assertion(_ assertion: RegexAssertion) -> RegexTree.NodeID {
        position += 1
        return tree.add(.assertion(assertion))
    }

    private static func category(_ letter: Unicode.Scalar) -> (RegexSet.Category, Bool)? {
        switch letter {
        case "d": (.digit, false)
        case "D": (.digit, true)
        case "w": (.word, false)
        case "W": (.word, true)
        case "s": (.space, false)
        case "S": (.space, true)
        default: nil
        }
    }

    /// Three octal digits, at most 0o377.
    private mutating func readOctal() -> Unicode.Scalar? {
        guard let first = next, let second = peek(1), let third = peek(2), first.value &- 48 < 4,
            second.value &- 48 < 8, third.value &- 48 < 8
        else { return nil }
        position += 3
        return Unicode.Scalar((first.value - 48) * 64 + (second.value - 48) * 8 + third.value - 48)
    }

    /// A scalar by its escape, the backslash read already.
    private mutating func readCharacterEscape(from start: Int) throws(RegexError) -> Unicode.Scalar {
        guard let scalar = next else { throw RegexError("bad escape (end of pattern)", at: start) }
        position += 1
        switch scalar {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "f": return "\u{C}"
        case "v": return "\u{B}"
        case "a": return "\u{7}"
        case "0":
            var value: UInt32 = 0
            for _ in 0..<2 {
                guard let digit = next, digit.value &- 48 < 8 else { break }
                value = value * 8 + digit.value - 48
                position += 1
            }
            return Unicode.Scalar(value) ?? "\0"
        case "x": return try readHexadecimal(2, from: start)
        case "u": return try readHexadecimal(4, from: start)
        case "U": return try readHexadecimal(8, from: start)
        case _ where scalar.value < 0x80 && (scalar.isLetter || scalar.isDecimal):
            throw RegexError("bad escape \\\(scalar)", at: start)
        default: return scalar
        }
    }

    private mutating func readHexadecimal(_ count: Int, from start: Int) throws(RegexError) -> Unicode.Scalar {
        var value: UInt32 = 0
        var digits = 0
        while digits < count, let digit = next, digit.value < 0x80, let number = Character(digit).hexDigitValue {
            value = value << 4 | UInt32(number)
            digits += 1
            position += 1
        }
        let text = String(String.UnicodeScalarView(scalars[start..<position]))
        guard digits == count else { throw RegexError("incomplete escape \(text)", at: start) }
        guard let scalar = Unicode.Scalar(value) else { throw RegexError("bad escape \(text)", at: start) }
        return scalar
    }

    private enum SetItem {
        case scalar(Unicode.Scalar)
        case category(RegexSet.Category, isNegated: Bool)
    }

    private mutating func readSet(from start: Int) throws(RegexError) -> RegexSet {
        var set = RegexSet(flags: flags)
        let isNegated = take("^")
        var isFirst = true
        while isFirst || next != "]" {
            isFirst = false
            let place = position
            let low = try readSetItem(from: start)
            guard next == "-", peek(1) != "]" else {
                switch low {
                case .scalar(let scalar): set.add(scalar.value...scalar.value)
                case .category(let category, let isNegated): set.add(category, isNegated: isNegated)
                }
                continue
            }
            position += 1
            let high = try readSetItem(from: start)
            guard case .scalar(let first) = low, case .scalar(let last) = high, first <= last else {
                let text = String(String.UnicodeScalarView(scalars[place..<position]))
                throw RegexError("bad character range \(text)", at: place)
            }
            set.add(first.value...last.value)
        }
        position += 1
        set.finish(isNegated: isNegated)
        return set
    }

    private mutating func readSetItem(from start: Int) throws(RegexError) -> SetItem {
        guard let scalar = next else { throw RegexError("unterminated character set", at: start) }
        let place = position
        position += 1
        guard scalar == "\\" else { return .scalar(scalar) }
        if next == "b" {
            position += 1
            return .scalar("\u{8}")
        }
        if let letter = next, let (category, isNegated) = RegexParser.category(letter) {
            position += 1
            return .category(category, isNegated: isNegated)
        }
        if let octal = readOctal() { return .scalar(octal) }
        return .scalar(try readCharacterEscape(from: place))
    }
}
