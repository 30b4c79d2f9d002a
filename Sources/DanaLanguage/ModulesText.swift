/// The module `text`: regular expressions in time linear in the text.
enum ModulesText {
    static let module = NativeCatalogue.Module(
        name: "text",
        functions: [
            NativeFunction(
                "text._match", parameters + bounds + [NativeParameter("mode")],
                "The spans of a match and the group that closed last, its number and name; or null.", body: match),
            NativeFunction(
                "text._spans", parameters + bounds, "The same for every match.", body: spans),
            NativeFunction(
                "text._find_all", parameters + bounds, "What every match or its groups hold.", body: findAll),
            NativeFunction(
                "text._split", parameters + [NativeParameter("maxsplit")], "The text between matches.", body: split),
            NativeFunction(
                "text._sub", parameters + [NativeParameter("template"), NativeParameter("count")],
                "The text with matches replaced, and how many.", body: substitute),
            NativeFunction(
                "text._groups", [NativeParameter("pattern"), NativeParameter("flags")],
                "The number of groups and the numbers of those with names.", body: groups),
            NativeFunction(
                "text.escape", [NativeParameter("pattern")], "The text with what is special in patterns escaped.",
                body: escape),
        ],
        constants: [
            (name: "IGNORECASE", value: .integer(2)), (name: "I", value: .integer(2)),
            (name: "MULTILINE", value: .integer(8)), (name: "M", value: .integer(8)),
            (name: "DOTALL", value: .integer(16)), (name: "S", value: .integer(16)),
            (name: "VERBOSE", value: .integer(64)), (name: "X", value: .integer(64)),
            (name: "ASCII", value: .integer(256)), (name: "A", value: .integer(256)),
        ],
        prelude: ModulesTextPrelude.source)

    private static let parameters = [
        NativeParameter("pattern"), NativeParameter("flags"), NativeParameter("string"),
    ]
    private static let bounds = [
        NativeParameter("start", default: .integer(0)), NativeParameter("stop", default: .null),
    ]

    // MARK: Patterns

    private static func searcher(_ call: NativeCall) throws(DanaError) -> RegexSearcher {
        let heap = call.heap
        let pattern = try call.string(0)
        let number = try call.integer(1)
        var flags: RegexFlags = []
        for (bit, flag) in [
            (2, RegexFlags.ignoreCase), (8, .multiline), (16, .dotAll), (64, .verbose), (256, .ascii),
        ] where number & bit != 0 { flags.insert(flag) }
        let key = RegexCache.Key(pattern: pattern.text, flags: flags.rawValue)
        if let searcher = heap.state.pointee.regexes.searcher(for: key) { return searcher }
        try heap.charge(pattern.byteCount)
        let program: RegexProgram
        do throws(RegexError) {
            program = try RegexCompiler.compile(ByteView(pattern.bytes), flags: flags)
        } catch { throw heap.valueError("regular expression: \(error.message)") }
        try call.reserve(program.machineBytes)
        let searcher = RegexSearcher(program)
        heap.state.pointee.regexes.keep(searcher, for: key)
        return searcher
    }

    /// The spans of a match as indexes of scalars, start and end of the whole and of each group, -1 for none.
    private struct Places {
        let string: StringObject
        let marks: TextMarks?
        let program: RegexProgram

        init(_ string: StringObject, _ program: RegexProgram, _ heap: Heap) throws(DanaError) {
            self.string = string
            self.program = program
            guard !string.isASCII else {
                marks = nil
                return
            }
            try heap.reserve(TextMarks.count(scalars: string.scalarCount) * 8)
            try heap.charge(string.byteCount >> 6)
            marks = TextMarks(ByteView(string.bytes))
        }

        /// The spans with the number and the name of the group that closed last, or null.
        func found(_ slots: [Int], _ heap: Heap) throws(DanaError) -> Value {
            let found = try heap.tuple(count: 3)
            found.start.initialize(repeating: .null, count: 3)
            let held = heap.owned(found.value)
            found.start[0] = try spans(slots, heap)
            if let last = program.lastGroup(in: slots) {
                found.start[1] = Value(small: last)
                if let name = program.groupNames.first(where: { $0.number == last })?.name {
                    found.start[2] = try heap.string(name).value
                }
            }
            return held.take()
        }

        private func spans(_ slots: [Int], _ heap: Heap) throws(DanaError) -> Value {
            let tuple = try heap.tuple(count: slots.count)
            for (index, offset) in slots.enumerated() {
                let place = offset < 0 ? -1 : marks?.index(of: offset, in: ByteView(string.bytes)) ?? offset
                tuple.start[index] = Value(small: place)
            }
            return tuple.value
        }
    }

    // MARK: Searching

    private static func match(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let searcher = try searcher(call)
        let mode = try mode(call)
        let string = try subject(call, mode.name)
        guard let range = try range(call, of: string) else { return .null }
        let slots = try searcher.run(ByteView(string.bytes), range, mode.mode) { steps throws(DanaError) in
            try heap.charge(steps)
        }
        guard let slots else { return .null }
        return try Places(string, searcher.program, heap).found(slots, heap)
    }

    /// The part of a text that is searched, in bytes; nil where it ends before it begins.
    private static func range(_ call: NativeCall, of string: StringObject) throws(DanaError) -> Range<Int>? {
        let count = string.scalarCount
        let start = max(0, min(try call.clampedInteger(3), count))
        let stop = call[4].isNull ? count : max(0, min(try call.clampedInteger(4), count))
        guard start <= stop else { return nil }
        if start == 0, stop == count { return 0..<string.byteCount }
        return try call.heap.byteOffset(of: start, in: string)..<call.heap.byteOffset(of: stop, in: string)
    }

