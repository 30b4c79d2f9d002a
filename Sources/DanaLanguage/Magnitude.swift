/// Unsigned integers of any size as words, least significant first: the loops under all big integers.
enum Magnitude {
    static func compare(_ left: [UInt64], _ right: [UInt64]) -> Numbers.Order {
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { IntegerWords.compareMagnitudes(left, $0) }
        }
    }

    static func sum(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        var result = left.count >= right.count ? left : right
        let shorter = left.count >= right.count ? right : left
        result.append(0)
        add(shorter, to: &result, at: 0)
        return result
    }

    /// Adds to words that have room for the carry.
    static func add(_ value: [UInt64], to target: inout [UInt64], at offset: Int) {
        var carry: UInt64 = 0
        var index = 0
        while index < value.count || carry != 0 {
            guard offset + index < target.count else { return }
            let (first, overflow) = target[offset + index].addingReportingOverflow(
                index < value.count ? value[index] : 0)
            let (second, again) = first.addingReportingOverflow(carry)
            target[offset + index] = second
            carry = overflow || again ? 1 : 0
            index += 1
        }
    }

    /// `left - right` for a left that is not less.
    static func difference(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        var result = left
        subtract(right, from: &result)
        return result
    }

    /// Subtracts from what is not less; further leading zero words of `value` are ignored.
    static func subtract(_ value: [UInt64], from target: inout [UInt64]) {
        var borrow: UInt64 = 0
        for index in target.indices {
            if index >= value.count && borrow == 0 { return }
            let (first, overflow) = target[index].subtractingReportingOverflow(index < value.count ? value[index] : 0)
            let (second, again) = first.subtractingReportingOverflow(borrow)
            target[index] = second
            borrow = overflow || again ? 1 : 0
        }
    }

    static func schoolbookProduct(_ left: ArraySlice<UInt64>, _ right: ArraySlice<UInt64>) -> [UInt64] {
        var result = [UInt64](repeating: 0, count: left.count + right.count)
        result.withUnsafeMutableBufferPointer { result in
            left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    for row in 0..<right.count {
                        var carry: UInt64 = 0
                        let factor = right[row]
                        for column in 0..<left.count {
                            let product = left[column].multipliedFullWidth(by: factor)
                            let (first, overflow) = product.low.addingReportingOverflow(result[row + column])
                            let (second, again) = first.addingReportingOverflow(carry)
                            result[row + column] = second
                            carry = product.high &+ (overflow ? 1 : 0) &+ (again ? 1 : 0)
                        }
                        result[row + left.count] = carry
                    }
                }
            }
        }
        return result
    }

    /// Multiplies by a word and adds one.
    static func multiply(_ value: inout [UInt64], by factor: UInt64, adding summand: UInt64) {
        var carry = summand
        for index in value.indices {
            let product = value[index].multipliedFullWidth(by: factor)
            let (low, overflow) = product.low.addingReportingOverflow(carry)
            value[index] = low
            carry = product.high &+ (overflow ? 1 : 0)
        }
        if carry > 0 { value.append(carry) }
    }

    /// Divides by a word; returns the remainder.
    static func divide(_ value: inout [UInt64], by divisor: UInt64) -> UInt64 {
        var remainder: UInt64 = 0
        for index in value.indices.reversed() {
            (value[index], remainder) = divisor.dividingFullWidth((remainder, value[index]))
        }
        while value.last == 0 { value.removeLast() }
        return remainder
    }

    /// Quotient and remainder by Knuth's algorithm D, without leading zero words; the divisor is not zero.
    static func division(_ left: [UInt64], _ right: [UInt64]) -> (quotient: [UInt64], remainder: [UInt64]) {
        if compare(left, right) == .less { return ([], left) }
        if right.count == 1 {
            var quotient = left
            let remainder = divide(&quotient, by: right[0])
            return (quotient, remainder == 0 ? [] : [remainder])
        }
        let shift = right[right.count - 1].leadingZeroBitCount
        let divisor = trimmed(shiftedLeft(right, shift))
        var rest = shiftedLeft(left, shift)
        if rest.count == left.count { rest.append(0) }
        let length = divisor.count
        var quotient = [UInt64](repeating: 0, count: rest.count - length)
        for position in quotient.indices.reversed() {
            quotient[position] = digit(of: &rest, divisor, at: position, length)
        }
        return (trimmed(quotient), trimmed(shiftedRight(trimmed(rest), shift).magnitude))
    }

    /// One digit of the quotient; the rest is reduced by its multiple of the divisor.
    private static func digit(of rest: inout [UInt64], _ divisor: [UInt64], at position: Int, _ length: Int) -> UInt64 {
        let (top, next, third) = (rest[position + length], rest[position + length - 1], rest[position + length - 2])
        let lead = divisor[length - 1]
        var guess: UInt64
        var remainder: UInt64
        var isSmall = true
        if top >= lead {
            guess = .max
            let (sum, overflow) = next.addingReportingOverflow(lead)
            remainder = sum
            isSmall = !overflow
        } else {
            (guess, remainder) = lead.dividingFullWidth((top, next))
        }
        while isSmall {
            let product = guess.multipliedFullWidth(by: divisor[length - 2])
            if product.high < remainder || (product.high == remainder && product.low <= third) { break }
            guess -= 1
            let (sum, overflow) = remainder.addingReportingOverflow(lead)
            remainder = sum
            isSmall = !overflow
        }
        var carry: UInt64 = 0
        var borrow: UInt64 = 0
        for index in 0..<length {
            let product = guess.multipliedFullWidth(by: divisor[index])
            let (low, overflow) = product.low.addingReportingOverflow(carry)
            carry = product.high &+ (overflow ? 1 : 0)
            let (first, under) = rest[position + index].subtractingReportingOverflow(low)
            let (second, again) = first.subtractingReportingOverflow(borrow)
            rest[position + index] = second
            borrow = under || again ? 1 : 0
        }
        let (first, under) = rest[position + length].subtractingReportingOverflow(carry)
        let (second, again) = first.subtractingReportingOverflow(borrow)
        rest[position + length] = second
        guard under || again else { return guess }
        // The guess was one too large: the divisor is added back.
        var sumCarry: UInt64 = 0
        for index in 0..<length {
            let (sum, overflow) = rest[position + index].addingReportingOverflow(divisor[index])
            let (whole, again) = sum.addingReportingOverflow(sumCarry)
            rest[position + index] = whole
            sumCarry = overflow || again ? 1 : 0
        }
        rest[position + length] &+= sumCarry
        return guess - 1
    }

    private static func trimmed(_ value: [UInt64]) -> [UInt64] {
        var value = value
        while value.last == 0 { value.removeLast() }
        return value
    }

    static func shiftedLeft(_ value: [UInt64], _ count: Int) -> [UInt64] {
        let (words, bits) = (count / 64, UInt64(count % 64))
        var result = [UInt64](repeating: 0, count: words)
        result.reserveCapacity(words + value.count + 1)
        if bits == 0 { return result + value }
        var carry: UInt64 = 0
        for word in value {
            result.append(word << bits | carry)
            carry = word >> (64 - bits)
        }
        result.append(carry)
        return result
    }

    /// Whether bits that were set fell off is told beside the result.
    static func shiftedRight(_ value: [UInt64], _ count: Int) -> (magnitude: [UInt64], lost: Bool) {
        let (words, bits) = (count / 64, UInt64(count % 64))
        guard words < value.count else { return ([], value.contains { $0 != 0 }) }
        var lost = value[..<words].contains { $0 != 0 }
        if bits == 0 { return (Array(value[words...]), lost) }
        if value[words] << (64 - bits) != 0 { lost = true }
        var result: [UInt64] = []
        result.reserveCapacity(value.count - words)
        for index in words..<value.count {
            let above = index + 1 < value.count ? value[index + 1] << (64 - bits) : 0
            result.append(value[index] >> bits | above)
        }
        return (result, lost)
    }
}
