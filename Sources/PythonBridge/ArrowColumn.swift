import CPython

/// A column of an ``ArrowTable``, or an Arrow array by itself: chunks of one type, seen in place.
public struct ArrowColumn: Sendable {
    public let name: String
    public let type: ArrowType
    public let chunks: [ArrowChunk]

    init(name: String, type: ArrowType, chunks: [ArrowChunk]) {
        self.name = name
        self.type = type
        self.chunks = chunks
    }

    /// How many elements there are, nulls included.
    public var count: Int { chunks.reduce(0) { $0 + $1.count } }

    /// A copy of the elements of a type of fixed width; nil for null.
    public func array<Element: BufferElement>(of type: Element.Type) throws -> [Element?] {
        try chunks.flatMap { try $0.array(of: type) }
    }

    /// A copy of the truth values; nil for null.
    public func bools() throws(PythonError) -> [Bool?] { try joined { chunk throws(PythonError) in try chunk.bools() } }

    /// A copy of the text; nil for null.
    public func strings() throws(PythonError) -> [String?] {
        try joined { chunk throws(PythonError) in try chunk.strings() }
    }

    /// A copy of the bytes; nil for null.
    public func binary() throws(PythonError) -> [[UInt8]?] {
        try joined { chunk throws(PythonError) in try chunk.binary() }
    }

    private func joined<Value>(_ read: (ArrowChunk) throws(PythonError) -> [Value]) throws(PythonError) -> [Value] {
        var all: [Value] = []
        for chunk in chunks { all += try read(chunk) }
        return all
    }
}

extension ArrowColumn: FromPython {
    public static var pythonTypeName: String { "Arrow column" }

    /// An object with one column: a polars or pandas series, a pyarrow array.
    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> ArrowColumn {
        let reader = try ArrowReader(PythonObject(borrowing: object, py), py)
        return ArrowColumn(
            name: reader.name, type: reader.type,
            chunks: try reader.roots { hold throws(PythonError) in
                try ArrowChunk(hold.array, reader.type, in: hold)
            })
    }
}
