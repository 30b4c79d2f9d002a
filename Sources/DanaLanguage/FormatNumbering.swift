/// Which positional argument a field without a name takes, in a template and in the specifications within it.
struct FormatNumbering {
    private var next = 0
    private var isAutomatic: Bool?

    /// The number of the next field without one.
    mutating func takeNext() throws(TextError) -> Int {
        guard isAutomatic != false else {
            throw TextError(
                .value, "cannot switch from manual field specification to automatic field numbering")
        }
        isAutomatic = true
        next += 1
        return next - 1
    }

    /// Notes that a field gives its number.
    mutating func noteManual() throws(TextError) {
        guard isAutomatic != true else {
            throw TextError(
                .value, "cannot switch from automatic field numbering to manual field specification")
        }
        isAutomatic = false
    }
}
