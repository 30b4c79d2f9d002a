/// The values each kind of object holds: one description that destroying, collecting cycles and saving share.
extension Heap {
    /// The values that lie in a row in an object: right behind its header, and behind its layout or in its buffer.
    /// Tables and modules have none; theirs lie apart.
    @inline(__always)
    func valueSpans(of object: UnsafeMutablePointer<ObjectHeader>)
        -> (head: UnsafeMutableBufferPointer<Value>, tail: UnsafeMutableBufferPointer<Value>)
    {
        let value = Value(object: object)
        let none = UnsafeMutableBufferPointer<Value>(start: nil, count: 0)
        switch object.pointee.kind {
        case .boxedFloat, .bigInt, .string, .bytes, .range, .native, .hostFunction, .exceptionType, .type, .hostHandle,
            .dict, .set, .module:
            return (none, none)
        case .list:
            let list = ListObject(known: value)
            return (none, UnsafeMutableBufferPointer(start: list.at.pointee.items, count: list.count))
        case .tuple:
            let tuple = TupleObject(known: value)
            return (none, UnsafeMutableBufferPointer(start: tuple.start, count: tuple.count))
        case .function:
            let function = FunctionObject(known: value)
            return (none, UnsafeMutableBufferPointer(start: function.values, count: function.at.pointee.count))
        case .generator:
            let generator = GeneratorObject(known: value)
            let registers = UnsafeMutableBufferPointer(start: generator.registers, count: generator.at.pointee.count)
            return (head(of: object, 1), registers)
        case .structure:
            let structure = StructObject(known: value)
            return (head(of: object, 1), UnsafeMutableBufferPointer(start: structure.fields, count: structure.count))
        case .cell, .pipeline, .iterator, .dictView: return (head(of: object, 1), none)
        case .boundMethod, .enumType: return (head(of: object, 2), none)
        case .slice, .enumMember, .interface: return (head(of: object, 3), none)
        case .structType: return (head(of: object, 5), none)
        case .exception: return (head(of: object, 6), none)
        }
    }

    /// The first values behind a header.
    @inline(__always)
    private func head(of object: UnsafeMutablePointer<ObjectHeader>, _ count: Int) -> UnsafeMutableBufferPointer<Value>
    {
        // Safe because the layouts of the kinds above begin with so many values, which the tests hold them to.
        let start = (UnsafeMutableRawPointer(object) + MemoryLayout<ObjectHeader>.size)
            .assumingMemoryBound(to: Value.self)
        return UnsafeMutableBufferPointer(start: start, count: count)
    }

    /// Calls `visit` with every value the object holds a reference to.
    @inline(__always)
    func forEachChild(of object: UnsafeMutablePointer<ObjectHeader>, _ visit: (Value) -> Void) {
        forEachChild(of: object, before: { (_) throws(Never) in }, visit)
    }

    /// Calls `visit` with every value the object holds a reference to, and `before` with the number of each portion of
    /// them before it is visited.
    @inline(__always)
    func forEachChild<Failure: Error>(
        of object: UnsafeMutablePointer<ObjectHeader>, before: (Int) throws(Failure) -> Void, _ visit: (Value) -> Void
    ) throws(Failure) {
        let spans = valueSpans(of: object)
        for value in spans.head { visit(value) }
        try forEachPortion(spans.tail.count, before) { visit(spans.tail[$0]) }
        switch object.pointee.kind {
        case .dict, .set:
            let table = TableObject.Layout.table(of: object)
            try forEachPortion(table.used, before) {
                let entry = table.entry($0)
                if entry.pointee.key.isUndefined { return }
                visit(entry.pointee.key)
                visit(entry.pointee.value)
            }
        case .module:
            let module = ModuleObject(known: Value(object: object))
            visit(module.at.pointee.name)
            visit(module.at.pointee.numbers)
            visit(module.at.pointee.exports)
            for index in 0..<module.count {
                let slot = module.slot(index)
                visit(slot.pointee.name)
                visit(slot.pointee.value)
                visit(slot.pointee.fallback)
            }
        default: break
        }
    }

    @inline(__always)
    private func forEachPortion<Failure: Error>(
        _ count: Int, _ before: (Int) throws(Failure) -> Void, _ visit: (Int) -> Void
    ) throws(Failure) {
        var start = 0
        while start < count {
            let end = min(count, start &+ 1 << 16)
            try before(end &- start)
            for index in start..<end { visit(index) }
            start = end
        }
    }

    /// Frees the buffers the object holds besides its block.
    func freeBuffers(of object: UnsafeMutablePointer<ObjectHeader>) {
        let value = Value(object: object)
        switch object.pointee.kind {
        case .string:
            let string = StringObject(known: value)
            if let marks = string.at.pointee.marks { freeMarks(marks, of: string) }
        case .list:
            let list = ListObject(known: value).at
            if let items = list.pointee.items {
                freeBuffer(items, bytes: list.pointee.capacity * MemoryLayout<Value>.stride)
            }
        case .dict, .set: freeEntries(of: DictObject.Layout.table(of: object))
        case .module:
            let module = ModuleObject(known: value).at
            if let slots = module.pointee.slots {
                for index in 0..<module.pointee.count {
                    freeBuffer(slots[index], bytes: MemoryLayout<ModuleObject.Slot>.size)
                }
                freeBuffer(
                    slots,
                    bytes: module.pointee.capacity * MemoryLayout<UnsafeMutablePointer<ModuleObject.Slot>>.stride)
            }
        case .hostHandle: state.pointee.releasedHandles.append(HostHandleObject(known: value).at.pointee.identifier)
        default: break
        }
    }
}

extension TableObject.Layout {
    /// The table of an object known to be a dict or a set.
    static func table(of object: UnsafeMutablePointer<ObjectHeader>) -> TableObject {
        // Safe because dicts and sets share this layout.
        TableObject(at: UnsafeMutableRawPointer(object).assumingMemoryBound(to: TableObject.Layout.self))
    }
}
