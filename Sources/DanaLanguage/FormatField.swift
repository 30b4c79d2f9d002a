/// The name of a field in a template of `str.format`: an argument, and steps from it such as `[0]`, `[key]`, `.name`.
///
/// Whoever fills the template in decides what a step may do; here it is only read.
struct FormatField {
    enum Argument {
        case number(Int)
        case name(ByteView)
    }

    enum Step {
        case attribute(ByteView)
        case index(Int)
        case key(ByteView)
    }

    let argument: Argument
    private let name: ByteView
    private var offset: Int

    init(_ name: ByteView, _ numbering: inout FormatNumbering) throws(TextError) {
        self.name = name
        offset = 0
        while offset < name.count, name[offset] != UInt8(ascii: "."), name[offset] != UInt8(ascii: "[") { offset += 1 }
        let first = name[0..<offset]
        if first.count == 0 {
            argument = .number(try numbering.takeNext())
        } else if let number = try FormatField.integer(first) {
            try numbering.noteManual()
            argument = .number(number)
        } else {
            argument = .name(first)
        }
    }

    /// The next step, nil after the last one.
    mutating func next() throws(TextError) -> Step? {
        guard offset < name.count else { return nil }
        let kind = name[offset]
        offset += 1
        let start = offset
        let step: Step
        switch kind {
        case UInt8(ascii: "."):
            while offset < name.count, name[offset] != UInt8(ascii: "."), name[offset] != UInt8(ascii: "[") {
                offset += 1
            }
            step = .attribute(name[start..<offset])
        case UInt8(ascii: "["):
            guard let end = name.first(UInt8(ascii: "]"), from: start) else {
                throw TextError(.value, "Missing ']' in format string")
            }
            offset = end + 1
            let key = name[start..<end]
            step = try FormatField.integer(key).map { .index($0) } ?? .key(key)
            if key.count == 0 { throw TextError(.value, "Empty attribute in format string") }
        default: throw TextError(.value, "Only '.' or '[' may follow ']' in format field specifier")
        }
        if start == offset { throw TextError(.value, "Empty attribute in format string") }
        return step
    }

    /// The number that a text is, nil when it has another character than digits, or none.
    private static func integer(_ text: ByteView) throws(TextError) -> Int? {
        guard text.count > 0 else { return nil }
        var value = 0
        for scalar in text.scalars {
            guard let digit = scalar.decimalValue else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowOfSum) = product.addingReportingOverflow(Int(digit))
            guard !overflow, !overflowOfSum else {
                throw TextError(.value, "Too many decimal digits in format string")
            }
            value = sum
        }
        return value
    }
}
