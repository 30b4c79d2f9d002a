import DanaData
import DanaLanguage

/// Values on their way in and out of a context.
extension ContextCore {
    /// How deep data may be nested on its way in or out.
    public static let depthLimit = 200

    /// A value in the interpreter's heap, the caller's; with the lock held.
    public func makeValue(
        _ value: DanaValue, _ interpreter: Interpreter, depth: Int = 0
    ) throws -> Value {
        guard depth < ContextCore.depthLimit else { throw DanaFailure.tooDeep }
        switch value {
        case .null: return Interpreter.null
        case .bool(let flag): return Interpreter.bool(flag)
        case .int(let integer): return try interpreter.integer(integer)
        case .bigInt(let isNegative, let words): return try interpreter.integer(isNegative: isNegative, words: words)
        case .float(let float): return try interpreter.float(float)
        case .string(let text): return try interpreter.string(text)
        case .bytes(let bytes): return try bytes.withUnsafeBufferPointer { try interpreter.bytes($0) }
        case .list(let items):
            return try filling(try interpreter.list(capacity: items.count), interpreter) { list in
                for item in items {
                    try interpreter.append(try makeValue(item, interpreter, depth: depth + 1), to: list)
                }
            }
        case .tuple(let items):
            var made: [Value] = []
            do {
                for item in items { made.append(try makeValue(item, interpreter, depth: depth + 1)) }
            } catch {
                for value in made { interpreter.release(value) }
                throw error
            }
            return try interpreter.tuple(made)
        case .dict(let pairs):
            return try filling(try interpreter.dict(capacity: pairs.count), interpreter) { dict in
                for pair in pairs {
                    let key = try makeValue(pair.key, interpreter, depth: depth + 1)
                    let value: Value
                    do {
                        value = try makeValue(pair.value, interpreter, depth: depth + 1)
                    } catch {
                        interpreter.release(key)
                        throw error
                    }
                    try interpreter.set(key, to: value, in: dict)
                }
            }
        case .set(let items):
            return try filling(try interpreter.set(isFrozen: false), interpreter) { set in
                for item in items { try interpreter.add(try makeValue(item, interpreter, depth: depth + 1), to: set) }
            }
        case .object(let object): return try own(object.reference, interpreter)
        case .function(let function): return try own(function.reference, interpreter)
        case .module(let module): return try own(module.reference, interpreter)
        case .host(let object): return try handle(for: object, interpreter)
        }
    }

    private func filling(
        _ container: Value, _ interpreter: Interpreter, _ fill: (Value) throws -> Void
    ) throws -> Value {
        do {
            try fill(container)
            return container
        } catch {
            interpreter.release(container)
            throw error
        }
    }

    private func own(_ reference: ValueReference, _ interpreter: Interpreter) throws -> Value {
        guard reference.core === self else {
            throw DanaFailure.usage(
                "ContextIsolationError",
                "a function, object or module of one context cannot be used in another: pass plain data, or import the module there"
            )
        }
        interpreter.retain(reference.value)
        return reference.value
    }

    /// A value outside the heap; takes the reference over. With the lock held.
    public func takeOut(_ value: Value, _ interpreter: Interpreter) throws(DanaFailure) -> DanaValue {
        defer { interpreter.release(value) }
        return try lookAt(value, interpreter)
    }

    /// A borrowed value outside the heap; with the lock held.
    func lookAt(_ value: Value, _ interpreter: Interpreter) throws(DanaFailure) -> DanaValue {
        var budget = OutgoingBudget(of: self)
        return try lookAt(value, interpreter, &budget, depth: 0)
    }

