import CPython

/// Arrow's structures for a table of Swift's memory. Each retains what it points to until it is released, which a
/// consumer may do on any thread.
enum ArrowExport {
    /// What a structure in a consumer's hands keeps: the memory it points to, and its children.
    private final class Keeper<Structure> {
        let owner: AnyObject
        let children: UnsafeMutablePointer<UnsafeMutablePointer<Structure>?>
        let childCount: Int
        let buffers: UnsafeMutablePointer<UnsafeRawPointer?>
        private let dismiss: (UnsafeMutablePointer<Structure>) -> Void

        init(
            _ owner: AnyObject, children: [Structure] = [], buffers: [UnsafeRawPointer?] = [],
            dismiss: @escaping (UnsafeMutablePointer<Structure>) -> Void
        ) {
            self.owner = owner
            childCount = children.count
            self.children = .allocate(capacity: max(1, children.count))
            for (index, child) in children.enumerated() {
                let place = UnsafeMutablePointer<Structure>.allocate(capacity: 1)
                place.initialize(to: child)
                (self.children + index).initialize(to: place)
            }
            self.buffers = .allocate(capacity: max(1, buffers.count))
            for (index, buffer) in buffers.enumerated() { (self.buffers + index).initialize(to: buffer) }
            self.dismiss = dismiss
        }

        deinit {
            for index in 0..<childCount {
                guard let child = children[index] else { continue }
                dismiss(child)
                child.deallocate()
            }
            children.deallocate()
            buffers.deallocate()
        }

        /// The reference that a structure's private data holds.
        var retained: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }
    }

    private static func schema(
        _ format: UnsafePointer<CChar>?, _ name: UnsafePointer<CChar>?, children: [ArrowSchema], of owner: AnyObject,
        isNullable: Bool
    ) -> ArrowSchema {
        // A consumer may have moved a child out, which leaves it released.
        let keeper = Keeper(owner, children: children) { child in child.pointee.release?(child) }
        return ArrowSchema(
            format: format, name: name, metadata: nil, flags: isNullable ? 2 : 0, n_children: Int64(children.count),
            children: keeper.children, dictionary: nil,
            release: { schema in
                guard let kept = schema.pointee.private_data else { return }
                schema.pointee.release = nil
                Unmanaged<Keeper<ArrowSchema>>.fromOpaque(kept).release()
            }, private_data: keeper.retained)
    }

    private static func array(
        count: Int, nullCount: Int, _ buffers: [UnsafeRawPointer?], children: [ArrowArray], of owner: AnyObject
    ) -> ArrowArray {
        let keeper = Keeper(owner, children: children, buffers: buffers) { child in child.pointee.release?(child) }
        return ArrowArray(
            length: Int64(count), null_count: Int64(nullCount), offset: 0, n_buffers: Int64(buffers.count),
            n_children: Int64(children.count), buffers: keeper.buffers, children: keeper.children, dictionary: nil,
            release: { array in
                guard let kept = array.pointee.private_data else { return }
                array.pointee.release = nil
                Unmanaged<Keeper<ArrowArray>>.fromOpaque(kept).release()
            }, private_data: keeper.retained)
    }

    static func schema(_ table: ExportedTable) -> ArrowSchema {
        schema(
            tableFormat.pointer, noName.pointer,
            children: table.columns.map { schema($0.format, $0.name, children: [], of: $0, isNullable: true) },
            of: table, isNullable: false)
    }

    static func array(_ table: ExportedTable) -> ArrowArray {
        array(
            count: table.rowCount, nullCount: 0, [nil],
            children: table.columns.map { column in
                array(
                    count: column.count, nullCount: column.nullCount,
                    column.buffers.map { $0.map { UnsafeRawPointer($0) } }, children: [], of: column)
            }, of: table)
    }

    /// A table that is read as a stream, and whether its one batch is still to come.
    private final class Source {
        let table: ExportedTable
        var isRead = false

        init(_ table: ExportedTable) { self.table = table }
    }

    static func stream(_ table: ExportedTable) -> ArrowArrayStream {
        ArrowArrayStream(
            get_schema: { stream, schema in
                guard let kept = stream.pointee.private_data else { return 22 }
                schema.pointee = ArrowExport.schema(
                    Unmanaged<Source>.fromOpaque(kept).takeUnretainedValue().table)
                return 0
            },
            get_next: { stream, array in
                guard let kept = stream.pointee.private_data else { return 22 }
                let source = Unmanaged<Source>.fromOpaque(kept).takeUnretainedValue()
                // An array without a release function is the end.
                array.pointee = source.isRead ? ArrowArray() : ArrowExport.array(source.table)
                source.isRead = true
                return 0
            },
            get_last_error: { _ in nil },
            release: { stream in
                guard let kept = stream.pointee.private_data else { return }
                stream.pointee.release = nil
                Unmanaged<Source>.fromOpaque(kept).release()
            }, private_data: Unmanaged.passRetained(Source(table)).toOpaque())
    }

    static func schemaCapsule(_ table: ExportedTable, _ py: borrowing Python) throws(PythonError) -> PyRef {
        let place = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
        place.initialize(to: schema(table))
        return try capsule(place, ArrowReader.schemaName, dropSchema, py)
    }

    /// A capsule that owns the structure; nobody took it out if it still has its release function.
    static func capsule(
        _ structure: UnsafeMutableRawPointer, _ name: StaticString, _ drop: @escaping @convention(c) (PyRef?) -> Void,
        _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        guard let capsule = PyCapsule_New(structure, name.pointer, drop) else { throw .taken(py) }
        return capsule
    }

    private static let tableFormat: StaticString = "+s"
    private static let noName: StaticString = ""
}

private let dropSchema: @convention(c) (PyRef?) -> Void = { capsule in
    guard let content = capsule.flatMap({ PyCapsule_GetPointer($0, ArrowReader.schemaName.pointer) }) else { return }
    let schema = content.assumingMemoryBound(to: ArrowSchema.self)
    schema.pointee.release?(schema)
    schema.deallocate()
}