    private static func mode(_ call: NativeCall) throws(DanaError) -> (name: String, mode: RegexMachine.Mode) {
        switch try call.integer(5) {
        case 0: ("search", .search)
        case 1: ("match", .match)
        default: ("fullmatch", .fullMatch)
        }
    }

    /// The text that is searched, told of under the name of the function that programs call.
    private static func subject(_ call: NativeCall, _ function: String) throws(DanaError) -> StringObject {
        if let string = StringObject(call[2]) { return string }
        let what = HostHandleObject(call[2]).map { "an object of the host's (\($0.name)): give str(...) of it" }
        throw call.heap.typeError(
            "text.\(function)() expects a str at argument 'string', got \(what ?? call[2].typeName)")
    }

    /// Goes through all matches in a string.
    private static func forEach(
        _ call: NativeCall, _ string: StringObject, in range: Range<Int>? = nil, limit: Int = .max,
        _ body: ([Int]) throws(DanaError) -> Void
    ) throws(DanaError) {
        let heap = call.heap
        var matches = RegexMatches(try searcher(call), range ?? 0..<string.byteCount)
        var count = 0
        while count < limit,
            let slots = try matches.next(
                in: ByteView(string.bytes), charge: { steps throws(DanaError) in try heap.charge(steps) })
        {
            try heap.charge(1)
            try body(slots)
            count += 1
        }
    }

    private static func spans(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let string = try subject(call, "finditer")
        let places = try Places(string, try searcher(call).program, heap)
        let list = try heap.list()
        let held = heap.owned(list.value)
        guard let range = try range(call, of: string) else { return held.take() }
        try forEach(call, string, in: range) { slots throws(DanaError) in
            let item = heap.owned(try places.found(slots, heap))
            try heap.append(item.value, to: list)
            _ = item.take()
        }
        return held.take()
    }

    private static func part(_ slots: [Int], _ group: Int, of string: StringObject, _ heap: Heap, none: Value)
        throws(DanaError) -> Value
    {
        let (start, end) = (slots[2 * group], slots[2 * group + 1])
        guard start >= 0, end >= start else { return heap.retained(none) }
        return try heap.string(part: start..<end, of: string)
    }

    private static func findAll(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let string = try subject(call, "findall")
        let list = try heap.list()
        let held = heap.owned(list.value)
        guard let range = try range(call, of: string) else { return held.take() }
        try forEach(call, string, in: range) { slots throws(DanaError) in
            let groupCount = slots.count / 2 - 1
            var item: Owned
            if groupCount < 2 {
                item = heap.owned(try part(slots, groupCount, of: string, heap, none: heap.emptyString))
            } else {
                item = heap.owned(try heap.tuple(count: groupCount).value)
                for group in 1...groupCount {
                    TupleObject(known: item.value).start[group - 1] = try part(
                        slots, group, of: string, heap, none: heap.emptyString)
                }
            }
            try heap.append(item.value, to: list)
            _ = item.take()
        }
        return held.take()
    }

    // MARK: Changing

    private static func split(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let string = try subject(call, "split")
        let most = try call.clampedInteger(3)
        let list = try heap.list()
        let held = heap.owned(list.value)
        var start = 0
        func append(_ value: Value) throws(DanaError) {
            let item = heap.owned(value)
            try heap.append(item.value, to: list)
            _ = item.take()
        }
        try forEach(call, string, limit: most < 0 ? 0 : most == 0 ? .max : most) { slots throws(DanaError) in
            try append(try heap.string(part: start..<slots[0], of: string))
            for group in stride(from: 1, to: slots.count / 2, by: 1) {
                try append(try part(slots, group, of: string, heap, none: .null))
            }
            start = slots[1]
        }
        try append(try heap.string(part: start..<string.byteCount, of: string))
        return held.take()
    }

    private static func substitute(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let string = try subject(call, "sub")
        let text = ByteView(string.bytes)
        let template: RegexTemplate
        let program = try searcher(call).program
        let replacement = try call.string(3)
        do throws(RegexError) {
            template = try RegexTemplate(ByteView(replacement.bytes), for: program)
        } catch { throw heap.valueError("replacement: \(error.message)") }
        let most = try call.clampedInteger(4)
        var output = TextOutput(heap: heap)
        var start = 0
        var count = 0
        try forEach(call, string, limit: most < 0 ? 0 : most == 0 ? .max : most) { slots throws(DanaError) in
            output.append(text[start..<slots[0]])
            template.write(slots, of: text, into: &output)
            try output.check()
            start = slots[1]
            count += 1
        }
        output.append(text.from(start))
        let result = heap.owned(try output.string())
        return try heap.pair(result.value, Value(small: count))
    }

    private static func groups(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let program = try searcher(call).program
        let names = try heap.dict()
        let held = heap.owned(names.value)
        for (name, number) in program.groupNames {
            try heap.set(try heap.string(name).value, to: Value(small: number), in: names)
        }
        return try heap.pair(Value(small: program.groupCount), held.value)
    }

    private static func escape(_ call: NativeCall) throws(DanaError) -> Value {
        let text = try call.string(0)
        try call.charge(visiting: text.byteCount)
        var output = TextOutput(heap: call.heap)
        for byte in text.bytes {
            switch byte {
            case 0x09...0x0D, 0x20, 0x23, 0x24, 0x26, 0x28...0x2B, 0x2D, 0x2E, 0x3F, 0x5B...0x5E, 0x7B...0x7E:
                output.append(UInt8(ascii: "\\"))
            default: break
            }
            output.append(byte)
        }
        return try output.string()
    }
}
