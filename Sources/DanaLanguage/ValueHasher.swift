import DanaData

/// Hashes the values whose hash is not at hand, walking nested tuples with a stack of its own.
struct ValueHasher {
    let heap: Heap

    func hash(of value: Value) throws(DanaError) -> UInt64 {
        guard let kind = value.objectKind, kind == .tuple || kind == .structure else { return try leafHash(of: value) }
        // The tuples that are being walked, the outermost first.
        var open: [UnsafeBufferPointer<Value>.Iterator] = []
        var hash: UInt64 = 0x51_7C_C1_B7
        var current: Value? = value
        while let item = current {
            try heap.charge(1)
            switch item.objectKind {
            case .tuple:
                let items = TupleObject(known: item).items
                hash = Heap.folded(hash ^ UInt64(items.count), 0xA076_1D64_78BD_642F)
                open.append(items.makeIterator())
            case .structure:
                throw heap.typeError("unhashable type: '\(item.typeName)'")
            default:
                hash = Heap.folded(hash ^ (try heap.hash(of: item)), 0xE703_7ED1_A0B4_28DB)
            }
            current = ValueHasher.next(of: &open)
        }
        return hash
    }

    /// The next item of the innermost tuple that has one left.
    private static func next(of open: inout [UnsafeBufferPointer<Value>.Iterator]) -> Value? {
        while !open.isEmpty {
            if let item = open[open.count - 1].next() { return item }
            open.removeLast()
        }
        return nil
    }

    private func leafHash(of value: Value) throws(DanaError) -> UInt64 {
        if value.isInlineFloat { return hash(of: value.inlineFloat, identity: value) }
        guard value.isObject else {
            if value.isBool { return heap.mixed(value.isIdentical(to: .true) ? 1 : 0) }
            return heap.mixed(value.bits)
        }
        switch value.object.pointee.kind {
        case .string: return heap.hash(of: StringObject(known: value))
        case .boxedFloat: return hash(of: BoxedFloat(known: value).float, identity: value)
        case .bigInt:
            let integer = BigIntObject(known: value)
            return hash(magnitude: integer.magnitude, isNegative: integer.isNegative)
        case .bytes:
            let bytes = BytesObject(known: value)
            if bytes.at.pointee.hash == 0 { bytes.at.pointee.hash = heap.hash(of: bytes.bytes) | 1 }
            return bytes.at.pointee.hash
        case .range:
            let range = RangeObject(known: value)
            let first = heap.mixed(UInt64(range.count))
            if range.count == 0 { return first }
            let second = Heap.folded(first ^ UInt64(bitPattern: Int64(range.start)), 0xA076_1D64_78BD_642F)
            if range.count == 1 { return second }
            return Heap.folded(second ^ UInt64(bitPattern: Int64(range.step)), 0xE703_7ED1_A0B4_28DB)
        case .set:
            let set = SetObject(known: value)
            guard set.isFrozen else { throw heap.typeError("unhashable type: 'set'") }
            return hash(ofItems: set.table)
        case .list, .dict, .dictView, .slice, .structure:
            throw heap.typeError("unhashable type: '\(value.typeName)'")
        case .hostHandle: return heap.mixed(HostHandleObject(known: value).identifier &+ 1 << 40)
        default: return heap.mixed(heap.identity(of: value))
        }
    }

    /// The same whatever the order of the items.
    private func hash(ofItems table: TableObject) -> UInt64 {
        var sum: UInt64 = 0
        for index in 0..<table.used where !table.entry(index).pointee.key.isUndefined {
            sum &+= Heap.folded(table.entry(index).pointee.hash, 0x9E37_79B9_7F4A_7C15)
        }
        return heap.mixed(sum ^ UInt64(table.count))
    }

    /// An integral float hashes as the integer it equals.
    private func hash(of float: Double, identity: Value) -> UInt64 {
        if let integer = Int(exactly: float), let small = Value(fitting: integer) {
            return heap.mixed(UInt64(bitPattern: Int64(small.smallInteger)))
        }
        if let integer = BigInteger(exactly: float) {
            return integer.magnitude.withUnsafeBufferPointer { hash(magnitude: $0, isNegative: integer.isNegative) }
        }
        return float.isNaN ? heap.mixed(identity.bits) : heap.mixed(float.bitPattern)
    }

    private func hash(magnitude: UnsafeBufferPointer<UInt64>, isNegative: Bool) -> UInt64 {
        var hash: UInt64 = isNegative ? 1 : 0
        for word in magnitude { hash = Heap.folded(hash ^ word ^ heap.state.pointee.seed, 0xD6E8_FEB8_6659_FD93) }
        return hash
    }
}
