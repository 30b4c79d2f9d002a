import DanaLanguage

/// Values on their way in and out of a context.
extension ContextCore {
    /// How deep data may be nested on its way in or out.
    static let depthLimit = 200

    /// A value in the interpreter's heap, the caller's; with the lock held.
    public func makeValue(
        _ value: DanaValue, _ interpreter: Interpreter, depth: Int = 0
    ) throws -> Value {
        guard depth < ContextCore.depthLimit else {
            throw DanaFailure.usage("ValueError", "a value is nested more than \(ContextCore.depthLimit) levels deep")
        }
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
    public func takeOut(_ value: Value, _ interpreter: Interpreter) -> DanaValue {
        defer { interpreter.release(value) }
        return lookAt(value, interpreter, depth: 0)
    }

    /// A borrowed value outside the heap; with the lock held.
    func lookAt(_ value: Value, _ interpreter: Interpreter, depth: Int) -> DanaValue {
        func held() -> ValueReference {
            interpreter.retain(value)
            return ValueReference(owning: value, in: self)
        }
        func inner(_ value: Value) -> DanaValue { lookAt(value, interpreter, depth: depth + 1) }
        func object() -> DanaValue { .object(DanaObject(held(), typeName: interpreter.typeName(of: value))) }
        let isTooDeep = depth >= ContextCore.depthLimit
        switch value.view {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .integer(let integer): return .int(integer)
        case .bigInteger(let isNegative, let words): return .bigInt(isNegative: isNegative, words: Array(words))
        case .float(let float): return .float(float)
        case .string(let utf8, _): return .string(String(decoding: utf8, as: UTF8.self))
        case .bytes(let bytes): return .bytes(Array(bytes))
        case .list(let items): return isTooDeep ? object() : .list(items.map(inner))
        case .tuple(let items): return isTooDeep ? object() : .tuple(items.map(inner))
        case .dict(let table):
            if isTooDeep { return object() }
            return .dict((0..<table.places).compactMap { table.entry($0) }.map { (inner($0.key), inner($0.value)) })
        case .set(let table, _):
            return .set((0..<table.places).compactMap { table.entry($0) }.map { inner($0.key) })
        case .callable: return .function(DanaFunction(held(), interpreter.signature(of: value)))
        case .module: return .module(DanaModule(held(), name: (try? interpreter.text(of: value)) ?? "module"))
        case .handle(let number): return self.object(number).map { .host($0) } ?? .null
        case .structure, .enumMember, .iterator, .exception, .range, .slice, .other: return object()
        }
    }

    // MARK: Calls

    /// Calls something with values, the last of which have the names of `keywords`.
    func call(_ callee: Value, _ arguments: [DanaValue], keywords: [String]) async throws -> DanaValue {
        try await withTurn { isInside in
            let run = try begin(calling: callee, keywords: keywords, isInside: isInside) { interpreter in
                try makeValues(arguments, interpreter)
            }
            let value = try await run.finish()
            return try locked { takeOut(value, $0) }
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
            return try locked { takeOut(value, $0) }
        }
    }

    /// Runs a text in a module and gives what its last expression comes to.
    func run(_ source: SourceText, module: String) async throws -> DanaValue {
        try await withTurn { isInside in
            let run = try begin(source, module: module, isInside: isInside)
            let value = try await run.finish()
            return try locked { takeOut(value, $0) }
        }
    }
}
