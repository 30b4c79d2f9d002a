/// A place in a program's text as people count: lines and columns from 1, columns in Unicode scalars.
public struct SourcePlace: Hashable, Sendable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
