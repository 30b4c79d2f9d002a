/// What `repr` writes for values that have no literal: functions, types, modules, iterators.
struct ValueName {
    let heap: Heap

    func write(_ value: Value, into output: inout TextOutput) throws(DanaError) {
        guard value.isObject else { return output.append("undefined") }
        switch value.object.pointee.kind {
        case .range: write(RangeObject(known: value), into: &output)
        case .slice: try write(SliceObject(known: value), into: &output)
        case .enumMember:
            let member = EnumMemberObject(known: value)
            append(member.type.at.pointee.name, to: &output)
            output.append(".")
            append(member.at.pointee.name, to: &output)
        case .function:
            output.append("<function ")
            output.append(text: FunctionObject(known: value).code.pointee.code.takeUnretainedValue().parts.name)
            output.append(">")
        case .native:
            output.append("<built-in function ")
            output.append(text: NativeObject(known: value).nativeName)
            output.append(">")
        case .boundMethod: try write(BoundMethodObject(known: value), into: &output)
        case .type: quoted("class", TypeObject(known: value).type.name, &output)
        case .exceptionType: quoted("class", ExceptionTypeObject(known: value).exceptionKind.name, &output)
        case .structType:
            quoted("struct", StringObject(known: StructTypeObject(known: value).at.pointee.name).text, &output)
        case .enumType: quoted("enum", StringObject(known: EnumTypeObject(known: value).at.pointee.name).text, &output)
        case .interface:
            quoted("interface", StringObject(known: InterfaceObject(known: value).at.pointee.name).text, &output)
        case .module: quoted("module", StringObject(known: ModuleObject(known: value).at.pointee.name).text, &output)
        case .pipeline where PipelineObject(known: value).isUnion:
            for (index, type) in PipelineObject(known: value).stages.items.enumerated() {
                if index > 0 { output.append(" | ") }
                output.append(text: type.isNull ? "None" : heap.name(ofType: type))
            }
        case .hostHandle:
            output.append("<")
            append(HostHandleObject(known: value).at.pointee.typeName, to: &output)
            output.append(">")
        default:
            output.append("<")
            output.append(text: value.typeName)
            output.append(">")
        }
    }

    private func append(_ name: Value, to output: inout TextOutput) {
        if let name = StringObject(name) { output.append(name) }
    }

    private func quoted(_ what: StaticString, _ name: String, _ output: inout TextOutput) {
        output.append("<")
        output.append(what)
        output.append(" '")
        output.append(text: name)
        output.append("'>")
    }

    private func write(_ range: RangeObject, into output: inout TextOutput) {
        output.append("range(")
        output.append(decimal: range.start)
        output.append(", ")
        output.append(decimal: range.stop)
        if range.step != 1 {
            output.append(", ")
            output.append(decimal: range.step)
        }
        output.append(")")
    }

    /// The parts of a slice are written without a look inside containers.
    private func write(_ slice: SliceObject, into output: inout TextOutput) throws(DanaError) {
        output.append("slice(")
        let parts = slice.at.pointee
        for (index, part) in [parts.start, parts.stop, parts.step].enumerated() {
            if index > 0 { output.append(", ") }
            if part.isSmallInteger {
                output.append(decimal: part.smallInteger)
            } else if part.isNull {
                output.append("None")
            } else if let big = BigIntObject(part) {
                try output.append(decimal: big, heap: heap)
            } else {
                output.append(text: part.typeName)
            }
        }
        output.append(")")
    }

    private func write(_ method: BoundMethodObject, into output: inout TextOutput) throws(DanaError) {
        output.append("<bound method ")
        if let native = NativeObject(method.at.pointee.function) {
            output.append(text: native.nativeName)
        } else if let function = FunctionObject(method.at.pointee.function) {
            output.append(text: method.at.pointee.receiver.typeName)
            output.append(".")
            output.append(text: CallableNames.methodName(of: function, on: method.at.pointee.receiver))
        }
        output.append(">")
    }
}

extension NativeObject {
    var nativeName: String { native.pointee.function.name }
}
