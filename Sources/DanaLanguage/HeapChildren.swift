/// The values each kind of object holds: one list that destroying, collecting cycles and saving share.
extension Heap {
    /// Calls `visit` with every value the object holds a reference to.
    @inline(__always)
    func forEachChild(of object: UnsafeMutablePointer<ObjectHeader>, _ visit: (Value) -> Void) {
        let value = Value(object: object)
        switch object.pointee.kind {
        case .boxedFloat, .bigInt, .string, .bytes, .range, .native, .hostFunction, .exceptionType, .type, .hostHandle:
            break
        case .list:
            for item in ListObject(known: value).items { visit(item) }
        case .tuple:
            for item in TupleObject(known: value).items { visit(item) }
        case .dict, .set:
            let table = DictObject.Layout.table(of: object)
            for index in 0..<table.used where !table.entry(index).pointee.key.isUndefined {
                visit(table.entry(index).pointee.key)
                visit(table.entry(index).pointee.value)
            }
        case .dictView: visit(DictViewObject(known: value).at.pointee.dict)
        case .slice:
            let slice = SliceObject(known: value).at
            visit(slice.pointee.start)
            visit(slice.pointee.stop)
            visit(slice.pointee.step)
        case .function:
            let function = FunctionObject(known: value)
            for index in 0..<function.at.pointee.count { visit(function.values[index]) }
        case .boundMethod:
            let method = BoundMethodObject(known: value).at
            visit(method.pointee.receiver)
            visit(method.pointee.function)
        case .pipeline: visit(PipelineObject(known: value).at.pointee.stages)
        case .cell: visit(CellObject(known: value).at.pointee.content)
        case .module:
            let module = ModuleObject(known: value).at
            visit(module.pointee.name)
            visit(module.pointee.numbers)
            visit(module.pointee.exports)
            for index in 0..<module.pointee.count {
                let slot = ModuleObject(known: value).slot(index)
                visit(slot.pointee.name)
                visit(slot.pointee.value)
                visit(slot.pointee.fallback)
            }
        case .generator:
            let generator = GeneratorObject(known: value)
            visit(generator.at.pointee.function)
            for index in 0..<generator.at.pointee.count { visit(generator.registers[index]) }
        case .iterator: visit(IteratorObject(known: value).at.pointee.source)
        case .structType:
            let type = StructTypeObject(known: value).at
            visit(type.pointee.name)
            visit(type.pointee.fieldNames)
            visit(type.pointee.fieldTypes)
            visit(type.pointee.fieldDefaults)
            visit(type.pointee.methods)
        case .structure:
            let structure = StructObject(known: value)
            visit(structure.at.pointee.type)
            for index in 0..<structure.count { visit(structure.fields[index]) }
        case .enumType:
            visit(EnumTypeObject(known: value).at.pointee.name)
            visit(EnumTypeObject(known: value).at.pointee.members)
        case .enumMember:
            let member = EnumMemberObject(known: value).at
            visit(member.pointee.type)
            visit(member.pointee.name)
            visit(member.pointee.content)
        case .interface:
            let interface = InterfaceObject(known: value).at
            visit(interface.pointee.name)
            visit(interface.pointee.methods)
            visit(interface.pointee.fields)
        case .exception:
            let exception = ExceptionObject(known: value).at
            visit(exception.pointee.arguments)
            visit(exception.pointee.cause)
            visit(exception.pointee.context)
            visit(exception.pointee.trace)
            visit(exception.pointee.origin)
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
