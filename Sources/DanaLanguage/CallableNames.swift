/// What functions and types say of themselves, as text: their names and their documentation.
enum CallableNames {
    static let functions = NativeCatalogue.Member.table(
        methods: [],
        properties: [
            NativeFunction(
                "function.__name__", [.receiver], "The function's name.",
                body: { call throws(DanaError) in try call.heap.string(name(of: call[0])).value }),
            NativeFunction(
                "function.__doc__", [.receiver], "What the function's first text says.",
                body: { call throws(DanaError) in
                    guard let text = documentation(of: call[0]) else { return .null }
                    return try call.heap.string(text).value
                }),
        ])

    static let types = NativeCatalogue.Member.table(
        methods: [],
        properties: [
            NativeFunction(
                "type.__name__", [.receiver], "The type's name.",
                body: { call throws(DanaError) in try call.heap.string(call.heap.name(ofType: call[0])).value })
        ])

    private static func name(of method: BoundMethodObject) -> String {
        guard let function = FunctionObject(method.at.pointee.function) else {
            return name(of: method.at.pointee.function)
        }
        return methodName(of: function, on: method.at.pointee.receiver)
    }

    /// The name of a method: what the prelude defines for a built-in type has the type's name in its own.
    static func methodName(of function: FunctionObject, on receiver: Value) -> String {
        let name = function.code.pointee.code.takeUnretainedValue().parts.name
        let prefix = "_\(receiver.typeName)_"
        guard receiver.builtInType != nil, name.hasPrefix(prefix) else { return name }
        return String(name.dropFirst(prefix.count))
    }

    /// Whether a function of the prelude is a method of a built-in type, whose name it has in its own.
    static func isMethod(_ code: Code) -> Bool {
        code.parts.source.isPrelude && code.parts.parameters.names.first == NativeParameter.receiver.name
            && code.parts.name.hasPrefix("_")
    }

    /// A function's name as errors of calls say it.
    static func callName(of code: Code) -> String {
        guard isMethod(code) else { return code.parts.name }
        return code.parts.name.dropFirst().split(separator: "_", maxSplits: 1).joined(separator: ".")
    }

    private static func name(of function: Value) -> String {
        switch function.objectKind {
        case .function: code(of: function).parts.name
        case .native: String(native(function).name.split(separator: ".").last ?? "")
        case .boundMethod: name(of: BoundMethodObject(known: function))
        default: function.typeName
        }
    }

    private static func documentation(of function: Value) -> String? {
        switch function.objectKind {
        case .function: code(of: function).parts.documentation
        case .native: native(function).documentation
        case .boundMethod: documentation(of: BoundMethodObject(known: function).at.pointee.function)
        default: nil
        }
    }

    private static func native(_ function: Value) -> NativeFunction {
        NativeObject(known: function).native.pointee.function
    }

    private static func code(of function: Value) -> Code {
        FunctionObject(known: function).code.pointee.code.takeUnretainedValue()
    }
}

extension Heap {
    /// The name of a type's value.
    func name(ofType type: Value) -> String {
        switch type.objectKind {
        case .type: TypeObject(known: type).type.name
        case .structType: StringObject(known: StructTypeObject(known: type).at.pointee.name).text
        case .enumType: StringObject(known: EnumTypeObject(known: type).at.pointee.name).text
        case .interface: StringObject(known: InterfaceObject(known: type).at.pointee.name).text
        case .exceptionType: ExceptionTypeObject(known: type).exceptionKind.name
        default: type.typeName
        }
    }
}
