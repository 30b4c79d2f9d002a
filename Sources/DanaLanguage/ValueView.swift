/// What a host sees of a value: scalars themselves, containers by their size. Buffers are valid while the value lives
/// and nothing runs.
public enum ValueView {
    case null
    case bool(Bool)
    case integer(Int)
    /// Beyond 63 bits: the magnitude's words, least significant first.
    case bigInteger(isNegative: Bool, words: UnsafeBufferPointer<UInt64>)
    case float(Double)
    /// UTF-8, and how many scalars it is.
    case string(UnsafeBufferPointer<UInt8>, scalars: Int)
    case bytes(UnsafeBufferPointer<UInt8>)
    case list(UnsafeBufferPointer<Value>)
    case tuple(UnsafeBufferPointer<Value>)
    case dict(ValueTable)
    case set(ValueTable, isFrozen: Bool)
    case range(start: Int, stop: Int, step: Int)
    /// What stands in brackets with colons; absent parts are null.
    case slice(start: Value, stop: Value, step: Value)
    /// An instance of a struct.
    case structure
    case enumMember
    /// Anything that can be called: a function, a built-in, a type, a bound method, a pipeline.
    case callable
    /// A generator or an iterator.
    case iterator
    case exception(ExceptionKind)
    case module
    /// Something of the host's, by its number.
    case handle(UInt64)
    /// What has no form outside the language: a dict's view.
    case other
}

/// What can be called.
public enum CallableKind: String, Sendable {
    case function, method, type, pipeline
    case structure = "struct"
    case enumeration = "enum"
    case builtIn = "built-in"
}

/// The entries of a dict or a set, in order. An entry that was removed leaves a hole.
public struct ValueTable {
    let table: TableObject

    /// Live entries.
    public var count: Int { table.count }
    /// Places to look at, holes included.
    public var places: Int { table.used }

    /// The entry at a place below `places`, borrowed; nil for a hole. A set's value is null.
    public func entry(_ place: Int) -> (key: Value, value: Value)? {
        guard place >= 0, place < table.used else { return nil }
        let entry = table.entry(place).pointee
        return entry.key.isUndefined ? nil : (entry.key, entry.value)
    }
}

extension Value {
    /// What a host sees of it.
    public var view: ValueView {
        if isSmallInteger { return .integer(smallInteger) }
        if isInlineFloat { return .float(inlineFloat) }
        guard isObject else { return isBool ? .bool(bits == Value.true.bits) : .null }
        switch object.pointee.kind {
        case .boxedFloat: return .float(BoxedFloat(known: self).float)
        case .bigInt:
            let integer = BigIntObject(known: self)
            return .bigInteger(isNegative: integer.isNegative, words: integer.magnitude)
        case .string:
            let string = StringObject(known: self)
            return .string(string.bytes, scalars: string.scalarCount)
        case .bytes: return .bytes(BytesObject(known: self).bytes)
        case .list: return .list(ListObject(known: self).items)
        case .tuple:
            let tuple = TupleObject(known: self)
            return .tuple(UnsafeBufferPointer(start: tuple.start, count: tuple.count))
        case .dict: return .dict(ValueTable(table: DictObject(known: self).table))
        case .set:
            let set = SetObject(known: self)
            return .set(ValueTable(table: set.table), isFrozen: set.isFrozen)
        case .range:
            let range = RangeObject(known: self)
            return .range(start: range.start, stop: range.stop, step: range.step)
        case .structure: return .structure
        case .enumMember: return .enumMember
        case .function, .native, .boundMethod, .hostFunction, .pipeline, .type, .structType, .enumType, .exceptionType:
            return .callable
        case .generator, .iterator: return .iterator
        case .exception: return .exception(ExceptionObject(known: self).exceptionKind)
        case .module: return .module
        case .hostHandle: return .handle(HostHandleObject(known: self).at.pointee.identifier)
        case .slice:
            let slice = SliceObject(known: self).at.pointee
            return .slice(start: slice.start, stop: slice.stop, step: slice.step)
        case .dictView, .cell, .interface: return .other
        }
    }

    /// What kind of thing can be called; nil for what cannot.
    public var callableKind: CallableKind? {
        switch objectKind {
        case .function: .function
        case .boundMethod: .method
        case .structType: .structure
        case .enumType: .enumeration
        case .type, .exceptionType: .type
        case .native, .hostFunction: .builtIn
        case .pipeline: .pipeline
        default: nil
        }
    }

    /// Whether it is what `...` is in an index.
    public var isEllipsis: Bool {
        guard let slice = SliceObject(self) else { return false }
        return [slice.at.pointee.start, slice.at.pointee.step].allSatisfy { part in
            StringObject(part)?.text == SliceObject.ellipsis
        }
    }

    /// What a view of a dict shows, by the name of its method: `keys`, `values` or `items`; nil for any other value.
    public var viewedDict: (dict: Value, part: String)? {
        DictViewObject(self).map { ($0.dict.value, "\($0.part)") }
    }

    /// Whether it takes values and exceptions where it stands, besides giving items.
    public var isGenerator: Bool { isObject(.generator) }

    /// Whether both are the same object, or the same scalar.
    public func isSame(as other: Value) -> Bool { isIdentical(to: other) }

    /// A number that stands for the value as long as something holds it.
    public var identity: UInt64 { bits }

    /// The value that a number stands for.
    public init(identity: UInt64) { bits = identity }

    /// A number that the same object has as long as it lives.
    public var identityHash: Int { Int(truncatingIfNeeded: bits >> 4) }
}
