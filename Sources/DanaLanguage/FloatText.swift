/// The text of a float: `repr`, the shortest digits that read back as the same float, in CPython's notation.
enum FloatText {
    /// The greatest size of a float's `repr`.
    static let greatestSize = 24

    static func write(_ value: Double, into sink: inout some ByteSink) {
        // The standard library writes the same text, but gives whole numbers from 2 ^ 53 an exponent.
        guard !(0x1p53..<1e16).contains(value.magnitude) else {
            if value.sign == .minus { sink.append(UInt8(ascii: "-")) }
            return FloatNotation(value, .shortest, addsPointZero: true).write(into: &sink)
        }
        sink.append(text: value.isNaN ? "nan" : value.description)
    }
}
