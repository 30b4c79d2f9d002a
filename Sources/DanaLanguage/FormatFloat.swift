/// Floats formatted by a specification: `e f g % n`, capital forms, and the form that is like `repr`.
enum FormatFloat {
    static func write(_ value: Double, _ specification: FormatSpecification, into sink: inout some ByteSink)
        throws(TextError)
    {
        var value = value
        var isPercent = false
        let notation: FloatNotation
        let precision = try specification.floatPrecision()
        func shown(_ style: FloatNotation.Style, isUpper: Bool = false) -> FloatNotation {
            FloatNotation(
                value, style, isAlternate: specification.isAlternate, addsPointZero: specification.type == nil,
                isUpper: isUpper)
        }
        switch specification.type {
        case nil: notation = shown(specification.precision == nil ? .shortest : .general(precision: precision))
        case "e", "E": notation = shown(.exponent(precision: precision), isUpper: specification.type == "E")
        case "f", "F": notation = shown(.fixed(precision: precision), isUpper: specification.type == "F")
        case "g", "G", "n": notation = shown(.general(precision: precision), isUpper: specification.type == "G")
        case "%":
            value *= 100
            isPercent = true
            notation = shown(.fixed(precision: precision))
        case let type?: throw specification.unknownType(type)
        }
        let isNegativeZero = notation.isFinite && notation.isZero && value.sign == .minus
        let isNegative =
            value.sign == .minus && !value.isNaN && !(isNegativeZero && specification.dropsNegativeZero)
        var rest = ByteCounter()
        notation.writeRest(into: &rest)
        let digits = notation.isFinite ? notation.integer : []
        let word = notation.isFinite ? [] : notation.integer
        digits.withView { digits in
            let number = FormatNumber(
                specification: specification, isNegative: isNegative, digits: digits,
                restLength: word.count + rest.bytes + (isPercent ? 1 : 0))
            number.write(into: &sink) { sink in
                word.withView { sink.append($0) }
                notation.writeRest(into: &sink)
                if isPercent { sink.append(UInt8(ascii: "%")) }
            }
        }
    }
}
