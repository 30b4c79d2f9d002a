import DanaData
import Testing

@testable import DanaLanguage

/// Templates of `str.format` and of `%`, filled in by plain code, against what CPython made of them.
@Suite struct TemplateTests {
    /// An argument of the calls.
    private enum Argument {
        case text(String)
        case integer(Int)
        case float(Double)
    }

    private let arguments: [Argument] = [.text("text"), .text("é'\n"), .integer(42), .integer(-7), .float(3.5)]
    private let named: [String: Argument] = ["name": .text("value"), "width": .integer(8)]

    @Test func templatesAreFilledInAsByPython() throws {
        var seen: Set<String> = []
        for line in try Expectations.cases("templates") {
            let operation = try #require(line[0].string)
            let template = try #require(line[1].string)
            let expected = try #require(line.last)
            seen.insert(operation)
            let answer: String
            do throws(TextError) {
                switch operation {
                case "format":
                    var numbering = FormatNumbering()
                    answer = try template.withView { text throws(TextError) in try fill(text, depth: 0, &numbering) }
                case "field": answer = try template.withView(steps)
                default: answer = try percent(template, operation, line[2].string ?? "")
                }
            } catch {
                answer = "raises " + error.message
            }
            #expect(
                answer == expected.string ?? expected["raises"]?.string.map { "raises " + $0 }, "\(line.dropLast())")
        }
        #expect(seen.count == 6)
    }

    // MARK: str.format

    private func fill(
        _ text: ByteView, depth: Int, _ numbering: inout FormatNumbering
    ) throws(TextError) -> String {
        var template = try FormatTemplate(text, depth: depth)
        var result = ""
        while let part = try template.next() {
            switch part {
            case .text(let text): result += String(text)
            case .field(let field):
                var value = try argument(field.name, &numbering)
                var specification = String(field.specification)
                if field.hasNestedFields {
                    specification = try fill(field.specification, depth: depth + 1, &numbering)
                }
                if let conversion = field.conversion { value = .text(convert(value, conversion)) }
                result += try format(value, specification)
            }
        }
        return result
    }

    private func argument(_ name: ByteView, _ numbering: inout FormatNumbering) throws(TextError) -> Argument {
        var field = try FormatField(name, &numbering)
        let value: Argument?
        switch field.argument {
        case .number(let number):
            guard number < arguments.count else {
                throw TextError(.index, "Replacement index \(number) out of range for positional args tuple")
            }
            value = arguments[number]
        case .name(let name): value = named[String(name)]
        }
        guard let value else { throw TextError(.key, repr(String(name))) }
        while let step = try field.next() { throw TextError(.attribute, "\(step)") }
        return value
    }

    private func repr(_ text: String, asciiOnly: Bool = false) -> String {
        var result: [UInt8] = []
        text.withView { TextRepr.write(text: $0, asciiOnly: asciiOnly, into: &result) }
        return String(decoding: result, as: UTF8.self)
    }

    private func convert(_ value: Argument, _ conversion: FormatTemplate.Conversion) -> String {
        switch (value, conversion) {
        case (.text(let text), .str): text
        case (.text(let text), .repr): repr(text)
        case (.text(let text), .ascii): repr(text, asciiOnly: true)
        case (.integer(let number), _): String(number)
        case (.float(let number), _): number.description
        }
    }

    private func format(_ value: Argument, _ text: String) throws(TextError) -> String {
        var result: [UInt8] = []
        func specification(_ name: String) throws(TextError) -> FormatSpecification {
            try text.withView { text throws(TextError) in
                try FormatSpecification(text, typeName: name, isNumber: name != "str")
            }
        }
        switch value {
        case .text(let text):
            let specification = try specification("str")
            try text.withView { text throws(TextError) in try FormatText.write(text, specification, into: &result) }
        case .integer(let number): try FormatInteger.write(number, specification("int"), into: &result)
        case .float(let number): try FormatFloat.write(number, specification("float"), into: &result)
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// A field's name taken apart, as the script writes it.
    private func steps(_ name: ByteView) throws(TextError) -> String {
        var numbering = FormatNumbering()
        var field = try FormatField(name, &numbering)
        var parts: [String] = []
        switch field.argument {
        case .number(let number):
            let hasNumber = name.count > 0 && name[0] != UInt8(ascii: ".") && name[0] != UInt8(ascii: "[")
            parts.append(hasNumber ? String(number) : "")
        case .name(let name): parts.append(String(name))
        }
        while let step = try field.next() {
            switch step {
            case .attribute(let name): parts.append("." + String(name))
            case .index(let index): parts.append("[\(index)]")
            case .key(let key): parts.append("['\(String(key))']")
            }
        }
        return parts.joined(separator: " ")
    }

    // MARK: %

    private func percent(_ template: String, _ operation: String, _ value: String) throws(TextError) -> String {
        let operands = operation == "percent parse" ? [5, 7] : []
        return try template.withView { text throws(TextError) in
            var result: [UInt8] = []
            var counter = ByteCounter()
            var template = PercentTemplate(text)
            var taken = 0
            while let part = try template.next() {
                switch part {
                case .text(let text):
                    result.append(text)
                    counter.append(text)
                case .item(var item):
                    if let fault = item.fault { throw fault }
                    if item.width == .argument {
                        item.setWidth(operands[taken])
                        taken += 1
                    }
                    // The template with a key names the only entry of its dict, which is 7.
                    if item.key != nil { taken = 1 }
                    let operand = operation == "percent parse" ? String(operands[taken]) : value
                    write(item, operand, into: &result)
                    write(item, operand, into: &counter)
                }
            }
            #expect(counter.bytes == result.count)
            return String(decoding: result, as: UTF8.self)
        }
    }

    private func write(_ item: PercentItem, _ value: String, into sink: inout some ByteSink) {
        if let base = item.base {
            let number = Int(value) ?? 0
            Array(String(number.magnitude, radix: base.rawValue).utf8).withView {
                item.write(digits: $0, isNegative: number < 0, into: &sink)
            }
            return
        }
        switch item.kind {
        case .str: value.withView { item.write(text: $0, into: &sink) }
        case .repr: repr(value).withView { item.write(text: $0, into: &sink) }
        case .ascii: repr(value, asciiOnly: true).withView { item.write(text: $0, into: &sink) }
        default: item.write(float: Double(bitPattern: UInt64(value, radix: 16) ?? 0), into: &sink)
        }
    }

    @Test func hugeWidthsAreCountedNotMade() throws {
        var template = ByteCounter()
        try "%9223372036854775807d".withView { text throws(TextError) in
            var reader = PercentTemplate(text)
            guard case .item(let item) = try reader.next() else {
                Issue.record("no item")
                return
            }
            write(item, "5", into: &template)
        }
        #expect(template.bytes == .max)
    }

    @Test func scalarsKeepTheirWidth() {
        var item = PercentItem()
        item.kind = .scalar
        item.setWidth(-3)
        item.setPrecision(0)
        var result: [UInt8] = []
        item.write(scalar: "é", into: &result)
        #expect(String(decoding: result, as: UTF8.self) == "é  ")
    }
}
