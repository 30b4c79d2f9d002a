/// Quotients of integers of any size, with Python's meaning: the quotient is rounded down, the remainder has the
/// divisor's sign. Short ones digit by digit, long ones by halves (Burnikel and Ziegler).
extension BigInteger {
    /// Nil for a divisor of zero.
    public func divided<Failure: Error>(
        by divisor: BigInteger, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> (quotient: BigInteger, remainder: BigInteger)? {
        guard !divisor.isZero else { return nil }
        var (quotient, remainder) = try Words.divide(magnitude, by: divisor.magnitude, charge: charge)
        if isNegative != divisor.isNegative, remainder.contains(where: { $0 != 0 }) {
            // Rounded down instead of towards zero.
            quotient = Words.sum(quotient, [1])
            remainder = Words.difference(divisor.magnitude, remainder)
        }
        return (
            BigInteger(isNegative: isNegative != divisor.isNegative, magnitude: quotient),
            BigInteger(isNegative: divisor.isNegative, magnitude: remainder)
        )
    }
}

extension Words {
    /// From how many words of the divisor on a division goes by halves.
    private static let halvesWords = 80
    /// How many words are charged and divided by one word at once.
    private static let wordsAtOnce = 4096

    /// The quotient and remainder of magnitudes without leading zeros, the divisor not zero; the results may have some.
    static func divide<Failure: Error>(
        _ dividend: [UInt64], by divisor: [UInt64], charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> (quotient: [UInt64], remainder: [UInt64]) {
        guard compare(dividend, divisor) >= 0, let top = divisor.last else { return ([], dividend) }
        if divisor.count == 1 {
            var quotient = dividend
            var remainder: UInt64 = 0
            var end = quotient.count
            while end > 0 {
                let start = max(end - wordsAtOnce, 0)
                try charge(end - start)
                divide(&quotient, start..<end, by: top, &remainder)
                end = start
            }
            return (quotient, [remainder])
        }
        try charge(dividend.count)
        let shift = top.leadingZeroBitCount
        let normal = shiftedLeft(divisor, by: shift, extra: 0)
        let shifted = shiftedLeft(dividend, by: shift, extra: 1)
        var (quotient, remainder): ([UInt64], [UInt64])
        if divisor.count < halvesWords || dividend.count - divisor.count < halvesWords / 2 {
            (quotient, remainder) = try divideDigits(shifted, by: normal, charge: charge)
        } else {
            (quotient, remainder) = try divideParts(shifted, by: normal, charge: charge)
        }
        shiftRight(&remainder, by: shift)
        return (quotient, remainder)
    }

    /// Divides by one word in place; returns the remainder.
    static func divide(_ words: inout [UInt64], by divisor: UInt64) -> UInt64 {
        var remainder: UInt64 = 0
        divide(&words, words.indices, by: divisor, &remainder)
        return remainder
    }

    /// Divides some of the words, and a remainder above them that is less than the divisor, in place.
    private static func divide(
        _ words: inout [UInt64], _ places: Range<Int>, by divisor: UInt64, _ remainder: inout UInt64
    ) {
        for index in places.reversed() {
            (words[index], remainder) = divisor.dividingFullWidth((remainder, words[index]))
        }
    }

    /// Knuth's algorithm D. The divisor's top bit is set; the dividend's top word is less than the divisor's.
    private static func divideDigits<Failure: Error>(
        _ dividend: consuming [UInt64], by divisor: [UInt64], charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> (quotient: [UInt64], remainder: [UInt64]) {
        let size = divisor.count
        guard dividend.count > size, size >= 2 else { return ([], dividend) }
        let places = dividend.count - size
        var rest = consume dividend
        var quotient = [UInt64](repeating: 0, count: places)
        let (top, second) = (divisor[size - 1], divisor[size - 2])
        for place in (0..<places).reversed() {
            if place & 63 == 63 || place == places - 1 { try charge((place & 63 + 1) &* size) }
            let (high, middle, low) = (rest[place + size], rest[place + size - 1], rest[place + size - 2])
            var guess: UInt64
            var left: UInt64
            var overflow = false
            if high >= top {
                guess = .max
                (left, overflow) = middle.addingReportingOverflow(top)
            } else {
                (guess, left) = top.dividingFullWidth((high, middle))
            }
            while !overflow {
                let product = guess.multipliedFullWidth(by: second)
                guard product.high > left || (product.high == left && product.low > low) else { break }
                guess -= 1
                (left, overflow) = left.addingReportingOverflow(top)
            }
            rest.withUnsafeMutableBufferPointer { rest in
                divisor.withUnsafeBufferPointer { divisor in
                    guard let target = rest.baseAddress.map({ $0 + place }), let source = divisor.baseAddress else {
                        return
                    }
                    // Safe because the rest has `size + 1` words from `place` on.
                    let borrow = subtractProduct(source, size, by: guess, from: target)
                    let (word, isNegative) = target[size].subtractingReportingOverflow(borrow)
                    target[size] = word
                    if isNegative {
                        guess -= 1
                        target[size] = target[size] &+ add(source, size, to: target)
                    }
                }
            }
            quotient[place] = guess
        }
        rest.removeLast(places)
        return (quotient, rest)
    }

    /// A long dividend in parts as long as the divisor, whose length is made even often enough for halving.
    private static func divideParts<Failure: Error>(
        _ dividend: [UInt64], by divisor: [UInt64], charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> (quotient: [UInt64], remainder: [UInt64]) {
        var levels = 0
        while divisor.count >> levels >= halvesWords { levels += 1 }
        let size = ((divisor.count - 1) >> levels + 1) << levels
        let padding = [UInt64](repeating: 0, count: size - divisor.count)
        let divisor = BigInteger(isNegative: false, magnitude: padding + divisor)
        let dividend = padding + dividend
        var remainder = BigInteger(0)
        var quotient: [UInt64] = []
        for start in stride(from: 0, to: dividend.count, by: size).reversed() {
            try charge(size)
            let part = Array(dividend[start..<min(start + size, dividend.count)])
            let joined = remainder.shiftedWords(size) + BigInteger(isNegative: false, magnitude: part)
            let digit: BigInteger
            (digit, remainder) = try divideTwo(joined, by: divisor, size, charge: charge)
            quotient = digit.magnitude + [UInt64](repeating: 0, count: size - digit.magnitude.count) + quotient
        }
        return (quotient, Array(remainder.magnitude.dropFirst(padding.count)))
    }

    /// Two parts of `size` words by one, the quotient less than one part.
    private static func divideTwo<Failure: Error>(
        _ dividend: BigInteger, by divisor: BigInteger, _ size: Int, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> (BigInteger, BigInteger) {
        guard size % 2 == 0, size >= halvesWords else {
            guard dividend >= divisor else { return (BigInteger(0), dividend) }
            let (quotient, remainder) = try divideDigits(
                dividend.magnitude + [0], by: divisor.magnitude, charge: charge)
            return (
                BigInteger(isNegative: false, magnitude: quotient), BigInteger(isNegative: false, magnitude: remainder)
            )
        }
        try charge(size)
        let half = size / 2
        let (high, low) = dividend.split(atWord: half)
        let (first, rest) = try divideThree(high, by: divisor, half, charge: charge)
        let (second, remainder) = try divideThree(rest.shiftedWords(half) + low, by: divisor, half, charge: charge)
        return (first.shiftedWords(half) + second, remainder)
    }

    /// Three halves by two, the quotient less than one half.
    private static func divideThree<Failure: Error>(
        _ dividend: BigInteger, by divisor: BigInteger, _ half: Int, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> (BigInteger, BigInteger) {
        try charge(half)
        let (upper, last) = dividend.split(atWord: half)
        let (divisorHigh, divisorLow) = divisor.split(atWord: half)
        var quotient: BigInteger
        var remainder: BigInteger
        if upper.split(atWord: half).high < divisorHigh {
            (quotient, remainder) = try divideTwo(upper, by: divisorHigh, half, charge: charge)
        } else {
            quotient = BigInteger(1).shiftedWords(half) - BigInteger(1)
            remainder = upper - divisorHigh.shiftedWords(half) + divisorHigh
        }
        remainder = remainder.shiftedWords(half) + last
        remainder = remainder - (try quotient.multiplied(by: divisorLow, charge: charge))
        while remainder.isNegative {
            quotient = quotient - BigInteger(1)
            remainder = remainder + divisor
        }
        return (quotient, remainder)
    }

    /// Shifted left by fewer bits than a word has, with so many words more at the top.
    private static func shiftedLeft(_ words: [UInt64], by shift: Int, extra: Int) -> [UInt64] {
        [UInt64](unsafeUninitializedCapacity: words.count + extra) { target, count in
            words.withUnsafeBufferPointer { words in
                guard let source = words.baseAddress, let target = target.baseAddress else { return }
                let (up, down) = (UInt64(shift), UInt64(63 - shift))
                var below: UInt64 = 0
                var index = 0
                // Safe because the target has room for as many words and the extra ones.
                while index < words.count {
                    let word = source[index]
                    target[index] = word &<< up | below
                    below = (word &>> 1) &>> down
                    index &+= 1
                }
                while index < words.count + extra {
                    target[index] = below
                    below = 0
                    index &+= 1
                }
                count = index
            }
        }
    }

    private static func shiftRight(_ words: inout [UInt64], by shift: Int) {
        guard shift > 0 else { return }
        let (down, up) = (UInt64(shift), UInt64(64 - shift))
        words.withUnsafeMutableBufferPointer { buffer in
            guard let words = buffer.baseAddress else { return }
            var above: UInt64 = 0
            var index = buffer.count
            // Safe because the index is below the count.
            while index > 0 {
                index &-= 1
                let word = words[index]
                words[index] = word &>> down | above
                above = word &<< up
            }
        }
    }
}

extension BigInteger {
    /// The absolute value parted: the words from one on, and those before it.
    fileprivate func split(atWord place: Int) -> (high: BigInteger, low: BigInteger) {
        (
            BigInteger(isNegative: false, magnitude: Array(magnitude.dropFirst(place))),
            BigInteger(isNegative: false, magnitude: Array(magnitude.prefix(place)))
        )
    }

    /// Times two to the 64 for each word.
    fileprivate func shiftedWords(_ count: Int) -> BigInteger {
        BigInteger(isNegative: isNegative, magnitude: [UInt64](repeating: 0, count: count) + magnitude)
    }
}
