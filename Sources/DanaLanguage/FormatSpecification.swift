/// A specification of the format mini-language: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.
///
/// It is read for a type of value, whose name its errors tell; `FormatText`, `FormatInteger` and `FormatFloat` write
/// by it.
struct FormatSpecification: Equatable {
    enum Alignment: UInt8 {
        case left = 0x3C
        case right = 0x3E
        case center = 0x5E
        /// Between the sign and the digits.
        case inside = 0x3D
    }

    var fill: Unicode.Scalar = " "
    var alignment: Alignment
    /// "+", "-" or " ", when given.
    var sign: UInt8?
    /// `z`: a negative number that rounds to zero is shown as zero.
    var dropsNegativeZero = false
    /// `#`
    var isAlternate = false
    var width: Int?
    /// "," or "_", when given.
    var grouping: UInt8?
    var precision: Int?
    var type: Unicode.Scalar?

    let typeName: String

    private static let greatestPrecision = Int(Int32.max)

    /// Nothing asked for: numbers go to the right, everything else to the left.
    init(typeName: String, isNumber: Bool) {
        self.typeName = typeName
        alignment = isNumber ? .right : .left
    }

    init(_ text: ByteView, typeName: String, isNumber: Bool) throws(TextError) {
        self.init(typeName: typeName, isNumber: isNumber)
        var reader = Reader(text: text)
        var hasFill = false
        var hasAlignment = false
        if let (first, length) = reader.scalar(), let found = reader.byte(after: length).flatMap(Alignment.init) {
            (fill, alignment, hasFill, hasAlignment) = (first, found, true, true)
            reader.offset += length + 1
        } else if let found = reader.byte(after: 0).flatMap(Alignment.init) {
            (alignment, hasAlignment) = (found, true)
            reader.offset += 1
        }
        if let byte = reader.byte(after: 0), byte == 0x2B || byte == 0x2D || byte == 0x20 {
            sign = byte
            reader.offset += 1
        }
        dropsNegativeZero = reader.take(UInt8(ascii: "z"))
        isAlternate = reader.take(UInt8(ascii: "#"))
        if !hasFill, reader.take(UInt8(ascii: "0")) {
            fill = "0"
            if !hasAlignment, isNumber { alignment = .inside }
        }
        width = try reader.integer()
        if reader.take(UInt8(ascii: ",")) { grouping = UInt8(ascii: ",") }
        if reader.take(UInt8(ascii: "_")) {
            guard grouping == nil else { throw FormatSpecification.bothGroupings }
            grouping = UInt8(ascii: "_")
        }
        if reader.byte(after: 0) == UInt8(ascii: ","), grouping == UInt8(ascii: "_") {
            throw FormatSpecification.bothGroupings
        }
        if reader.take(UInt8(ascii: ".")) {
            precision = try reader.integer()
            guard precision != nil else { throw TextError(.value, "Format specifier missing precision") }
        }
        if let (scalar, length) = reader.scalar() {
            guard reader.offset + length == text.count else {
                throw TextError(
                    .value, "Invalid format specifier '\(String(text))' for object of type '\(typeName)'")
            }
            type = scalar
        }
        try checkGrouping(standardType: isNumber ? nil : "s")
    }

    private static let bothGroupings = TextError(.value, "Cannot specify both ',' and '_'.")

    private func checkGrouping(standardType: Unicode.Scalar?) throws(TextError) {
        guard let grouping, let type = type ?? standardType else { return }
        switch type {
        case "d", "e", "f", "g", "E", "G", "%", "F": return
        case "b", "o", "x", "X": if grouping == UInt8(ascii: "_") { return }
        default: break
        }
        throw TextError(
            .value, "Cannot specify '\(Unicode.Scalar(grouping))' with '\(FormatSpecification.shown(type))'.")
    }

    /// How many digits stand between grouping marks: four in bases that are powers of two.
    var groupSize: Int {
        switch type {
        case "b", "o", "x", "X": 4
        default: 3
        }
    }

    /// The error for a type letter that the value does not know.
    func unknownType(_ type: Unicode.Scalar) -> TextError {
        TextError(
            .value, "Unknown format code '\(FormatSpecification.shown(type))' for object of type '\(typeName)'")
    }

    private static func shown(_ type: Unicode.Scalar) -> String {
        type.value > 32 && type.value < 128 ? String(type) : "\\x" + String(type.value, radix: 16)
    }

    /// The precision of a float, six when none is given.
    func floatPrecision(default standard: Int = 6) throws(TextError) -> Int {
        guard let precision else { return standard }
        guard precision <= FormatSpecification.greatestPrecision else { throw TextError(.value, "precision too big") }
        return precision
    }

    /// Walks over a specification's text.
    private struct Reader {
        let text: ByteView
        var offset = 0

        func scalar() -> (Unicode.Scalar, Int)? {
            offset < text.count ? TextScalars.decode(text, at: offset) : nil
        }

        func byte(after distance: Int) -> UInt8? {
            offset + distance < text.count ? text[offset + distance] : nil
        }

        mutating func take(_ byte: UInt8) -> Bool {
            guard self.byte(after: 0) == byte else { return false }
            offset += 1
            return true
        }

        mutating func integer() throws(TextError) -> Int? {
            var value: Int?
            while let (scalar, length) = scalar(), let digit = scalar.decimalValue {
                let (product, overflow) = (value ?? 0).multipliedReportingOverflow(by: 10)
                let (sum, overflowOfSum) = product.addingReportingOverflow(Int(digit))
                guard !overflow, !overflowOfSum else {
                    throw TextError(.value, "Too many decimal digits in format string")
                }
                value = sum
                offset += length
            }
            return value
        }
    }
}
