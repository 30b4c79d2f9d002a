import Synchronization

@testable import DanaLanguage

/// A host that gives programs objects of its own: numbers, lists, functions and things that fail.
final class HandleHost {
    enum Thing {
        case number(Int)
        case list([Int])
        /// Counts from its first number up to the second.
        case counter(next: Int, end: Int)
        /// Adds its arguments up.
        case adder
        /// Fields that programs set.
        case record([String: Int])
        /// Every operation on it fails.
        case broken
        /// What the host failed with.
        case error(String)
    }

    private(set) var interpreter: Interpreter
    private(set) var things: [UInt64: Thing] = [:]
    private(set) var released: [UInt64] = []
    /// The operations asked for, in words.
    private(set) var log: [String] = []
    private let text = Text()
    private var lastNumber: UInt64 = 0

    private final class Text: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    struct Failure: Error {
        let kind: ExceptionKind
        let message: String
    }

    init(limits: Limits = Limits(), cancellation: Cancellation = Cancellation()) throws {
        interpreter = try Interpreter(catalogue: .standard, limits: limits, cancellation: cancellation, seed: 3)
        interpreter.machine.capabilities = ["random", "clock"]
        try connect()
        for name in ["number", "list_of", "count", "adder", "record", "broken"] {
            try interpreter.register(hostFunction: name)
        }
    }

    private func connect() throws {
        let text = text
        interpreter.writeOutput { bytes in text.bytes.withLock { $0 += bytes } }
    }

    /// What programs have printed.
    var output: String { String(decoding: text.bytes.withLock(\.self), as: UTF8.self) }

    func start(_ program: String) throws {
        let code = try Compiler.compile(SourceText(program, name: "test.na")).code
        try interpreter.start(code, module: "main")
    }

    /// What a program prints, and behind it the kind and message of the error it ends with. The program is saved and
    /// restored before every answer when it is to be.
    static func output(of program: String, isSaved: Bool = false) throws -> String {
        let host = try HandleHost()
        try host.start(program)
        if let error = try host.finish(isSaved: isSaved) { return "\(host.output)\(error.kind): \(error.message)" }
        return host.output
    }

    /// The same of an expression's value, as `print` writes it.
    static func answer(_ expression: String) throws -> String {
        try output(of: "print(\(expression), end='')")
    }

    /// Answers everything until the program ends: its error, or nil.
    func finish(isSaved: Bool = false) throws -> ProgramError? {
        while true {
            switch interpreter.run(slice: isSaved ? 7 : .max) {
            case .finished:
                collectReleased()
                return nil
            case .failed(let error): return error
            case .sliceOver: if isSaved { try saveAndRestore() }
            case .waiting:
                if isSaved { try saveAndRestore() }
                collectReleased()
                for call in interpreter.pendingCalls { answer(call) }
            }
        }
    }

    private func collectReleased() {
        let numbers = interpreter.takeReleasedHandles()
        released += numbers
        for number in numbers { things[number] = nil }
    }

    func saveAndRestore() throws {
        let key = SealKey(5, 6)
        interpreter = try Interpreter.restore(try interpreter.save(key: key), key: key, catalogue: .standard)
        interpreter.machine.capabilities = ["random", "clock"]
        try connect()
    }

    // MARK: Answers

    func answer(_ call: HostCall) {
        do {
            switch call.request {
            case .function(_, let name):
                interpreter.answer(call.identifier, with: try made(by: name, call.arguments))
            case .operation(let number, let operation):
                guard let thing = things[number] else { throw Failure(kind: .systemError, message: "no \(number)") }
                log.append(Self.words(operation))
                if case .next = operation {
                    if let item = try next(number, thing) {
                        interpreter.answer(call.identifier, with: Value(small: item))
                    } else {
                        interpreter.end(call.identifier)
                    }
                    return
                }
                if case .nextOfLoop = operation {
                    let items = try nextOfLoop(number)
                    switch items.count {
                    case 0: interpreter.end(call.identifier)
                    case 1: interpreter.answer(call.identifier, with: Value(small: items[0]))
                    default: interpreter.answer(call.identifier, withItems: try list(items))
                    }
                    return
                }
                interpreter.answer(call.identifier, with: try result(of: operation, number, thing, call))
            case .module: throw Failure(kind: .moduleNotFoundError, message: "no modules")
            }
        } catch let failure as Failure {
            let number = add(.error(failure.message))
            interpreter.fail(call.identifier, failure.kind, failure.message, origin: number)
        } catch {
            interpreter.fail(call.identifier, .systemError, "\(error)")
        }
    }

    static func words(_ operation: HandleOperation) -> String {
        switch operation {
        case .method(let name): "method \(name)"
        case .attribute(let name): "attribute \(name)"
        case .setAttribute(let name): "setAttribute \(name)"
        case .deleteAttribute(let name): "deleteAttribute \(name)"
        case .binary(let operation, let isReflected): "\(isReflected ? "reflected " : "")\(operation.symbol)"
        case .augmented(let operation): "\(operation.symbol)="
        case .comparison(let comparison): comparison.symbol
        case .unary(let operation): "unary \(operation)"
        case .builtin(let name): "builtin \(name)"
        default: "\(operation)"
        }
    }

