import DanaLanguage

/// The arguments of a standard function, by the names of its parameters.
struct StandardArguments {
    private let call: HostCall
    private let core: ContextCore
    private let function: String
    private let parameters: [String]
    private let required: Int
    private var values: [String: DanaValue] = [:]

    init(_ call: HostCall, _ core: ContextCore, _ function: String, _ parameters: [String], required: Int? = nil) {
        self.call = call
        self.core = core
        self.function = function
        self.parameters = parameters
        self.required = required ?? parameters.count
    }

    static func fault(_ kind: ExceptionKind, _ message: String) -> DanaFailure {
        DanaFailure(.raised(kind), kind: kind.name, message)
    }

    /// Does the function's work with its arguments; what it throws is the program's exception.
    func reply(_ body: (StandardArguments) throws(DanaFailure) -> HostReply) -> HostReply {
        var filled = self
        do throws(DanaFailure) {
            try filled.fill()
            return try body(filled)
        } catch {
            return core.fail(call, error)
        }
    }

    private mutating func fill() throws(DanaFailure) {
        let (call, core) = (call, core)
        let (positional, named) = try core.locked { interpreter in
            (
                try call.arguments.map { try core.lookAt($0, interpreter) },
                try call.keywords.map { ($0.name.text, try core.lookAt($0.value, interpreter)) }
            )
        }
        guard positional.count <= parameters.count else {
            throw Self.fault(
                .typeError,
                "\(function)() takes \(parameters.count) arguments at most, but \(positional.count) were given")
        }
        for (name, value) in zip(parameters, positional) { values[name] = value }
        for (name, value) in named {
            guard parameters.contains(name) else {
                throw Self.fault(.typeError, "\(function)() got an unexpected keyword argument '\(name)'")
            }
            guard values[name] == nil else {
                throw Self.fault(.typeError, "\(function)() got multiple values for argument '\(name)'")
            }
            values[name] = value
        }
        if let missing = parameters.prefix(required).first(where: { values[$0] == nil }) {
            throw Self.fault(.typeError, "\(function)() needs argument '\(missing)'")
        }
    }

    subscript(name: String) -> DanaValue? { values[name] }

    func text(_ name: String) throws(DanaFailure) -> String {
        if case .string(let text)? = values[name] { return text }
        throw expected("string", name)
    }

    func flag(_ name: String, default value: Bool) throws(DanaFailure) -> Bool {
        guard let given = values[name] else { return value }
        if case .bool(let flag) = given { return flag }
        throw expected("bool", name)
    }

    func number(_ name: String) throws(DanaFailure) -> Double {
        switch values[name] {
        case .float(let float)?: return float
        case .int(let integer)?: return Double(integer)
        case .bigInt(let isNegative, _)?: return isNegative ? -.infinity : .infinity
        default: throw expected("int or float", name)
        }
    }

    /// A number as messages show it.
    func shownNumber(_ name: String) -> String {
        switch values[name] {
        case .float(let float)?: "\(float)"
        case .int(let integer)?: "\(integer)"
        default: "an int of more than 64 bits"
        }
    }

    private func expected(_ type: String, _ name: String) -> DanaFailure {
        Self.fault(
            .typeError,
            "\(function)() expects \(type) at argument '\(name)', got \((values[name] ?? .null).typeName)")
    }
}
