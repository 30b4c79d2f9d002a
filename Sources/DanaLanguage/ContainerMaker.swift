/// Makes the containers of a saved program with null fields, for the restorer to fill.
struct ContainerMaker {
    let heap: Heap
    let linked: [UnsafeMutablePointer<LinkedCode>]

    /// An owned object with `childCount` fields; nil when there is no such object.
    func make(_ kind: ObjectKind, own: UInt32, numbers: SavedNumbers, childCount: Int) throws(DanaError) -> Value? {
        switch kind {
        case .list:
            let list = try heap.list(capacity: childCount)
            for index in 0..<childCount { list[unchecked: index] = .null }
            list.at.pointee.count = childCount
            return list.value
        case .tuple: return try heap.tuple(count: childCount).value
        case .function:
            guard linked.indices.contains(numbers.first), linked[numbers.first].pointee.valueCount == childCount else {
                return nil
            }
            let function = try heap.allocate(FunctionObject.self, trailingBytes: childCount * 8)
            function.at.pointee.code = linked[numbers.first]
            function.at.pointee.count = childCount
            function.values.initialize(repeating: .null, count: childCount)
            return function.value
        case .generator:
            guard childCount > 0 else { return nil }
            let count = childCount - 1
            let generator = try heap.allocate(GeneratorObject.self, trailingBytes: count * 8, own: own)
            generator.at.pointee.function = .null
            generator.at.pointee.position = numbers.first
            generator.at.pointee.count = count
            generator.registers.initialize(repeating: .null, count: count)
            return generator.value
        case .structure:
            guard childCount > 0 else { return nil }
            let count = childCount - 1
            let structure = try heap.allocate(StructObject.self, trailingBytes: count * 8)
            structure.at.pointee.type = .null
            structure.at.pointee.count = count
            structure.fields.initialize(repeating: .null, count: count)
            return structure.value
        default: return try makeFixed(kind, own: own, numbers: numbers)
        }
    }

    private func makeFixed(_ kind: ObjectKind, own: UInt32, numbers: SavedNumbers) throws(DanaError) -> Value? {
        switch kind {
        case .dictView:
            let view = try heap.allocate(DictViewObject.self, own: own)
            view.at.pointee.dict = .null
            return view.value
        case .slice: return try heap.slice(start: .null, stop: .null, step: .null).value
        case .boundMethod:
            let method = try heap.allocate(BoundMethodObject.self)
            method.at.pointee.receiver = .null
            method.at.pointee.function = .null
            return method.value
        case .pipeline:
            let pipeline = try heap.allocate(PipelineObject.self)
            pipeline.at.pointee.stages = .null
            return pipeline.value
        case .iterator:
            let form = IteratorObject.Form(rawValue: own) ?? .sequence
            return try heap.iterator(form, source: .null, position: numbers.first, expected: numbers.second).value
        case .structType:
            let type = try heap.allocate(StructTypeObject.self)
            type.at.pointee.name = .null
            type.at.pointee.fieldNames = .null
            type.at.pointee.fieldTypes = .null
            type.at.pointee.fieldDefaults = .null
            type.at.pointee.methods = .null
            type.at.pointee.version = numbers.first
            type.at.pointee.firstMaker = numbers.second
            return type.value
        case .enumType:
            let type = try heap.allocate(EnumTypeObject.self)
            type.at.pointee.name = .null
            type.at.pointee.members = .null
            return type.value
        case .enumMember:
            let member = try heap.allocate(EnumMemberObject.self)
            member.at.pointee.type = .null
            member.at.pointee.name = .null
            member.at.pointee.content = .null
            return member.value
        case .interface:
            let interface = try heap.allocate(InterfaceObject.self)
            interface.at.pointee.name = .null
            interface.at.pointee.methods = .null
            interface.at.pointee.fields = .null
            return interface.value
        case .exception:
            let exception = try heap.exception(
                ExceptionKind(rawValue: UInt8(truncatingIfNeeded: own)) ?? .exception, arguments: .null)
            exception.at.pointee.place = numbers.first
            exception.at.pointee.isReraised = numbers.second & 1 != 0
            exception.at.pointee.isContextSettled = numbers.second & 2 != 0
            return exception.value
        case .cell: return try heap.cell(.null).value
        case .dict: return try heap.dict().value
        case .set: return try heap.set().value
        default: return nil
        }
    }
}
