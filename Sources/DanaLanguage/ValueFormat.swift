/// `format(value, specification)`: what f-strings, `str.format` and `format` write for one value.
struct ValueFormat {
    let heap: Heap

    /// The formatted value as a string, owned.
    func text(of value: Value, _ specification: ByteView) throws(DanaError) -> Value {
        if value.isObject(.hostHandle) { throw .handle }
        if specification.count == 0 { return try ValueWriter.text(value, .str, heap: heap) }
        var output = TextOutput(heap: heap)
        try write(value, specification, into: &output)
        return try output.string()
    }

    /// Writes a value formatted; an empty specification means `str`.
    func write(_ value: Value, _ specification: ByteView, into output: inout TextOutput) throws(DanaError) {
        let type = value.builtInType
        do throws(TextError) {
            switch type {
            case .string:
                let parsed = try FormatSpecification(specification, typeName: "str", isNumber: false)
                return try FormatText.write(ByteView(StringObject(known: value).bytes), parsed, into: &output)
            case .float:
                let parsed = try FormatSpecification(specification, typeName: "float", isNumber: true)
                guard let float = value.float else { return }
                return try FormatFloat.write(float, parsed, into: &output)
            default: break
            }
        } catch { throw heap.raised(error) }
        // A bool is an integer only where the specification asks for a form.
        if type == .int || (type == .bool && specification.count > 0) {
            return try writeInteger(value, specification, typeName: value.typeName, into: &output)
        }
        let isText = value.isObject(.enumMember) || value.isObject(.structure)
        guard specification.count == 0 || isText else {
            throw heap.typeError("unsupported format string passed to \(value.typeName).__format__")
        }
        let text = heap.owned(try ValueWriter.text(value, .str, heap: heap))
        guard specification.count > 0 else { return output.append(StringObject(known: text.value)) }
        do throws(TextError) {
            let parsed = try FormatSpecification(specification, typeName: value.typeName, isNumber: false)
            try FormatText.write(ByteView(StringObject(known: text.value).bytes), parsed, into: &output)
        } catch { throw heap.raised(error) }
    }

    private func writeInteger(
        _ value: Value, _ specification: ByteView, typeName: String, into output: inout TextOutput
    ) throws(DanaError) {
        let parsed: FormatSpecification
        do throws(TextError) {
            parsed = try FormatSpecification(specification, typeName: typeName, isNumber: true)
            if case .small(let integer) = Numbers.number(value) {
                return try FormatInteger.write(integer, parsed, into: &output)
            }
        } catch { throw heap.raised(error) }
        if let big = BigIntObject(value) { try writeBig(big, parsed, into: &output) }
    }

    private func writeBig(_ big: BigIntObject, _ specification: FormatSpecification, into output: inout TextOutput)
        throws(DanaError)
    {
        let radix: Int
        do throws(TextError) {
            if FormatInteger.wantsFloat(specification) {
                guard let float = big.float else { throw TextError(.overflow, "int too large to convert to float") }
                return try FormatFloat.write(float, specification, into: &output)
            }
            guard let base = try FormatInteger.base(specification) else {
                return try FormatInteger.write(scalar: nil, specification, into: &output)
            }
            radix = base.rawValue
        } catch { throw heap.raised(error) }
        let digits = try IntegerConversion(heap: heap).digits(of: big, radix: radix)
        digits.withView { view in
            FormatInteger.write(digits: view, isNegative: big.isNegative, specification, into: &output)
        }
    }
}

extension Heap {
    /// An error of the algorithms on text as the exception it stands for.
    func raised(_ error: TextError) -> DanaError {
        switch error.kind {
        case .value: self.error(.valueError, error.message)
        case .type: self.error(.typeError, error.message)
        case .overflow: self.error(.overflowError, error.message)
        case .index: self.error(.indexError, error.message)
        case .key: self.error(.keyError, error.message)
        case .attribute: self.error(.attributeError, error.message)
        }
    }
}
