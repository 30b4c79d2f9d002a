/// A range of integers that fit 63 bits; its length is known when it is made.
struct RangeObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var start: Int
        var stop: Int
        var step: Int
        var count: Int
    }

    static let kind = ObjectKind.range
    let at: UnsafeMutablePointer<Layout>

    var start: Int { at.pointee.start }
    var stop: Int { at.pointee.stop }
    var step: Int { at.pointee.step }
    var count: Int { at.pointee.count }

    /// The item at an index below `count`, which cannot overflow.
    func item(_ index: Int) -> Int { start &+ index &* step }

    /// The place of an integer in the range; nil when it is not there.
    func index(of integer: Int) -> Int? {
        guard step > 0 ? start <= integer && integer < stop : stop < integer && integer <= start else { return nil }
        // The distance may need 64 bits, which it has as an unsigned integer.
        let distance = UInt(bitPattern: step > 0 ? integer &- start : start &- integer)
        let (place, rest) = distance.quotientAndRemainder(dividingBy: max(1, step.magnitude))
        return rest == 0 ? Int(exactly: place) : nil
    }
}

extension Heap {
    /// The bounds and the step are small integers; the step is not zero.
    func range(start: Int, stop: Int, step: Int) throws(DanaError) -> RangeObject {
        let object = try allocate(RangeObject.self)
        object.at.pointee.start = start
        object.at.pointee.stop = stop
        object.at.pointee.step = step
        if step > 0 {
            object.at.pointee.count = start < stop ? steps(of: step, from: start, to: stop) : 0
        } else {
            object.at.pointee.count = start > stop ? steps(of: step, from: stop, to: start) : 0
        }
        return object
    }

    /// The number of steps, of which the last may be cut short, from an integer to a larger one; the distance of a
    /// slice's bounds may need 64 bits, which it has as an unsigned integer.
    private func steps(of step: Int, from low: Int, to high: Int) -> Int {
        Int(clamping: UInt(bitPattern: high &- low &- 1) / step.magnitude &+ 1)
    }
}
