/// Functions, structs, enums and interfaces, and making instances of them.
extension Machine {
    /// `makeFunction`: R[A] = a function of codes[B], its defaults taken from R[C], ...
    func makeFunction(_ i: Instruction, _ frame: UnsafeMutablePointer<Frame>) throws(DanaError) {
        let base = frame.pointee.base
        let code = frame.pointee.code.pointee.codes[i.b]
        let captures = code.pointee.code._withUnsafeGuaranteedRef { $0.parts.captures }
        let defaults = code.pointee.defaultCount
        let count = defaults + captures.count
        let function = try heap.allocate(FunctionObject.self, trailingBytes: count * MemoryLayout<Value>.stride)
        function.at.pointee.code = code
        function.at.pointee.count = count
        for index in 0..<defaults {
            function.values[index] = base[i.c + index]
            base[i.c + index] = .undefined
        }
        for (index, capture) in captures.enumerated() {
            switch capture {
            case .register(let register): function.cells[index] = heap.retained(base[register])
            case .capture(let number):
                function.cells[index] = heap.retained(FunctionObject(known: frame.pointee.function).cells[number])
            }
        }
        heap.store(function.value, in: base + i.a)
    }

    // MARK: Structs

    /// `makeStruct`: the types and then the defaults are taken from R[A+1], ...
    func makeStruct(_ i: Instruction, _ frame: UnsafeMutablePointer<Frame>) throws(DanaError) {
        let base = frame.pointee.base
        let description = frame.pointee.code.pointee.code.takeUnretainedValue().parts.structs[i.b]
        let count = description.fields.count
        let names = heap.owned(try heap.tuple(count: count).value)
        let types = heap.owned(try heap.tuple(count: count).value)
        let defaults = heap.owned(try heap.tuple(count: count).value)
        let methods = heap.owned(try heap.dict().value)
        let makers = description.defaults.map { $0 == .maker }
        var register = base + (i.a + 1)
        for (index, field) in description.fields.enumerated() {
            TupleObject(known: names.value).start[index] = heap.retained(try heap.name(field))
        }
        for index in 0..<count where description.hasType[index] {
            TupleObject(known: types.value).start[index] = register.pointee
            register.pointee = .undefined
            register += 1
        }
        for index in 0..<count {
            TupleObject(known: defaults.value).start[index] = .undefined
            if description.defaults[index] == .none { continue }
            TupleObject(known: defaults.value).start[index] = register.pointee
            register.pointee = .undefined
            register += 1
        }
        let name = try heap.name(description.name)
        let type = try heap.allocate(StructTypeObject.self)
        type.at.pointee.name = heap.retained(name)
        type.at.pointee.fieldNames = names.take()
        type.at.pointee.fieldTypes = types.take()
        type.at.pointee.fieldDefaults = defaults.take()
        type.at.pointee.methods = methods.take()
        type.at.pointee.version = nextVersion()
        type.at.pointee.firstMaker = makers.firstIndex(of: true) ?? count
        let held = heap.owned(type.value)
        for index in description.fieldsNamingTypes {
            let wanted = type.fieldTypes.start + index
            heap.store(
                try heap.resolveNames(in: wanted.pointee, for: type, of: frame.pointee.code.pointee.module), in: wanted)
        }
        heap.store(held.take(), in: base + i.a)
    }

    /// Versions are never used twice, so that a cache never takes one struct for another.
    private func nextVersion() -> Int {
        lastVersion += 1
        return lastVersion
    }

    /// `defineMethod`: the struct R[A] gets the method names[B], the function R[C].
    func defineMethod(_ type: Value, _ name: Value, _ function: Value) throws(DanaError) {
        guard let type = StructTypeObject(type) else {
            throw heap.typeError("a receiver must be a struct, got \(typeName(type))")
        }
        if fieldIndex(name, type) != nil {
            throw heap.typeError("struct '\(text(type.at.pointee.name))' has a field '\(text(name))' already")
        }
        try heap.set(heap.retained(name), to: heap.retained(function), in: type.methods)
        type.at.pointee.version = nextVersion()
    }

    /// Calling a struct: positional arguments in the fields' order, then keywords, then defaults.
    func construct(
        _ type: StructTypeObject, _ arguments: CallArguments, _ registers: Range<Int>,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        let count = type.fieldNames.count
        let structure = try heap.allocate(StructObject.self, trailingBytes: count * MemoryLayout<Value>.stride)
        structure.at.pointee.type = heap.retained(type.value)
        structure.at.pointee.count = count
        structure.fields.initialize(repeating: .undefined, count: count)
        let held = heap.owned(structure.value)
        let name = { self.text(type.at.pointee.name) }
        guard arguments.positionalCount <= count else {
            throw heap.typeError(
                "\(name())() takes \(count) field\(count == 1 ? "" : "s") but \(arguments.positionalCount) were given")
        }
        for index in 0..<arguments.positionalCount {
            structure.fields[index] = heap.retained(arguments.start[index])
        }
        if let keywords = arguments.keywords {
            for index in 0..<keywords.pointee.count {
                let keyword = keywords.pointee.names[index]
                guard let field = fieldIndex(keyword, type) else {
                    throw heap.typeError("\(name())() got an unexpected field '\(text(keyword))'")
                }
                guard structure.fields[field].isUndefined else {
                    throw heap.typeError("\(name())() got multiple values for field '\(text(keyword))'")
                }
                structure.fields[field] = heap.retained(arguments.start[arguments.positionalCount + index])
            }
        }
        var needsMakers = false
        for index in 0..<count {
            if structure.fields[index].isUndefined {
                let value = type.fieldDefaults[unchecked: index]
                guard !value.isUndefined else {
                    throw heap.typeError("\(name())() is missing field '\(text(type.fieldNames[unchecked: index]))'")
                }
                if isMaker(index, type) {
                    needsMakers = true
                } else {
                    structure.fields[index] = heap.retained(value)
                }
                continue
            }
            let wanted = type.fieldTypes[unchecked: index]
            if !wanted.isNull {
                try check(structure.fields[index], is: wanted) {
                    "field '\(text(type.fieldNames[unchecked: index]))' of \(name())()"
                }
            }
        }
        clear(registers, fiber)
        if needsMakers { return try makeDefaults(held.take(), from: type.at.pointee.firstMaker, fiber) }
        deliver(held.take(), fiber)
        return .goOn
    }

