/// `round(x, n)` of a float, and what else asks for the nearest whole number, correctly rounded as CPython does.
enum FloatRounding {
    /// Rounds to so many decimal places, before the point when negative; a tie of the exact value goes to the even
    /// digit. Nil when the result is beyond the range of a float ("rounded value too large to represent").
    static func round(_ value: Double, places: Int) -> Double? {
        guard value.isFinite, value != 0 else { return value }
        // Beyond these places every float is unchanged, or rounds to zero.
        if places > 323 { return value }
        if places < -308 { return value.sign == .minus ? -0.0 : 0 }
        var digits = DecimalDigits(exact: value)
        digits.round(toPlaces: places)
        let result = digits.nearest
        guard result.isFinite else { return nil }
        return value.sign == .minus ? -result : result
    }
}
