/// The objects that every program of an interpreter shares: one-character strings, the empty tuple, the types, the
/// exception kinds, and the table of names.
struct CommonObjects {
    let emptyString: Value
    let emptyTuple: Value
    /// The 128 ASCII characters.
    let characters: UnsafeMutablePointer<Value>
    /// By the raw value of `BuiltInType`.
    let types: UnsafeMutablePointer<Value>
    /// By the raw value of `ExceptionKind`.
    let exceptionTypes: UnsafeMutablePointer<Value>
    /// Every interned name, each under itself.
    let names: DictObject

    init(heap: Heap, constructors: (BuiltInType) -> UnsafePointer<LinkedNative>?) throws(DanaError) {
        names = try heap.dict()
        emptyString = try heap.string("").value
        emptyTuple = try heap.tuple(count: 0).value
        characters = .allocate(capacity: 128)
        for code in 0..<128 {
            characters[code] = try heap.string(bytes: 1, scalars: 1) { $0[0] = UInt8(code) }.value
        }
        types = .allocate(capacity: BuiltInType.allCases.count)
        for type in BuiltInType.allCases {
            let object = try heap.allocate(TypeObject.self)
            object.at.pointee.type = type
            object.at.pointee.constructor = constructors(type)
            types[Int(type.rawValue)] = object.value
        }
        exceptionTypes = .allocate(capacity: ExceptionKind.allCases.count)
        for kind in ExceptionKind.allCases {
            let object = try heap.allocate(ExceptionTypeObject.self, own: UInt32(kind.rawValue))
            exceptionTypes[Int(kind.rawValue)] = object.value
        }
    }

    func end(heap: Heap) {
        for code in 0..<128 { heap.release(characters[code]) }
        for index in BuiltInType.allCases.indices { heap.release(types[index]) }
        for index in ExceptionKind.allCases.indices { heap.release(exceptionTypes[index]) }
        heap.release(emptyString)
        heap.release(emptyTuple)
        heap.release(names.value)
        characters.deallocate()
        types.deallocate()
        exceptionTypes.deallocate()
    }
}

extension Heap {
    @inline(__always) private var common: CommonObjects {
        // Safe because the interpreter sets the common objects before it runs anything.
        state.pointee.common.unsafelyUnwrapped
    }

    /// The type object, borrowed.
    func type(_ type: BuiltInType) -> Value { common.types[Int(type.rawValue)] }

    /// The exception kind as a value, borrowed.
    func exceptionType(_ kind: ExceptionKind) -> Value { common.exceptionTypes[Int(kind.rawValue)] }

    /// The one-character string of an ASCII code, borrowed.
    @inline(__always) func character(_ code: UInt8) -> Value { common.characters[Int(code & 0x7F)] }

    /// Whether a string is one of the shared ASCII characters.
    func isCharacter(_ value: Value) -> Bool {
        let string = StringObject(known: value)
        return string.byteCount == 1 && value.isIdentical(to: character(string.start[0]))
    }

    var emptyString: Value { common.emptyString }
    var emptyTuple: Value { common.emptyTuple }

    /// The one string object that stands for a name, borrowed; attribute sites and tables of names hold such.
    func name(_ text: String) throws(DanaError) -> Value {
        let string = owned(try self.string(text).value)
        return try name(of: string.value)
    }

    /// The interned string equal to a string, borrowed.
    func name(of string: Value) throws(DanaError) -> Value {
        if string.object.pointee.flags.contains(.interned) { return string }
        let table = common.names.table
        let hash = hash(of: StringObject(known: string))
        if let index = try find(string, hash: hash, in: table) { return table.entry(index).pointee.key }
        try insert(retained(string), hash: hash, value: .null, into: table)
        string.object.pointee.flags.insert(.interned)
        return string
    }
}
