/// How something that can be called is called: what a host shows of it and checks arguments against.
public struct CallableSignature: Sendable, Equatable {
    public enum ParameterKind: Sendable {
        case positionalOnly, either, variadic, keywordOnly, keywords
    }

    public struct Parameter: Sendable, Equatable {
        public let name: String
        public let kind: ParameterKind
        /// What `repr` gives for the default; nil for a parameter without one.
        public let defaultText: String?
        /// The type as the text has it.
        public let annotation: String?
    }

    public let name: String
    /// The module it was defined in, and the place; nil for what the language brings.
    public let module: String?
    public let source: String?
    public let line: Int
    public let documentation: String?
    public let parameters: [Parameter]
    /// The result's type as the text has it.
    public let annotation: String?
    public let isGenerator: Bool
}

extension Interpreter {
    /// How a value is called; nil for one that has no signature of its own.
    public func signature(of value: Value) -> CallableSignature? {
        if let function = FunctionObject(value) { return signature(of: function, skipping: 0) }
        if let native = NativeObject(value) { return signature(of: native.native.pointee.function, skipping: 0) }
        if let method = BoundMethodObject(value) {
            if let function = FunctionObject(method.at.pointee.function) {
                return signature(of: function, skipping: 1)
            }
            if let native = NativeObject(method.at.pointee.function) {
                return signature(of: native.native.pointee.function, skipping: 1)
            }
        }
        if let type = StructTypeObject(value) { return signature(of: type) }
        if let type = TypeObject(value) {
            let name = type.type.name
            return type.at.pointee.constructor.map { signature(of: $0.pointee.function, named: name, skipping: 0) }
                ?? takingAnything(name)
        }
        if let type = ExceptionTypeObject(value) { return takingAnything(type.exceptionKind.name) }
        return hostFunctionName(of: value).map(takingAnything)
    }

    /// The signature of what says nothing of its arguments.
    private func takingAnything(_ name: String) -> CallableSignature {
        let parameters: [(String, CallableSignature.ParameterKind)] = [("args", .variadic), ("kwargs", .keywords)]
        return CallableSignature(
            name: name, module: nil, source: nil, line: 0, documentation: nil,
            parameters: parameters.map {
                CallableSignature.Parameter(name: $0.0, kind: $0.1, defaultText: nil, annotation: nil)
            }, annotation: nil, isGenerator: false)
    }

    private func signature(of function: FunctionObject, skipping skipped: Int) -> CallableSignature {
        let parts = function.code.pointee.code.takeUnretainedValue().parts
        let given = parts.parameters
        var parameters: [CallableSignature.Parameter] = []
        let firstDefault = given.positionalCount - given.positionalDefaults
        for index in 0..<given.positionalCount {
            parameters.append(
                parameter(
                    given.names[index], index < given.positionalOnlyCount ? .positionalOnly : .either,
                    index >= firstDefault ? function.values[index - firstDefault] : nil, parts))
        }
        if let rest = given.rest { parameters.append(parameter(rest, .variadic, nil, parts)) }
        var next = given.positionalDefaults
        for (index, hasDefault) in given.keywordDefaults.enumerated() {
            let value = hasDefault ? function.values[next] : nil
            if hasDefault { next += 1 }
            parameters.append(parameter(given.names[given.positionalCount + index], .keywordOnly, value, parts))
        }
        if let rest = given.keywordRest { parameters.append(parameter(rest, .keywords, nil, parts)) }
        return CallableSignature(
            name: parts.name, module: function.module.name, source: parts.source.name,
            line: parts.source.place(at: Int(parts.start)).line, documentation: parts.documentation,
            parameters: Array(parameters.dropFirst(skipped)), annotation: parts.annotations["return"],
            isGenerator: parts.isGenerator)
    }

    private func parameter(
        _ name: String, _ kind: CallableSignature.ParameterKind, _ value: Value?, _ parts: Code.Parts
    ) -> CallableSignature.Parameter {
        CallableSignature.Parameter(
            name: name, kind: kind, defaultText: value.map(defaultText), annotation: parts.annotations[name])
    }

    private func defaultText(_ value: Value) -> String { (try? text(of: value)) ?? "..." }

    private func signature(
        of native: NativeFunction, named name: String? = nil, skipping skipped: Int
    ) -> CallableSignature {
        let parameters = native.parameters.map { parameter in
            let kind: CallableSignature.ParameterKind =
                switch parameter.kind {
                case .positional: .positionalOnly
                case .either: .either
                case .keyword: .keywordOnly
                case .rest: .variadic
                case .keywordRest: .keywords
                }
            let value: String? =
                switch parameter.default {
                case .required: nil
                case .absent: "..."
                case .null: "None"
                case .bool(let flag): flag ? "True" : "False"
                case .integer(let integer): "\(integer)"
                }
            let takesMany = kind == .variadic || kind == .keywords
            return CallableSignature.Parameter(
                name: parameter.name, kind: kind, defaultText: takesMany ? nil : value, annotation: nil)
        }
        return CallableSignature(
            name: name ?? native.shownName, module: nil, source: nil, line: 0, documentation: native.documentation,
            parameters: Array(parameters.dropFirst(skipped)), annotation: nil, isGenerator: false)
    }

    private func signature(of type: StructTypeObject) -> CallableSignature {
        let name = machine.text(type.at.pointee.name)
        let fields = type.fieldNames.items.map { machine.text($0) }
        let definition = machine.linked.lazy.flatMap { linked in
            linked.pointee.code.takeUnretainedValue().parts.structs.lazy.map { (linked, $0) }
        }.last { $0.1.name == name && $0.1.fields == fields }
        let description = definition?.1
        let source = definition.map { $0.0.pointee.code.takeUnretainedValue().parts.source.name }
        let parameters = (0..<type.fieldNames.count).map { index in
            let type = type
            let value = type.fieldDefaults[unchecked: index]
            let annotation = type.fieldTypes[unchecked: index]
            return CallableSignature.Parameter(
                name: machine.text(type.fieldNames[unchecked: index]), kind: .either,
                defaultText: value.isUndefined ? nil : value.isObject(.function) ? "..." : defaultText(value),
                annotation: description?.annotations[index] ?? (annotation.isNull ? nil : machine.typeName(annotation)))
        }
        return CallableSignature(
            name: name, module: definition?.0.pointee.module.name, source: source, line: 0,
            documentation: description?.documentation, parameters: parameters, annotation: name, isGenerator: false)
    }
}
