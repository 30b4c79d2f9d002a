import DanaData
import PythonBridge
import Synchronization

/// A raw-value enum, for its conversion.
enum Color: String, PythonEnum {
    case red, green
}

/// A record of every kind of field.
struct Order: PythonRecord, Sendable {
    struct Item: PythonRecord, Sendable {
        var name: String
        var price: Double
        var color: Color?
    }

    enum Payment: Codable, Sendable {
        case cash
        case card(number: Int)
    }

    /// Without a conversion of its own: reached by `Codable` alone.
    struct Address: Codable, Sendable {
        var street: String
        var numbers: [Int]
    }

    var items: [Item]
    var payment: Payment
    var address: Address
    var due: CalendarDate?
    var note: String?
}

extension Color: Codable {}

/// A record that contains itself.
final class Node: PythonRecord, Sendable {
    let children: [Node]
}

/// A buffer that is kept after the call that brought it.
final class KeptBuffer: Sendable {
    static let shared = KeptBuffer()
    private let buffer = Mutex<PythonBuffer?>(nil)

    func keep(_ buffer: PythonBuffer) -> Nothing {
        self.buffer.withLock { $0 = buffer }
        return Nothing()
    }

    func drop() { buffer.withLock { $0 = nil } }
}

/// A tensor that is kept after the call that brought it.
final class KeptTensor: Sendable {
    static let shared = KeptTensor()
    private let tensor = Mutex<PythonTensor?>(nil)

    func keep(_ tensor: PythonTensor) -> Nothing {
        self.tensor.withLock { $0 = tensor }
        return Nothing()
    }

    func drop() { tensor.withLock { $0 = nil } }
}

/// A table that is kept after the call that brought it.
final class KeptTable: Sendable {
    static let shared = KeptTable()
    private let table = Mutex<ArrowTable?>(nil)

    func keep(_ table: ArrowTable) -> Nothing {
        self.table.withLock { $0 = table }
        return Nothing()
    }

    func drop() { table.withLock { $0 = nil } }
}

/// Watches the table that was lent to Python last.
final class LentTable: Sendable {
    static let shared = LentTable()
    private struct Watched: Sendable {
        weak var table: ExportedTable?
    }

    private let watched = Mutex(Watched())

    func watch(_ table: ExportedTable) { watched.withLock { $0.table = table } }

    var lives: Bool { watched.withLock { $0.table != nil } }
}

/// Memory lent to Python that counts itself.
enum LentMemory {
    static let alive = Atomic<Int>(0)

    static func make(_ value: Int) throws(PythonError) -> ExportedBuffer {
        let memory = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        memory.initialize(to: value)
        alive.add(1, ordering: .relaxed)
        return try ExportedBuffer(adopting: memory, shape: [1]) { memory in
            memory.deallocate()
            alive.subtract(1, ordering: .relaxed)
        }
    }
}

/// A function that takes a value of one type through Swift and back.
func roundtrip<Value: FromPython & ToPython & Sendable>(_ name: StaticString, _: Value.Type) -> ExportedFunction {
    function(name, "value") { (value: Value) in value }
}

