import DanaData

/// Sums, differences and short products of integers beyond small ones, from object to object.
struct LongArithmetic {
    let heap: Heap

    /// An owned result; nil for operations and operands that are calculated otherwise.
    func calculate(_ operation: BinaryOperator, _ left: Numbers.Number, _ right: Numbers.Number)
        throws(DanaError) -> Value?
    {
        guard operation == .add || operation == .subtract || operation == .multiply else { return nil }
        var words = (UInt64(0), UInt64(0))
        return try withUnsafeMutablePointer(to: &words) { words throws(DanaError) in
            // Safe because the two words of the tuple lie behind each other.
            let place = UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt64.self)
            guard let left = view(left, place), let right = view(right, place + 1) else { return nil }
            switch operation {
            case .multiply:
                guard left.isShortFactor || right.isShortFactor else { return nil }
                let product = try heap.bigInteger(capacity: left.productCapacity(right))
                let written: IntegerView.Written
                do throws(DanaError) {
                    written = try left.product(right, into: room(product)) { steps throws(DanaError) in
                        try heap.charge(steps: steps)
                    }
                } catch {
                    heap.release(product.value)
                    throw error
                }
                return try finished(product, written)
            default:
                try heap.charge(steps: max(left.magnitude.count, right.magnitude.count))
                let sum = try heap.bigInteger(capacity: left.sumCapacity(right))
                return try finished(sum, left.sum(right, changingSign: operation == .subtract, into: room(sum)))
            }
        }
    }

    /// An integer where it lies; a small one is put in a place of one word.
    private func view(_ number: Numbers.Number, _ place: UnsafeMutablePointer<UInt64>) -> IntegerView? {
        switch number {
        case .small(let integer):
            place.pointee = UInt64(integer.magnitude)
            return IntegerView(
                isNegative: integer < 0, magnitude: UnsafeBufferPointer(start: place, count: integer == 0 ? 0 : 1))
        case .big(let object): return object.view
        case .float: return nil
        }
    }

    private func room(_ object: BigIntObject) -> UnsafeMutableBufferPointer<UInt64> {
        UnsafeMutableBufferPointer(start: object.start, count: object.count)
    }

    /// An object that was written, cut to its words; another value where that is small or much less than the object
    /// has room for.
    private func finished(_ object: BigIntObject, _ written: IntegerView.Written) throws(DanaError) -> Value {
        let capacity = object.count
        object.at.pointee.isNegative = written.isNegative
        object.at.pointee.count = written.count
        if written.count > 1, written.count &+ 8 >= capacity / 2 { return object.value }
        defer { heap.release(object.value) }
        return try heap.integer(object.view)
    }
}
