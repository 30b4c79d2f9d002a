import CPython
import Glibc

/// Takes arrays out of an object that speaks Arrow, as a stream or as one array.
struct ArrowReader {
    /// The name of the root: that of a series.
    let name: String
    let type: ArrowType
    /// The columns, when the root is a table.
    let children: [(name: String, type: ArrowType)]
    private let holds: [ArrowArrayHold]

    init(_ object: PythonObject, _ py: borrowing Python) throws(PythonError) {
        var schema = ArrowSchema()
        defer { schema.release?(&schema) }
        if PyObject_HasAttrString(object.pointer, "__arrow_c_stream__") != 0 {
            let capsule = try object.attribute("__arrow_c_stream__", py).call(py)
            holds = try Self.drain(capsule, into: &schema, py)
        } else if PyObject_HasAttrString(object.pointer, "__arrow_c_array__") != 0 {
            let pair = try object.attribute("__arrow_c_array__", py).call(py)
            let (first, second) = try Tuple2<PythonObject, PythonObject>.fromPython(pair.pointer, py).values
            let given = try Self.content(first, Self.schemaName, ArrowSchema.self, py)
            let array = try Self.content(second, Self.arrayName, ArrowArray.self, py)
            guard given.pointee.release != nil, array.pointee.release != nil else {
                throw .valueError("the Arrow array has already been taken from its capsule")
            }
            schema = given.pointee
            given.pointee.release = nil
            holds = [ArrowArrayHold(moving: array)]
        } else {
            throw .mismatch("an object with __arrow_c_stream__ or __arrow_c_array__", object.pointer, py)
        }
        name = Self.name(schema)
        type = ArrowType(schema)
        var children: [(name: String, type: ArrowType)] = []
        for index in 0..<Int(max(0, schema.n_children)) {
            guard let child = schema.children?[index]?.pointee else { throw .valueError("an Arrow schema with a hole") }
            children.append((Self.name(child), ArrowType(child)))
        }
        self.children = children
    }

    /// What `make` makes of each array, in order.
    func roots<Root>(_ make: (ArrowArrayHold) throws(PythonError) -> Root) throws(PythonError) -> [Root] {
        var roots: [Root] = []
        for hold in holds { roots.append(try make(hold)) }
        return roots
    }

    private static func name(_ schema: ArrowSchema) -> String { schema.name.map { String(cString: $0) } ?? "" }

    private static func drain(
        _ capsule: PythonObject, into schema: inout ArrowSchema, _ py: borrowing Python
    ) throws(PythonError) -> [ArrowArrayHold] {
        let given = try content(capsule, streamName, ArrowArrayStream.self, py)
        guard given.pointee.release != nil else { throw .valueError("the Arrow stream has already been read") }
        var stream = given.pointee
        given.pointee.release = nil
        defer { stream.release?(&stream) }
        guard let getSchema = stream.get_schema, let getNext = stream.get_next else {
            throw .valueError("an Arrow stream without its functions")
        }
        let status = getSchema(&stream, &schema)
        guard status == 0 else { throw failure(&stream, status, py) }
        var holds: [ArrowArrayHold] = []
        while true {
            var array = ArrowArray()
            let status = getNext(&stream, &array)
            guard status == 0 else { throw failure(&stream, status, py) }
            guard array.release != nil else { return holds }
            holds.append(ArrowArrayHold(moving: &array))
        }
    }

    /// A producer in Python may have left its exception; otherwise there is a text.
    private static func failure(
        _ stream: inout ArrowArrayStream, _ status: Int32, _ py: borrowing Python
    ) -> PythonError {
        if PyErr_Occurred() != nil { return .taken(py) }
        let text = stream.get_last_error?(&stream).map { String(cString: $0) } ?? String(cString: strerror(status))
        return PythonError(.runtimeError, "the Arrow stream failed: \(text)")
    }

    private static func content<Content>(
        _ capsule: PythonObject, _ name: StaticString, _ type: Content.Type, _ py: borrowing Python
    ) throws(PythonError) -> UnsafeMutablePointer<Content> {
        guard let content = PyCapsule_GetPointer(capsule.pointer, name.pointer) else { throw .taken(py) }
        return content.assumingMemoryBound(to: Content.self)
    }

    static let streamName: StaticString = "arrow_array_stream"
    static let schemaName: StaticString = "arrow_schema"
    static let arrayName: StaticString = "arrow_array"
}
