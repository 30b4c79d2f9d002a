import DanaData
import DanaLanguage
import DanaModels

/// The functions that a program offers a model, and calling them in the program's context.
struct ProgramTools: Sendable {
    /// One of them; what it is called with comes from the model.
    private struct Tool: Sendable {
        let function: DanaFunction
        /// What makes the arguments of a function of the host's; nil for one of the program's.
        let host: HostTool?
    }

    /// A function of the host's, which says of itself how it is called.
    fileprivate enum Origin {
        case program(Tape?)
        case function(any HostFunction)
        case object(any HostObject)
    }

    /// A function as it was found under the lock.
    struct Found {
        fileprivate let function: DanaFunction
        fileprivate let name: String
        fileprivate let documentation: String
        fileprivate let origin: Origin
    }

    private let tools: [String: Tool]
    let definitions: [ToolDefinition]

    /// What a program gives as tools; with the lock held.
    static func find(_ value: Value, _ core: ContextCore, _ interpreter: Interpreter) throws -> [Found] {
        let items: [Value]
        switch value.view {
        case .list(let list), .tuple(let list): items = Array(list)
        default: items = [value]
        }
        return try items.map { item in
            let signature = interpreter.signature(of: item)
            let name = signature?.name
            let origin: Origin
            switch item.view {
            case .callable:
                let parameters = try interpreter.jsonSchema(ofParametersOf: item)
                if parameters == nil, let name, let function = core.hostFunction(name) {
                    origin = .function(function)
                } else {
                    origin = .program(parameters)
                }
            case .handle(let number):
                guard let object = core.object(number), object.isFunction else { fallthrough }
                origin = .object(object)
            default:
                throw StandardArguments.fault(
                    .typeError, "option 'tools' expects functions, got \(interpreter.typeName(of: item))")
            }
            interpreter.retain(item)
            return Found(
                function: DanaFunction(ValueReference(owning: item, in: core), signature),
                name: name.map { String($0.split(separator: ".").last ?? "tool") } ?? "tool",
                documentation: signature?.documentation ?? "", origin: origin)
        }
    }

    /// Without the lock, because functions of the host's are asked how they are called.
    init(_ found: [Found]) throws(DanaFailure) {
        var tools: [String: Tool] = [:]
        var definitions: [ToolDefinition] = []
        for item in found {
            var host: HostTool?
            var told: ToolDefinition?
            switch item.origin {
            case .program(let parameters):
                told = parameters.map {
                    ToolDefinition(name: item.name, description: item.documentation, parameters: $0)
                }
            case .function(let function): host = try function.tool()
            case .object(let object): host = try object.tool()
            }
            guard let definition = told ?? host?.definition else {
                throw StandardArguments.fault(
                    .typeError, "option 'tools': how '\(item.name)' is called is not known, so no model can be told")
            }
            guard tools.updateValue(Tool(function: item.function, host: host), forKey: definition.name) == nil else {
                throw StandardArguments.fault(
                    .valueError, "option 'tools': two functions have the name '\(definition.name)'")
            }
            definitions.append(definition)
        }
        self.tools = tools
        self.definitions = definitions
    }

    var isEmpty: Bool { definitions.isEmpty }

    /// Counts the question that follows what the tools answered as a call of the host's.
    func admitStep() throws(ModelError) {
        guard let core = tools.values.first?.function.reference.core else { return }
        guard core.lockedIfOpen({ $0.count(hostCalls: 1) }) ?? true else {
            throw ModelError(.cancelled, LimitKind.hostCalls.message, model: "tools")
        }
    }

    /// What a tool answers to a call: its result, or what went wrong, for the model to know better the next time.
    func answer(to call: ToolCall) async throws(ModelError) -> String {
        guard let tool = tools[call.name] else { return "error: there is no tool '\(call.name)'" }
        let (core, function) = (tool.function.reference.core, tool.function.reference.value)
        do {
            let arguments =
                try tool.host?.arguments(call.arguments) ?? core.arguments(call.arguments, of: tool.function)
            let result = try await core.call(function, arguments.values, keywords: arguments.names)
            if case .string(let text) = result { return text }
            return try core.text(of: result)
        } catch let failure as DanaFailure {
            guard case .raised = failure.cause else {
                throw ModelError(.cancelled, failure.message, model: call.name)
            }
            return "error: \(failure.kind): \(failure.message)"
        } catch {
            throw ModelError(.cancelled, "the call was cancelled", model: call.name)
        }
    }
}

extension ContextCore {
    /// The arguments that a model wrote for a function of the program's: values of the types that it declares.
    fileprivate func arguments(_ text: String, of function: DanaFunction) throws(DanaFailure) -> HostTool.Arguments {
        let written = try HostTool.object(writtenAs: text)
        return try locked { interpreter in
            var named = try interpreter.arguments(written.root, of: function.reference.value) ?? []
            let made = named
            defer { for argument in made { interpreter.release(argument.value) } }
            var positional: [Value] = []
            for parameter in function.signature?.parameters ?? [] {
                guard parameter.kind == .positionalOnly,
                    let place = named.firstIndex(where: { $0.name == parameter.name })
                else { break }
                positional.append(named.remove(at: place).value)
            }
            let values = try (positional + named.map(\.value)).map { try lookAt($0, interpreter) }
            return HostTool.Arguments(values: values, names: named.map(\.name))
        }
    }

    /// A value as JSON, or as its text where it has no such form.
    fileprivate func text(of value: DanaValue) throws -> String {
        let plain = try Self.plain(value)
        return try locked { interpreter in
            let made = try makeValue(plain, interpreter)
            defer { interpreter.release(made) }
            let tape = try PlainData(core: self, interpreter: interpreter).tape(made)
            return (try? JSONWriter.string(tape.root)) ?? tape.description
        }
    }

    /// A value with what the host's objects in it hold in their place. Without the lock, because the host is asked.
    private static func plain(_ value: DanaValue) throws(DanaFailure) -> DanaValue {
        switch value {
        case .host(let object): try object.plainData(limit: nil).map { JSONValue.value($0.data.root) } ?? value
        case .list(let items): .list(try plain(items))
        case .tuple(let items): .tuple(try plain(items))
        case .set(let items): .list(try plain(items))
        case .dict(let pairs):
            .dict(try pairs.map { pair throws(DanaFailure) in (key: pair.key, value: try plain(pair.value)) })
        default: value
        }
    }

    private static func plain(_ items: [DanaValue]) throws(DanaFailure) -> [DanaValue] {
        try items.map { item throws(DanaFailure) in try plain(item) }
    }
}
