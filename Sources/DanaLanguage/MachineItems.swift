/// Items, slices and membership.
extension Machine {
    /// `container[key]`, owned.
    @inline(never) func item(_ key: Value, of container: Value) throws(DanaError) -> Value {
        switch container.objectKind {
        case .list, .tuple, .string, .bytes, .range:
            if let slice = SliceObject(key) { return try Slicing(heap: heap).slice(slice, of: container) }
            let count = heap.count(ofSequence: container)
            let index = try index(key, count: count, container)
            return try heap.item(index, ofSequence: container)
        case .dict:
            guard let value = try heap.value(under: key, in: DictObject(known: container)) else {
                throw heap.keyError(key)
            }
            return heap.retained(value)
        case .enumType:
            guard let member = try heap.value(under: key, in: EnumTypeObject(known: container).members) else {
                throw heap.keyError(key)
            }
            return heap.retained(member)
        case .hostHandle: throw .handle
        // Only a call of its own method gives such an item.
        case .structure where itemMethod(of: container) != nil: throw .handle
        default: throw heap.typeError("'\(container.typeName)' object is not subscriptable")
        }
    }

    /// What gives the items of a struct of the language's own, borrowed; the structs of programs have none.
    private func itemMethod(of container: Value) -> FunctionObject? {
        guard let structure = StructObject(container), let name = try? heap.name("__getitem__"),
            let method = try? heap.value(under: name, in: structure.type.methods),
            let function = FunctionObject(method), function.code.pointee.simpleCount == 2,
            function.code.pointee.code.takeUnretainedValue().parts.source.isPrelude
        else { return nil }
        return function
    }

