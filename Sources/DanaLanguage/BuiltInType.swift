/// The built-in types a program can name or that `type()` gives.
enum BuiltInType: UInt8, CaseIterable, Sendable {
    case null, bool, int, float, string, bytes
    case list, tuple, dict, set, frozenSet, dictKeys, dictValues, dictItems, range, slice
    case function, pipeline, module, generator, iterator
    case type, structType, enumType, interface, exceptionType, hostHandle
    /// What every value is.
    case any

    /// The name in messages and reprs.
    var name: String {
        switch self {
        case .null: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "str"
        case .bytes: "bytes"
        case .list: "list"
        case .tuple: "tuple"
        case .dict: "dict"
        case .set: "set"
        case .frozenSet: "frozenset"
        case .dictKeys: "dict_keys"
        case .dictValues: "dict_values"
        case .dictItems: "dict_items"
        case .range: "range"
        case .slice: "slice"
        case .function: "function"
        case .pipeline: "pipeline"
        case .module: "module"
        case .generator: "generator"
        case .iterator: "iterator"
        case .type: "type"
        case .structType: "struct"
        case .enumType: "enum"
        case .interface: "interface"
        case .exceptionType: "type"
        case .hostHandle: "handle"
        case .any: "any"
        }
    }
}

extension Value {
    /// The built-in type of any value; nil for an instance of a program's own struct or enum and for an exception.
    var builtInType: BuiltInType? {
        if isSmallInteger { return .int }
        if isInlineFloat { return .float }
        guard isObject else { return isBool ? .bool : .null }
        switch object.pointee.kind {
        case .boxedFloat: return .float
        case .bigInt: return .int
        case .string: return .string
        case .bytes: return .bytes
        case .list: return .list
        case .tuple: return .tuple
        case .dict: return .dict
        case .set: return SetObject(known: self).isFrozen ? .frozenSet : .set
        case .dictView:
            switch DictViewObject(known: self).part {
            case .keys: return .dictKeys
            case .values: return .dictValues
            case .items: return .dictItems
            }
        case .range: return .range
        case .slice: return .slice
        case .function, .native, .boundMethod, .hostFunction: return .function
        case .pipeline: return .pipeline
        case .cell: return .any
        case .module: return .module
        case .generator: return .generator
        case .iterator: return .iterator
        case .type: return .type
        case .structType: return .structType
        case .enumType: return .enumType
        case .interface: return .interface
        case .exceptionType: return .exceptionType
        case .hostHandle: return .hostHandle
        case .structure, .enumMember, .exception: return nil
        }
    }

    /// The name of the value's type as messages say it.
    var typeName: String {
        if let handle = HostHandleObject(self) { return handle.name }
        if let type = builtInType { return type.name }
        switch objectKind {
        case .structure: return StringObject(known: StructObject(known: self).type.at.pointee.name).text
        case .enumMember: return StringObject(known: EnumMemberObject(known: self).type.at.pointee.name).text
        case .exception: return ExceptionObject(known: self).exceptionKind.name
        default: return BuiltInType.any.name
        }
    }
}
