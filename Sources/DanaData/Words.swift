/// The words of magnitudes, least significant first: the loops that arithmetic on integers of any size stands on.
enum Words {
    typealias Pointer = UnsafePointer<UInt64>
    typealias MutablePointer = UnsafeMutablePointer<UInt64>

    /// Below, at or above zero as the first magnitude is less than, equal to or greater than the second; neither has
    /// leading zeros.
    static func compare(_ left: [UInt64], _ right: [UInt64]) -> Int {
        left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { compare(left, $0) } }
    }

    static func compare(_ left: UnsafeBufferPointer<UInt64>, _ right: UnsafeBufferPointer<UInt64>) -> Int {
        guard left.count == right.count else { return left.count < right.count ? -1 : 1 }
        var index = left.count
        while index > 0 {
            index -= 1
            if left[index] != right[index] { return left[index] < right[index] ? -1 : 1 }
        }
        return 0
    }

    // MARK: Two words at once, by their halves: where nothing is optimised, the generic conversions take 30 times as long.

    /// A word with zeros above it.
    @inline(__always) static func wide(_ word: UInt64) -> UInt128 { UInt128(_low: word, _high: 0) }

    @inline(__always) static func wideProduct(_ left: UInt64, _ right: UInt64) -> UInt128 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return UInt128(_low: low, _high: high)
    }

    // MARK: Whole magnitudes

    /// The sum of two magnitudes.
    static func sum(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        let (long, short) = left.count >= right.count ? (left, right) : (right, left)
        return [UInt64](unsafeUninitializedCapacity: long.count + 1) { target, count in
            long.withUnsafeBufferPointer { long in
                short.withUnsafeBufferPointer { short in
                    guard let target = target.baseAddress, let source = long.baseAddress else { return }
                    // Safe because the target has a word more than the longer magnitude.
                    let carry = sum(source, long.count, short, into: target)
                    target[long.count] = carry
                    count = carry > 0 ? long.count + 1 : long.count
                }
            }
        }
    }

    /// The difference of two magnitudes, the first of which is not less than the second; it may have leading zeros.
    static func difference(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        [UInt64](unsafeUninitializedCapacity: left.count) { target, count in
            left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    guard let target = target.baseAddress, let source = left.baseAddress else { return }
                    // Safe because the target has as many words as the first magnitude.
                    difference(source, left.count, right, into: target)
                    count = left.count
                }
            }
        }
    }

    // MARK: From place to place. Whoever calls these answers for the counts.

    /// Puts the sum of `count` words and no more others in as many of the target; returns the carry.
    static func sum(
        _ long: Pointer, _ count: Int, _ short: UnsafeBufferPointer<UInt64>, into target: MutablePointer
    ) -> UInt64 {
        var carry: UInt64 = 0
        var index = 0
        if let short = short.baseAddress.map({ (start: $0, count: short.count) }) {
            while index < short.count {
                let sum = wide(long[index]) &+ wide(short.start[index]) &+ wide(carry)
                target[index] = sum._low
                carry = sum._high
                index &+= 1
            }
        }
        while carry > 0, index < count {
            let (word, overflow) = long[index].addingReportingOverflow(carry)
            target[index] = word
            carry = overflow ? 1 : 0
            index &+= 1
        }
        (target + index).update(from: long + index, count: count &- index)
        return carry
    }

    /// Puts what `count` words are more than others, which are neither more nor greater, in as many of the target.
    static func difference(
        _ long: Pointer, _ count: Int, _ short: UnsafeBufferPointer<UInt64>, into target: MutablePointer
    ) {
        var borrow: UInt64 = 0
        var index = 0
        if let short = short.baseAddress.map({ (start: $0, count: short.count) }) {
            while index < short.count {
                let rest = wide(long[index]) &- wide(short.start[index]) &- wide(borrow)
                target[index] = rest._low
                borrow = rest._high & 1
                index &+= 1
            }
        }
        while borrow > 0, index < count {
            let (word, overflow) = long[index].subtractingReportingOverflow(borrow)
            target[index] = word
            borrow = overflow ? 1 : 0
            index &+= 1
        }
        (target + index).update(from: long + index, count: count &- index)
    }

    /// Puts the low words of `count` words times a factor, and what is carried in, in as many of the target; returns
    /// the word that is carried out.
    static func product(
        _ source: Pointer, _ count: Int, by factor: UInt64, carryingIn: UInt64 = 0, into target: MutablePointer
    ) -> UInt64 {
        var carry = carryingIn
        var index = 0
        while index < count {
            let product = wideProduct(source[index], factor) &+ wide(carry)
            target[index] = product._low
            carry = product._high
            index &+= 1
        }
        return carry
    }

    // MARK: In place. Whoever calls these answers for the counts.

    /// Adds `count` words to as many of the target; returns the carry.
    static func add(_ source: Pointer, _ count: Int, to target: MutablePointer) -> UInt64 {
        var carry: UInt64 = 0
        for index in 0..<count {
            let sum = wide(target[index]) &+ wide(source[index]) &+ wide(carry)
            target[index] = sum._low
            carry = sum._high
        }
        return carry
    }

    /// Adds one word to the target and carries on, within `count` words.
    static func carry(_ word: UInt64, into target: MutablePointer, _ count: Int) {
        var word = word
        var index = 0
        while word > 0, index < count {
            let (sum, overflow) = target[index].addingReportingOverflow(word)
            target[index] = sum
            word = overflow ? 1 : 0
            index += 1
        }
    }

    /// Subtracts `count` words from as many of the target; returns the borrow.
    static func subtract(_ source: Pointer, _ count: Int, from target: MutablePointer) -> UInt64 {
        var borrow: UInt64 = 0
        for index in 0..<count {
            let rest = wide(target[index]) &- wide(source[index]) &- wide(borrow)
            target[index] = rest._low
            borrow = rest._high & 1
        }
        return borrow
    }

    /// Adds `count` words times a factor to as many of the target; returns the word that is carried out.
    @inline(__always)
    static func addProduct(_ source: Pointer, _ count: Int, by factor: UInt64, to target: MutablePointer) -> UInt64 {
        var carry: UInt64 = 0
        for index in 0..<count {
            // Two words are added to a product without leaving its 128 bits; so there is no carry to branch on.
            let sum = wideProduct(source[index], factor) &+ wide(carry) &+ wide(target[index])
            target[index] = sum._low
            carry = sum._high
        }
        return carry
    }

    /// Subtracts `count` words times a factor from as many of the target; returns the word that is borrowed.
    @inline(__always)
    static func subtractProduct(
        _ source: Pointer, _ count: Int, by factor: UInt64, from target: MutablePointer
    ) -> UInt64 {
        var borrow: UInt64 = 0
        for index in 0..<count {
            let sum = wideProduct(source[index], factor) &+ wide(borrow)
            let rest = wide(target[index]) &- wide(sum._low)
            target[index] = rest._low
            borrow = sum._high &+ (rest._high & 1)
        }
        return borrow
    }
}
