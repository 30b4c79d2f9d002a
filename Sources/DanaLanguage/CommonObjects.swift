/// The objects that every program of an interpreter shares: one-character strings, the empty tuple, the types, the
/// exception kinds, and the table of names. Most are made when they are first asked for.
struct CommonObjects {
    fileprivate private(set) var emptyString = Value.undefined
    fileprivate private(set) var emptyTuple = Value.undefined
    /// The 128 ASCII characters, then the types by the raw value of `BuiltInType`, then the exception kinds by that of
    /// `ExceptionKind`; undefined until they are made. Without any it is the table that has none.
    fileprivate private(set) var objects: UnsafeMutablePointer<Value>
    /// Every interned name, each under itself.
    fileprivate private(set) var names = Value.undefined
    /// By the raw value of `BuiltInType`.
    fileprivate let constructors: UnsafeMutablePointer<UnsafePointer<LinkedNative>?>

    fileprivate static let firstType = 128
    fileprivate static let firstExceptionType = firstType + BuiltInType.allCases.count
    private static let count = firstExceptionType + ExceptionKind.allCases.count

    init(constructors: UnsafeMutablePointer<UnsafePointer<LinkedNative>?>) {
        self.constructors = constructors
        objects = CommonObjects.none
    }

    // Safe because nobody writes into it.
    nonisolated(unsafe) private static let none = table()

    private static func table() -> UnsafeMutablePointer<Value> {
        let objects = UnsafeMutablePointer<Value>.reserved(count)
        objects.initialize(repeating: .undefined, count: count)
        return objects
    }

    /// Keeps an object, owned, that was made.
    fileprivate mutating func keep(_ object: Value, at index: Int) {
        if objects == CommonObjects.none { objects = CommonObjects.table() }
        objects[index] = object
    }

    /// Makes what is never asked for in vain; the heap stands.
    mutating func begin(_ heap: Heap) throws(DanaError) {
        names = try heap.dict().value
        emptyString = try heap.string(bytes: 0, scalars: 0) { _ in }.value
        emptyTuple = try heap.tuple(count: 0).value
    }

    func end(_ heap: Heap) {
        if objects != CommonObjects.none {
            for index in 0..<CommonObjects.count { heap.release(objects[index]) }
            objects.giveBack()
        }
        heap.release(emptyString)
        heap.release(emptyTuple)
        heap.release(names)
    }
}

extension Heap {
    /// The type object, borrowed.
    func type(_ type: BuiltInType) throws(DanaError) -> Value {
        let index = CommonObjects.firstType + Int(type.rawValue)
        let known = state.pointee.common.objects[index]
        if !known.isUndefined { return known }
        let object = try allocate(TypeObject.self)
        object.at.pointee.type = type
        object.at.pointee.constructor = state.pointee.common.constructors[Int(type.rawValue)]
        state.pointee.common.keep(object.value, at: index)
        return object.value
    }

    /// The exception kind as a value, borrowed.
    func exceptionType(_ kind: ExceptionKind) throws(DanaError) -> Value {
        let index = CommonObjects.firstExceptionType + Int(kind.rawValue)
        let known = state.pointee.common.objects[index]
        if !known.isUndefined { return known }
        let object = try allocate(ExceptionTypeObject.self, own: UInt32(kind.rawValue))
        state.pointee.common.keep(object.value, at: index)
        return object.value
    }

    /// The one-character string of an ASCII code, borrowed.
    @inline(__always) func character(_ code: UInt8) throws(DanaError) -> Value {
        let value = state.pointee.common.objects[Int(code & 0x7F)]
        return value.isUndefined ? try newCharacter(code & 0x7F) : value
    }

    @inline(never) private func newCharacter(_ code: UInt8) throws(DanaError) -> Value {
        let value = try string(bytes: 1, scalars: 1) { $0[0] = code }.value
        state.pointee.common.keep(value, at: Int(code))
        return value
    }

    /// Whether a string is one of the shared ASCII characters.
    func isCharacter(_ value: Value) -> Bool {
        let string = StringObject(known: value)
        guard string.byteCount == 1 else { return false }
        return value.isIdentical(to: state.pointee.common.objects[Int(string.start[0] & 0x7F)])
    }

    var emptyString: Value { state.pointee.common.emptyString }
    var emptyTuple: Value { state.pointee.common.emptyTuple }

    /// The one string object that stands for a name, borrowed; attribute sites and tables of names hold such.
    func name(_ text: String) throws(DanaError) -> Value {
        let string = owned(try self.string(text).value)
        return try name(of: string.value)
    }

    /// The interned string equal to a string, borrowed.
    func name(of string: Value) throws(DanaError) -> Value {
        if string.object.pointee.flags.contains(.interned) { return string }
        let table = DictObject(known: state.pointee.common.names).table
        let hash = hash(of: StringObject(known: string))
        if let index = try find(string, hash: hash, in: table) { return table.entry(index).pointee.key }
        try insert(retained(string), hash: hash, value: .null, into: table)
        string.object.pointee.flags.insert(.interned)
        return string
    }
}
