/// Making lists, sets, dicts and strings from registers.
extension Machine {
    func build(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) {
        let base = fiber.pointee.frame.pointee.base
        switch i.opcode {
        case .makeList:
            let list = try heap.list(capacity: i.c)
            for index in 0..<i.c {
                list[unchecked: index] = base[i.b + index]
                base[i.b + index] = .undefined
            }
            list.at.pointee.count = i.c
            heap.store(list.value, in: base + i.a)
        case .makeSet:
            let set = try heap.set()
            let held = heap.owned(set.value)
            for index in 0..<i.c { try heap.add(taken(base + (i.b + index)), to: set) }
            heap.store(held.take(), in: base + i.a)
        case .makeDict:
            let dict = try heap.dict()
            let held = heap.owned(dict.value)
            for index in 0..<i.c {
                let key = taken(base + (i.b + 2 * index))
                try heap.set(key, to: taken(base + (i.b + 2 * index + 1)), in: dict)
            }
            heap.store(held.take(), in: base + i.a)
        case .listExtend:
            guard let items = try sequence(in: i.b, { "Value after * must be an iterable, not \($0)" }, fiber) else {
                return
            }
            let list = ListObject(known: base[i.a])
            let count = items.count
            try heap.ensureCapacity(of: list, list.count + count)
            for index in 0..<count { try heap.append(heap.retained(items[index]), to: list) }
            heap.store(.undefined, in: base + i.b)
        case .setAdd: try heap.add(taken(base + i.b), to: SetObject(known: base[i.a]))
        case .setUpdate:
            guard let items = try sequence(in: i.b, { "Value after * must be an iterable, not \($0)" }, fiber) else {
                return
            }
            for item in items { try heap.add(heap.retained(item), to: SetObject(known: base[i.a])) }
            heap.store(.undefined, in: base + i.b)
        case .dictSet:
            let key = taken(base + i.b)
            try heap.set(key, to: taken(base + i.c), in: DictObject(known: base[i.a]))
        case .dictUpdate:
            try update(DictObject(known: base[i.a]), from: base[i.b])
            heap.store(.undefined, in: base + i.b)
        case .dictMerge: try merge(i, base)
        case .listToTuple:
            let list = ListObject(known: base[i.a])
            heap.store(try heap.tuple(copying: list.items).value, in: base + i.a)
        case .formatValue:
            let spec = i.c == Int(Instruction.none) ? Value.undefined : base[i.c]
            heap.store(try formatted(base[i.b], conversion: i.x, spec: spec), in: base + i.a)
        case .joinStrings: try joinStrings(i, base)
        default: throw heap.error(.systemError, "no such instruction: \(i.opcode)")
        }
    }

    private func taken(_ register: UnsafeMutablePointer<Value>) -> Value {
        let value = register.pointee
        register.pointee = .undefined
        return value
    }

    private func update(_ dict: DictObject, from mapping: Value) throws(DanaError) {
        guard let other = DictObject(mapping) else {
            if mapping.isObject(.hostHandle) { throw .handle }
            throw heap.typeError("'\(mapping.typeName)' object is not a mapping")
        }
        try heap.charge(other.count >> 6)
        for index in 0..<other.table.used {
            let entry = other.table.entry(index).pointee
            if entry.key.isUndefined { continue }
            try heap.set(heap.retained(entry.key), to: heap.retained(entry.value), in: dict)
        }
    }

    /// `dictMerge`: keywords of a call to R[C] must be strings that are not there yet.
    private func merge(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws(DanaError) {
        let dict = DictObject(known: base[i.a])
        guard let other = DictObject(base[i.b]) else {
            if base[i.b].isObject(.hostHandle) { throw .handle }
            throw heap.typeError(
                "\(functionName(base[i.c]))() argument after ** must be a mapping, not \(base[i.b].typeName)")
        }
        try heap.charge(other.count >> 6)
        for index in 0..<other.table.used {
            let entry = other.table.entry(index).pointee
            if entry.key.isUndefined { continue }
            guard entry.key.isObject(.string) else { throw heap.typeError("keywords must be strings") }
            if try heap.find(entry.key, hash: entry.hash, in: dict.table) != nil {
                throw heap.typeError(
                    "\(functionName(base[i.c]))() got multiple values for keyword argument '\(text(entry.key))'")
            }
            try heap.set(heap.retained(entry.key), to: heap.retained(entry.value), in: dict)
        }
        heap.store(.undefined, in: base + i.b)
    }

    /// What messages call a callable.
    func functionName(_ value: Value) -> String {
        switch value.objectKind {
        case .function: callName(FunctionObject(known: value).code)
        case .native: NativeObject(known: value).native.pointee.function.name
        case .boundMethod: functionName(BoundMethodObject(known: value).at.pointee.function)
        case .hostFunction: hostFunctions[HostFunctionObject(known: value).at.pointee.index]
        case .structType, .type, .exceptionType, .enumType: typeName(value)
        default: value.typeName
        }
    }

    // MARK: Strings

    /// A piece of an f-string, owned.
    func formatted(_ value: Value, conversion: Int, spec: Value) throws(DanaError) -> Value {
        let converted: Value
        switch UInt8(truncatingIfNeeded: conversion) {
        case UInt8(ascii: "r"): converted = try apply(try formatter(builtIns.repr), value)
        case UInt8(ascii: "a"): converted = try apply(try formatter(builtIns.ascii), value)
        case UInt8(ascii: "s"): converted = try apply(try formatter(builtIns.str), value)
        default: converted = heap.retained(value)
        }
        let held = heap.owned(converted)
        if spec.isUndefined {
            return held.value.isObject(.string) ? held.take() : try apply(try formatter(builtIns.str), held.value)
        }
        let native = try formatter(builtIns.format)
        let slots = UnsafeMutablePointer<Value>.allocate(capacity: 2)
        defer { slots.deallocate() }
        slots[0] = held.value
        slots[1] = spec
        return try LinkedNative.run(native, slots, heap)
    }

    private func formatter(_ native: UnsafePointer<LinkedNative>?) throws(DanaError) -> UnsafePointer<LinkedNative> {
        guard let native else { throw heap.error(.systemError, "the catalogue has no such formatter") }
        return native
    }

    private func joinStrings(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws(DanaError) {
        var (bytes, scalars) = (0, 0)
        for index in 0..<i.c {
            let string = StringObject(known: base[i.b + index])
            bytes += string.byteCount
            scalars += string.scalarCount
        }
        let result = try heap.string(bytes: bytes, scalars: scalars) { start in
            var offset = 0
            for index in 0..<i.c {
                let string = StringObject(known: base[i.b + index])
                (start + offset).update(from: string.start, count: string.byteCount)
                offset += string.byteCount
            }
        }
        for index in 0..<i.c { heap.store(.undefined, in: base + (i.b + index)) }
        heap.store(result.value, in: base + i.a)
    }
}
