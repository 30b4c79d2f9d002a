import DanaData

/// The arguments of a command, told apart: options with their values, and the rest in order.
struct Arguments: Equatable {
    /// By name, in the order given; an option without an argument has an empty text.
    private(set) var values: [String: [String]] = [:]
    private(set) var rest: [String] = []
    private(set) var wantsHelp = false

    /// Reads what stands after the command. With `stopsAtFile` the first plain argument ends the options: all that
    /// follows is the program's.
    init(_ arguments: some Sequence<String>, for command: Command, stopsAtFile: Bool = false) throws(CommandError) {
        var waiting: Option?
        var onlyPlain = false
        for argument in arguments {
            if let option = waiting {
                values[option.name, default: []].append(argument)
                waiting = nil
            } else if onlyPlain || argument == "-" || !argument.hasPrefix("-") {
                rest.append(argument)
                onlyPlain = onlyPlain || stopsAtFile
            } else if argument == "--" {
                onlyPlain = true
            } else if argument == "--help" || argument == "-h" {
                wantsHelp = true
            } else {
                waiting = try take(argument, for: command)
            }
        }
        if let waiting {
            throw CommandError(message: "\(waiting.name) needs a value", hint: "usage: \(command.usage)")
        }
    }

    /// Notes an option; gives it back when its value is still to come.
    private mutating func take(_ argument: String, for command: Command) throws(CommandError) -> Option? {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let option = command.options.first(where: { $0.name == parts[0] }) else {
            let near = Spelling.nearest(to: parts[0], among: command.options.map(\.name))
            throw CommandError(
                message: "dana \(command.rawValue) has no option \(parts[0])",
                hint: near.map { "did you mean \($0)?" } ?? "dana \(command.rawValue) --help lists its options")
        }
        if option.argument == nil {
            guard parts.count == 1 else { throw CommandError(message: "\(option.name) takes no value") }
            values[option.name, default: []].append("")
            return nil
        }
        guard parts.count == 2 else { return option }
        values[option.name, default: []].append(parts[1])
        return nil
    }

    func has(_ name: String) -> Bool { values[name] != nil }

    func value(_ name: String) -> String? { values[name]?.last }

    /// The value of an option that is a size, in bytes.
    func size(_ name: String) throws(CommandError) -> Int? {
        try quantity(name, "a size up to 10^15 bytes, such as 100MB", Quantity.bytes)
    }

    /// The value of an option that is a time, in nanoseconds.
    func time(_ name: String) throws(CommandError) -> UInt64? {
        try quantity(name, "a time up to 10^9 seconds, such as 30s", Quantity.nanoseconds)
    }

    private func quantity<Number>(
        _ name: String, _ expected: String, _ read: (String) -> Number?
    ) throws(CommandError) -> Number? {
        guard let text = value(name) else { return nil }
        guard let number = read(text) else { throw CommandError(message: "\(name) needs \(expected), not '\(text)'") }
        return number
    }
}
