/// Fills in the template of `str.format`.
struct FormatFilling {
    let heap: Heap
    let arguments: UnsafeBufferPointer<Value>
    let keywords: DictObject
    private var numbering = FormatNumbering()

    init(heap: Heap, arguments: UnsafeBufferPointer<Value>, keywords: DictObject) {
        self.heap = heap
        self.arguments = arguments
        self.keywords = keywords
    }

    /// The text with its fields filled in, owned.
    mutating func text(of template: StringObject) throws(DanaError) -> Value {
        var output = TextOutput(heap: heap)
        try fill(ByteView(template.bytes), depth: 0, into: &output)
        return try output.string()
    }

    private mutating func fill(_ text: ByteView, depth: Int, into output: inout TextOutput) throws(DanaError) {
        var template: FormatTemplate
        do throws(TextError) {
            template = try FormatTemplate(text, depth: depth)
        } catch { throw heap.raised(error) }
        while let part = try next(of: &template) {
            try output.check()
            switch part {
            case .text(let text): output.append(text)
            case .field(let field): try write(field, depth: depth, into: &output)
            }
        }
    }

    private func next(of template: inout FormatTemplate) throws(DanaError) -> FormatTemplate.Part? {
        do throws(TextError) {
            return try template.next()
        } catch { throw heap.raised(error) }
    }

    private mutating func write(_ field: FormatTemplate.Field, depth: Int, into output: inout TextOutput)
        throws(DanaError)
    {
        var value = heap.owned(try value(of: field.name))
        switch field.conversion {
        case .repr: value = heap.owned(try ValueWriter.text(value.value, .repr, heap: heap))
        case .str: value = heap.owned(try ValueWriter.text(value.value, .str, heap: heap))
        case .ascii: value = heap.owned(try ValueWriter.text(value.value, .ascii, heap: heap))
        case nil: break
        }
        let format = ValueFormat(heap: heap)
        guard field.hasNestedFields else {
            return try format.write(value.value, field.specification, into: &output)
        }
        var specification = TextOutput(heap: heap)
        try fill(field.specification, depth: depth + 1, into: &specification)
        let text = heap.owned(try specification.string())
        try format.write(value.value, ByteView(StringObject(known: text.value).bytes), into: &output)
    }

    /// What a field's name stands for, owned.
    private mutating func value(of name: ByteView) throws(DanaError) -> Value {
        var field: FormatField
        do throws(TextError) {
            field = try FormatField(name, &numbering)
        } catch { throw heap.raised(error) }
        var value = heap.owned(try argument(field.argument))
        while let step = try next(of: &field) {
            value = heap.owned(try self.step(step, from: value.value))
        }
        return value.take()
    }

    private func next(of field: inout FormatField) throws(DanaError) -> FormatField.Step? {
        do throws(TextError) {
            return try field.next()
        } catch { throw heap.raised(error) }
    }

    private func argument(_ argument: FormatField.Argument) throws(DanaError) -> Value {
        switch argument {
        case .number(let number):
            guard number < arguments.count else {
                throw heap.indexError("Replacement index \(number) out of range for positional args tuple")
            }
            return heap.retained(arguments[number])
        case .name(let name):
            let key = heap.owned(try heap.string(copying: name.buffer, scalars: TextScalars.count(name)).value)
            guard let value = try heap.value(under: key.value, in: keywords) else { throw heap.keyError(key.value) }
            return heap.retained(value)
        }
    }

    /// An item of a container, a field of a struct, or the name or value of an enum's member, owned.
    private func step(_ step: FormatField.Step, from value: Value) throws(DanaError) -> Value {
        if value.isObject(.hostHandle) { throw .handle }
        switch step {
        case .index(let index):
            if let dict = DictObject(value) { return try item(Value(small: index), of: dict) }
            guard value.isIterable, heap.itemCount(of: value) != nil, !value.isObject(.set) else {
                throw heap.typeError("'\(value.typeName)' object is not subscriptable")
            }
            guard index < heap.count(ofSequence: value) else {
                throw heap.indexError("\(value.typeName) index out of range")
            }
            return try heap.item(index, ofSequence: value)
        case .key(let key):
            let key = heap.owned(try heap.string(copying: key.buffer, scalars: TextScalars.count(key)).value)
            guard let dict = DictObject(value) else {
                throw heap.typeError("\(value.typeName) indices must be integers or slices, not str")
            }
            return try item(key.value, of: dict)
        case .attribute(let name): return try attribute(String(name), of: value)
        }
    }

    private func item(_ key: Value, of dict: DictObject) throws(DanaError) -> Value {
        guard let value = try heap.value(under: key, in: dict) else { throw heap.keyError(key) }
        return heap.retained(value)
    }

    /// What a number has under a name, owned.
    private func part(_ name: String, ofNumber value: Value) throws(DanaError) -> Value? {
        switch (value.builtInType, name) {
        case (.bool, "real"), (.bool, "numerator"): Value(small: value.isIdentical(to: .true) ? 1 : 0)
        case (.int, "real"), (.int, "numerator"), (.float, "real"): heap.retained(value)
        case (.int, "imag"), (.bool, "imag"): Value(small: 0)
        case (.int, "denominator"), (.bool, "denominator"): Value(small: 1)
        case (.float, "imag"): try heap.float(0)
        default: nil
        }
    }

    private func attribute(_ name: String, of value: Value) throws(DanaError) -> Value {
        if let structure = StructObject(value) {
            let names = structure.type.fieldNames.items
            if let index = names.firstIndex(where: { StringObject($0)?.text == name }) {
                return heap.retained(structure.fields[index])
            }
        } else if let member = EnumMemberObject(value) {
            if name == "name" { return heap.retained(member.at.pointee.name) }
            if name == "value" { return heap.retained(member.at.pointee.content) }
        } else if let part = try part(name, ofNumber: value) {
            return part
        }
        throw heap.attributeError("'\(value.typeName)' object has no attribute '\(name)'")
    }
}
