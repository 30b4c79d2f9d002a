import DanaLanguage
import Glibc

/// The functions that every context offers its programs. Those that reach outside ask for a capability when they are
/// called; the error names it.
enum StandardFunctions {
    static let byName: [String: any HostFunction] = Dictionary(uniqueKeysWithValues: all)
    /// In the order in which interpreters are told them.
    static let names = HostNames(all.map(\.0))
    static let allNames = Set(names.list)

    private static let all: [(String, any HostFunction)] = [
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
        ("reason", StandardFunction("reason", ModelFunctions.reason)),
        ("reason_many", StandardFunction("reason_many", ModelFunctions.reasonMany)),
        ("get_llm", StandardFunction("get_llm", ModelFunctions.getModel)),
        ("http.request", StandardFunction("http.request", HTTPFunctions.request)),
    ]

    /// Bytes of an object of the host's that a line of a log shows at most.
    private static let longestShown = 64 << 10

    private static func log(_ call: HostCall, _ core: ContextCore) -> HostReply {
        let message: Result<LogMessage, LogMessage.Fault>
        do {
            // What is the host's says itself what it is, and is asked without the lock.
            let guest = try core.locked { _ -> (any HostObject)? in
                if case .handle(let number)? = call.arguments.first?.view { core.object(number) } else { nil }
            }
            let shown = guest.map { guest in
                guest.text()?.shortened(toBytes: longestShown) ?? "<\(guest.typeName) object>"
            }
            message = try core.locked { interpreter in
                let message: LogMessage
                do throws(LogMessage.Fault) {
                    message = try LogMessage(call) { value throws(ProgramError) in
                        if let shown, case .handle = value.view { return shown }
                        return try interpreter.text(of: value, isRepr: false)
                    }
                } catch {
                    return .failure(error)
                }
                try interpreter.takeOutput(bytes: message.text.utf8.count)
                return .success(message)
            }
        } catch {
            return core.fail(call, error)
        }
        switch message {
        case .success(let message):
            let place = core.place(of: call)
            core.settings.log(
                ContextLog(
                    level: message.level, text: core.redacted(message.text, in: "log"), context: core.number,
                    place: place?.shortText, function: place?.function))
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
            guard seconds >= 0, seconds <= 1e9 else {
                throw StandardArguments.fault(
                    .valueError,
                    "sleep() expects from 0 to 1000000000 seconds, got \(arguments.shownNumber("seconds"))")
            }
            let nanoseconds = UInt64(seconds * 1e9)
            return .later {
                do {
                    try await core.settings.sleep(nanoseconds)
                    return { call in core.answer(call) { _ in Interpreter.null } }
                } catch {
                    // A cancelled run unwinds by itself, from where it waits.
                    let isCancelled = Task.isCancelled
                    return { call in if !isCancelled { core.fail(call, .hostError, "the wait was cancelled") } }
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
            core.runtime.filter.add(value, ofVariable: name)
            return core.answer(call) { try $0.string(value) }
        }
    }
}
