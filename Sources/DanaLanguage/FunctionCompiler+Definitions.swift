// Structs, enums and interfaces.

extension FunctionCompiler {
    func structDefinition(_ node: NodeID) {
        let parts = tree.typeDefinition(node)
        let mark = top
        let result = push()
        var description = Code.StructDescription(
            name: text.name(tree.symbol(parts.name)), fields: [], hasType: [], defaults: [])
        description.documentation = parts.documentation.map { String(decoding: tree.text($0), as: UTF8.self) }
        for member in tree[parts.members] where tree.kind(member) == .field {
            let field = tree.field(member)
            description.fields.append(text.name(field.symbol))
            description.annotations.append(text.text(of: tree.range(field.annotation)))
            if scope.kind != .module {
                description.hiddenTypes.formUnion(hiddenNames(in: [field.annotation]))
            }
            openField = (tree.symbol(parts.name), namesTypes: false)
            let hasType = isTypeKnown(field.annotation)
            description.hasType.append(hasType)
            if hasType {
                let type = push()
                typeExpression(field.annotation, into: type)
            }
            if openField?.namesTypes == true { description.fieldsNamingTypes.append(description.fields.count - 1) }
            openField = nil
        }
        for member in tree[parts.members] where tree.kind(member) == .field {
            description.defaults.append(pushDefault(of: member))
        }
        code.emit(.makeStruct, a: result, b: code.add(description), at: tree.range(parts.name))
        pop(to: result + 1)
        store(parts.name, from: result)
        pop(to: mark)
    }

    /// Compiles a field's default, if it has one, into the next temporary.
    private func pushDefault(of field: NodeID) -> Code.StructDescription.FieldDefault {
        guard let value = tree.field(field).defaultValue else { return .none }
        guard resolution.function(openedBy: field) != nil else {
            pushed(value)
            return .value
        }
        let maker = push()
        makeFunction(field, parameters: [], into: maker)
        return .maker
    }

    func enumDefinition(_ node: NodeID) {
        let parts = tree.typeDefinition(node)
        let mark = top
        let result = push()
        var description = Code.EnumDescription(name: text.name(tree.symbol(parts.name)), members: [])
        // A member without a value counts on from the integer before it.
        var next = 1
        for member in tree[parts.members] where tree.kind(member) == .enumMember {
            description.members.append(text.name(tree.symbol(member)))
            let register = push()
            if let value = tree.enumMemberValue(member) {
                expression(value, into: register)
                if case .integer(let integer)? = text.constant(value), integer < Int32.max { next = integer + 1 }
            } else {
                load(.integer(next), into: register, at: tree.range(member))
                next += 1
            }
        }
        code.emit(.makeEnum, a: result, b: code.add(description), at: tree.range(parts.name))
        pop(to: result + 1)
        store(parts.name, from: result)
        pop(to: mark)
    }

    func interfaceDefinition(_ node: NodeID) {
        let parts = tree.typeDefinition(node)
        let mark = top
        let result = push()
        var description = Code.InterfaceDescription(name: text.name(tree.symbol(parts.name)), methods: [], fields: [])
        for member in tree[parts.members] {
            if tree.kind(member) == .field {
                let field = tree.field(member)
                description.fields.append(text.name(field.symbol))
                let type = push()
                if isTypeKnown(field.annotation) {
                    typeExpression(field.annotation, into: type)
                } else {
                    code.emit(.loadNull, a: type, at: tree.range(member))
                }
            } else if tree.kind(member) == .methodSignature {
                let signature = tree.methodSignature(member)
                description.methods.append(
                    Code.InterfaceDescription.Method(
                        name: text.name(signature.symbol), parameterCount: tree.children(signature.parameters).count))
            }
        }
        code.emit(.makeInterface, a: result, b: code.add(description), at: tree.range(parts.name))
        pop(to: result + 1)
        store(parts.name, from: result)
        pop(to: mark)
    }
}
