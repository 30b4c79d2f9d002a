import CPython

/// A table behind Arrow's interfaces (a frame of pandas or polars, pyarrow's tables and streams), seen in place.
///
/// What the producer hands over is released once, when the last copy of the table and its columns is gone.
public struct ArrowTable: Sendable {
    public let columns: [ArrowColumn]
    public let rowCount: Int

    /// The first column of that name.
    public subscript(name: String) -> ArrowColumn? { columns.first { $0.name == name } }
}

extension ArrowTable: FromPython {
    public static var pythonTypeName: String { "Arrow table" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> ArrowTable {
        let reader = try ArrowReader(PythonObject(borrowing: object, py), py)
        guard reader.type == .opaque("+s") else {
            throw .typeError("expected an Arrow table, got a column of \(reader.type)")
        }
        let batches = try reader.roots { hold throws(PythonError) in hold }
        for batch in batches where batch.array.pointee.n_children != Int64(reader.children.count) {
            throw .valueError("an Arrow batch whose columns are not those of its schema")
        }
        var columns: [ArrowColumn] = []
        for (index, child) in reader.children.enumerated() {
            var chunks: [ArrowChunk] = []
            for batch in batches {
                // Safe because the batch has as many children as the schema.
                guard let array = batch.array.pointee.children?[index] else {
                    throw .valueError("an Arrow batch without its column \(child.name)")
                }
                let (start, rows) = (batch.array.pointee.offset, batch.array.pointee.length)
                guard start >= 0, rows >= 0, array.pointee.length - start >= rows else {
                    throw .valueError("an Arrow batch of \(rows) rows whose column \(child.name) is shorter")
                }
                chunks.append(
                    try ArrowChunk(
                        array, child.type, from: Int(start), count: Int(rows), in: batch))
            }
            columns.append(ArrowColumn(name: child.name, type: child.type, chunks: chunks))
        }
        return ArrowTable(columns: columns, rowCount: batches.reduce(0) { $0 + Int($1.array.pointee.length) })
    }
}
