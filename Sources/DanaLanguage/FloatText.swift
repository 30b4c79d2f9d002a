/// The text of a float: `repr`, the shortest digits that read back as the same float, in CPython's notation.
enum FloatText {
    /// The digits of a finite float that is not zero, without leading or trailing zeros: its absolute value is
    /// 0.DIGITS * 10 ^ point.
    struct Digits {
        var digits: [UInt8]
        var point: Int
    }

    /// The greatest size of a float's `repr`.
    static let greatestSize = 24

    static func write(_ value: Double, into sink: inout some ByteSink) {
        if value.isNaN { return sink.append("nan") }
        if value.sign == .minus { sink.append(UInt8(ascii: "-")) }
        if value.isInfinite { return sink.append("inf") }
        if value == 0 { return sink.append("0.0") }
        let shortest = shortest(value)
        write(shortest, into: &sink)
    }

    /// Digits without an exponent from 1e-4 to below 1e16, otherwise with one.
    private static func write(_ number: Digits, into sink: inout some ByteSink) {
        let (digits, point) = (number.digits, number.point)
        switch point {
        case -3...0:
            sink.append("0.")
            sink.append(UInt8(ascii: "0"), times: -point)
            for digit in digits { sink.append(digit) }
        case 1...16:
            for (index, digit) in digits.enumerated() {
                if index == point { sink.append(UInt8(ascii: ".")) }
                sink.append(digit)
            }
            if digits.count <= point {
                sink.append(UInt8(ascii: "0"), times: point - digits.count)
                sink.append(".0")
            }
        default:
            for (index, digit) in digits.enumerated() {
                if index == 1 { sink.append(UInt8(ascii: ".")) }
                sink.append(digit)
            }
            writeExponent(point - 1, into: &sink)
        }
    }

    /// An exponent with its sign and at least two digits.
    static func writeExponent(_ exponent: Int, letter: UInt8 = UInt8(ascii: "e"), into sink: inout some ByteSink) {
        sink.append(letter)
        sink.append(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        if exponent.magnitude < 10 { sink.append(UInt8(ascii: "0")) }
        sink.append(text: String(exponent.magnitude))
    }

    /// The shortest digits that read back as the same float. The standard library finds them; here its notation is
    /// taken apart.
    static func shortest(_ value: Double) -> Digits {
        var digits: [UInt8] = []
        digits.reserveCapacity(20)
        var point: Int?
        var exponent = 0
        var text = value.magnitude.description.utf8.makeIterator()
        while let byte = text.next() {
            switch byte {
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "e"):
                var isNegative = false
                while let byte = text.next() {
                    if byte == UInt8(ascii: "-") {
                        isNegative = true
                    } else if byte != UInt8(ascii: "+") {
                        exponent = exponent * 10 + Int(byte &- UInt8(ascii: "0"))
                    }
                }
                if isNegative { exponent = -exponent }
            default: digits.append(byte)
            }
        }
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        let place = (point ?? digits.count) + exponent - zeros
        digits.removeFirst(zeros)
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return Digits(digits: digits, point: place)
    }
}
