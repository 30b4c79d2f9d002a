import CPython

/// A table of Swift's memory that Python takes without a copy: `pyarrow.table(table)`, `polars.DataFrame(table)`,
/// `pandas.DataFrame.from_arrow(table)`.
///
/// The memory lives as long as anything in Python that was made from it.
public final class ExportedTable: Sendable {
    let columns: [ExportedColumn]
    let rowCount: Int

    /// All columns must be of one length.
    public init(_ columns: [ExportedColumn]) throws(PythonError) {
        rowCount = columns.first?.count ?? 0
        for column in columns where column.count != rowCount {
            throw .valueError("the columns of a table are of different lengths: \(columns.map(\.count))")
        }
        self.columns = columns
    }
}

extension ExportedTable: ToPython {
    /// An object with `__arrow_c_stream__`, `__arrow_c_array__` and `__arrow_c_schema__`.
    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef { try Self.type(py).make(self, py) }

    private static let made = Once<HostType<ExportedTable>>()

    private static func type(_ py: borrowing Python) throws(PythonError) -> HostType<ExportedTable> {
        try made.value(py) { py throws(PythonError) in
            try HostType(
                name: "swift.Table", doc: "A table of Swift's memory, read through Arrow's interfaces.",
                slots: [PyType_Slot(slot: Py_tp_dealloc, pfunc: slotPointer(deallocate))],
                methods: [
                    methodRow(
                        "__arrow_c_stream__", slotPointer(stream), keywords: true,
                        "__arrow_c_stream__($self, requested_schema=None)\n--\n\nThe table as a stream of one batch."),
                    methodRow(
                        "__arrow_c_array__", slotPointer(array), keywords: true,
                        "__arrow_c_array__($self, requested_schema=None)\n--\n\nThe schema and the table as a batch."),
                    methodRow(
                        "__arrow_c_schema__", slotPointer(schema),
                        "__arrow_c_schema__($self, /)\n--\n\nThe names and types of the columns."),
                ], py)
        }
    }

    private static let deallocate: DeallocationSlot = { object in
        guard let object else { return }
        PythonEntry.enter { _ in HostType<ExportedTable>.destroy(object) }
    }

    // A requested schema is a wish that a producer may leave unanswered, says Arrow: the table has one form.
    private static let stream: KeywordMethod = { object, _, _, _ in
        guard let object else { return nil }
        return PythonEntry.object { py throws(PythonError) in
            let stream = UnsafeMutablePointer<ArrowArrayStream>.allocate(capacity: 1)
            stream.initialize(to: ArrowExport.stream(HostType<ExportedTable>.content(object)))
            return try ArrowExport.capsule(stream, ArrowReader.streamName, dropStream, py)
        }
    }

    private static let array: KeywordMethod = { object, _, _, _ in
        guard let object else { return nil }
        return PythonEntry.object { py throws(PythonError) in
            let table = HostType<ExportedTable>.content(object)
            let schema = PythonObject(owning: try ArrowExport.schemaCapsule(table, py))
            let array = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
            array.initialize(to: ArrowExport.array(table))
            let batch = PythonObject(owning: try ArrowExport.capsule(array, ArrowReader.arrayName, dropArray, py))
            return try Tuple2(schema, batch).toPython(py)
        }
    }

    private static let schema: FastMethod = { object, _, _ in
        guard let object else { return nil }
        return PythonEntry.object { py throws(PythonError) in
            try ArrowExport.schemaCapsule(HostType<ExportedTable>.content(object), py)
        }
    }
}

private typealias DropCapsule = @convention(c) (PyRef?) -> Void

private let dropStream: DropCapsule = { capsule in
    guard let content = capsule.flatMap({ PyCapsule_GetPointer($0, ArrowReader.streamName.pointer) }) else { return }
    let stream = content.assumingMemoryBound(to: ArrowArrayStream.self)
    stream.pointee.release?(stream)
    stream.deallocate()
}

private let dropArray: DropCapsule = { capsule in
    guard let content = capsule.flatMap({ PyCapsule_GetPointer($0, ArrowReader.arrayName.pointer) }) else { return }
    let array = content.assumingMemoryBound(to: ArrowArray.self)
    array.pointee.release?(array)
    array.deallocate()
}