    private func lookAt(
        _ value: Value, _ interpreter: Interpreter, _ budget: inout OutgoingBudget, depth: Int
    ) throws(DanaFailure) -> DanaValue {
        func held() -> ValueReference {
            interpreter.retain(value)
            return ValueReference(owning: value, in: self)
        }
        switch value.view {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .integer(let integer):
            try budget.take(bytes: OutgoingBudget.number)
            return .int(integer)
        case .bigInteger(let isNegative, let words):
            try budget.take(.sequence, of: words.count, depth: 0)
            let integer = BigInteger(isNegative: isNegative, magnitude: Array(words))
            return Int(exactly: integer).map { .int($0) } ?? .bigInt(isNegative: isNegative, words: integer.magnitude)
        case .float(let float):
            try budget.take(bytes: OutgoingBudget.number)
            return .float(float)
        case .string(let utf8, _):
            try budget.take(text: utf8.count)
            return .string(String(decoding: utf8, as: UTF8.self))
        case .bytes(let bytes):
            try budget.take(text: bytes.count)
            return .bytes(Array(bytes))
        case .list(let items): return .list(try inner(items, interpreter, &budget, depth))
        case .tuple(let items): return .tuple(try inner(items, interpreter, &budget, depth))
        case .dict(let table):
            try budget.take(.dict, of: table.places, depth: depth)
            var pairs: [(key: DanaValue, value: DanaValue)] = []
            for place in 0..<table.places {
                guard let entry = table.entry(place) else { continue }
                let key = try lookAt(entry.key, interpreter, &budget, depth: depth + 1)
                pairs.append((key, try lookAt(entry.value, interpreter, &budget, depth: depth + 1)))
            }
            return .dict(pairs)
        case .set(let table, _):
            try budget.take(.set, of: table.places, depth: depth)
            var items: [DanaValue] = []
            for place in 0..<table.places {
                guard let entry = table.entry(place) else { continue }
                items.append(try lookAt(entry.key, interpreter, &budget, depth: depth + 1))
            }
            return .set(items)
        case .callable: return .function(DanaFunction(held(), interpreter.signature(of: value)))
        case .module: return .module(DanaModule(held(), name: (try? interpreter.text(of: value)) ?? "module"))
        case .handle(let number): return self.object(number).map { .host($0) } ?? .null
        case .structure, .enumMember, .iterator, .exception, .range, .slice, .other:
            return .object(DanaObject(held(), typeName: interpreter.typeName(of: value)))
        }
    }

    private func inner(
        _ items: UnsafeBufferPointer<Value>, _ interpreter: Interpreter, _ budget: inout OutgoingBudget, _ depth: Int
    ) throws(DanaFailure) -> [DanaValue] {
        try budget.take(.sequence, of: items.count, depth: depth)
        var values: [DanaValue] = []
        values.reserveCapacity(items.count)
        for item in items { values.append(try lookAt(item, interpreter, &budget, depth: depth + 1)) }
        return values
    }

    // MARK: Calls

    /// Calls something with values, the last of which have the names of `keywords`.
    func call(_ callee: Value, _ arguments: [DanaValue], keywords: [String]) async throws -> DanaValue {
        try await withTurn { isInside in
            let run = try begin(calling: callee, keywords: keywords, isInside: isInside) { interpreter in
                try makeValues(arguments, interpreter)
            }
            let value = try await run.finish()
            return try locked { try takeOut(value, $0) }
        }
    }

    private func makeValues(_ values: [DanaValue], _ interpreter: Interpreter) throws -> [Value] {
        var made: [Value] = []
        do {
            for value in values { made.append(try makeValue(value, interpreter)) }
            return made
        } catch {
            for value in made { interpreter.release(value) }
            throw error
        }
    }

    /// The next thing that an iterator gives; its end is a StopIteration.
    func next(of iterator: Value) async throws -> DanaValue {
        try await withTurn { isInside in
            let run = try begin(nextOf: iterator, isInside: isInside)
            let value = try await run.finish()
            return try locked { try takeOut(value, $0) }
        }
    }

    /// What an iterable gives, to its end.
    func items(of iterable: DanaValue) async throws(DanaFailure) -> [DanaValue] {
        do {
            let list = try locked { interpreter in
                let list = try interpreter.coreValue("list")
                interpreter.retain(list)
                return ValueReference(owning: list, in: self)
            }
            guard case .list(let items) = try await call(list.value, [iterable], keywords: []) else { return [] }
            return items
        } catch let failure as DanaFailure {
            throw failure
        } catch {
            throw DanaFailure(.cancelled, kind: "CancelledError", "the call was cancelled")
        }
    }

    /// Runs a text in a module and gives what its last expression comes to.
    func run(_ source: SourceText, module: String) async throws -> DanaValue {
        try await withTurn { isInside in
            let run = try begin(source, module: module, isInside: isInside)
            let value = try await run.finish()
            return try locked { try takeOut(value, $0) }
        }
    }
}