    /// Calls what gives an item of a struct, in place of the instruction that asks for the item; false where none does.
    func callItemMethod(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> Bool {
        let base = fiber.pointee.frame.pointee.base
        let key: Value
        switch i.opcode {
        case .getItem: key = base[i.c]
        case .getItemInteger: key = Value(small: i.integer)
        default: return false
        }
        let container = base[i.b]
        guard let method = itemMethod(of: container) else { return false }
        try heap.charge(1)
        let function = Owned(retaining: method.value, heap: heap)
        try push(method.code, function: method.value, purpose: .call, fiber)
        _ = function.take()
        let registers = fiber.pointee.frame.pointee.base
        registers[0] = heap.retained(container)
        registers[1] = heap.retained(key)
        return true
    }

    /// An index into a sequence, counted from the end when negative.
    private func index(_ key: Value, count: Int, _ container: Value) throws(DanaError) -> Int {
        var index: Int
        if key.isSmallInteger {
            index = key.smallInteger
        } else if key.isBool {
            index = key.isIdentical(to: .true) ? 1 : 0
        } else if let big = BigIntObject(key), big.magnitude.count == 1, big.magnitude[0] >> 63 == 0 {
            // Python keeps such numbers in a word, and a range may have as many items.
            index = Int(big.magnitude[0]) * (big.isNegative ? -1 : 1)
        } else if key.isObject(.bigInt) {
            if container.isObject(.range) { throw heap.indexError("range object index out of range") }
            throw heap.indexError("cannot fit 'int' into an index-sized integer")
        } else {
            let message =
                switch container.objectKind {
                case .string: "string indices must be integers, not '\(key.typeName)'"
                case .bytes: "byte indices must be integers or slices, not \(key.typeName)"
                default: "\(container.typeName) indices must be integers or slices, not \(key.typeName)"
                }
            throw heap.typeError(message)
        }
        if index < 0 { index += count }
        guard index >= 0 && index < count else {
            let message =
                switch container.objectKind {
                case .string: "string index out of range"
                case .bytes: "index out of range"
                case .range: "range object index out of range"
                default: "\(container.typeName) index out of range"
                }
            throw heap.indexError(message)
        }
        return index
    }

    /// `container[key] = value`; the value is borrowed.
    @inline(never) func setItem(_ key: Value, of container: Value, to value: Value) throws(DanaError) {
        switch container.objectKind {
        case .list:
            let list = ListObject(known: container)
            if let slice = SliceObject(key) { return try Slicing(heap: heap).assign(value, to: slice, of: list) }
            let index: Int
            do { index = try self.index(key, count: list.count, container) } catch {
                throw asAssignment(error)
            }
            let old = list[unchecked: index]
            list[unchecked: index] = heap.retained(value)
            heap.release(old)
        case .dict:
            try heap.set(heap.retained(key), to: heap.retained(value), in: DictObject(known: container))
        case .hostHandle: throw .handle
        default: throw heap.typeError("'\(container.typeName)' object does not support item assignment")
        }
    }

    /// Python words an index error of an assignment differently.
    private func asAssignment(_ error: DanaError) -> DanaError {
        guard case .raised(let value) = error, ExceptionObject(known: value).exceptionKind == .indexError else {
            return error
        }
        heap.discard(error)
        return heap.indexError("list assignment index out of range")
    }

    /// `del container[key]`.
    func deleteItem(_ key: Value, of container: Value) throws(DanaError) {
        switch container.objectKind {
        case .list:
            let list = ListObject(known: container)
            if let slice = SliceObject(key) { return try Slicing(heap: heap).delete(slice, of: list) }
            let index: Int
            do { index = try self.index(key, count: list.count, container) } catch {
                throw asAssignment(error)
            }
            heap.release(try heap.removeItem(index, of: list))
        case .dict:
            let table = DictObject(known: container).table
            guard let index = try heap.find(key, hash: try heap.hash(of: key), in: table) else {
                throw heap.keyError(key)
            }
            let (key, value) = heap.removeEntry(index, of: table)
            heap.release(key)
            heap.release(value)
        case .hostHandle: throw .handle
        default: throw heap.typeError("'\(container.typeName)' object \(refusal(key, of: container)) item deletion")
        }
    }

    /// Python refuses to delete from what has no items, and by a key that is no index, in other words.
    private func refusal(_ key: Value, of container: Value) -> String {
        switch container.objectKind {
        case .tuple, .string, .bytes, .range, .set, .dictView:
            key.isSmallInteger || key.isBool ? "doesn't support" : "does not support"
        default: "does not support"
        }
    }

    private func contains(_ part: ByteView, in whole: ByteView) throws(DanaError) -> Bool {
        try TextSearch.first(
            part, in: whole, 0..<whole.count, charge: { ticks throws(DanaError) in try heap.charge(ticks) })
            != nil
    }

    /// `item in container`, for what is no generator.
    func contains(_ item: Value, in container: Value) throws(DanaError) -> Bool {
        switch container.objectKind {
        case .set where item.isObject(.set) && !SetObject(known: item).isFrozen:
            // Python asks with a frozen copy.
            let frozen = heap.owned(try heap.set(copying: SetObject(known: item).table, isFrozen: true).value)
            return try heap.contains(frozen.value, in: TableObject.Layout.table(of: container.object))
        case .dict, .set: return try heap.contains(item, in: TableObject.Layout.table(of: container.object))
        case .string:
            guard let part = StringObject(item) else {
                throw heap.typeError("'in <string>' requires string as left operand, not \(item.typeName)")
            }
            let whole = StringObject(known: container)
            return try contains(ByteView(part.bytes), in: ByteView(whole.bytes))
        case .bytes:
            let whole = BytesObject(known: container)
            if let part = BytesObject(item) { return try contains(ByteView(part.bytes), in: ByteView(whole.bytes)) }
            guard item.float == nil, let number = Numbers.number(item) else {
                throw heap.typeError("a bytes-like object is required, not '\(item.typeName)'")
            }
            guard let byte = number.byte else { throw heap.valueError("byte must be in range(0, 256)") }
            return whole.bytes.contains(byte)
        case .range:
            let range = RangeObject(known: container)
            return integral(item).flatMap { range.index(of: $0) } != nil
        case .dictView:
            let view = DictViewObject(known: container)
            if view.part == .keys { return try heap.contains(item, in: view.dict.table) }
            if view.part == .items {
                guard let pair = TupleObject(item), pair.count == 2,
                    let value = try heap.value(under: pair[unchecked: 0], in: view.dict)
                else { return false }
                return try heap.equal(value, pair[unchecked: 1])
            }
        case .list, .tuple, .iterator, .enumType: break
        case .hostHandle: throw .handle
        default: throw heap.typeError("argument of type '\(container.typeName)' is not iterable")
        }
        var items = try heap.iteration(over: container)
        var visited = 0
        while let next = try items.next() {
            visited += 1
            if visited & 63 == 0 { try heap.charge(1) }
            let held = heap.owned(next)
            if held.value.isIdentical(to: item) { return true }
            if try heap.equal(held.value, item) { return true }
        }
        return false
    }

    /// The integer a number equals, if it is small.
    private func integral(_ value: Value) -> Int? {
        switch Numbers.number(value) {
        case .small(let integer): integer
        case .float(let float): Int(exactly: float)
        case .big, nil: nil
        }
    }
}
