/// Reads JSON (RFC 8259, nothing beyond it) onto a `Tape`.
///
/// - A number without fraction and exponent is an int, or a bigInteger when it is outside of the
///   range of `Int64`; any other is a double. One beyond the range of a double is refused.
/// - Equal keys of an object are all kept, in order; looking up a key finds the last one.
/// - A `\u` escape of a lone surrogate makes the text a surrogateString; a pair makes one character.
/// - It keeps its own stack, so depth is bounded by the limit alone.
public struct JSONReader {
    /// What a text may ask for; beyond it, reading fails.
    public struct Limits: Sendable {
        /// How deep arrays and objects may stand in one another.
        public var depth: Int
        /// How long the text may be, in bytes.
        public var size: Int
        /// How many digits an integer may have, because converting them takes time quadratic in it.
        public var integerDigits: Int

        public init(depth: Int = 1000, size: Int = 1 << 28, integerDigits: Int = 4300) {
            self.depth = depth
            self.size = size
            self.integerDigits = integerDigits
        }
    }

    /// The tape that holds what the text says.
    public static func read(_ text: String, limits: Limits = Limits()) throws(JSONReadError) -> Tape {
        try read(utf8: Array(text.utf8), limits: limits)
    }

    /// The tape that holds what the text says.
    public static func read(utf8: [UInt8], limits: Limits = Limits()) throws(JSONReadError) -> Tape {
        try utf8.withUnsafeBufferPointer { bytes throws(JSONReadError) in
            try unsafe read(utf8: UnsafeRawBufferPointer(bytes), limits: limits)
        }
    }

    /// The tape that holds what the text says.
    public static func read(
        utf8: UnsafeRawBufferPointer, limits: Limits = Limits()
    ) throws(JSONReadError) -> Tape {
        var reader = unsafe JSONReader(bytes: utf8, limits: limits)
        guard utf8.count <= limits.size else {
            throw JSONReadError(
                message: "a text of \(utf8.count) bytes is longer than the limit of \(limits.size)",
                line: 1, column: 1, offset: 0)
        }
        var builder = TapeBuilder(minimumCapacity: Swift.min(utf8.count / 8, 1 << 20) + 8)
        try reader.readDocument(&builder)
        return builder.finish()
    }

    private let bytes: UnsafeRawBufferPointer
    private let limits: Limits
    private var position = 0
    /// The arrays (false) and objects (true) that are open.
    private var open: [Bool] = []
    /// The text of a string with escapes.
    private var decoded: [UInt8] = []

    private init(bytes: UnsafeRawBufferPointer, limits: Limits) {
        unsafe self.bytes = bytes
        self.limits = limits
    }

    /// The byte at the position; nil at the end.
    private var next: UInt8? {
        // Safe because the position is compared with the count, and is never negative.
        position < bytes.count ? unsafe bytes[position] : nil
    }

    private mutating func readDocument(_ builder: inout TapeBuilder) throws(JSONReadError) {
        repeat {
            guard try readValue(&builder) else { continue }
            try endContainers(&builder)
        } while !open.isEmpty
        skipSpace()
        guard next == nil else { throw unexpected("the end of the text") }
    }

    /// Reads a scalar or an empty container, and is true, or the opening of a container up to its first value.
    private mutating func readValue(_ builder: inout TapeBuilder) throws(JSONReadError) -> Bool {
        skipSpace()
        switch next {
        case UInt8(ascii: "\""):
            try readString(&builder)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
            try readNumber(&builder)
        case UInt8(ascii: "{"):
            builder.beginDict()
            return try !enter(isObject: true, &builder)
        case UInt8(ascii: "["):
            builder.beginList()
            return try !enter(isObject: false, &builder)
        case UInt8(ascii: "t"):
            try readWord("true")
            builder.appendBool(true)
        case UInt8(ascii: "f"):
            try readWord("false")
            builder.appendBool(false)
        case UInt8(ascii: "n"):
            try readWord("null")
            builder.appendNull()
        default:
            throw unexpected("a value")
        }
        return true
    }

