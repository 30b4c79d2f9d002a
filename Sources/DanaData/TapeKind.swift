/// What a node of a `Tape` is. The kinds met most often have the smallest raw values, so that a
/// reader's `switch` over them compiles to one jump table.
public enum TapeKind: UInt8, Sendable, CaseIterable {
    case null
    case bool
    case int
    case double
    case string
    case list
    /// Keys and values in the order in which they were appended.
    case dict
    case tuple
    case bytes
    /// Text that is not Unicode: generalised UTF-8 in which lone surrogates stand as three bytes.
    case surrogateString
    /// An integer outside the range of `Int64`.
    case bigInteger
    case complex
    case byteArray
    case set
    case frozenSet
    /// Three integers: start, stop, step.
    case range
    case date
    case time
    case dateTime
    case timeDelta
    case timeZone
    case decimal
    case fraction
    case uniqueIdentifier
    case path
    /// Named fields: what the type is, then name and value of each field.
    case record
    /// What the type is, the name of the case, its value.
    case enumCase
    /// An object held by the user of the tape, by its number.
    case opaque

    /// Whether nodes of this kind hold other nodes and are built with `begin` and `end`.
    @inlinable public var isContainer: Bool {
        switch self {
        case .list, .dict, .tuple, .set, .frozenSet, .range, .timeZone, .fraction, .record, .enumCase: true
        default: false
        }
    }
}
