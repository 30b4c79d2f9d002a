/// A built-in as one interpreter calls it: its defaults as values and what the fast call needs to know.
struct LinkedNative {
    let function: NativeFunction
    let body: @Sendable (NativeCall) throws(DanaError) -> Value
    /// The machine's own deed instead of the body.
    let action: MachineAction?
    let parameterCount: Int
    /// The number of arguments with which a call by position needs no binding: all parameters there, none to drain.
    let plainCount: Int
    /// The least number of arguments by position when all parameters may be given so, else -1.
    let leastCount: Int
    /// One for each parameter, undefined where there is none; immediate values only.
    let defaults: UnsafeMutablePointer<Value>
    let drains: Bool

    init(_ function: NativeFunction) {
        self.function = function
        switch function.body {
        case .leaf(let body):
            self.body = body
            action = nil
        case .machine(let action):
            body = { _ in .null }
            self.action = action
        }
        parameterCount = function.parameters.count
        drains = function.parameters.contains { $0.drains }
        let isPlain = function.parameters.allSatisfy { $0.kind == .positional || $0.kind == .either }
        plainCount = isPlain && action == nil ? function.parameters.count : -1
        let required = function.parameters.prefix { parameter in
            if case .required = parameter.default { true } else { false }
        }
        leastCount = isPlain ? required.count : -1
        defaults = .allocate(capacity: max(function.parameters.count, 1))
        for (index, parameter) in function.parameters.enumerated() {
            switch parameter.default {
            case .required, .absent: defaults[index] = .undefined
            case .null: defaults[index] = .null
            case .bool(let flag): defaults[index] = Value(flag)
            case .integer(let integer): defaults[index] = Value(fitting: integer) ?? .null
            }
        }
    }
}