    /// Moves behind the opening bracket; false when the closing one follows.
    private mutating func enter(isObject: Bool, _ builder: inout TapeBuilder) throws(JSONReadError) -> Bool {
        guard open.count < limits.depth else {
            throw error("arrays and objects stand deeper in one another than the limit of \(limits.depth)")
        }
        position += 1
        skipSpace()
        if next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            position += 1
            builder.end()
            return false
        }
        open.append(isObject)
        if isObject { try readKey(&builder) }
        return true
    }

    private mutating func readKey(_ builder: inout TapeBuilder) throws(JSONReadError) {
        guard next == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
        try readString(&builder)
        skipSpace()
        guard next == UInt8(ascii: ":") else { throw unexpected("':' after a key") }
        position += 1
    }

    /// Behind a value: ends the containers that end here, and moves to the next value.
    private mutating func endContainers(_ builder: inout TapeBuilder) throws(JSONReadError) {
        while let isObject = open.last {
            skipSpace()
            switch next {
            case UInt8(ascii: ","):
                position += 1
                guard isObject else { return }
                skipSpace()
                return try readKey(&builder)
            case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
                position += 1
                open.removeLast()
                builder.end()
            default:
                throw unexpected(isObject ? "',' or '}'" : "',' or ']'")
            }
        }
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    private mutating func readWord(_ word: StaticString) throws(JSONReadError) {
        let start = position
        for index in 0..<word.utf8CodeUnitCount {
            // Safe because the index is inside of the word.
            guard unsafe next == word.utf8Start[index] else {
                position = start
                throw unexpected("a value")
            }
            position += 1
        }
    }

    // MARK: Numbers

    private mutating func readNumber(_ builder: inout TapeBuilder) throws(JSONReadError) {
        let start = position
        let isNegative = next == UInt8(ascii: "-")
        if isNegative { position += 1 }
        // The digits as one number, exact as long as there are at most 18 of them.
        var significand: UInt64 = 0
        var exponent = 0
        let first = next
        var digits = try readDigits(&significand)
        if first == UInt8(ascii: "0"), digits > 1 {
            position = start
            throw error("a number must not begin with a superfluous zero")
        }
        var isInteger = true
        if next == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            let places = try readDigits(&significand)
            digits += places
            exponent -= places
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            let isMinus = next == UInt8(ascii: "-")
            if isMinus || next == UInt8(ascii: "+") { position += 1 }
            var value: UInt64 = 0
            // More digits than that are left to the exact conversion of the text.
            let written = try readDigits(&value) <= 9 ? Int(value) : 1_000_000_000
            exponent += isMinus ? -written : written
        }
        if isInteger {
            return try appendInteger(from: start, isNegative: isNegative, significand, digits: digits, &builder)
        }
        // Both parts are exact doubles, so the quotient or product is the correctly rounded result.
        if digits <= 18, significand <= 1 << 53, (-22...22).contains(exponent) {
            let power = JSONReader.powersOfTen[abs(exponent)]
            let value = exponent < 0 ? Double(significand) / power : Double(significand) * power
            return builder.appendDouble(isNegative ? -value : value)
        }
        guard let value = Double(text(from: start)), value.isFinite else {
            position = start
            throw error("a number is beyond the range of a double")
        }
        builder.appendDouble(value)
    }

    private mutating func appendInteger(
        from start: Int, isNegative: Bool, _ significand: UInt64, digits: Int, _ builder: inout TapeBuilder
    ) throws(JSONReadError) {
        if digits <= 18 {
            return builder.appendInt(isNegative ? -Int64(significand) : Int64(significand))
        }
        guard digits <= limits.integerDigits else {
            position = start
            throw error("an integer of \(digits) digits is longer than the limit of \(limits.integerDigits)")
        }
        guard let value = BigInteger(text(from: start)) else { throw unexpected("an integer") }
        builder.append(value)
    }

    /// Reads at least one digit into `value`, which wraps around beyond its range; returns how many.
    private mutating func readDigits(_ value: inout UInt64) throws(JSONReadError) -> Int {
        let start = position
        while let byte = next, byte &- 48 < 10 {
            value = value &* 10 &+ UInt64(byte &- 48)
            position += 1
        }
        guard position > start else { throw unexpected("a digit") }
        return position - start
    }

    private func text(from start: Int) -> String {
        unsafe String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    // MARK: Strings

    private mutating func readString(_ builder: inout TapeBuilder) throws(JSONReadError) {
        position += 1
        let start = position
        while let byte = nextBehindPlain() {
            switch byte {
            case UInt8(ascii: "\""):
                unsafe builder.appendString(utf8: UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
                position += 1
                return
            case UInt8(ascii: "\\"):
                return try readEscapedString(from: start, &builder)
            default:
                try readCharacter(byte)
            }
        }
        throw unexpected("'\"' at the end of a string")
    }

    /// Continues at the first escape of a string that begins at `start`.
    private mutating func readEscapedString(from start: Int, _ builder: inout TapeBuilder) throws(JSONReadError) {
        decoded.removeAll(keepingCapacity: true)
        unsafe decoded.append(contentsOf: bytes[start..<position])
        var hasSurrogates = false
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return decoded.withUnsafeBytes { text in
                    if hasSurrogates {
                        unsafe builder.appendSurrogateString(wtf8: text)
                    } else {
                        unsafe builder.appendString(utf8: text)
                    }
                }
            case UInt8(ascii: "\\"):
                position += 1
                let scalar = try readEscape()
                if (0xd800...0xdfff).contains(scalar) { hasSurrogates = true }
                appendDecoded(scalar)
            default:
                let start = position
                try readCharacter(byte)
                unsafe decoded.append(contentsOf: bytes[start..<position])
            }
        }
        throw unexpected("'\"' at the end of a string")
    }

    /// Moves behind the ASCII characters that stand for themselves; the byte there, nil at the end.
    private mutating func nextBehindPlain() -> UInt8? {
        var place = position
        defer { position = place }
        while place < bytes.count {
            // Safe because the place is compared with the count, and is never negative.
            let byte = unsafe bytes[place]
            guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return byte }
            place &+= 1
        }
        return nil
    }

    /// Moves behind one character that stands for itself.
    private mutating func readCharacter(_ byte: UInt8) throws(JSONReadError) {
        if byte >= 0x80 {
            // The second byte tells overlong forms, surrogates and what is beyond Unicode.
            let second: ClosedRange<UInt8>
            switch byte {
            case 0xe0: second = 0xa0...0xbf
            case 0xed: second = 0x80...0x9f
            case 0xf0: second = 0x90...0xbf
            case 0xf4: second = 0x80...0x8f
            case 0xc2...0xf4: second = 0x80...0xbf
            default: throw error("the text is not UTF-8")
            }
            let length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
            guard bytes.count - position >= length, second.contains(unsafe bytes[position + 1]) else {
                throw error("the text is not UTF-8")
            }
            for place in 2..<max(2, length) {
                guard unsafe bytes[position + place] & 0xc0 == 0x80 else { throw error("the text is not UTF-8") }
            }
            position += length
        } else if byte < 0x20 {
            throw error("a control character in a string must be written as an escape")
        } else {
            position += 1
        }
    }

    /// Reads what follows a backslash; a pair of surrogates is one code point.
    private mutating func readEscape() throws(JSONReadError) -> UInt32 {
        guard let byte = next else { throw unexpected("an escape") }
        let plain: UInt32
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = UInt32(byte)
        case UInt8(ascii: "b"): plain = 0x08
        case UInt8(ascii: "f"): plain = 0x0c
        case UInt8(ascii: "n"): plain = 0x0a
        case UInt8(ascii: "r"): plain = 0x0d
        case UInt8(ascii: "t"): plain = 0x09
        case UInt8(ascii: "u"):
            position += 1
            let unit = try readHex()
            guard (0xd800...0xdbff).contains(unit), next == UInt8(ascii: "\\") else { return unit }
            let behind = position
            position += 1
            if next == UInt8(ascii: "u") {
                position += 1
                let low = try readHex()
                if (0xdc00...0xdfff).contains(low) { return 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00) }
            }
            position = behind
            return unit
        default:
            throw unexpected("one of \" \\ / b f n r t u after a backslash")
        }
        position += 1
        return plain
    }

    private mutating func readHex() throws(JSONReadError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw unexpected("four hexadecimal digits after \\u")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    /// Appends a code point, which may be a surrogate, as generalised UTF-8.
    private mutating func appendDecoded(_ scalar: UInt32) {
        let tail = { (shift: UInt32) in UInt8(truncatingIfNeeded: 0x80 | (scalar >> shift & 0x3f)) }
        switch scalar {
        case 0..<0x80: decoded.append(UInt8(truncatingIfNeeded: scalar))
        case 0x80..<0x800: decoded += [UInt8(truncatingIfNeeded: 0xc0 | scalar >> 6), tail(0)]
        case 0x800..<0x10000: decoded += [UInt8(truncatingIfNeeded: 0xe0 | scalar >> 12), tail(6), tail(0)]
        default: decoded += [UInt8(truncatingIfNeeded: 0xf0 | scalar >> 18), tail(12), tail(6), tail(0)]
        }
    }

    // MARK: Errors

    private func unexpected(_ expected: String) -> JSONReadError {
        guard let byte = next else { return error("expected \(expected), found the end of the text") }
        let found = (0x21...0x7e).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
        return error("expected \(expected), found \(found)")
    }

    private func error(_ message: String) -> JSONReadError {
        var line = 1
        var column = 1
        for byte in unsafe bytes[..<position] {
            if byte == 0x0a {
                line += 1
                column = 1
            } else if byte & 0xc0 != 0x80 {
                column += 1
            }
        }
        return JSONReadError(message: message, line: line, column: column, offset: position)
    }
}
