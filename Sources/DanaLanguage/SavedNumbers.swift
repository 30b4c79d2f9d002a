/// What a container is saved with besides its fields: up to two numbers, as its kind means them.
struct SavedNumbers {
    var first = 0
    var second = 0

    init(of value: Value) {
        switch value.objectKind {
        case .function: first = FunctionObject(known: value).code.pointee.number
        case .generator: first = GeneratorObject(known: value).at.pointee.position
        case .iterator:
            first = IteratorObject(known: value).at.pointee.position
            second = IteratorObject(known: value).at.pointee.expected
        case .structType:
            first = StructTypeObject(known: value).at.pointee.version
            second = StructTypeObject(known: value).at.pointee.firstMaker
        case .exception:
            first = ExceptionObject(known: value).at.pointee.place
            let exception = ExceptionObject(known: value).at.pointee
            second = (exception.isReraised ? 1 : 0) | (exception.isContextSettled ? 2 : 0)
        default: break
        }
    }

    init(from reader: inout SaveReader, _ kind: ObjectKind) throws(SaveError) {
        let count = SavedNumbers.count(of: kind)
        if count > 0 { first = try reader.read() }
        if count > 1 { second = try reader.read() }
    }

    func write(to writer: inout SaveWriter, _ kind: ObjectKind) {
        let count = SavedNumbers.count(of: kind)
        if count > 0 { writer.write(first) }
        if count > 1 { writer.write(second) }
    }

    private static func count(of kind: ObjectKind) -> Int {
        switch kind {
        case .function, .generator: 1
        case .iterator, .structType, .exception: 2
        default: 0
        }
    }
}
