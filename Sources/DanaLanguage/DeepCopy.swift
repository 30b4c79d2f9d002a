/// Copies of containers with all that they hold.
extension Heap {
    /// A copy of a value that shares nothing with it that can be changed in place, owned; whatever is no list, tuple, dict,
    /// set or struct is the value itself. What the value holds twice, the copy does, too.
    func deepCopy(of value: Value) throws(DanaError) -> Value {
        guard DeepCopy.isCopied(value) else { return retained(value) }
        var copy = DeepCopy(heap: self)
        return try copy.copy(of: value)
    }
}

/// A copy under way: containers are copied one by one, and then what they hold, so that depth costs no stack.
private struct DeepCopy {
    let heap: Heap
    /// The copies so far, borrowed, by what they are of.
    private var copies: [UInt64: Value] = [:]
    /// Copies that still hold what the originals do.
    private var waiting: [Value] = []

    init(heap: Heap) { self.heap = heap }

    static func isCopied(_ value: Value) -> Bool {
        switch value.objectKind {
        case .list, .tuple, .dict, .structure: true
        // What a set holds cannot be changed.
        case .set: !SetObject(known: value).isFrozen
        default: false
        }
    }

    mutating func copy(of value: Value) throws(DanaError) -> Value {
        let whole = heap.owned(try container(like: value))
        while let next = waiting.popLast() {
            try heap.charge(1)
            switch next.objectKind {
            case .list:
                let list = ListObject(known: next)
                for index in 0..<list.count { try replace(&list[unchecked: index], index) }
            case .tuple:
                let tuple = TupleObject(known: next)
                for index in 0..<tuple.count { try replace(&tuple.start[index], index) }
            case .structure:
                let structure = StructObject(known: next)
                for index in 0..<structure.count { try replace(&structure.fields[index], index) }
            case .dict:
                let table = DictObject(known: next).table
                for index in 0..<table.used { try replace(&table.entry(index).pointee.value, index) }
            default: continue
            }
        }
        return whole.take()
    }

    /// Puts the copy of what stands in a place of a copy there.
    private mutating func replace(_ place: inout Value, _ index: Int) throws(DanaError) {
        if index & 63 == 63 { try heap.charge(1) }
        let original = place
        guard DeepCopy.isCopied(original) else { return }
        if let known = copies[original.bits] {
            place = heap.retained(known)
        } else {
            place = try container(like: original)
        }
        heap.release(original)
    }

    /// A container that holds what another does, owned.
    private mutating func container(like original: Value) throws(DanaError) -> Value {
        let copy: Value
        switch original.objectKind {
        case .list: copy = try heap.list(copying: ListObject(known: original).items).value
        case .tuple: copy = try heap.tuple(copying: TupleObject(known: original).items).value
        case .dict: copy = try heap.dict(copying: DictObject(known: original)).value
        case .set: copy = try heap.set(copying: SetObject(known: original).table).value
        default: copy = try heap.structure(copying: StructObject(known: original)).value
        }
        copies[original.bits] = copy
        waiting.append(copy)
        return copy
    }
}

extension Heap {
    /// A struct with the same fields, owned.
    fileprivate func structure(copying original: StructObject) throws(DanaError) -> StructObject {
        let count = original.count
        let copy = try allocate(StructObject.self, trailingBytes: count * MemoryLayout<Value>.stride)
        copy.at.pointee.type = retained(original.at.pointee.type)
        copy.at.pointee.count = count
        for index in 0..<count { (copy.fields + index).initialize(to: retained(original.fields[index])) }
        return copy
    }
}
