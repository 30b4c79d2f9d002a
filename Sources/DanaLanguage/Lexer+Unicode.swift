// Text outside ASCII: whether it is UTF-8, which names it makes.

extension Lexer {
    /// Says whether the text can be cut into tokens at all: small enough, UTF-8, without NUL.
    mutating func isReadable() -> Bool {
        guard count <= limits.bytes else {
            let end = max(limits.bytes, 0)
            complain("the program has \(count) bytes; at most \(limits.bytes) are allowed", from: end, to: end)
            return false
        }
        guard let bad = firstUnreadableByte() else { return true }
        if text[bad] == 0 {
            complain("source code cannot contain null bytes", from: bad, to: bad + 1)
        } else {
            let byte = String(text[bad], radix: 16)
            complain(
                "the text is not UTF-8: byte 0x\(byte.utf8.count < 2 ? "0" : "")\(byte) at offset \(bad)", from: bad,
                to: bad + 1, hint: "save the file as UTF-8")
        }
        return false
    }

    private func firstUnreadableByte() -> Int? {
        var place = endOfPlainBytes(from: 0)
        while place < count {
            guard let length = Lexer.scalarLength(text, place), place + length <= count else { return place }
            place = endOfPlainBytes(from: place + length)
        }
        return nil
    }

    /// Where the next byte stands that is NUL or not ASCII; the end when there is none.
    private func endOfPlainBytes(from start: Int) -> Int {
        text.withUnsafeBytes { bytes in
            var place = start
            while place + 8 <= count {
                let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                // Bytes that are not ASCII have their top bit; taking one from each byte sets that of a NUL.
                if (word | (word &- 0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080 != 0 { break }
                place += 8
            }
            while place < count, bytes[place] &- 1 < 0x7F { place += 1 }
            return place
        }
    }

    /// The length of the well-formed UTF-8 sequence of two bytes or more at an offset, after which at
    /// least three bytes can be read.
    private static func scalarLength(_ text: [UInt8], _ place: Int) -> Int? {
        let first = text[place]
        let second = text[place + 1]
        func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
        switch first {
        case 0xC2...0xDF:
            return continues(second) ? 2 : nil
        case 0xE0...0xEF:
            let low: UInt8 = first == 0xE0 ? 0xA0 : 0x80
            let high: UInt8 = first == 0xED ? 0x9F : 0xBF
            return (low...high).contains(second) && continues(text[place + 2]) ? 3 : nil
        case 0xF0...0xF4:
            let low: UInt8 = first == 0xF0 ? 0x90 : 0x80
            let high: UInt8 = first == 0xF4 ? 0x8F : 0xBF
            return (low...high).contains(second) && continues(text[place + 2]) && continues(text[place + 3]) ? 4 : nil
        default:
            return nil
        }
    }

    /// The scalar at an offset of text that is known to be UTF-8, and how many bytes it takes.
    func scalar(at place: Int) -> (scalar: Unicode.Scalar, length: Int) {
        let first = UInt32(text[place])
        let value: UInt32
        let length: Int
        if first < 0x80 {
            return (Unicode.Scalar(text[place]), 1)
        } else if first < 0xE0 {
            (value, length) = (first & 0x1F, 2)
        } else if first < 0xF0 {
            (value, length) = (first & 0x0F, 3)
        } else {
            (value, length) = (first & 0x07, 4)
        }
        let whole = (1..<length).reduce(value) { $0 << 6 | UInt32(text[place + $1] & 0x3F) }
        return (Unicode.Scalar(whole) ?? "\u{FFFD}", length)
    }

    /// Reads a name that holds characters outside ASCII, or refuses a character that belongs nowhere.
    mutating func readNonASCII() {
        let start = index
        let (first, length) = scalar(at: index)
        guard first.properties.isXIDStart || first == "_" else {
            index += length
            refuseCharacter(first, from: start)
            return
        }
        while index < count {
            let (next, length) = scalar(at: index)
            guard next.properties.isXIDContinue else { break }
            index += length
        }
        emitWord(internName(from: start, to: index), from: start)
    }

    private mutating func refuseCharacter(_ scalar: Unicode.Scalar, from start: Int) {
        let point = Lexer.codePoint(scalar.value)
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format, .unassigned, .privateUse:
            complain(
                "invalid non-printable character \(point)", from: start, to: index,
                hint: scalar.properties.isWhitespace ? "put an ordinary space there" : "remove it")
            emit(.invalid, from: start)
        case .initialPunctuation, .finalPunctuation:
            refuse("invalid character '\(scalar)' (\(point))", from: start, hint: "strings stand in \" or '")
        default:
            refuse("invalid character '\(scalar)' (\(point))", from: start)
        }
    }

    /// The symbol of the name between two offsets, normalised to NFKC when it is not ASCII.
    mutating func internName(from start: Int, to end: Int) -> Symbol {
        var hasher = NameHasher()
        var isASCII = true
        for offset in start..<end {
            hasher.combine(text[offset])
            isASCII = isASCII && text[offset] < 0x80
        }
        if isASCII { return symbols.intern(text, start, end, hasher.value) }
        let written = String(decoding: text[start..<end], as: UTF8.self)
        let name = NameNormalization.shared.normalized(written)
        let symbol = symbols.intern(name)
        let lookalike = LanguageWord.tokenKind(symbol) != nil || LanguageWord.scope(symbol) != nil ? name : nil
        if let word = lookalike ?? WordLookalikes.word(resembling: name) {
            complain(
                "the name '\(written)' looks like '\(word)' but is written with other characters", from: start,
                to: end, hint: "write '\(word)' in plain letters, or choose another name")
            return .underscore
        }
        return symbol
    }
}
