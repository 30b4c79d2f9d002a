import DanaData
import Testing
import ValueGenerator

/// JSON in and out of the tape.
struct JSONTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-1", "1.5", "[]", "{}", #""""#, "[1,2,[3,[]]]",
        #"{"a":{"b":[null,{}]},"c":"d"}"#,
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "123456789012345678901234567890",
        #""\"\\\b\f\n\r\t\u0000\u001f""#, "\"é€😀\u{7f}\"", "1e+16", "5e-324", "1.7976931348623157e+308", "-0.0",
    ])
    func textThatIsWrittenAsItWasRead(_ text: String) throws {
        #expect(try JSONWriter.string(JSONReader.read(text).root) == text)
    }

    @Test func formsOfTheSameValue() throws {
        let same = [
            (" \t\r\n[ 1 , 2 ] \n", "[1,2]"), (#"{ "a" : 1 }"#, #"{"a":1}"#), ("-0", "0"), ("1E2", "100.0"),
            ("1e-2", "0.01"), ("0.10", "0.1"), ("-1.5e+3", "-1500.0"), (#""\u00e9\/\uD83D\uDE00""#, #""é/😀""#),
            ("123456789012345678", "123456789012345678"), ("0.1e1", "1.0"), ("1e-400", "0.0"),
            ("9007199254740993.0", "9007199254740992.0"), ("100000000000000000000000.0", "1e+23"),
            (#""\ud800""#, #""\ud800""#), (#""x\udc00\ud800\u0041""#, #""x\udc00\ud800A""#),
            (#""\ud800\n""#, #""\ud800\n""#),
        ]
        for (text, written) in same {
            #expect(try JSONWriter.string(JSONReader.read(text).root) == written, "\(text)")
        }
    }

    @Test func refusedTextNamesThePlace() {
        let refused: [(String, Int, Int, String)] = [
            ("", 1, 1, "expected a value, found the end of the text"),
            (" ", 1, 2, "expected a value, found the end of the text"),
            ("nul", 1, 1, "expected a value, found 'n'"),
            ("[1,]", 1, 4, "expected a value, found ']'"),
            ("[1 2]", 1, 4, "expected ',' or ']', found '2'"),
            ("[1", 1, 3, "expected ',' or ']', found the end of the text"),
            ("[}", 1, 2, "expected a value, found '}'"),
            ("{]", 1, 2, "expected a key in double quotes, found ']'"),
            ("{\"a\":1,}", 1, 8, "expected a key in double quotes, found '}'"),
            ("{\"a\" 1}", 1, 6, "expected ':' after a key, found '1'"),
            ("{1:2}", 1, 2, "expected a key in double quotes, found '1'"),
            ("{\"a\":1]", 1, 7, "expected ',' or '}', found ']'"),
            ("[\n  1,\n  \"é\" x\n]", 3, 7, "expected ',' or ']', found 'x'"),
            ("1 2", 1, 3, "expected the end of the text, found '2'"),
            ("01", 1, 1, "a number must not begin with a superfluous zero"),
            ("-", 1, 2, "expected a digit, found the end of the text"),
            ("+1", 1, 1, "expected a value, found '+'"),
            (".5", 1, 1, "expected a value, found '.'"),
            ("1.", 1, 3, "expected a digit, found the end of the text"),
            ("1e", 1, 3, "expected a digit, found the end of the text"),
            ("1e400", 1, 1, "a number is beyond the range of a double"),
            ("1e99999999999999999999", 1, 1, "a number is beyond the range of a double"),
            ("NaN", 1, 1, "expected a value, found 'N'"),
            ("Infinity", 1, 1, "expected a value, found 'I'"),
            ("'a'", 1, 1, "expected a value, found '''"),
            ("\"a", 1, 3, "expected '\"' at the end of a string, found the end of the text"),
            ("\"\n\"", 1, 2, "a control character in a string must be written as an escape"),
            ("\"\\x\"", 1, 3, "expected one of \" \\ / b f n r t u after a backslash, found 'x'"),
            ("\"\\u12g4\"", 1, 6, "expected four hexadecimal digits after \\u, found 'g'"),
            ("\"\\", 1, 3, "expected an escape, found the end of the text"),
            ("\u{feff}1", 1, 1, "expected a value, found byte 239"),
            ("// x\n1", 1, 1, "expected a value, found '/'"),
        ]
        for (text, line, column, message) in refused {
            let error = #expect(throws: JSONReadError.self, "\(text)") { try JSONReader.read(text) }
            #expect(error?.message == message)
            #expect(error?.line == line, "\(text)")
            #expect(error?.column == column, "\(text)")
        }
    }

    @Test(
        arguments: [
            [0x80], [0xc0, 0x80], [0xc3], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x80, 0x80, 0x80], [0xff],
            [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0xe2, 0x28, 0xa1], [0xf0, 0x9f, 0x98],
        ] as [[UInt8]])
    func bytesThatAreNotUTF8(_ bytes: [UInt8]) {
        for prefix in [[0x22], [0x22, 0x5c, 0x6e]] as [[UInt8]] {
            let error = #expect(throws: JSONReadError.self) { try JSONReader.read(utf8: prefix + bytes + [0x22]) }
            #expect(error?.message == "the text is not UTF-8")
            #expect(error?.offset == prefix.count)
        }
    }

    @Test func limits() throws {
        let limits = JSONReader.Limits(depth: 3, size: 40, integerDigits: 20)
        #expect(try JSONReader.read("[[[1]]]", limits: limits).root.count == 1)
        #expect(throws: JSONReadError.self) { try JSONReader.read("[[[[1]]]]", limits: limits) }
        #expect(throws: JSONReadError.self) {
            try JSONReader.read(String(repeating: " ", count: 40) + "1", limits: limits)
        }
        #expect(try JSONReader.read(String(repeating: "9", count: 20), limits: limits).root.kind == .bigInteger)
        #expect(throws: JSONReadError.self) { try JSONReader.read(String(repeating: "9", count: 21), limits: limits) }
        let deep = String(repeating: "[", count: 1001)
        #expect(throws: JSONReadError.self) { try JSONReader.read(deep) }
    }

    @Test func depthIsBoundedByTheLimitAlone() throws {
        let depth = 100_000
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let tape = try JSONReader.read(text, limits: .init(depth: depth))
        #expect(try JSONWriter.string(tape.root) == text)
    }

    @Test func equalKeysAreKept() throws {
        let root = try JSONReader.read(#"{"a":1,"a":2}"#).root
        #expect(root.count == 2)
        #expect(root["a"]?.int == 2)
    }

    @Test func whatJSONCannotHoldIsRefusedWithItsPath() throws {
        var builder = TapeBuilder()
        builder.beginDict()
        builder.appendString("items")
        builder.beginTuple()
        builder.appendInt(1)
        builder.beginDict()
        builder.appendString("a price")
        builder.appendDouble(.nan)
        builder.end()
        builder.end()
        builder.end()
        let tape = builder.finish()
        let error = #expect(throws: JSONWriteError.self) { try JSONWriter.utf8(tape.root) }
        #expect(error?.path == #"$.items[1]["a price"]"#)
        #expect(error?.message == "JSON has no NaN and no infinity; found nan")

        builder = TapeBuilder()
        builder.beginDict()
        builder.appendInt(1)
        builder.appendNull()
        builder.end()
        let keys = builder.finish()
        #expect(throws: JSONWriteError(message: "a key of JSON must be text, found int", path: "$[1]")) {
            try JSONWriter.utf8(keys.root)
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func whatIsWrittenReadsBackTheSame(seed: UInt64) throws {
        var generator = Generator(seed: seed)
        for round in 0..<50 {
            var builder = TapeBuilder(minimumCapacity: 1)
            generator.appendJSON(to: &builder)
            let tape = builder.finish()
            let text = try JSONWriter.utf8(tape.root)
            #expect(try JSONReader.read(utf8: text) == tape, "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func anyBytesAreReadOrRefused(seed: UInt64) throws {
        var generator = Generator(seed: seed)
        let alphabet =
            Array(#"[]{}:,"\u0123456789abcdefEnrtlsx+-. "#.utf8) + [0, 10, 0x80, 0xc3, 0xa9, 0xed, 0xa0, 0xf0, 0xff]
        for round in 0..<300 {
            var builder = TapeBuilder()
            generator.appendJSON(to: &builder, depth: 3)
            var text = try JSONWriter.utf8(builder.finish().root)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0...text.count, using: &generator)
                let byte = alphabet.randomElement(using: &generator) ?? 0
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: text.insert(byte, at: place)
                case 1: text.removeLast(text.count - place)
                case 2: text = text.dropFirst(place) + generator.bytes(upTo: 4)
                default: if place < text.count { text[place] = byte }
                }
            }
            guard let tape = try? JSONReader.read(utf8: text) else { continue }
            // What is accepted is UTF-8 and has one form that reads back the same.
            #expect(String(validating: text, as: UTF8.self) != nil, "seed \(seed), round \(round)")
            #expect(try JSONReader.read(utf8: JSONWriter.utf8(tape.root)) == tape, "seed \(seed), round \(round)")
        }
    }
}
