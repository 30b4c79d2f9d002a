import DanaData

/// Makes the objects of a saved program: first every object as large as it is, its fields null, then what they hold.
/// So objects may hold each other.
struct ObjectRestorer {
    private let machine: Machine
    private let values: SavedValues
    private var heap: Heap { machine.heap }

    init(_ values: SavedValues) {
        self.values = values
        machine = values.machine
    }

    /// Makes `count` objects of their shapes and fills them.
    func restore(_ count: Int, shapes: ArraySlice<UInt8>, contents: ArraySlice<UInt8>) throws(SaveError) {
        var reader = SaveReader(shapes)
        var holders: [(object: Value, count: Int)] = []
        for _ in 0..<count {
            let (object, contentCount) = try makeNext(&reader)
            values.append(object)
            if contentCount > 0 { holders.append((object, contentCount)) }
        }
        guard reader.isAtEnd else { throw .damaged("objects are left over") }
        reader = SaveReader(contents)
        for (object, count) in holders { try fill(object, count, &reader) }
        guard reader.isAtEnd else { throw .damaged("values are left over") }
        for (object, _) in holders {
            guard SavedShape.fits(object) else {
                throw .damaged("a \(object.typeName) holds what it cannot hold")
            }
        }
    }

    // MARK: Making

    /// An owned object, and how many things it holds.
    private func makeNext(_ reader: inout SaveReader) throws(SaveError) -> (object: Value, contentCount: Int) {
        let raw: UInt8 = try reader.read()
        guard let kind = ObjectKind(rawValue: raw) else { throw .damaged("there is no kind \(raw)") }
        let own: UInt32 = try reader.read()
        let flags = ObjectHeader.Flags(rawValue: try reader.read())
        let (made, contentCount) = try make(kind, own: own, &reader)
        let object = heap.owned(made)
        guard object.value.isObject(kind) else { throw .damaged("a number needs no object") }
        if kind == .string {
            guard flags.contains(.interned) else { return (object.take(), 0) }
            let heap = self.heap
            let name = try machine.restoring { () throws(DanaError) in try heap.name(of: object.value) }
            return (heap.retained(name), 0)
        }
        if kind != .dict && kind != .set { object.value.object.pointee.own = own }
        if flags.contains(.marked) { object.value.object.pointee.flags.insert(.marked) }
        return (object.take(), contentCount)
    }

    private func make(
        _ kind: ObjectKind, own: UInt32, _ reader: inout SaveReader
    ) throws(SaveError) -> (object: Value, contentCount: Int) {
        if kind.isContainer { return try makeContainer(kind, own: own, &reader) }
        let heap = self.heap
        switch kind {
        case .boxedFloat:
            let pattern: UInt64 = try reader.read()
            return (try machine.restoring { () throws(DanaError) in try heap.float(Double(bitPattern: pattern)) }, 0)
        case .bigInt:
            let isNegative = try reader.readFlag()
            let words = try reader.readArray { reader throws(SaveError) -> UInt64 in try reader.read() }
            let integer = BigInteger(isNegative: isNegative, magnitude: words)
            return (try machine.restoring { () throws(DanaError) in try heap.integer(integer) }, 0)
        case .string: return (try makeString(try reader.readBytes()), 0)
        case .bytes:
            let bytes = try reader.readBytes()
            return try bytes.withView { view throws(SaveError) in
                (try machine.restoring { () throws(DanaError) in try heap.bytes(copying: view) }, 0)
            }
        case .range:
            let (start, stop, step): (Int, Int, Int) = (try reader.read(), try reader.read(), try reader.read())
            guard step != 0 else { throw .damaged("a range has no step") }
            let range = try machine.restoring { () throws(DanaError) in
                try heap.range(start: start, stop: stop, step: step).value
            }
            return (range, 0)
        case .native:
            let name = try reader.readText()
            guard let native = machine.builtIns.native(named: name) else {
                throw .damaged("there is no built-in '\(name)'")
            }
            let machine = self.machine
            return (try machine.restoring { () throws(DanaError) in try machine.nativeValue(native) }, 0)
        case .hostFunction:
            let index: Int = try reader.read()
            guard machine.hostFunctions.indices.contains(index) else { throw .damaged("there is no function \(index)") }
            let function = try machine.restoring { () throws(DanaError) in try heap.allocate(HostFunctionObject.self) }
            function.at.pointee.index = index
            return (function.value, 0)
        case .hostHandle:
            let identifier: UInt64 = try reader.read()
            let handle = try machine.restoring { () throws(DanaError) in try heap.allocate(HostHandleObject.self) }
            handle.at.pointee.identifier = identifier
            handle.at.pointee.typeName = .null
            return (handle.value, 1)
        default: throw .damaged("an object is of a kind that is never written")
        }
    }

    private func makeString(_ bytes: [UInt8]) throws(SaveError) -> Value {
        let heap = self.heap
        return try bytes.withView { view throws(SaveError) in
            var scalars = view.count
            if !view.isASCII {
                guard let text = String(validating: view.buffer, as: UTF8.self) else { throw .damaged("a text") }
                scalars = text.unicodeScalars.count
            }
            return try machine.restoring { () throws(DanaError) in
                try heap.string(copying: view.buffer, scalars: scalars).value
            }
        }
    }

    private func makeContainer(
        _ kind: ObjectKind, own: UInt32, _ reader: inout SaveReader
    ) throws(SaveError) -> (object: Value, contentCount: Int) {
        let numbers = try SavedNumbers(from: &reader, kind)
        let count: UInt32 = try reader.read()
        let (heap, linked) = (self.heap, machine.linked)
        let object = try machine.restoring { () throws(DanaError) in
            try ContainerMaker(heap: heap, linked: linked).make(
                kind, own: own, numbers: numbers, childCount: Int(count))
        }
        guard let object else { throw .damaged("an object is of a kind or size that is never written") }
        return (object, Int(count))
    }

    // MARK: Filling

    private func fill(_ object: Value, _ count: Int, _ reader: inout SaveReader) throws(SaveError) {
        switch object.objectKind {
        case .dict, .set: try fill(TableObject.Layout.table(of: object.object), count, &reader)
        case .hostHandle:
            let name = try values.read(&reader)
            guard name.isObject(.string) else { throw .damaged("a handle's type has no name") }
            let heap = self.heap
            HostHandleObject(known: object).at.pointee.typeName =
                try machine.restoring { () throws(DanaError) in try heap.name(of: name) }
        default:
            let (head, tail) = heap.valueSpans(of: object.object)
            guard head.count + tail.count == count else { throw .damaged("an object holds too much or too little") }
            try fill(head, &reader)
            try fill(tail, &reader)
        }
    }

    private func fill(_ places: UnsafeMutableBufferPointer<Value>, _ reader: inout SaveReader) throws(SaveError) {
        guard let start = places.baseAddress else { return }
        for index in places.indices { heap.store(heap.retained(try values.read(&reader)), in: start + index) }
    }

    private func fill(_ table: TableObject, _ count: Int, _ reader: inout SaveReader) throws(SaveError) {
        let heap = self.heap
        for _ in 0..<count {
            let hash: UInt64 = try reader.read()
            let key = try values.read(&reader)
            let value = try values.read(&reader)
            guard !key.isUndefined else { throw .damaged("a key is missing") }
            try machine.restoring { () throws(DanaError) in
                try heap.insert(heap.retained(key), hash: hash, value: heap.retained(value), into: table)
            }
        }
    }
}
