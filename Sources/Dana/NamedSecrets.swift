/// Secrets that a text gives away by what stands around them: a value behind a name that sounds secret, the password in an
/// address, the inside of a private key. One pass over the bytes.
struct NamedSecrets {
    private let bytes: [UInt8]
    private let mark: [UInt8]
    private var result: [UInt8] = []
    /// Up to where the text is in the result.
    private var done = 0
    private var taken = 0

    /// The text with `mark` in the place of each secret, and how many there were.
    static func removed(from text: String, mark: String) -> (text: String, taken: Int) {
        let bytes = Array(text.utf8)
        var secrets = NamedSecrets(bytes: bytes, mark: Array(mark.utf8))
        secrets.remove()
        guard secrets.taken > 0 else { return (text, 0) }
        return (String(decoding: secrets.result + bytes[secrets.done...], as: UTF8.self), secrets.taken)
    }

    private init(bytes: [UInt8], mark: [UInt8]) {
        self.bytes = bytes
        self.mark = mark
    }

    private mutating func remove() {
        var place = 0
        while let clue = nextClue(from: place) {
            guard let found = secret(at: clue) else {
                place = clue + 1
                continue
            }
            result += bytes[done..<found.lowerBound]
            result += mark
            taken += 1
            done = found.upperBound
            place = found.upperBound
        }
    }

    /// Where the next byte stands that begins or separates what is looked for.
    private func nextClue(from place: Int) -> Int? {
        bytes[place...].firstIndex { byte in
            byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-")
        }
    }

    private static let betweenNameAndSeparator = table(" \t\"'\\]")
    private static let betweenSeparatorAndValue = table(" \t\r\n=:>")
    private static let endsOfValues = table("\"'`,;&)]}{<>|\\ \t\r\n")

    /// Which bytes are among those of a text.
    private static func table(_ text: String) -> [Bool] {
        var table = [Bool](repeating: false, count: 256)
        for byte in text.utf8 { table[Int(byte)] = true }
        return table
    }

    /// The secret that a clue leads to, behind it; never empty.
    private func secret(at place: Int) -> Range<Int>? {
        switch bytes[place] {
        case UInt8(ascii: "-"): privateKey(at: place)
        case UInt8(ascii: ":") where stands("://", at: place): password(behind: place + 3)
        default: endsInSecretName(place) ? value(behind: place + 1) : nil
        }
    }

    private func stands(_ text: StaticString, at place: Int) -> Bool {
        text.withUTF8Buffer { text in
            bytes.count - place >= text.count && bytes[place..<(place + text.count)].elementsEqual(text)
        }
    }

    /// Where the first byte of a kind stands, at most so far behind a place; the end of the stretch where there is none.
    private func first(from place: Int, within most: Int = .max, where isSought: (UInt8) -> Bool) -> Int {
        let end = most < bytes.count - place ? place + most : bytes.count
        return bytes[place..<end].firstIndex(where: isSought) ?? end
    }

    // MARK: Private keys and addresses

    /// What stands between the first and the last line of a private key.
    private func privateKey(at place: Int) -> Range<Int>? {
        guard stands("-----BEGIN ", at: place) else { return nil }
        let kind = place + 11
        let start = first(from: kind, within: 40) { $0 == UInt8(ascii: "-") }
        guard stands("-----", at: start), bytes[kind..<start].suffix(11).elementsEqual("PRIVATE KEY".utf8) else {
            return nil
        }
        var end = start + 5
        while end < bytes.count, !stands("-----END", at: end) { end += 1 }
        return nonEmpty(start + 5, end)
    }

    /// The password of `user:password@host`.
    private func password(behind place: Int) -> Range<Int>? {
        let end = first(from: place, within: 4096) { byte in byte <= 0x20 || "/?#\"'<>".utf8.contains(byte) }
        guard let at = bytes[place..<end].lastIndex(of: UInt8(ascii: "@")),
            let colon = bytes[place..<at].firstIndex(of: UInt8(ascii: ":")), colon + 1 < at
        else { return nil }
        return (colon + 1)..<at
    }

    // MARK: Names and values

