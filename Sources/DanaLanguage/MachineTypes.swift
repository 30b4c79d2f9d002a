/// Types as values, and patterns over them.
extension Machine {
    func type(of value: Value) throws(DanaError) -> Value { try heap.type(of: value) }

    func isInstance(_ value: Value, of type: Value) throws(DanaError) -> Bool {
        try heap.isInstance(value, of: type)
    }

    /// Throws a TypeError that names the place unless a value is what an annotation says.
    func check(_ value: Value, is type: Value, _ place: () -> String) throws(DanaError) {
        if try heap.conforms(value, to: type) { return }
        throw heap.typeError("\(place()) must be \(typeName(type)), got \(try heap.described(value, against: type))")
    }

    /// `checkType`
    func checkType(_ i: Instruction, _ frame: UnsafeMutablePointer<Frame>) throws(DanaError) {
        let (value, type) = (frame.pointee.base[i.a], frame.pointee.base[i.b])
        let name = frame.pointee.code.pointee.names[i.c]
        switch CheckedPlace(rawValue: UInt8(truncatingIfNeeded: i.x)) {
        case .argument:
            if try heap.conforms(value, to: type) { return }
            let got = try heap.described(value, against: type)
            let function = callName(frame.pointee.code)
            throw heap.typeError("\(function)() expects \(typeName(type)) at argument '\(text(name))', got \(got)")
        case .told: return
        case .result: try check(value, is: type) { "what \(text(name))() returns" }
        default: try check(value, is: type) { "'\(text(name))'" }
        }
    }

    /// A type as annotations spell it.
    func typeName(_ type: Value) -> String {
        var spelling = TypeSpelling(heap)
        return spelling.name(of: type)
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
