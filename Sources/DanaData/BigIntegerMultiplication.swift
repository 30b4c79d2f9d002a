/// Products of integers of any size: each word by each word for short ones, Karatsuba's three halves for long ones.
extension BigInteger {
    public func multiplied<Failure: Error>(
        by other: BigInteger, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> BigInteger {
        BigInteger(
            isNegative: isNegative != other.isNegative,
            magnitude: try Words.product(magnitude, other.magnitude, charge: charge))
    }
}

extension Words {
    /// From how many words on a product is made of three half as long.
    static let karatsubaWords = 40
    /// How many words of the longer factor are charged and multiplied at once.
    private static let portionWords = 4096

    /// The product of two magnitudes; it may have leading zeros.
    static func product<Failure: Error>(
        _ left: [UInt64], _ right: [UInt64], charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> [UInt64] {
        let (long, short) = left.count >= right.count ? (left, right) : (right, left)
        guard !short.isEmpty else { return [] }
        var result = [UInt64](repeating: 0, count: long.count + short.count)
        if short.count < karatsubaWords {
            var failure: Failure?
            result.withUnsafeMutableBufferPointer { target in
                long.withUnsafeBufferPointer { long in
                    short.withUnsafeBufferPointer { short in
                        guard let target = target.baseAddress, let left = long.baseAddress,
                            let right = short.baseAddress
                        else { return }
                        do throws(Failure) {
                            // Safe because the result has room for both counts together.
                            try multiplyInPortions(left, long.count, right, short.count, into: target, charge: charge)
                        } catch {
                            failure = error
                        }
                    }
                }
            }
            if let failure { throw failure }
            return result
        }
        // The longer magnitude is taken in parts as long as the shorter one.
        let size = short.count
        var part = [UInt64](repeating: 0, count: 2 * size)
        var scratch = [UInt64](repeating: 0, count: 4 * size + 256)
        var start = 0
        while start < long.count {
            let count = min(size, long.count - start)
            if count < size {
                let rest = try product(short, Array(long[start...]), charge: charge)
                add(rest, to: &result, at: start)
            } else {
                var failure: Failure?
                long.withUnsafeBufferPointer { long in
                    short.withUnsafeBufferPointer { short in
                        part.withUnsafeMutableBufferPointer { part in
                            scratch.withUnsafeMutableBufferPointer { scratch in
                                guard let left = long.baseAddress, let right = short.baseAddress,
                                    let target = part.baseAddress, let scratch = scratch.baseAddress
                                else { return }
                                do throws(Failure) {
                                    // Safe because `size` words are left from `start`, the part has room for two
                                    // times as many and the scratch for the halves of all levels.
                                    try multiplyHalves(
                                        left + start, right, size, into: target, scratch, charge: charge)
                                } catch {
                                    failure = error
                                }
                            }
                        }
                    }
                }
                if let failure { throw failure }
                add(part, to: &result, at: start)
            }
            start += count
        }
        return result
    }

    /// Adds a magnitude to another from a word on; the sum must fit.
    private static func add(_ source: [UInt64], to target: inout [UInt64], at start: Int) {
        var carry: UInt64 = 0
        var index = 0
        while index < source.count || carry > 0, start + index < target.count {
            let (first, overflow) = target[start + index].addingReportingOverflow(
                index < source.count ? source[index] : 0)
            let (word, overflowOfCarry) = first.addingReportingOverflow(carry)
            target[start + index] = word
            carry = overflow || overflowOfCarry ? 1 : 0
            index += 1
        }
    }

    /// Each word by each word, with a charge for each portion. The target has room for both counts together.
    static func multiplyInPortions<Failure: Error>(
        _ left: Pointer, _ leftCount: Int, _ right: Pointer, _ rightCount: Int, into target: MutablePointer,
        charge: (Int) throws(Failure) -> Void
    ) throws(Failure) {
        if rightCount == 1 {
            var carry: UInt64 = 0
            var start = 0
            while start < leftCount {
                let count = min(portionWords, leftCount - start)
                try charge(count)
                carry = product(left + start, count, by: right[0], carryingIn: carry, into: target + start)
                start += count
            }
            target[leftCount] = carry
            return
        }
        target.update(repeating: 0, count: leftCount + rightCount)
        var start = 0
        while start < leftCount {
            let count = min(portionWords, leftCount - start)
            try charge(count &* rightCount)
            for index in 0..<rightCount {
                let place = target + (start + index)
                // The word behind the portion is still zero.
                place[count] = addProduct(left + start, count, by: right[index], to: place)
            }
            start += count
        }
    }

    /// Each word by each word. The target has room for both counts together.
    private static func multiply(
        _ left: Pointer, _ leftCount: Int, _ right: Pointer, _ rightCount: Int, into target: MutablePointer
    ) {
        target.update(repeating: 0, count: leftCount + rightCount)
        for index in 0..<rightCount {
            target[index + leftCount] = addProduct(left, leftCount, by: right[index], to: target + index)
        }
    }

    /// Karatsuba: with low and high halves, (a1 B + a0)(b1 B + b0) has the middle part
    /// a1 b1 + a0 b0 - (a1 - a0)(b1 - b0). The target has room for `2 * count` words.
    private static func multiplyHalves<Failure: Error>(
        _ left: Pointer, _ right: Pointer, _ count: Int, into target: MutablePointer, _ scratch: MutablePointer,
        charge: (Int) throws(Failure) -> Void
    ) throws(Failure) {
        guard count >= karatsubaWords else {
            try charge(count &* count)
            return multiply(left, count, right, count, into: target)
        }
        let low = (count + 1) / 2
        let high = count - low
        let deeper = scratch + 4 * low
        try multiplyHalves(left, right, low, into: target, deeper, charge: charge)
        try multiplyHalves(left + low, right + low, high, into: target + 2 * low, deeper, charge: charge)
        let isLeftNegative = distance(left, low, left + low, high, into: scratch)
        let isRightNegative = distance(right, low, right + low, high, into: scratch + low)
        let product = scratch + 2 * low
        try multiplyHalves(scratch, scratch + low, low, into: product, deeper, charge: charge)
        let middle = scratch
        middle.update(from: target, count: 2 * low)
        var carry = add(target + 2 * low, 2 * high, to: middle)
        if high < low, carry > 0 {
            var index = 2 * high
            while carry > 0, index < 2 * low {
                let (sum, overflow) = middle[index].addingReportingOverflow(carry)
                middle[index] = sum
                carry = overflow ? 1 : 0
                index += 1
            }
        }
        if isLeftNegative == isRightNegative {
            carry = carry &- subtract(product, 2 * low, from: middle)
        } else {
            carry = carry &+ add(product, 2 * low, to: middle)
        }
        carry = carry &+ add(middle, 2 * low, to: target + low)
        self.carry(carry, into: target + 3 * low, 2 * count - 3 * low)
    }

    /// The absolute difference of a half and one that is not longer, and whether the second was the greater one.
    private static func distance(
        _ left: Pointer, _ leftCount: Int, _ right: Pointer, _ rightCount: Int, into target: MutablePointer
    ) -> Bool {
        target.update(from: left, count: leftCount)
        var borrow = subtract(right, rightCount, from: target)
        var index = rightCount
        while borrow > 0, index < leftCount {
            let (word, overflow) = target[index].subtractingReportingOverflow(borrow)
            target[index] = word
            borrow = overflow ? 1 : 0
            index += 1
        }
        guard borrow > 0 else { return false }
        var carry = true
        for index in 0..<leftCount {
            target[index] = ~target[index]
            if carry { (target[index], carry) = target[index].addingReportingOverflow(1) }
        }
        return true
    }
}
