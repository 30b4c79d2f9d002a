/// Hashes of hashable values, seeded by the heap: equal values have equal hashes whatever their types.
extension Heap {
    /// Throws a TypeError for what cannot be a key. A string's hash is kept in it.
    @inline(__always) func hash(of value: Value) throws(DanaError) -> UInt64 {
        if value.isSmallInteger { return mixed(UInt64(bitPattern: Int64(value.smallInteger))) }
        if value.isObject(.string) { return hash(of: StringObject(known: value)) }
        return try ValueHasher(heap: self).hash(of: value)
    }

    @inline(__always) func hash(of string: StringObject) -> UInt64 {
        let hash = string.at.pointee.hash
        return hash != 0 ? hash : computedHash(of: string)
    }

    @inline(never) private func computedHash(of string: StringObject) -> UInt64 {
        let hash = hash(of: string.bytes) | 1
        string.at.pointee.hash = hash
        return hash
    }

    /// The hash of plain bytes.
    func hash(of bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = state.pointee.seed ^ UInt64(truncatingIfNeeded: bytes.count)
        var index = 0
        let raw = UnsafeRawBufferPointer(bytes)
        while index &+ 8 <= bytes.count {
            hash = Heap.folded(hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self), 0x9E37_79B9_7F4A_7C15)
            index &+= 8
        }
        var tail: UInt64 = 0
        while index < bytes.count {
            tail = tail << 8 | UInt64(raw[index])
            index &+= 1
        }
        return Heap.folded(hash ^ tail, 0xD6E8_FEB8_6659_FD93 ^ state.pointee.seed)
    }

    /// A number that belongs to an object compared by identity and stays its own when the program is saved.
    func identity(of value: Value) -> UInt64 {
        let object = value.object
        switch object.pointee.kind {
        case .type: return UInt64(TypeObject(known: value).type.rawValue)
        case .exceptionType: return 256 + UInt64(object.pointee.own)
        case .exception, .iterator, .generator: return UInt64(truncatingIfNeeded: UInt(bitPattern: object))
        default:
            if object.pointee.own == 0 {
                state.pointee.lastIdentity &+= 1
                object.pointee.own = state.pointee.lastIdentity
            }
            return 512 + UInt64(object.pointee.own)
        }
    }

    /// The hash of one word. Sixteen words that differ in their lowest bits alone stand side by side in a table, in the
    /// same cache line; where they stand depends on the seed.
    @inline(__always) func mixed(_ word: UInt64) -> UInt64 {
        Heap.folded(word >> 4 ^ state.pointee.seed, 0x9E37_79B9_7F4A_7C15) ^ (word & 15) << 32
    }

    /// The two halves of a product, which every bit of both factors reaches.
    @inline(__always) static func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
