// When two values are equal, by Python's rules.

import Glibc

extension StringObject {
    @inline(__always) func hasSameBytes(as other: StringObject) -> Bool {
        at.pointee.byteCount == other.at.pointee.byteCount && memcmp(start, other.start, byteCount) == 0
    }
}

extension Heap {
    /// Python's `==`.
    @inline(__always) func equal(_ left: Value, _ right: Value) throws(DanaError) -> Bool {
        if left.isSmallInteger && right.isSmallInteger { return left.bits == right.bits }
        if left.isObject(.string) && right.isObject(.string) {
            return left.bits == right.bits || StringObject(known: left).hasSameBytes(as: StringObject(known: right))
        }
        return try ValueEquality(heap: self).equal(left, right)
    }
}
