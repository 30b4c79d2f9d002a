import DanaData
import Testing

@testable import DanaLanguage

/// The methods of text and bytes against what CPython answered to the same calls.
@Suite struct TextStringTests {
    @Test func methodsAnswerAsPython() throws {
        var seen: Set<String> = []
        for line in try Expectations.cases("strings") {
            let operation = try #require(line.first?.string)
            let expected = try #require(line.last)
            let arguments = Array(line.dropFirst().dropLast())
            let text = try #require(arguments.first?.string)
            seen.insert(operation)
            let answer = text.withView { self.answer(operation, text: $0, Array(arguments.dropFirst())) }
            #expect(answer == "\(expected)", "\(operation) \(arguments)")
        }
        #expect(seen.count == 40)
    }

    /// The answer as the description of a tape's value.
    private func answer(_ operation: String, text: ByteView, _ arguments: [TapeValue]) -> String {
        var builder = TapeBuilder()
        let other = arguments.first?.string
        let number = (arguments.last?.int).map { Int($0) }
        let all = 0..<text.count
        switch operation {
        case "find":
            builder.appendInt(
                Int64((other ?? "").withView { TextSearch.first($0, in: text, all, charge: { _ in }) } ?? -1))
        case "rfind":
            builder.appendInt(
                Int64((other ?? "").withView { TextSearch.last($0, in: text, all, charge: { _ in }) } ?? -1))
        case "count":
            builder.appendInt(
                Int64((other ?? "").withView { TextSearch.count($0, in: text, all, isText: true, charge: { _ in }) }))
        case "replace":
            builder.appendString(replace(text, other ?? "", arguments[1].string ?? "", limit: number))
        case "split", "rsplit":
            append(split(text, other, limit: number, fromRight: operation == "rsplit"), to: &builder)
        case "splitlines":
            let keepsEnds = arguments.last?.bool ?? false
            let lines = TextLines(text, keepsEnds: keepsEnds, isText: true).map { String(text[$0]) }
            #expect(TextLines.count(text, isText: true) == lines.count)
            append(lines, to: &builder)
        case "strip", "lstrip", "rstrip":
            let trim = { (characters: ByteView?) in
                TextTrim.range(
                    text, characters: characters, leading: operation != "rstrip", trailing: operation != "lstrip",
                    isText: true, charge: { _ in })
            }
            builder.appendString(String(text[other.map { $0.withView(trim) } ?? trim(nil)]))
        case "center", "ljust", "rjust", "zfill", "expandtabs":
            builder.appendString(pad(operation, text, arguments))
        case _ where operation.hasPrefix("is"): builder.appendBool(predicate(operation, text))
        case _ where operation.hasSuffix(" bytes"):
            let bytes = String(text).unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
            bytes.withView { answer(ofBytes: operation, $0, to: &builder) }
        default: builder.appendString(convert(operation, text, asciiOnly: arguments.last?.bool))
        }
        return "\(builder.finish().root)"
    }

    private func replace(_ text: ByteView, _ old: String, _ new: String, limit: Int?) -> String {
        old.withView { old in
            new.withView { new in
                let result = written {
                    TextReplacement.write(
                        text, replacing: old, by: new, limit: limit, isText: true, into: &$0, charge: { _ in })
                } counted: {
                    TextReplacement.write(
                        text, replacing: old, by: new, limit: limit, isText: true, into: &$0, charge: { _ in })
                }
                let count = TextReplacement.count(text, replacing: old, limit: limit, isText: true, charge: { _ in })
                #expect(result.utf8.count == text.count + count * (new.count - old.count))
                return result
            }
        }
    }

    private func split(_ text: ByteView, _ separator: String?, limit: Int?, fromRight: Bool) -> [String] {
        let parts = { (separator: ByteView?) in
            let ranges = Array(
                TextSplit(text, separator: separator, limit: limit, fromRight: fromRight, isText: true))
            let count = TextSplit.count(text, separator: separator, limit: limit, fromRight: fromRight, isText: true)
            #expect(count == ranges.count)
            return (fromRight ? ranges.reversed() : ranges).map { String(text[$0]) }
        }
        return separator.map { $0.withView(parts) } ?? parts(nil)
    }

