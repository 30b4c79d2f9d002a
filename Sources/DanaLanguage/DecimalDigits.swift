/// The decimal digits of a finite float's absolute value: 0.DIGITS * 10 ^ point, as ASCII without leading or trailing
/// zeros. Zero has no digits.
struct DecimalDigits: Equatable {
    private(set) var digits: [UInt8]
    private(set) var point: Int

    var isZero: Bool { digits.isEmpty }

    /// Digits with zeros at their ends are trimmed.
    init(_ digits: [UInt8], point: Int) {
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        self.digits = digits
        self.digits.removeFirst(zeros)
        while self.digits.last == UInt8(ascii: "0") { self.digits.removeLast() }
        self.point = self.digits.isEmpty ? 0 : point - zeros
    }

    /// The shortest digits that read back as the same float. The standard library finds them; here its notation is
    /// taken apart.
    init(shortest value: Double) {
        var digits: [UInt8] = []
        digits.reserveCapacity(24)
        var point: Int?
        var exponent = 0
        var text = value.magnitude.description.utf8.makeIterator()
        while let byte = text.next() {
            switch byte {
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "e"):
                let sign = text.next()
                if let sign, sign &- 48 < 10 { exponent = Int(sign &- 48) }
                while let byte = text.next() { exponent = exponent * 10 + Int(byte &- 48) }
                if sign == UInt8(ascii: "-") { exponent = -exponent }
            default: digits.append(byte)
            }
        }
        self.init(digits, point: (point ?? digits.count) + exponent)
    }

    /// All digits of the exact value, at most 767.
    init(exact value: Double) {
        guard value.isFinite, value != 0 else {
            self.init([], point: 0)
            return
        }
        let fraction = value.significandBitPattern
        let isNormal = value.exponentBitPattern > 0
        var significand = isNormal ? fraction | 1 << 52 : fraction
        var exponent = Int(max(value.exponentBitPattern, 1)) - 1075
        let zeros = significand.trailingZeroBitCount
        significand >>= UInt64(zeros)
        exponent += zeros
        // The value is significand * 2 ^ exponent, or significand * 5 ^ -exponent with the point moved.
        var words = Words(significand)
        var left = exponent.magnitude
        let (base, step): (UInt64, UInt) = exponent < 0 ? (5, 12) : (2, 29)
        while left > 0 {
            let count = min(left, step)
            var factor: UInt64 = 1
            for _ in 0..<count { factor *= base }
            words.multiply(by: factor)
            left -= count
        }
        let digits = words.digits
        self.init(digits, point: digits.count + min(exponent, 0))
    }

    /// An integer in words of nine decimal digits, least significant first.
    private struct Words {
        private var words: [UInt32] = []

        init(_ value: UInt64) {
            words.reserveCapacity(8)
            var value = value
            while value > 0 {
                words.append(UInt32(value % 1_000_000_000))
                value /= 1_000_000_000
            }
        }

        /// Multiplies by a factor below 2 ^ 32.
        mutating func multiply(by factor: UInt64) {
            var carry: UInt64 = 0
            for index in words.indices {
                let product = UInt64(words[index]) * factor + carry
                words[index] = UInt32(product % 1_000_000_000)
                carry = product / 1_000_000_000
            }
            while carry > 0 {
                words.append(UInt32(carry % 1_000_000_000))
                carry /= 1_000_000_000
            }
        }

        var digits: [UInt8] {
            var digits: [UInt8] = []
            digits.reserveCapacity(words.count * 9)
            for var word in words {
                for _ in 0..<9 {
                    digits.append(UInt8(ascii: "0") + UInt8(word % 10))
                    word /= 10
                }
            }
            while digits.last == UInt8(ascii: "0") { digits.removeLast() }
            digits.reverse()
            return digits
        }
    }

    /// Rounds to so many leading digits, a tie to the even one. None or fewer leave zero, or a one in the place before.
    mutating func round(toDigits count: Int) {
        guard count < digits.count else { return }
        guard count >= 0 else {
            self = DecimalDigits([], point: 0)
            return
        }
        let next = digits[count]
        let isTie = next == UInt8(ascii: "5") && digits.count == count + 1
        let isOdd = count > 0 && digits[count - 1] & 1 == 1
        let roundsUp = isTie ? isOdd : next >= UInt8(ascii: "5")
        var kept = Array(digits.prefix(count))
        guard roundsUp else {
            self = DecimalDigits(kept, point: point)
            return
        }
        while kept.last == UInt8(ascii: "9") { kept.removeLast() }
        if let last = kept.popLast() {
            self = DecimalDigits(kept + [last + 1], point: point)
        } else {
            self = DecimalDigits([UInt8(ascii: "1")], point: point + 1)
        }
    }

    /// Rounds to so many digits after the decimal point, before it when negative.
    mutating func round(toPlaces places: Int) {
        let (count, overflow) = point.addingReportingOverflow(places)
        if !overflow {
            round(toDigits: count)
        } else if places < 0 {
            self = DecimalDigits([], point: 0)
        }
    }

    /// The float that is nearest to the digits.
    var nearest: Double {
        guard !isZero else { return 0 }
        return Double("0." + String(decoding: digits, as: UTF8.self) + "e\(point)") ?? 0
    }
}
