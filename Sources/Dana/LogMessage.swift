import DanaLanguage

/// A call of `log(message, level="info")`, as a host shows it.
public struct LogMessage: Equatable {
    public let text: String
    public let level: String

    static let levels = ["debug", "info", "warning", "error"]

    /// What is wrong with a call, and the kind of exception that says so.
    public struct Fault: Error, Equatable {
        public let kind: ExceptionKind
        public let message: String
    }

    /// `text` gives a value as `str` does.
    public init(_ call: HostCall, text: (Value) throws(ProgramError) -> String) throws(Fault) {
        var arguments = Array(call.arguments)
        for (name, value) in call.keywords {
            guard name.text == "level", arguments.count == 1 else {
                throw Fault(kind: .typeError, message: "log() got an unexpected keyword argument '\(name)'")
            }
            arguments.append(value)
        }
        guard 1...2 ~= arguments.count else {
            throw Fault(
                kind: .typeError, message: "log() takes a message and a level, but \(arguments.count) were given")
        }
        do {
            self.text = try text(arguments[0])
            level = arguments.count == 2 ? try text(arguments[1]).lowercased() : "info"
        } catch {
            throw Fault(kind: .runtimeError, message: error.message)
        }
        guard LogMessage.levels.contains(level) else {
            let known = LogMessage.levels.joined(separator: ", ")
            throw Fault(kind: .valueError, message: "log() knows the levels \(known), not '\(level)'")
        }
    }

    public var line: String { "\(level): \(text)\n" }
}