/// Conversions of every type, there and back.
let conversionProbe: [any PythonModuleItem] = [
    roundtrip("roundtrip_value", PythonValue.self),
    roundtrip("roundtrip_bool", Bool.self),
    roundtrip("roundtrip_int", Int.self),
    roundtrip("roundtrip_int8", Int8.self),
    roundtrip("roundtrip_int16", Int16.self),
    roundtrip("roundtrip_int32", Int32.self),
    roundtrip("roundtrip_int128", Int128.self),
    roundtrip("roundtrip_uint8", UInt8.self),
    roundtrip("roundtrip_uint16", UInt16.self),
    roundtrip("roundtrip_uint32", UInt32.self),
    roundtrip("roundtrip_uint64", UInt64.self),
    roundtrip("roundtrip_uint128", UInt128.self),
    roundtrip("roundtrip_big", BigInteger.self),
    roundtrip("roundtrip_float", Double.self),
    roundtrip("roundtrip_float32", Float.self),
    roundtrip("roundtrip_complex", Complex.self),
    roundtrip("roundtrip_str", String.self),
    roundtrip("roundtrip_bytes", Bytes.self),
    roundtrip("roundtrip_optional", Int?.self),
    roundtrip("roundtrip_ints", [Int].self),
    roundtrip("roundtrip_strs", [String].self),
    roundtrip("roundtrip_nested", [[String: [Double]]].self),
    roundtrip("roundtrip_set", Set<Int>.self),
    roundtrip("roundtrip_dict", [String: Int].self),
    roundtrip("roundtrip_pairs", PythonPairs<String, Int>.self),
    roundtrip("roundtrip_float_keys", [Double: Int].self),
    roundtrip("roundtrip_pair", Tuple2<Int, String>.self),
    roundtrip("roundtrip_triple", Tuple3<Int, String, Double?>.self),
    roundtrip("roundtrip_held", [Tuple2<PythonObject, Int>].self),
    roundtrip("roundtrip_range", Range<Int>.self),
    roundtrip("roundtrip_closed_range", ClosedRange<Int>.self),
    roundtrip("roundtrip_stepped_range", PythonRange.self),
    roundtrip("roundtrip_enum", Color.self),
    roundtrip("roundtrip_record", Order.self),
    function("count_children", "node") { (node: Node) in node.children.count },
    roundtrip("roundtrip_duration", Duration.self),
    roundtrip("roundtrip_date", CalendarDate.self),
    roundtrip("roundtrip_time", ClockTime.self),
    roundtrip("roundtrip_datetime", DateTime.self),
    roundtrip("roundtrip_timedelta", TimeDelta.self),
    roundtrip("roundtrip_timezone", TimeZoneOffset.self),
    roundtrip("roundtrip_decimal", Decimal.self),
    roundtrip("roundtrip_fraction", Fraction.self),
    roundtrip("roundtrip_uuid", UniqueIdentifier.self),
    roundtrip("roundtrip_path", PathText.self),
    function("roundtrip_limited", "value", "depth", optional("bytes", 1 << 30)) {
        (value: PythonObject, depth: Int, bytes: Int) throws(PythonError) in
        var converted: Result<PythonValue, PythonError> = .failure(.valueError("not converted"))
        Python.hold { py in
            do throws(PythonError) {
                converted = .success(
                    try PythonValue(value, limits: PythonValue.Limits(depth: depth, bytes: bytes), py))
            } catch {
                converted = .failure(error)
            }
        }
        return try converted.get()
    },
    function("keep_buffer", "array") { (array: PythonBuffer) in KeptBuffer.shared.keep(array) },
    function("drop_buffer_elsewhere") { () in
        ProbeThread.join { KeptBuffer.shared.drop() }
        return Nothing()
    },
    function("describe_buffer", "array") { (array: PythonBuffer) in
        Tuple6(
            array.format, array.shape, array.strides, array.isReadOnly, array.isContiguous,
            array.timeUnit)
    },
    function("halves_of_buffer", "array") { (array: PythonBuffer) throws(PythonError) in
        try array.array(of: Float16.self).map { Double($0) }
    },
    function("bools_of_buffer", "array") { (array: PythonBuffer) throws(PythonError) in
        try array.array(of: Bool.self)
    },
    function("complex_of_buffer", "array") { (array: PythonBuffer) throws(PythonError) in
        try array.array(of: Complex.self)
    },
    function("lend_floats", "shape", optional("writable", false)) {
        (shape: [Int], writable: Bool) throws(PythonError) in
        try ExportedBuffer(of: Double.self, shape: shape, isWritable: writable) { elements in
            for index in elements.indices { elements[index] = Double(index) }
        }
    },
    function("lend_counted", "value") { (value: Int) throws(PythonError) in try LentMemory.make(value) },
    function("lent_alive") { () in LentMemory.alive.load(ordering: .relaxed) },
    function("lend_halves", "values") { (values: [Double]) throws(PythonError) in
        try ExportedBuffer(values.map { Float16($0) })
    },
    function("lend_complex", "values") { (values: [Complex]) throws(PythonError) in try ExportedBuffer(values) },
    function("lend_bools", "values") { (values: [Bool]) throws(PythonError) in try ExportedBuffer(values) },
    function("describe_tensor", "tensor") { (tensor: PythonTensor) in
        Tuple5(tensor.elementName, tensor.shape, tensor.strides, tensor.isReadOnly, tensor.isContiguous)
    },
    function("floats_of_tensor", "tensor") { (tensor: PythonTensor) throws(PythonError) in
        try tensor.array(of: Double.self)
    },
    function("double_tensor_in_place", "tensor") { (tensor: PythonTensor) in
        try tensor.withMutableElements(of: Double.self) { elements in
            for index in elements.indices { elements[index] *= 2 }
        }
        return Nothing()
    },
    function("keep_tensor", "tensor") { (tensor: PythonTensor) in KeptTensor.shared.keep(tensor) },
    function("drop_tensor_elsewhere") { () in
        ProbeThread.join { KeptTensor.shared.drop() }
        return Nothing()
    },
    function("describe_table", "table") { (table: ArrowTable) in
        Tuple2(table.rowCount, table.columns.map { Tuple3($0.name, "\($0.type)", $0.chunks.count) })
    },
    function("arrow_floats", "column") { (column: ArrowColumn) in try column.array(of: Double.self) },
    function("arrow_int64s", "column") { (column: ArrowColumn) in try column.array(of: Int64.self) },
    function("arrow_int32s", "column") { (column: ArrowColumn) in try column.array(of: Int32.self) },
    function("arrow_uint8s", "column") { (column: ArrowColumn) in try column.array(of: UInt8.self) },
    function("arrow_bools", "column") { (column: ArrowColumn) throws(PythonError) in try column.bools() },
    function("arrow_strings", "column") { (column: ArrowColumn) throws(PythonError) in try column.strings() },
    function("arrow_binary", "column") { (column: ArrowColumn) throws(PythonError) in
        try column.binary().map { $0.map { Bytes($0) } }
    },
    function("arrow_addresses", "column") { (column: ArrowColumn) in
        try column.chunks.map { chunk in
            try chunk.withElements(of: Int64.self) { Int(bitPattern: $0.baseAddress) }
        }
    },
    function("arrow_column_strings", "table", "name") { (table: ArrowTable, name: String) throws(PythonError) in
        guard let column = table[name] else { throw PythonError(.keyError, name) }
        return try column.strings()
    },
    function("arrow_column_int64s", "table", "name") { (table: ArrowTable, name: String) in
        guard let column = table[name] else { throw PythonError(.keyError, name) }
        return try column.array(of: Int64.self)
    },
    function("keep_table", "table") { (table: ArrowTable) in KeptTable.shared.keep(table) },
    function("drop_table_elsewhere") { () in
        ProbeThread.join { KeptTable.shared.drop() }
        return Nothing()
    },
    function("lend_table", "integers", "floats", "flags", "texts") {
        (integers: [Int64?], floats: [Double?], flags: [Bool?], texts: [String?]) throws(PythonError) in
        let table = try ExportedTable([
            ExportedColumn("integers", integers), ExportedColumn("floats", floats), ExportedColumn("flags", flags),
            ExportedColumn("texts", texts),
        ])
        LentTable.shared.watch(table)
        return table
    },
    function("lent_table_lives") { () in LentTable.shared.lives },
    function("floats_of_buffer", "array") { (array: PythonBuffer) throws(PythonError) in
        try array.array(of: Double.self)
    },
    function("integers_of_buffer", "array") { (array: PythonBuffer) throws(PythonError) in
        switch array.elementSize {
        case 1: try array.array(of: Int8.self).map { Int($0) }
        case 2: try array.array(of: Int16.self).map { Int($0) }
        case 4: try array.array(of: Int32.self).map { Int($0) }
        default: try array.array(of: Int.self)
        }
    },
    function("naturals_of_buffer", "array") { (array: PythonBuffer) throws(PythonError) in
        switch array.elementSize {
        case 1: try array.array(of: UInt8.self).map { Int($0) }
        case 2: try array.array(of: UInt16.self).map { Int($0) }
        case 4: try array.array(of: UInt32.self).map { Int($0) }
        default: try array.array(of: UInt.self).map { Int($0) }
        }
    },
    function("double_in_place", "array") { (array: PythonBuffer) in
        try array.withMutableElements(of: Double.self) { elements in
            for index in elements.indices { elements[index] *= 2 }
        }
        return Nothing()
    },
    function("describe_value", "value") { (value: PythonValue) in value.tape.description },
]
