/// The methods of strings that change case, bring to a width, and ask what a text consists of.
enum MethodsStringForm {
    static let methods: [NativeFunction] =
        [
            changer("upper", .upper, "The text in capitals."),
            changer("lower", .lower, "The text in small letters."),
            changer("casefold", .fold, "The text for comparison without regard to case."),
            changer("title", .title, "The text with each word begun by a capital."),
            changer("capitalize", .capitalize, "The text begun by a capital, the rest in small letters."),
            changer("swapcase", .swap, "The text with capitals and small letters exchanged."),
            predicate("isalpha", "Whether all are letters.", TextPredicates.isAlpha),
            predicate("isdecimal", "Whether all are decimal digits.", TextPredicates.isDecimal),
            predicate("isdigit", "Whether all are digits.", TextPredicates.isDigit),
            predicate("isnumeric", "Whether all are numeric.", TextPredicates.isNumeric),
            predicate("isalnum", "Whether all are letters or numeric.", TextPredicates.isAlphanumeric),
            predicate("isspace", "Whether all is white space.", TextPredicates.isSpace),
            predicate("isprintable", "Whether all can be printed.", TextPredicates.isPrintable),
            question("isidentifier", "Whether the text could be a name.", false) { isName, part in
                isName = isName ? TextPredicates.continuesIdentifier(part) : TextPredicates.isIdentifier(part)
                return isName
            } answer: {
                $0
            },
            letters("isupper", .upper, "Whether all letters are capitals."),
            letters("islower", .lower, "Whether all letters are small."),
            letters("istitle", .title, "Whether each word is begun by a capital."),
            predicate("isascii", "Whether all is ASCII.") { $0.isASCII },
            padder("center", .both, "The text in the middle of a width."),
            padder("ljust", .right, "The text at the left of a width."),
            padder("rjust", .left, "The text at the right of a width."),
            NativeFunction(
                "str.zfill", [.receiver, NativeParameter("width")], "The text with zeros before it, behind its sign.",
                body: zeroFilled),
            NativeFunction(
                "str.expandtabs", [.receiver, NativeParameter("tabsize", .either, default: .integer(8))],
                "The text with spaces for tabs.", body: expandTabs),
        ]

    private static func changer(_ name: String, _ change: TextCase.Change, _ documentation: String) -> NativeFunction {
        NativeFunction("str." + name, [.receiver], documentation) { call throws(DanaError) in
            let text = try call.string(0)
            if text.isASCII {
                let whole = text.byteCount
                let view = ByteView(text.bytes)
                // What begins a word or the text is known only from what comes before it.
                let portion = change == .title || change == .capitalize ? max(whole, 1) : 1 << 16
                return try call.heap.string(bytes: whole, scalars: whole) { start throws(DanaError) in
                    for first in stride(from: 0, to: whole, by: portion) {
                        let part = view[first..<min(first + portion, whole)]
                        try call.charge(visiting: part.count)
                        var writer = ByteWriter(UnsafeMutableBufferPointer(start: start + first, count: part.count))
                        TextCase.writeASCII(part, change, into: &writer)
                    }
                }.value
            }
            var output = TextOutput(heap: call.heap)
            TextCase.write(ByteView(text.bytes), change, into: &output)
            return try output.string()
        }
    }

    /// A question to which the answer for a text is yes where it is for all its parts; an empty text is one part.
    private static func predicate(
        _ name: String, _ documentation: String, _ holds: @escaping @Sendable (ByteView) -> Bool
    ) -> NativeFunction {
        question(name, documentation, false) { answer, part in
            answer = holds(part)
            return answer
        } answer: {
            $0
        }
    }

    private static func letters(_ name: String, _ wanted: LetterCase.Wanted, _ documentation: String) -> NativeFunction
    {
        question(name, documentation, LetterCase(wanted)) {
            $0.accepts($1)
        } answer: {
            $0.isFound
        }
    }

    /// A question on a text that is asked part by part, so that limits are seen meanwhile: what is known so far, whether
    /// it may still be yes with the next part, and the answer at the end.
    private static func question<State: Sendable>(
        _ name: String, _ documentation: String, _ start: State,
        _ mayHold: @escaping @Sendable (inout State, ByteView) -> Bool,
        answer: @escaping @Sendable (State) -> Bool
    ) -> NativeFunction {
        NativeFunction("str." + name, [.receiver], documentation) { call throws(DanaError) in
            var state = start
            var rest = ByteView(try call.string(0).bytes)
            repeat {
                var end = min(rest.count, 1 << 16)
                while end < rest.count, rest[end] & 0xC0 == 0x80 { end -= 1 }
                try call.charge(visiting: end)
                if !mayHold(&state, rest[0..<end]) { return .false }
                rest = rest.from(end)
            } while rest.count > 0
            return Value(answer(state))
        }
    }

    private static func padder(_ name: String, _ side: TextPadding.Side, _ documentation: String) -> NativeFunction {
        NativeFunction(
            "str." + name,
            [.receiver, NativeParameter("width"), NativeParameter("fillchar", default: .absent)], documentation
        ) { call throws(DanaError) in
            let text = try call.string(0)
            let width = try call.integer(1)
            var fill: Unicode.Scalar = " "
            if !call.isAbsent(2) {
                let string = try call.string(2)
                guard string.scalarCount == 1 else {
                    throw call.heap.typeError("The fill character must be exactly one character long")
                }
                fill = TextScalars.decode(ByteView(string.bytes), at: 0).scalar
            }
            if width <= text.scalarCount { return call.heap.retained(call[0]) }
            var output = TextOutput(heap: call.heap)
            TextPadding.write(
                ByteView(text.bytes), length: text.scalarCount, width: width, side, fill: fill, into: &output)
            return try output.string()
        }
    }

    private static func zeroFilled(_ call: NativeCall) throws(DanaError) -> Value {
        let text = try call.string(0)
        var output = TextOutput(heap: call.heap)
        TextPadding.writeZeroFilled(
            ByteView(text.bytes), length: text.scalarCount, width: try call.integer(1), into: &output)
        return try output.string()
    }

    private static func expandTabs(_ call: NativeCall) throws(DanaError) -> Value {
        let text = try call.string(0)
        let size = try call.integer(1)
        try call.charge(visiting: text.byteCount)
        let (bound, overflow) = TextSearch.tabCount(text).multipliedReportingOverflow(by: max(size, 0))
        guard !overflow else { throw .limit(.memory) }
        try call.reserve(bound)
        var output = TextOutput(heap: call.heap)
        TextPadding.writeExpandingTabs(ByteView(text.bytes), size: size, isText: true, into: &output)
        return try output.string()
    }
}

extension TextSearch {
    fileprivate static func tabCount(_ text: StringObject) -> Int {
        text.bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "\t") ? 1 : 0) }
    }
}
