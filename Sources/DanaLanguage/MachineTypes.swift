/// Types as values, and patterns over them.
extension Machine {
    func type(of value: Value) throws(DanaError) -> Value { try heap.type(of: value) }

    func isInstance(_ value: Value, of type: Value) throws(DanaError) -> Bool {
        try heap.isInstance(value, of: type)
    }

    /// Throws a TypeError that names the place unless a value is of a type; ints are taken where floats are wanted.
    func check(_ value: Value, is type: Value, _ place: () -> String) throws(DanaError) {
        if try isInstance(value, of: type) { return }
        if TypeObject(type)?.type == .float, value.builtInType == .int { return }
        throw heap.typeError("\(place()) must be \(typeName(type)), got \(value.typeName)")
    }

    func typeName(_ type: Value) -> String {
        switch type.objectKind {
        case .type: TypeObject(known: type).type.name
        case .structType: text(StructTypeObject(known: type).at.pointee.name)
        case .enumType: text(EnumTypeObject(known: type).at.pointee.name)
        case .interface: text(InterfaceObject(known: type).at.pointee.name)
        case .exceptionType: ExceptionTypeObject(known: type).exceptionKind.name
        case .tuple: TupleObject(known: type).items.map { typeName($0) }.joined(separator: " | ")
        default: "None"
        }
    }

    // MARK: Patterns

    /// `matchKeys`: the values under all keys as a tuple, or null; owned.
    func matchKeys(_ subject: Value, _ keys: Value) throws(DanaError) -> Value {
        guard let dict = DictObject(subject), let keys = TupleObject(keys) else { return .null }
        let result = try heap.tuple(count: keys.count)
        let held = heap.owned(result.value)
        for (index, key) in keys.items.enumerated() {
            guard let value = try heap.value(under: key, in: dict) else { return .null }
            result.start[index] = heap.retained(value)
        }
        return held.take()
    }

    /// `matchRest`: a copy of a dict without some keys, owned.
    func matchRest(_ subject: Value, _ keys: Value) throws(DanaError) -> Value {
        let result = try heap.dict()
        let held = heap.owned(result.value)
        guard let dict = DictObject(subject), let keys = TupleObject(keys) else { return held.take() }
        try heap.charge(dict.count >> 6)
        for index in 0..<dict.table.used {
            let entry = dict.table.entry(index).pointee
            if entry.key.isUndefined { continue }
            if try holds(keys, entry.key) { continue }
            try heap.set(heap.retained(entry.key), to: heap.retained(entry.value), in: result)
        }
        return held.take()
    }

    private func holds(_ keys: TupleObject, _ key: Value) throws(DanaError) -> Bool {
        for other in keys.items where try heap.equal(key, other) { return true }
        return false
    }

    /// `matchPositional`: what `count` positional patterns of a type see of a value, or null; owned.
    func matchPositional(_ subject: Value, _ type: Value, count: Int) throws(DanaError) -> Value {
        if let structure = StructObject(subject) {
            guard count <= structure.count else {
                throw heap.typeError(
                    "\(typeName(type))() accepts \(structure.count) positional sub-patterns (\(count) given)")
            }
            return try heap.tuple(copying: UnsafeBufferPointer(start: structure.fields, count: count)).value
        }
        if let exception = ExceptionObject(subject) {
            guard count <= exception.arguments.count else { return .null }
            return try heap.tuple(
                copying: UnsafeBufferPointer(rebasing: exception.arguments.items[..<count])
            ).value
        }
        guard count <= 1 else {
            throw heap.typeError("\(typeName(type))() accepts 1 positional sub-pattern (\(count) given)")
        }
        var value = subject
        return try withUnsafePointer(to: &value) { value throws(DanaError) in
            try heap.tuple(copying: UnsafeBufferPointer(start: value, count: count)).value
        }
    }
}
