/// What an `assert` without a message tested, so that its error can say what the values were.
enum FailedTest {
    /// A value that is not true.
    case truth
    /// Two values compared.
    case comparison(SyntaxOperator)

    /// Anything that is no operator's number stands for a plain value.
    init(packed: Int) {
        self = SyntaxOperator(rawValue: UInt8(truncatingIfNeeded: packed)).map { .comparison($0) } ?? .truth
    }

    var packed: Int {
        switch self {
        case .truth: Int(UInt8.max)
        case .comparison(let symbol): Int(symbol.rawValue)
        }
    }
}

extension Machine {
    /// Characters of a value's text that an error shows.
    private static let longestText = 200

    /// `testFailed`: `3 == 4`, or `the value is []`; nothing is to be said of a plain `false`.
    func testFailure(_ test: FailedTest, _ left: Value, _ right: Value) throws(DanaError) -> DanaError {
        let message: String
        switch test {
        case .truth where left.isBool:
            return .raised(try heap.exception(.assertionError, arguments: heap.retained(heap.emptyTuple)).value)
        case .truth: message = "the value is \(try shown(left))"
        case .comparison(let symbol): message = "\(try shown(left)) \(symbol.spelling) \(try shown(right))"
        }
        return heap.error(.assertionError, message)
    }

    /// A value as `repr` writes it, with its end left out when that is long.
    func shown(_ value: Value) throws(DanaError) -> String {
        if let handle = HostHandleObject(value) { return "<\(handle.name)>" }
        guard let repr = builtIns.repr else { return value.typeName }
        let written = heap.owned(try apply(repr, value))
        let string = StringObject(known: written.value)
        guard string.scalarCount > Machine.longestText else { return string.text }
        return String(String.UnicodeScalarView(string.text.unicodeScalars.prefix(Machine.longestText))) + "…"
    }
}