    private func add(_ thing: Thing) -> UInt64 {
        lastNumber += 1
        things[lastNumber] = thing
        return lastNumber
    }

    func make(_ thing: Thing) throws -> Value {
        let number = add(thing)
        let (name, isFunction) =
            switch thing {
            case .number: ("Number", false)
            case .list: ("List", false)
            case .counter: ("Counter", false)
            case .adder: ("Adder", true)
            case .record: ("Record", false)
            case .broken: ("Broken", false)
            case .error: ("Error", false)
            }
        return try interpreter.makeHandle(number, typeName: name, isFunction: isFunction)
    }

    private func made(by function: String, _ arguments: UnsafeBufferPointer<Value>) throws -> Value {
        let numbers = try arguments.map { try integer($0) }
        switch function {
        case "number": return try make(.number(numbers[0]))
        case "list_of": return try make(.list(numbers))
        case "count": return try make(.counter(next: numbers[0], end: numbers[1]))
        case "adder": return try make(.adder)
        case "record": return try make(.record([:]))
        default: return try make(.broken)
        }
    }

    /// The integer of a value: a number of Dana's or of this host's.
    private func integer(_ value: Value) throws -> Int {
        if value.isSmallInteger { return value.smallInteger }
        if let handle = HostHandleObject(value), case .number(let number)? = things[handle.identifier] {
            return number
        }
        throw Failure(kind: .typeError, message: "'\(value.typeName)' is no number")
    }

    private func next(_ number: UInt64, _ thing: Thing) throws -> Int? {
        guard case .counter(let next, let end) = thing else { throw Failure(kind: .typeError, message: "no iterator") }
        guard next < end else { return nil }
        things[number] = .counter(next: next + 1, end: end)
        return next
    }

    /// Up to three items at once.
    private func nextOfLoop(_ number: UInt64) throws -> [Int] {
        var items: [Int] = []
        while items.count < 3, let thing = things[number], let item = try next(number, thing) { items.append(item) }
        return items
    }

    private func string(_ text: String) throws -> Value { try interpreter.machine.heap.string(text).value }

    private func list(_ items: [Int]) throws -> Value {
        let list = try interpreter.machine.heap.list()
        for item in items { try interpreter.machine.heap.append(Value(small: item), to: list) }
        return list.value
    }

    private func result(of operation: HandleOperation, _ number: UInt64, _ thing: Thing, _ call: HostCall) throws
        -> Value
    {
        if case .builtin(let name) = operation { return try builtin(name, thing, call) }
        switch thing {
        case .number(let own): return try numberResult(of: operation, own, call)
        case .list(let items): return try listResult(of: operation, number, items, call)
        case .counter:
            guard case .iterate = operation else { break }
            return try further(number, "Counter")
        case .adder:
            guard case .call = operation else { break }
            let keywords = try call.keywords.map { try integer($0.value) * ($0.name.text == "minus" ? -1 : 1) }
            return Value(small: try call.arguments.map { try integer($0) }.reduce(0, +) + keywords.reduce(0, +))
        case .record(let fields): return try recordResult(of: operation, number, fields, call)
        case .broken, .error: break
        }
        throw Failure(kind: .valueError, message: "cannot do \(Self.words(operation))")
    }

    /// A further handle for a thing.
    private func further(_ number: UInt64, _ name: String) throws -> Value {
        guard let thing = things[number] else { throw Failure(kind: .systemError, message: "no \(number)") }
        return try interpreter.makeHandle(add(thing), typeName: name)
    }

    private func numberResult(of operation: HandleOperation, _ own: Int, _ call: HostCall) throws -> Value {
        switch operation {
        case .truth: return Value(own != 0)
        case .unary(let unary):
            switch unary {
            case .negate: return try make(.number(-own))
            case .plus: return try make(.number(own))
            case .invert: return try make(.number(~own))
            }
        case .binary(let operation, let isReflected):
            let other = try integer(call.arguments[0])
            return try make(.number(try calculate(operation, isReflected ? other : own, isReflected ? own : other)))
        case .augmented(let operation):
            return try make(.number(try calculate(operation, own, try integer(call.arguments[0]))))
        case .comparison(let comparison):
            guard let other = try? integer(call.arguments[0]) else { return Value(comparison == .notEqual) }
            let holds =
                switch comparison {
                case .less: own < other
                case .lessOrEqual: own <= other
                case .greater: own > other
                case .greaterOrEqual: own >= other
                case .equal: own == other
                case .notEqual: own != other
                }
            // Some comparisons have objects for answers, as those of arrays have.
            return own >= 100 ? try make(.number(holds ? 1 : 0)) : Value(holds)
        default: throw Failure(kind: .typeError, message: "a number cannot do \(Self.words(operation))")
        }
    }

