/// What `sub` puts in a match's place: text, and groups by `\1`, `\g<1>` and `\g<name>`.
struct RegexTemplate {
    enum Part: Equatable {
        case text([UInt8])
        case group(Int)
    }

    let parts: [Part]

    init(_ template: ByteView, for program: RegexProgram) throws(RegexError) {
        let scalars = Array(template.scalars)
        var parts: [Part] = []
        var text: [UInt8] = []
        func addGroup(_ number: Int, at position: Int) throws(RegexError) {
            guard number <= program.groupCount else {
                throw RegexError("invalid group reference \(number)", at: position)
            }
            if !text.isEmpty { parts.append(.text(text)) }
            text = []
            parts.append(.group(number))
        }
        var index = 0
        func digit(_ distance: Int, below limit: UInt32) -> Int? {
            guard index + distance < scalars.count, scalars[index + distance].value &- 48 < limit else { return nil }
            return Int(scalars[index + distance].value - 48)
        }
        while index < scalars.count {
            let scalar = scalars[index]
            let start = index
            index += 1
            guard scalar == "\\" else {
                text.append(scalar: scalar)
                continue
            }
            guard index < scalars.count else { throw RegexError("bad escape (end of pattern)", at: start) }
            let letter = scalars[index]
            switch letter {
            case "g":
                index += 1
                let number = try RegexTemplate.readName(scalars, &index, for: program)
                try addGroup(number, at: start + 3)
            case "0":
                var value = 0
                index += 1
                for _ in 0..<2 {
                    guard let octal = digit(0, below: 8) else { break }
                    value = value * 8 + octal
                    index += 1
                }
                text.append(scalar: Unicode.Scalar(UInt8(truncatingIfNeeded: value)))
            case "1"..."9":
                if let first = digit(0, below: 8), let second = digit(1, below: 8), let third = digit(2, below: 8) {
                    let value = first * 64 + second * 8 + third
                    guard value <= 0o377 else {
                        throw RegexError(
                            "octal escape value \\\(first)\(second)\(third) outside of range 0-0o377", at: start)
                    }
                    index += 3
                    text.append(scalar: Unicode.Scalar(UInt8(value)))
                } else {
                    var number = digit(0, below: 10) ?? 0
                    index += 1
                    if let second = digit(0, below: 10) {
                        number = number * 10 + second
                        index += 1
                    }
                    try addGroup(number, at: start + 1)
                }
            default:
                index += 1
                if let escaped = RegexTemplate.escapes[letter] {
                    text.append(scalar: escaped)
                } else if letter.value < 0x80, letter.isLetter {
                    throw RegexError("bad escape \\\(letter)", at: start)
                } else {
                    if letter != "\\" { text.append(UInt8(ascii: "\\")) }
                    text.append(scalar: letter)
                }
            }
        }
        if !text.isEmpty { parts.append(.text(text)) }
        self.parts = parts
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "n": "\n", "t": "\t", "r": "\r", "f": "\u{C}", "v": "\u{B}", "a": "\u{7}", "b": "\u{8}",
    ]

    /// The group that `<name>` or `<number>` stands for.
    private static func readName(
        _ scalars: [Unicode.Scalar], _ index: inout Int, for program: RegexProgram
    ) throws(RegexError) -> Int {
        guard index < scalars.count, scalars[index] == "<" else { throw RegexError("missing <", at: index) }
        index += 1
        let start = index
        while index < scalars.count, scalars[index] != ">" { index += 1 }
        let name = String(String.UnicodeScalarView(scalars[start..<index]))
        guard index < scalars.count else {
            throw RegexError(name.isEmpty ? "missing group name" : "missing >, unterminated name", at: start)
        }
        index += 1
        guard !name.isEmpty else { throw RegexError("missing group name", at: start) }
        if name.utf8.allSatisfy({ $0 &- 48 < 10 }) {
            guard let number = Int(name), number <= program.groupCount else {
                throw RegexError("invalid group reference \(name)", at: start)
            }
            return number
        }
        guard Array(name.utf8).withView(TextPredicates.isIdentifier) else {
            throw RegexError("bad character in group name '\(name)'", at: start)
        }
        guard let number = program.number(ofGroup: name) else {
            throw RegexError("unknown group name '\(name)'", at: start)
        }
        return number
    }

    /// Writes what stands in a match's place.
    func write(_ slots: [Int], of text: ByteView, into sink: inout some ByteSink) {
        for part in parts {
            switch part {
            case .text(let bytes): bytes.withView { sink.append($0) }
            case .group(let number):
                let (start, end) = (slots[2 * number], slots[2 * number + 1])
                if start >= 0, end >= start { sink.append(text[start..<end]) }
            }
        }
    }
}
