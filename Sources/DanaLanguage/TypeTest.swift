/// The types of values, and whether a value is of a type.
extension Heap {
    /// What `type(value)` gives, borrowed.
    func type(of value: Value) throws(DanaError) -> Value {
        if let type = value.builtInType { return try self.type(type == .exceptionType ? .type : type) }
        switch value.objectKind {
        case .structure: return StructObject(known: value).at.pointee.type
        case .enumMember: return EnumMemberObject(known: value).at.pointee.type
        case .exception: return try exceptionType(ExceptionObject(known: value).exceptionKind)
        default: return try self.type(.any)
        }
    }

    /// Whether a value is of a type; several mean any of them.
    func isInstance(_ value: Value, of type: Value, depth: Int = 0) throws(DanaError) -> Bool {
        var pending = [type]
        while let type = pending.popLast() {
            try charge(1)
            if type.isNull {
                if value.isNull { return true }
                continue
            }
            switch type.objectKind {
            case .type: if isInstance(value, of: TypeObject(known: type).type) { return true }
            case .structType:
                if let structure = StructObject(value), structure.at.pointee.type.isIdentical(to: type) { return true }
            case .enumType:
                if let member = EnumMemberObject(value), member.at.pointee.type.isIdentical(to: type) { return true }
            case .exceptionType:
                let kind = ExceptionTypeObject(known: type).exceptionKind
                if let exception = ExceptionObject(value), exception.exceptionKind.isKind(of: kind) { return true }
            case .interface: if try fulfils(value, InterfaceObject(known: type), depth) { return true }
            case .tuple, .pipeline: pending.append(contentsOf: type.typeChoices?.items ?? .init(start: nil, count: 0))
            default: throw typeError("expected a type, got \(type.typeName)")
            }
        }
        return false
    }

    private func isInstance(_ value: Value, of type: BuiltInType) -> Bool {
        if type == .any { return true }
        guard let own = value.builtInType else { return false }
        switch type {
        case .int: return own == .int || own == .bool
        case .type: return value.isConstructor || own == .interface
        default: return own == type
        }
    }

    /// Whether a struct has an interface's methods and fields.
    private func fulfils(_ value: Value, _ interface: InterfaceObject, _ depth: Int) throws(DanaError) -> Bool {
        guard let structure = StructObject(value) else { return false }
        let methods = DictObject(known: interface.at.pointee.methods).table
        for index in 0..<methods.used {
            let entry = methods.entry(index).pointee
            if entry.key.isUndefined { continue }
            guard let method = try self.value(under: entry.key, in: structure.type.methods),
                let function = FunctionObject(method)
            else { return false }
            let shape = function.code.pointee.shape
            let wanted = entry.value.smallInteger + 1
            guard wanted >= shape.positionalCount - shape.positionalDefaults,
                wanted <= shape.positionalCount || shape.restRegister >= 0
            else { return false }
        }
        let fields = DictObject(known: interface.at.pointee.fields).table
        for index in 0..<fields.used {
            let entry = fields.entry(index).pointee
            if entry.key.isUndefined { continue }
            guard let place = structure.type.fieldNames.items.firstIndex(where: { $0.isIdentical(to: entry.key) })
            else { return false }
            if !entry.value.isNull, !(try conforms(structure.fields[place], to: entry.value, depth: depth + 1)) {
                return false
            }
        }
        return true
    }
}