    private func calculate(_ operation: BinaryOperator, _ left: Int, _ right: Int) throws -> Int {
        switch operation {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        case .divide, .floorDivide, .remainder:
            guard right != 0 else { throw Failure(kind: .zeroDivisionError, message: "the host divides by zero") }
            return operation == .remainder ? left % right : left / right
        case .power: return (0..<right).reduce(1) { product, _ in product * left }
        case .shiftLeft: return left << right
        case .shiftRight: return left >> right
        case .and: return left & right
        case .or: return left | right
        case .exclusiveOr: return left ^ right
        }
    }

    private func listResult(of operation: HandleOperation, _ number: UInt64, _ items: [Int], _ call: HostCall) throws
        -> Value
    {
        func index() throws -> Int {
            let index = try integer(call.arguments[0])
            guard items.indices.contains(index) else { throw Failure(kind: .indexError, message: "no item \(index)") }
            return index
        }
        switch operation {
        case .truth: return Value(!items.isEmpty)
        case .item:
            if let slice = SliceObject(call.arguments[0])?.at.pointee {
                return try make(.list(Array(items[try integer(slice.start)..<(try integer(slice.stop))])))
            }
            return Value(small: items[try index()])
        case .setItem:
            var changed = items
            changed[try index()] = try integer(call.arguments[1])
            things[number] = .list(changed)
            return .null
        case .deleteItem:
            var changed = items
            changed.remove(at: try index())
            things[number] = .list(changed)
            return .null
        case .contains: return Value(items.contains(try integer(call.arguments[0])))
        case .iterate: return try list(items)
        case .method(let name) where name.text == "push":
            things[number] = .list(items + (try call.arguments.map { try integer($0) }))
            return .null
        default: throw Failure(kind: .typeError, message: "a list cannot do \(Self.words(operation))")
        }
    }

    private func recordResult(
        of operation: HandleOperation, _ number: UInt64, _ fields: [String: Int], _ call: HostCall
    )
        throws -> Value
    {
        var fields = fields
        switch operation {
        case .attribute(let name):
            guard let field = fields[name.text] else {
                throw Failure(kind: .attributeError, message: "a record has no \(name)")
            }
            return Value(small: field)
        case .setAttribute(let name): fields[name.text] = try integer(call.arguments[0])
        case .deleteAttribute(let name): fields[name.text] = nil
        case .enter:
            fields["entered"] = 1
            things[number] = .record(fields)
            return try further(number, "Record")
        case .exit:
            fields["left"] = call.arguments[1].isNull ? 1 : 2
            things[number] = .record(fields)
            return Value(ExceptionObject(call.arguments[1])?.exceptionKind == .keyError)
        default: throw Failure(kind: .typeError, message: "a record cannot do \(Self.words(operation))")
        }
        things[number] = .record(fields)
        return .null
    }

    private func builtin(_ name: String, _ thing: Thing, _ call: HostCall) throws -> Value {
        let shown =
            switch thing {
            case .number(let number): "#\(number)"
            case .list(let items): "list\(items)"
            case .record(let fields): "record\(fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })"
            case .broken: throw Failure(kind: .valueError, message: "cannot do builtin \(name)")
            default: "thing"
            }
        switch (name, thing) {
        case ("str", _): return try string(shown)
        case ("repr", _), ("ascii", _): return try string("<\(shown)>")
        case ("format", _): return try string("\(shown):\(StringObject(known: call.arguments[1]).text)")
        case ("str.format", _), ("str.__mod__", _): return try string("\(name) of \(call.arguments.count)")
        case ("len", .list(let items)): return Value(small: items.count)
        case ("sum", .list(let items)): return Value(small: items.reduce(try integer(call.arguments[1]), +))
        case ("min", .list(let items)): return Value(small: items.min() ?? 0)
        case ("max", .list(let items)): return Value(small: items.max() ?? 0)
        case ("any", .list(let items)): return Value(items.contains { $0 != 0 })
        case ("all", .list(let items)): return Value(!items.contains(0))
        case ("list", .list(let items)), ("reversed", .list(let items)):
            return try list(name == "list" ? items : items.reversed())
        case ("dict", .record(let fields)):
            let dict = try interpreter.machine.heap.dict()
            for (name, field) in fields.sorted(by: { $0.key < $1.key }) {
                try interpreter.machine.heap.set(try string(name), to: Value(small: field), in: dict)
            }
            return dict.value
        case ("bool", .number(let number)): return Value(number != 0)
        case ("int", .number(let number)), ("abs", .number(let number)): return Value(small: abs(number))
        case ("round", .number(let number)): return try make(.number(number / 10 * 10))
        case ("divmod", .number(let number)):
            return try list([number / 7, number % 7])
        case ("math.sqrt", .number(let number)): return try interpreter.machine.heap.float(Double(number).squareRoot())
        default: throw Failure(kind: .typeError, message: "no \(name) of \(shown)")
        }
    }
}
