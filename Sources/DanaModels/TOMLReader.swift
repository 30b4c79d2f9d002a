/// Reads TOML 1.0: tables, arrays of tables, dotted keys, all four forms of text, numbers, booleans, arrays and inline
/// tables. Dates are refused, because no setting is one.
public struct TOMLReader {
    /// How deep arrays and inline tables may stand in one another, and how many parts a key may have.
    static let deepest = 50

    public static func read(_ text: String) throws(TOMLError) -> [String: TOMLValue] {
        var reader = TOMLReader(text)
        try reader.readDocument()
        return reader.document.values()
    }

    var scalars: [Unicode.Scalar]
    var position = 0
    private var document = TOMLTree()
    /// Where keys go: below the last header.
    private var header: [String] = []

    private init(_ text: String) { scalars = Array(text.unicodeScalars) }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    func error(_ message: String) -> TOMLError {
        TOMLError(message: message, line: scalars[..<position].count { $0 == "\n" } + 1)
    }

    // MARK: Lines

    private mutating func readDocument() throws(TOMLError) {
        while true {
            skipBlank()
            guard let scalar = next else { return }
            if scalar == "[" { try readHeader() } else { try readPair() }
            try endLine()
        }
    }

    private mutating func readHeader() throws(TOMLError) {
        position += 1
        let isArray = take("[")
        skipSpaces()
        header = try readKey()
        guard take("]"), !isArray || take("]") else { throw error("a header of a table does not end with ]") }
        let problem = isArray ? document.appendTable(header) : document.openTable(header)
        if let problem { throw error(problem) }
    }

    private mutating func readPair() throws(TOMLError) {
        let key = try readKey()
        guard take("=") else { throw error("after a key, = is expected") }
        skipSpaces()
        let value = try readValue(depth: 0)
        if let problem = document.set(value, at: key, below: header) { throw error(problem) }
    }

    private mutating func endLine() throws(TOMLError) {
        skipSpaces()
        skipComment()
        _ = take("\r")
        guard next == nil || take("\n") else { throw error("a line goes on after its value") }
    }

    // MARK: Keys

    /// A key and the spaces behind it.
    mutating func readKey() throws(TOMLError) -> [String] {
        var parts: [String] = []
        repeat {
            skipSpaces()
            parts.append(try readKeyPart())
            skipSpaces()
            guard parts.count <= TOMLReader.deepest else {
                throw error("a key has more than \(TOMLReader.deepest) parts")
            }
        } while take(".")
        return parts
    }

    private mutating func readKeyPart() throws(TOMLError) -> String {
        if next == "\"" || next == "'" { return try readText() }
        let start = position
        skip {
            $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" || $0 == "-")
        }
        guard position > start else { throw error("a key is expected") }
        return String(String.UnicodeScalarView(scalars[start..<position]))
    }

    // MARK: Spaces

    /// Takes this text if it stands here.
    mutating func take(_ text: String) -> Bool {
        guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    /// Moves behind all that is so.
    mutating func skip(_ isSo: (Unicode.Scalar) -> Bool) {
        while let scalar = next, isSo(scalar) { position += 1 }
    }

    mutating func skipSpaces() { skip { $0 == " " || $0 == "\t" } }

    mutating func skipBlank() {
        while let scalar = next {
            if scalar == "#" {
                skipComment()
            } else if scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n" {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func skipComment() {
        guard next == "#" else { return }
        skip { $0 != "\n" }
    }
}
