/// A parameter that a caller can name, with the type that its annotation declares.
struct CallableParameter {
    let name: String
    let type: DeclaredType
    /// The default, borrowed; nil or undefined when there is none or it is not known here.
    let defaultValue: Value?
    let isRequired: Bool
}

extension Machine {
    /// The name of what can be called and its parameters, without `*args` and `**kwargs`; nil for what has no signature
    /// of its own.
    func parameters(
        of callable: Value, _ types: inout DeclaredTypes
    ) throws(TypeSchema.Fault) -> (name: String, parameters: [CallableParameter])? {
        if let function = FunctionObject(callable) { return try parameters(of: function, skipping: 0, &types) }
        if let native = NativeObject(callable) {
            return parameters(of: native.native.pointee.function, skipping: 0)
        }
        if let method = BoundMethodObject(callable) {
            if let function = FunctionObject(method.at.pointee.function) {
                return try parameters(of: function, skipping: 1, &types)
            }
            if let native = NativeObject(method.at.pointee.function) {
                return parameters(of: native.native.pointee.function, skipping: 1)
            }
        }
        if let type = StructTypeObject(callable) { return try parameters(of: type, &types) }
        return nil
    }

    private func parameters(
        of function: FunctionObject, skipping skipped: Int, _ types: inout DeclaredTypes
    ) throws(TypeSchema.Fault) -> (name: String, parameters: [CallableParameter]) {
        let parts = function.code.pointee.code.takeUnretainedValue().parts
        let given = parts.parameters
        let reader = AnnotationReader(self, module: function.code.pointee.module, hidden: parts.hiddenTypes)
        var parameters: [CallableParameter] = []
        let keywordCount = given.keywordDefaults.count
        let firstDefault = given.positionalCount - given.positionalDefaults
        var nextDefault = 0
        for index in 0..<(given.positionalCount + keywordCount) {
            let isPositional = index < given.positionalCount
            let hasDefault = isPositional ? index >= firstDefault : given.keywordDefaults[index - given.positionalCount]
            let value = hasDefault ? function.values[nextDefault] : nil
            if hasDefault { nextDefault += 1 }
            if index < skipped { continue }
            let name = given.names[index]
            var type: DeclaredType?
            if let text = parts.annotations[name] {
                do throws(DeclaredTypes.Fault) { type = try reader.read(text, &types) } catch {
                    throw .type(path: "\(parts.name)(\(name))", error.message)
                }
            }
            parameters.append(
                CallableParameter(
                    name: name, type: type ?? .anything, defaultValue: value, isRequired: !hasDefault))
        }
        return (parts.name, parameters)
    }

    private func parameters(
        of native: NativeFunction, skipping skipped: Int
    ) -> (name: String, parameters: [CallableParameter]) {
        let parameters = native.parameters.dropFirst(skipped).compactMap { parameter -> CallableParameter? in
            switch parameter.kind {
            case .rest, .keywordRest: return nil
            case .positional, .either, .keyword: break
            }
            let isRequired = if case .required = parameter.default { true } else { false }
            return CallableParameter(
                name: parameter.name, type: .anything, defaultValue: nil, isRequired: isRequired)
        }
        return (native.shownName, parameters)
    }

    private func parameters(
        of type: StructTypeObject, _ types: inout DeclaredTypes
    ) throws(TypeSchema.Fault) -> (name: String, parameters: [CallableParameter]) {
        let name = text(type.at.pointee.name)
        let fields: [DeclaredType]
        do throws(DeclaredTypes.Fault) { fields = try types.fields(of: type) } catch {
            throw .type(path: name, error.message)
        }
        let parameters = fields.enumerated().map { index, field in
            let value = type.fieldDefaults[unchecked: index]
            return CallableParameter(
                name: text(type.fieldNames[unchecked: index]), type: field, defaultValue: value,
                isRequired: value.isUndefined)
        }
        return (name, parameters)
    }
}
