/// Python's truth of any value.
extension Heap {
    /// Empty containers, zeros and null are false.
    @inline(__always) func isTrue(_ value: Value) throws(DanaError) -> Bool {
        if value.isBool { return value.isIdentical(to: .true) }
        if value.isSmallInteger { return value.smallInteger != 0 }
        return try isTrueUnlessEmpty(value)
    }

    @inline(never) private func isTrueUnlessEmpty(_ value: Value) throws(DanaError) -> Bool {
        if let float = value.float { return float != 0 }
        guard value.isObject else { return false }
        switch value.object.pointee.kind {
        case .hostHandle: throw .handle
        case .enumType: return true
        default: return itemCount(of: value) != 0
        }
    }
}
