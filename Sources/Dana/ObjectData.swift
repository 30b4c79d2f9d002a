import DanaData

/// What an object of the host's holds, as plain data: a table as the list of its rows.
public struct ObjectData: Sendable {
    /// All rows, or the first of them.
    public var data: Tape
    /// How many rows there are.
    public var total: Int?
    /// What is true of all rows, as text.
    public var summary: String?

    public init(data: Tape, total: Int? = nil, summary: String? = nil) {
        self.data = data
        self.total = total
        self.summary = summary
    }
}
