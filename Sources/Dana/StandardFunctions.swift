import DanaLanguage
import Glibc

/// The functions that every context offers its programs. Those that reach outside ask for a capability when they are
/// called; the error names it.
enum StandardFunctions {
    static let all: [(String, any HostFunction)] = [
        ("log", StandardFunction("log", log)),
        ("time.sleep", StandardFunction("time.sleep", sleep)),
        ("sleep", StandardFunction("sleep", sleep)),
        ("now", StandardFunction("now", now)),
        ("env", StandardFunction("env", environment)),
        ("read_text", StandardFunction("read_text", FileFunctions.readText)),
        ("read_bytes", StandardFunction("read_bytes", FileFunctions.readBytes)),
        ("write_text", StandardFunction("write_text", FileFunctions.writeText)),
        ("list_dir", StandardFunction("list_dir", FileFunctions.listFolder)),
        ("load_csv", StandardFunction("load_csv", FileFunctions.loadCSV)),
        ("load_json", StandardFunction("load_json", FileFunctions.loadJSON)),
    ]

    private static func log(_ call: HostCall, _ core: ContextCore) -> HostReply {
        let message: Result<LogMessage, LogMessage.Fault>
        do {
            message = try core.locked { interpreter in
                do throws(LogMessage.Fault) {
                    return .success(
                        try LogMessage(call) { value throws(ProgramError) in
                            try interpreter.text(of: value, isRepr: false)
                        })
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            return core.fail(call, .runtimeError, error.message)
        }
        switch message {
        case .success(let message):
            core.settings.log(
                ContextLog(
                    level: message.level, text: core.runtime.filter.redacted(message.text), context: core.number,
                    place: core.place(of: call)))
            return core.answer(call) { _ in Interpreter.null }
        case .failure(let fault): return core.fail(call, fault.kind, fault.message)
        }
    }

    /// `sleep(seconds)`: waits without holding anything up but the program.
    private static func sleep(_ call: HostCall, _ core: ContextCore) -> HostReply {
        guard core.settings.capabilities.allows(.clock) else {
            return core.deny(call, Capability(.clock), for: "sleep()")
        }
        return StandardArguments(call, core, "sleep", ["seconds"]).reply { arguments throws(DanaFailure) in
            let seconds = try arguments.number("seconds")
            guard seconds >= 0, seconds < 1e9 else {
                throw StandardArguments.fault(.valueError, "sleep() expects 0 or more seconds, got \(seconds)")
            }
            let nanoseconds = UInt64(seconds * 1e9)
            return .later {
                do {
                    try await core.settings.sleep(nanoseconds)
                    return { call in core.answer(call) { _ in Interpreter.null } }
                } catch {
                    return { call in
                        if !core.cancellation.isCancelled { core.fail(call, .hostError, "the wait was cancelled") }
                    }
                }
            }
        }
    }

    /// `now()`: seconds since 1970, or the context's fixed time.
    private static func now(_ call: HostCall, _ core: ContextCore) -> HostReply {
        guard core.settings.capabilities.allows(.clock) else {
            return core.deny(call, Capability(.clock), for: "now()")
        }
        if let fixed = core.settings.fixedTime { return core.answer(call) { try $0.float(fixed) } }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let seconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        return core.answer(call) { try $0.float(seconds) }
    }

    /// `env(name, default=null)`: a variable of the process's environment.
    private static func environment(_ call: HostCall, _ core: ContextCore) -> HostReply {
        StandardArguments(call, core, "env", ["name", "default"], required: 1).reply { arguments throws(DanaFailure) in
            let name = try arguments.text("name")
            let scopes = core.settings.capabilities.scopes(of: .environment)
            guard scopes?.contains(name) ?? true else {
                return core.deny(call, Capability(.environment, scope: name), for: "env('\(name)')")
            }
            guard let value = getenv(name).map({ String(cString: $0) }) else {
                return core.answer(call) { try core.makeValue(arguments["default"] ?? .null, $0) }
            }
            core.runtime.filter.add(secret: value)
            return core.answer(call) { try $0.string(value) }
        }
    }
}

/// A line that a program logged.
public struct ContextLog: Sendable {
    public let level: String
    public let text: String
    public let context: UInt64
    /// Where in Dana, as `file:line`.
    public let place: String?
}

/// A standard function as host functions are called.
final class StandardFunction: HostFunction {
    private let name: String
    private let body: @Sendable (HostCall, ContextCore) -> HostReply

    init(_ name: String, _ body: @escaping @Sendable (HostCall, ContextCore) -> HostReply) {
        self.name = name
        self.body = body
    }

    var signature: CallableSignature? { nil }

    func call(_ call: HostCall, in core: ContextCore) -> HostReply { body(call, core) }
}

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
            return core.fail(call, error.exceptionKind, error.message)
        }
    }

    private mutating func fill() throws(DanaFailure) {
        let (call, core) = (call, core)
        let (positional, named) = try core.locked { interpreter in
            (
                call.arguments.map { core.lookAt($0, interpreter, depth: 0) },
                call.keywords.map { ($0.name.text, core.lookAt($0.value, interpreter, depth: 0)) }
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

    func number(_ name: String) throws(DanaFailure) -> Double {
        switch values[name] {
        case .float(let float)?: return float
        case .int(let integer)?: return Double(integer)
        default: throw expected("int or float", name)
        }
    }

    private func expected(_ type: String, _ name: String) -> DanaFailure {
        Self.fault(
            .typeError,
            "\(function)() expects \(type) at argument '\(name)', got \((values[name] ?? .null).typeName)")
    }
}
