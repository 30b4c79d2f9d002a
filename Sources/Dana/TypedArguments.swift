/// The arguments of a call of a typed Swift function, taken one after the other; what does not fit is a `TypeError` that
/// names the function and the argument.
struct TypedArguments {
    private let function: String
    private let names: [String]
    private let positional: [DanaValue]
    private var keywords: [String: DanaValue]
    private var next = 0

    /// `names` are those of the first parameters; what has none is passed by its place alone.
    init(_ function: String, _ names: [String], _ positional: [DanaValue], _ keywords: [String: DanaValue]) {
        self.function = function
        self.names = names
        self.positional = positional
        self.keywords = keywords
    }

    mutating func take<Argument: DanaConvertible>(_: Argument.Type) throws -> Argument {
        let index = next
        next += 1
        let name = names.indices.contains(index) ? names[index] : nil
        let called = name.map { "argument '\($0)'" } ?? "argument \(index + 1)"
        var given: DanaValue? = positional.indices.contains(index) ? .some(positional[index]) : .none
        if let name, let named = keywords.removeValue(forKey: name) {
            guard given == nil else { throw Self.fault("\(function)() got \(called) twice") }
            given = named
        }
        guard let value = given ?? Self.omitted(Argument.self) else {
            throw Self.fault("\(function)() needs \(called)")
        }
        do {
            return try Argument(value)
        } catch let failure as DanaFailure {
            throw Self.fault("\(function)(): \(called): \(failure.message)")
        }
    }

    /// Nothing is left over.
    func end() throws {
        guard positional.count <= next else {
            let expected = "\(next) argument\(next == 1 ? "" : "s")"
            throw Self.fault("\(function)() takes \(expected), got \(positional.count)")
        }
        if let name = keywords.keys.min() { throw Self.fault("\(function)() has no argument '\(name)'") }
    }

    /// What an optional parameter is without an argument.
    private static func omitted<Argument: DanaConvertible>(_: Argument.Type) -> DanaValue? {
        Argument.self is any OptionalParameter.Type ? .null : nil
    }

    private static func fault(_ message: String) -> DanaFailure {
        DanaFailure(.raised(.typeError), kind: "TypeError", message)
    }
}

/// A parameter that may be left out.
private protocol OptionalParameter {}

extension Optional: OptionalParameter {}