    private func pad(_ operation: String, _ text: ByteView, _ arguments: [TapeValue]) -> String {
        let width = arguments.first?.int.map { Int($0) } ?? 0
        let length = TextScalars.count(text)
        let fill = arguments.last?.string?.unicodeScalars.first ?? " "
        func write(into sink: inout some ByteSink) {
            switch operation {
            case "zfill": TextPadding.writeZeroFilled(text, length: length, width: width, into: &sink)
            case "expandtabs": TextPadding.writeExpandingTabs(text, size: width, isText: true, into: &sink)
            default:
                let side: TextPadding.Side = operation == "center" ? .both : operation == "ljust" ? .right : .left
                TextPadding.write(text, length: length, width: width, side, fill: fill, into: &sink)
            }
        }
        return written({ write(into: &$0) }, counted: { write(into: &$0) })
    }

    private func predicate(_ operation: String, _ text: ByteView) -> Bool {
        switch operation {
        case "isalpha": TextPredicates.isAlpha(text)
        case "isdecimal": TextPredicates.isDecimal(text)
        case "isdigit": TextPredicates.isDigit(text)
        case "isnumeric": TextPredicates.isNumeric(text)
        case "isalnum": TextPredicates.isAlphanumeric(text)
        case "isspace": TextPredicates.isSpace(text)
        case "isprintable": TextPredicates.isPrintable(text)
        case "isidentifier": TextPredicates.isIdentifier(text)
        case "isupper": TextPredicates.isUpper(text)
        case "islower": TextPredicates.isLower(text)
        default: TextPredicates.isTitle(text)
        }
    }

    private func convert(_ operation: String, _ text: ByteView, asciiOnly: Bool?) -> String {
        func write(into sink: inout some ByteSink) {
            switch operation {
            case "repr": TextRepr.write(text: text, into: &sink)
            case "ascii": TextRepr.write(text: text, asciiOnly: true, into: &sink)
            case "json": JSONText.write(string: text, asciiOnly: asciiOnly ?? true, into: &sink)
            default:
                guard let change = TextCase.Change(method: operation) else {
                    Issue.record("no operation \(operation)")
                    return
                }
                TextCase.write(text, change, into: &sink)
            }
        }
        return written({ write(into: &$0) }, counted: { write(into: &$0) })
    }

    private func answer(ofBytes operation: String, _ bytes: ByteView, to builder: inout TapeBuilder) {
        func text(_ bytes: [UInt8]) -> String { String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })) }
        var result: [UInt8] = []
        switch operation {
        case "repr bytes": TextRepr.write(bytes: bytes, into: &result)
        case "title bytes": TextCase.writeASCII(bytes, .title, into: &result)
        case "replace bytes":
            let nothing = bytes[0..<0]
            "-".withView {
                _ = TextReplacement.write(
                    bytes, replacing: nothing, by: $0, limit: nil, isText: false, into: &result, charge: { _ in })
            }
        case "split bytes":
            let parts = TextSplit(bytes, separator: nil, limit: nil, isText: false)
            return append(parts.map { text(Array(bytes[$0])) }, to: &builder)
        default:
            let lines = TextLines(bytes, keepsEnds: false, isText: false)
            return append(lines.map { text(Array(bytes[$0])) }, to: &builder)
        }
        builder.appendString(text(result))
    }

    private func append(_ parts: [String], to builder: inout TapeBuilder) {
        builder.beginList()
        for part in parts { builder.appendString(part) }
        builder.end()
    }
}

extension TextCase.Change {
    /// The change that a method of `str` makes.
    init?(method: String) {
        switch method {
        case "upper": self = .upper
        case "lower": self = .lower
        case "title": self = .title
        case "capitalize": self = .capitalize
        case "swapcase": self = .swap
        case "casefold": self = .fold
        default: return nil
        }
    }
}
