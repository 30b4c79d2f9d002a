/// What a heap object is; it fixes the object's memory layout. The order is part of the saved form.
enum ObjectKind: UInt8, CaseIterable, Sendable {
    case boxedFloat, bigInt, string, bytes
    case list, tuple, dict, set, dictView, range, slice
    case function, native, boundMethod, hostFunction, pipeline
    case cell, module, generator, iterator
    case type, structType, structure, enumType, enumMember, interface
    case exceptionType, exception, hostHandle

    /// Whether objects of the kind hold values and so can be part of a cycle.
    var isContainer: Bool {
        switch self {
        case .boxedFloat, .bigInt, .string, .bytes, .range, .native, .hostFunction, .exceptionType, .type, .hostHandle:
            false
        case .list, .tuple, .dict, .set, .dictView, .slice, .function, .boundMethod, .pipeline, .cell, .module,
            .generator, .iterator, .structType, .structure, .enumType, .enumMember, .interface, .exception:
            true
        }
    }
}
