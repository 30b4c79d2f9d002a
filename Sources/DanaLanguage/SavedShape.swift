/// Whether the fields of a restored object are what the machine takes them for without a look.
enum SavedShape {
    static func fits(_ value: Value) -> Bool {
        switch value.objectKind {
        case .structure:
            let structure = StructObject(known: value)
            guard let type = StructTypeObject(structure.at.pointee.type) else { return false }
            return TupleObject(type.at.pointee.fieldNames)?.count == structure.count
        case .structType: return fits(StructTypeObject(known: value).at.pointee)
        case .enumType:
            let type = EnumTypeObject(known: value).at.pointee
            return type.name.isObject(.string) && type.members.isObject(.dict)
        case .enumMember:
            let member = EnumMemberObject(known: value).at.pointee
            return member.type.isObject(.enumType) && member.name.isObject(.string)
        case .interface:
            let interface = InterfaceObject(known: value).at.pointee
            return interface.name.isObject(.string) && interface.methods.isObject(.dict)
                && interface.fields.isObject(.dict)
        case .pipeline: return PipelineObject(known: value).at.pointee.stages.isObject(.tuple)
        case .dictView: return DictViewObject(known: value).at.pointee.dict.isObject(.dict)
        case .boundMethod:
            let function = BoundMethodObject(known: value).at.pointee.function
            return function.isObject(.function) || function.isObject(.native)
        case .exception: return fits(ExceptionObject(known: value).at.pointee)
        case .iterator: return fits(IteratorObject(known: value))
        case .generator: return fits(GeneratorObject(known: value))
        case .function:
            let function = FunctionObject(known: value)
            return (function.code.pointee.defaultCount..<function.at.pointee.count).allSatisfy {
                function.values[$0].isObject(.cell)
            }
        default: return true
        }
    }

    private static func fits(_ type: StructTypeObject.Layout) -> Bool {
        guard let names = TupleObject(type.fieldNames), let types = TupleObject(type.fieldTypes),
            let defaults = TupleObject(type.fieldDefaults)
        else { return false }
        return type.name.isObject(.string) && type.methods.isObject(.dict) && types.count == names.count
            && defaults.count == names.count && (0...names.count).contains(type.firstMaker)
            && names.items.allSatisfy { $0.isObject(.string) }
    }

    private static func fits(_ exception: ExceptionObject.Layout) -> Bool {
        exception.arguments.isObject(.tuple) && (exception.trace.isNull || exception.trace.isObject(.list))
            && (exception.details.isNull || exception.details.isObject(.dict))
            && (exception.context.isNull || exception.context.isObject(.exception))
            && (exception.cause.isNull || exception.cause.isUndefined || exception.cause.isObject(.exception))
    }

    private static func fits(_ iterator: IteratorObject) -> Bool {
        let source = iterator.at.pointee.source
        let isPlace = iterator.at.pointee.position >= 0
        if source.isNull { return true }
        switch iterator.form {
        case .sequence, .reversedSequence:
            return isPlace && [.list, .tuple, .string, .bytes, .range].contains(source.objectKind)
        case .table, .reversedTable: return isPlace && [.dict, .set, .dictView].contains(source.objectKind)
        case .enumerate: return source.isObject(.iterator)
        case .zip: return TupleObject(source)?.items.allSatisfy { $0.isObject(.iterator) } ?? false
        case .members: return source.isObject(.enumType)
        }
    }

    private static func fits(_ generator: GeneratorObject) -> Bool {
        guard !generator.at.pointee.function.isNull else { return true }
        guard let code = FunctionObject(generator.at.pointee.function)?.code.pointee else { return false }
        // One that is suspended stands behind its `yield`.
        let first = generator.state == .suspended ? 1 : 0
        let position = generator.at.pointee.position
        return code.registerCount == generator.at.pointee.count && position >= first
            && position <= code.instructionCount
    }
}
