/// The template of `str.format`, part by part: literal text, and fields such as `{0.name!r:>{width}}`.
///
/// A field's specification may hold fields itself. It is read by a template of its own, one level deeper, that shares
/// the numbering (`FormatNumbering`).
struct FormatTemplate {
    enum Part {
        case text(ByteView)
        case field(Field)
    }

    struct Field {
        /// What `FormatField` takes apart.
        let name: ByteView
        let conversion: Conversion?
        let specification: ByteView
        /// Whether the specification holds fields, or doubled braces, that must be filled in first.
        let hasNestedFields: Bool
    }

    enum Conversion {
        case repr, str, ascii
    }

    /// How deep fields may stand within specifications.
    static let depthLimit = 2

    private let text: ByteView
    private var offset = 0
    /// The field that follows the text that was given last.
    private var isAtField = false

    /// `depth` is 0 for the template, one more for the specification of a field in it.
    init(_ text: ByteView, depth: Int = 0) throws(TextError) {
        guard depth < FormatTemplate.depthLimit else { throw TextError(.value, "Max string recursion exceeded") }
        self.text = text
    }

    /// The next part, nil after the last one.
    mutating func next() throws(TextError) -> Part? {
        if isAtField {
            isAtField = false
            return .field(try readField())
        }
        guard offset < text.count else { return nil }
        let start = offset
        while offset < text.count, text[offset] != UInt8(ascii: "{"), text[offset] != UInt8(ascii: "}") { offset += 1 }
        guard offset < text.count else { return .text(text.from(start)) }
        let brace = text[offset]
        offset += 1
        if offset < text.count, text[offset] == brace {
            offset += 1
            return .text(text[start..<offset - 1])
        }
        if brace == UInt8(ascii: "}") { throw TextError(.value, "Single '}' encountered in format string") }
        guard offset < text.count else { throw TextError(.value, "Single '{' encountered in format string") }
        guard offset - 1 > start else { return .field(try readField()) }
        isAtField = true
        return .text(text[start..<offset - 1])
    }

    private mutating func readField() throws(TextError) -> Field {
        let start = offset
        var end: UInt8?
        while offset < text.count, end == nil {
            let byte = text[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "{"): throw TextError(.value, "unexpected '{' in field name")
            case UInt8(ascii: "["):
                while offset < text.count, text[offset] != UInt8(ascii: "]") { offset += 1 }
            case UInt8(ascii: "}"), UInt8(ascii: ":"), UInt8(ascii: "!"): end = byte
            default: break
            }
        }
        guard let end else { throw TextError(.value, "expected '}' before end of string") }
        let name = text[start..<offset - 1]
        var conversion: Conversion?
        if end == UInt8(ascii: "!") {
            guard offset < text.count else {
                throw TextError(.value, "end of string while looking for conversion specifier")
            }
            let (scalar, length) = TextScalars.decode(text, at: offset)
            offset += length
            let after = offset < text.count ? text[offset] : nil
            if after != nil { offset += 1 }
            guard after == nil || after == UInt8(ascii: "}") || after == UInt8(ascii: ":") else {
                throw TextError(.value, "expected ':' after conversion specifier")
            }
            if after == nil { throw TextError(.value, "unmatched '{' in format spec") }
            conversion = try FormatTemplate.conversion(scalar)
            if after == UInt8(ascii: "}") {
                return Field(name: name, conversion: conversion, specification: .empty, hasNestedFields: false)
            }
        }
        guard end != UInt8(ascii: "}") else {
            return Field(name: name, conversion: nil, specification: .empty, hasNestedFields: false)
        }
        return try readSpecification(name, conversion)
    }

    private mutating func readSpecification(_ name: ByteView, _ conversion: Conversion?) throws(TextError) -> Field {
        let start = offset
        var open = 1
        var isNested = false
        while offset < text.count {
            let byte = text[offset]
            offset += 1
            if byte == UInt8(ascii: "{") {
                isNested = true
                open += 1
            } else if byte == UInt8(ascii: "}") {
                open -= 1
                if open == 0 {
                    let specification = text[start..<offset - 1]
                    return Field(
                        name: name, conversion: conversion, specification: specification, hasNestedFields: isNested)
                }
            }
        }
        throw TextError(.value, "unmatched '{' in format spec")
    }

    private static func conversion(_ scalar: Unicode.Scalar) throws(TextError) -> Conversion {
        switch scalar {
        case "r": return .repr
        case "s": return .str
        case "a": return .ascii
        default:
            let shown =
                scalar.value > 32 && scalar.value < 127 ? String(scalar) : "\\x" + String(scalar.value, radix: 16)
            throw TextError(.value, "Unknown conversion specifier \(shown)")
        }
    }
}
