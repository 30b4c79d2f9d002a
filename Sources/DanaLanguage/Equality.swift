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
        if let answer = equalityAtOnce(left, right) { return answer }
        return try ValueEquality(heap: self).equal(left, right)
    }

    /// The equality of small integers and of strings.
    @inline(__always) fileprivate func equalityAtOnce(_ left: Value, _ right: Value) -> Bool? {
        if left.isSmallInteger && right.isSmallInteger { return left.bits == right.bits }
        if left.isObject(.string) && right.isObject(.string) {
            return left.bits == right.bits || StringObject(known: left).hasSameBytes(as: StringObject(known: right))
        }
        return nil
    }
}

extension Machine {
    /// What `==` of a program's is: as the heap's, but the host compares a handle with anything but itself.
    @inline(__always) func equal(_ left: Value, _ right: Value) throws(DanaError) -> Bool {
        if let answer = heap.equalityAtOnce(left, right) { return answer }
        return try equalSlowly(left, right)
    }

    @inline(never) private func equalSlowly(_ left: Value, _ right: Value) throws(DanaError) -> Bool {
        let isEqual = try ValueEquality(heap: heap).equal(left, right)
        if !isEqual && (left.isObject(.hostHandle) || right.isObject(.hostHandle)) { throw .handle }
        return isEqual
    }
}
