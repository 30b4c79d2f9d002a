extension TOMLReader {
    /// A value, wherever one may stand.
    mutating func readValue(depth: Int) throws(TOMLError) -> TOMLValue {
        guard depth < TOMLReader.deepest else { throw error("values stand deeper than \(TOMLReader.deepest)") }
        switch next {
        case "\"", "'": return .text(try readText())
        case "[": return try readArray(depth)
        case "{": return try readInlineTable(depth)
        case nil: throw error("a value is expected")
        default: return try readWord()
        }
    }

    private mutating func readArray(_ depth: Int) throws(TOMLError) -> TOMLValue {
        position += 1
        var values: [TOMLValue] = []
        while true {
            skipBlank()
            if take("]") { return .array(values) }
            values.append(try readValue(depth: depth + 1))
            skipBlank()
            guard take(",") || next == "]" else { throw error("in an array, a comma or ] is expected") }
        }
    }

    private mutating func readInlineTable(_ depth: Int) throws(TOMLError) -> TOMLValue {
        position += 1
        var tree = TOMLTree()
        skipSpaces()
        if take("}") { return .table([:]) }
        repeat {
            let key = try readKey()
            guard take("=") else { throw error("after a key, = is expected") }
            skipSpaces()
            let value = try readValue(depth: depth + 1)
            if let problem = tree.set(value, at: key, below: []) { throw error(problem) }
            skipSpaces()
        } while take(",")
        guard take("}") else { throw error("an inline table does not end with }") }
        return .table(tree.values())
    }

    // MARK: Numbers and words

    private mutating func readWord() throws(TOMLError) -> TOMLValue {
        let start = position
        let ends: Set<Unicode.Scalar> = [",", "]", "}", "#", " ", "\t", "\r", "\n"]
        skip { !ends.contains($0) }
        let word = String(String.UnicodeScalarView(scalars[start..<position]))
        if word == "true" || word == "false" { return .boolean(word == "true") }
        if let number = Self.integer(word) { return .integer(number) }
        if let number = Self.float(word) { return .float(number) }
        position = start
        let isDate = word.utf8.count >= 8 && word.first?.isNumber == true && (word.contains("-") || word.contains(":"))
        throw error(
            isDate
                ? "dates and times are not read: write \"\(word)\" as text"
                : "\(word.isEmpty ? "nothing" : word) is no value: text wants quotation marks")
    }

    private static func integer(_ word: String) -> Int64? {
        let forms: [(String, Int)] = [("0x", 16), ("0o", 8), ("0b", 2)]
        if let (prefix, radix) = forms.first(where: { word.hasPrefix($0.0) }) {
            return digits(word.dropFirst(prefix.count)).flatMap { $0.first == "-" ? nil : Int64($0, radix: radix) }
        }
        let magnitude = word.drop { $0 == "+" || $0 == "-" }
        guard word.count - magnitude.count <= 1, magnitude == "0" || magnitude.first != "0",
            let plain = digits(magnitude), plain.allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        return Int64("\(word.first == "-" ? "-" : "")\(plain)")
    }

    private static func float(_ word: String) -> Double? {
        let magnitude = word.drop { $0 == "+" || $0 == "-" }
        guard word.count - magnitude.count <= 1, let plain = digits(magnitude) else { return nil }
        let sign: Double = word.first == "-" ? -1 : 1
        if plain == "inf" { return sign * .infinity }
        if plain == "nan" { return .nan }
        // What has neither a point nor an exponent is an integer, or wrong.
        guard plain.contains(where: { ".eE".contains($0) }),
            plain.allSatisfy({ $0.isASCII && ($0.isNumber || "eE.+-".contains($0)) }), plain.first?.isNumber == true
        else { return nil }
        return Double(plain).map { sign * $0 }
    }

    /// Without the underscores, each of which stands between two digits.
    private static func digits(_ text: Substring) -> String? {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        return parts.allSatisfy { $0.first?.isLetter == true || $0.first?.isNumber == true } ? parts.joined() : nil
    }

    // MARK: Text

    /// A text in any of its four forms.
    mutating func readText() throws(TOMLError) -> String {
        for mark in ["\"\"\"", "'''"] where take(mark) {
            _ = take("\r")
            _ = take("\n")
            return try readText(until: mark, isRaw: mark == "'''", lines: true)
        }
        let mark = next == "'" ? "'" : "\""
        position += 1
        return try readText(until: mark, isRaw: mark == "'", lines: false)
    }

    private mutating func readText(until mark: String, isRaw: Bool, lines: Bool) throws(TOMLError) -> String {
        var text = String.UnicodeScalarView()
        while let scalar = next {
            if take(mark) {
                guard lines else { return String(text) }
                // Up to two marks more belong to a text of several lines.
                for _ in 0..<2 where take(String(scalar)) { text.append(scalar) }
                return String(text)
            }
            if scalar == "\n", !lines { throw error("a text does not end on its line") }
            position += 1
            switch scalar {
            case "\\" where !isRaw:
                if let escaped = try readEscape(lines: lines) { text.append(escaped) }
            default: text.append(scalar)
            }
        }
        throw error("a text does not end")
    }

    /// What stands behind a backslash; nil for the end of a line, which then counts for nothing.
    private mutating func readEscape(lines: Bool) throws(TOMLError) -> Unicode.Scalar? {
        guard let scalar = next else { throw error("a text does not end") }
        position += 1
        switch scalar {
        case "b": return "\u{8}"
        case "t": return "\t"
        case "n": return "\n"
        case "f": return "\u{c}"
        case "r": return "\r"
        case "\"", "\\": return scalar
        case "u", "U":
            let count = scalar == "u" ? 4 : 8
            let digits = scalars[position...].prefix(count)
            guard digits.count == count, let code = UInt32(String(String.UnicodeScalarView(digits)), radix: 16),
                let result = Unicode.Scalar(code)
            else { throw error("\\\(scalar) wants \(count) hexadecimal digits of a character") }
            position += count
            return result
        case " ", "\t", "\r", "\n":
            guard lines else { throw error("a backslash stands before a space") }
            skip { [" ", "\t", "\r", "\n"].contains($0) }
            return nil
        default: throw error("there is no escape \\\(scalar)")
        }
    }
}
