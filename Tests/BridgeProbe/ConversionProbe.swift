import DanaData
import Glibc
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

    /// Drops it on a thread that does not hold the interpreter, and waits for that thread.
    func dropOnAnotherThread() {
        var thread = pthread_t()
        let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { _ in
            KeptBuffer.shared.buffer.withLock { $0 = nil }
            return nil
        }
        if pthread_create(&thread, nil, body, nil) == 0 { pthread_join(thread, nil) }
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
        KeptBuffer.shared.dropOnAnotherThread()
        return Nothing()
    },
    function("describe_buffer", "array") { (array: PythonBuffer) in
        Tuple6(
            array.format, array.shape, array.strides, array.isReadOnly, array.isContiguous,
            array.timeUnit)
    },
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