    /// Whether the default of a field is a function to be called for each instance.
    func isMaker(_ index: Int, _ type: StructTypeObject) -> Bool {
        index >= type.at.pointee.firstMaker
            && FunctionObject(type.fieldDefaults[unchecked: index])?
                .code.pointee.isFieldMaker == true
    }

    /// Calls the makers of the defaults still missing from a field on; the instance, owned, is the result in the end.
    func makeDefaults(_ instance: Value, from first: Int, _ fiber: UnsafeMutablePointer<FiberState>)
        throws(DanaError) -> AfterStep
    {
        let held = heap.owned(instance)
        let structure = StructObject(known: instance)
        for index in first..<max(structure.count, first) where structure.fields[index].isUndefined {
            let maker = structure.type.fieldDefaults[unchecked: index]
            let function = Owned(retaining: maker, heap: heap)
            try push(FunctionObject(known: maker).code, function: maker, purpose: .fieldDefault, fiber)
            _ = function.take()
            fiber.pointee.frame.pointee.payload = held.take()
            fiber.pointee.frame.pointee.detail = UInt32(truncatingIfNeeded: index)
            return .goOn
        }
        deliver(held.take(), fiber)
        return .goOn
    }

    // MARK: Enums and interfaces

    /// `makeEnum`: the members' values are taken from R[A+1], ...
    func makeEnum(_ i: Instruction, _ frame: UnsafeMutablePointer<Frame>) throws(DanaError) {
        let base = frame.pointee.base
        let description = frame.pointee.code.pointee.code.takeUnretainedValue().parts.enums[i.b]
        let members = heap.owned(try heap.dict().value)
        let type = try heap.allocate(EnumTypeObject.self)
        type.at.pointee.name = .null
        type.at.pointee.members = members.take()
        let held = heap.owned(type.value)
        type.at.pointee.name = heap.retained(try heap.name(description.name))
        for (index, memberName) in description.members.enumerated() {
            let name = try heap.name(memberName)
            let member = try heap.allocate(EnumMemberObject.self)
            member.at.pointee.type = heap.retained(type.value)
            member.at.pointee.name = heap.retained(name)
            member.at.pointee.content = base[i.a + 1 + index]
            base[i.a + 1 + index] = .undefined
            try heap.set(heap.retained(name), to: member.value, in: type.members)
        }
        heap.store(held.take(), in: base + i.a)
    }

    /// Calling an enum with a member's value gives the member, owned.
    func member(of type: EnumTypeObject, _ arguments: CallArguments) throws(DanaError) -> Value {
        guard arguments.count == 1, arguments.keywordCount == 0 else {
            throw heap.typeError("\(text(type.at.pointee.name))() takes the value of a member")
        }
        let table = type.members.table
        for index in 0..<table.used where !table.entry(index).pointee.key.isUndefined {
            let member = table.entry(index).pointee.value
            try heap.charge(1)
            if try heap.equal(EnumMemberObject(known: member).at.pointee.content, arguments.start[0]) {
                return heap.retained(member)
            }
        }
        throw heap.valueError("\(try shown(arguments.start[0])) is not a valid \(text(type.at.pointee.name))")
    }

    /// `makeInterface`: the fields' types are taken from R[A+1], ...
    func makeInterface(_ i: Instruction, _ frame: UnsafeMutablePointer<Frame>) throws(DanaError) {
        let base = frame.pointee.base
        let description = frame.pointee.code.pointee.code.takeUnretainedValue().parts.interfaces[i.b]
        let methods = heap.owned(try heap.dict().value)
        let fields = heap.owned(try heap.dict().value)
        for method in description.methods {
            try heap.set(
                heap.retained(try heap.name(method.name)), to: Value(small: method.parameterCount),
                in: DictObject(known: methods.value))
        }
        for (index, field) in description.fields.enumerated() {
            let name = heap.retained(try heap.name(field))
            let type = base[i.a + 1 + index]
            base[i.a + 1 + index] = .undefined
            try heap.set(name, to: type, in: DictObject(known: fields.value))
        }
        let name = try heap.name(description.name)
        let interface = try heap.allocate(InterfaceObject.self)
        interface.at.pointee.name = heap.retained(name)
        interface.at.pointee.methods = methods.take()
        interface.at.pointee.fields = fields.take()
        heap.store(interface.value, in: base + i.a)
    }
}
