import CPython
import DanaData

/// Any plain Python value, kept without Python: a ``Tape``, and handles for the objects that have no other form.
///
/// Lossless for None, bool, int of any size, float (NaN bits and -0.0 included), complex, str (lone surrogates
/// included), bytes, bytearray, list, tuple, dict (order kept), set, frozenset, range, `Enum` members, dataclasses,
/// `NamedTuple`s, date, time, datetime, timedelta, timezone, `ZoneInfo`, Decimal, Fraction, UUID and Path. Records
/// and enum members keep a handle of their class and come back as its instances; a dataclass is rebuilt field by
/// field, without running `__init__`.
///
/// Exact classes come first, then what a class inherits from (a subclass of `str` becomes a str), then the
/// protocols: a `collections.abc.Mapping` becomes a dict, a `Sequence` a list, a `Set` a set; an object with
/// `__index__` becomes an int, with `__float__` a float, unless it has a length as well. Everything else (functions,
/// classes, arrays, memoryviews, subclasses of date) is kept as a handle and comes back as the very same object.
///
/// A value that contains itself is refused with `ValueError`, one nested deeper than the limit with
/// `RecursionError`, one larger than the limit with `ValueError`; the message says where.
public struct PythonValue: Sendable {
    public let tape: Tape
    /// What the tape's opaque nodes number.
    public let objects: [PythonObject]

    public init(_ tape: Tape, objects: [PythonObject] = []) {
        self.tape = tape
        self.objects = objects
    }

    /// The value at the top.
    @inlinable public var root: TapeValue { tape.root }

    /// The object that an opaque node stands for.
    public func object(of value: TapeValue) -> PythonObject? {
        guard let number = value.opaque, Int(number) < objects.count else { return nil }
        return objects[Int(number)]
    }

    /// How deep and how large a value may be.
    public struct Limits: Sendable {
        /// How many containers may stand one inside the other.
        public var depth: Int
        /// How many bytes the value may take, counted roughly: what its texts and bytes hold and 16 for each element.
        public var bytes: Int

        public init(depth: Int = 1000, bytes: Int = 4 << 30) {
            self.depth = depth
            self.bytes = bytes
        }
    }
}

extension PythonValue: FromPython, ToPython {
    public static var pythonTypeName: String { "value" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> PythonValue {
        try PythonValue(object, limits: Limits(), py)
    }

    init(_ object: PyRef, limits: Limits, _ py: borrowing Python) throws(PythonError) {
        var reader = PythonValueReader(limits)
        do throws(PythonError) {
            try reader.read(object, py)
        } catch {
            throw reader.located(error, py)
        }
        self = reader.finish()
    }

    /// Converts under limits of one's own.
    public init(_ object: PythonObject, limits: Limits, _ py: borrowing Python) throws(PythonError) {
        try self.init(object.pointer, limits: limits, py)
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        var writer = PythonValueWriter(self)
        do throws(PythonError) {
            return try writer.write(py)
        } catch {
            throw writer.located(error, py)
        }
    }
}