    /// Whether what stands before a separator is a name that sounds secret, maybe in quotes or brackets.
    private func endsInSecretName(_ separator: Int) -> Bool {
        var end = separator
        while end > 0, separator - end < 8, NamedSecrets.betweenNameAndSeparator[Int(bytes[end - 1])] { end -= 1 }
        guard end > 0 else { return false }
        return NamedSecrets.namesByEnd[Int(NamedSecrets.plain(bytes[end - 1]))].contains { name in
            guard name.count <= end else { return false }
            var place = end - name.count
            for byte in name {
                if NamedSecrets.plain(bytes[place]) != byte { return false }
                place += 1
            }
            return true
        }
    }

    /// A byte of a name in the form that names are compared in: small, and with `_` for `-`.
    private static func plain(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte == UInt8(ascii: "-") ? UInt8(ascii: "_") : byte
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// Endings of names whose values are secrets, with `_` for `-`.
    private static let names = [
        "password", "passwd", "passphrase", "pwd", "secret", "token", "api_key", "apikey", "authorization",
        "private_key", "access_key", "accesskey", "account_key", "accountkey", "credential", "credentials",
    ]
    private static let namesByEnd: [[[UInt8]]] = {
        var names = [[[UInt8]]](repeating: [], count: 256)
        for name in NamedSecrets.names.map({ Array($0.utf8) }) {
            if let last = name.last { names[Int(last)].append(name) }
        }
        return names
    }()
    /// Words that say of which kind the secret behind them is.
    private static let schemes: Set<String> = ["bearer", "basic", "token", "digest", "apikey", "negotiate"]

    /// The value behind a separator.
    private func value(behind place: Int) -> Range<Int>? {
        var start = first(from: place, within: 64) { !NamedSecrets.betweenSeparatorAndValue[Int($0)] }
        start = behindScheme(start)
        guard start < bytes.count, !isTaken(start) else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "["), UInt8(ascii: "("):
            let close = bytes[start] == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: ")")
            return nonEmpty(start + 1, first(from: start + 1) { $0 == close || $0 == UInt8(ascii: "\n") })
        case UInt8(ascii: "\\") where start + 1 < bytes.count && NamedSecrets.isQuote(bytes[start + 1]):
            return quoted(behind: start + 1, isEscaped: true)
        default:
            // A letter before a quote is a prefix, as in b'...'.
            let quote = first(from: start, within: 2) { NamedSecrets.isQuote($0) }
            if quote < bytes.count, NamedSecrets.isQuote(bytes[quote]) {
                return quoted(behind: quote, isEscaped: false)
            }
            return nonEmpty(start, first(from: start) { NamedSecrets.endsOfValues[Int($0)] })
        }
    }

    /// What stands in quotes.
    private func quoted(behind quote: Int, isEscaped: Bool) -> Range<Int>? {
        let (mark, start) = (bytes[quote], quote + 1)
        var end = start
        while end < bytes.count, bytes[end] != mark, bytes[end] != UInt8(ascii: "\n") {
            if bytes[end] == UInt8(ascii: "\\") {
                if isEscaped { break }
                end += 1
            }
            end += 1
        }
        end = min(end, bytes.count)
        let secret = min(behindScheme(start), end)
        return nonEmpty(secret, end)
    }

    /// Where a value goes on behind a word that only says of which kind it is; where it began without one.
    private func behindScheme(_ start: Int) -> Int {
        let word = first(from: start, within: 16) { !NamedSecrets.isOfName($0) }
        guard word - start >= 5, word < bytes.count, bytes[word] == UInt8(ascii: " "),
            NamedSecrets.schemes.contains(String(decoding: bytes[start..<word], as: UTF8.self).lowercased())
        else { return start }
        return first(from: word, within: 64) { $0 != UInt8(ascii: " ") }
    }

    private func nonEmpty(_ start: Int, _ end: Int) -> Range<Int>? {
        start < end && !isTaken(start) ? start..<end : nil
    }

    /// Whether what stands here was a secret.
    private func isTaken(_ place: Int) -> Bool { bytes[place...].starts(with: mark) }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
    }
}
