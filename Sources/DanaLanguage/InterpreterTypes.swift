import DanaData

/// The types that programs declare, as a host sees them: what a call is to give, and its form as JSON Schema.
///
/// A type is a value: a type's own, null for None, true for what everything is of, a tuple for a union, and what
/// `expectedType` gives for types with brackets.
extension Interpreter {
    /// The type that the program declares for the value of a call that waits: of `x: T = f(...)`, or of `return f(...)`
    /// in a function with `-> T`, also at the end of a pipe. Borrowed until the call is answered; nil when none is
    /// declared, or nothing that could be said of it.
    public func expectedType(of call: HostCall) -> Value? {
        machine.expectedType(of: call.identifier)
    }

    /// A type as annotations spell it.
    public func name(ofType type: Value) -> String { machine.typeName(type) }

    /// The type of the items where a type is that of a list, the caller's; nil for a type of which no list is.
    public func itemType(ofList type: Value) throws(ProgramError) -> Value? {
        do throws(DanaError) {
            return try machine.itemType(ofList: type)
        } catch {
            throw machine.programError(error)
        }
    }

    /// The JSON Schema of a type; a TypeError names the field whose type no JSON stands for.
    ///
    /// The fields of a struct without a default are required; the description of the others tells it.
    public func jsonSchema(ofType type: Value) throws(ProgramError) -> Tape {
        do throws(TypeSchema.Fault) {
            return try TypeSchema.schema(of: type, machine)
        } catch {
            throw programError(error)
        }
    }

    /// The JSON Schema of an object with a function's parameters, without `*args` and `**kwargs`; those without a default
    /// are required. Nil for what has no signature of its own.
    public func jsonSchema(ofParametersOf callable: Value) throws(ProgramError) -> Tape? {
        var types = DeclaredTypes(machine)
        do throws(TypeSchema.Fault) {
            guard let (name, parameters) = try machine.parameters(of: callable, &types) else { return nil }
            return try TypeSchema.schema(ofParameters: parameters, of: name, types, machine)
        } catch {
            throw programError(error)
        }
    }

    /// The value of a type that plain data stands for, the caller's: structs from objects, fields that are missing by
    /// their defaults, members of enums by name or value. A TypeError names the place that does not fit, within `name`.
    public func value(of data: TapeValue, ofType type: Value, named name: String = "value") throws(ProgramError)
        -> Value
    {
        do throws(TypedData.Fault) {
            return try TypedData.value(of: data, ofType: type, machine)
        } catch {
            throw programError(error, name)
        }
    }

    /// The arguments that an object of plain data stands for, by name, the caller's: each as a value of its parameter's
    /// type. Nil for what has no signature of its own. A TypeError names the place that does not fit.
    public func arguments(
        _ data: TapeValue, of callable: Value
    ) throws(ProgramError) -> [(name: String, value: Value)]? {
        var types = DeclaredTypes(machine)
        let found: (name: String, parameters: [CallableParameter])?
        do throws(TypeSchema.Fault) {
            found = try machine.parameters(of: callable, &types)
        } catch {
            throw programError(error)
        }
        // The types hold the structs that the parameters name.
        return try withExtendedLifetime(types) { () throws(ProgramError) in
            guard let found else { return nil }
            var made: [(name: String, value: Value)] = []
            for pair in data.pairs.map(Array.init) ?? [] {
                let name = pair.key.string ?? ""
                let type = found.parameters.first { $0.name == name }?.type ?? .anything
                do throws(TypedData.Fault) {
                    made.append((name, try TypedData.value(of: pair.value, type, machine)))
                } catch {
                    for argument in made { release(argument.value) }
                    throw programError(error, name)
                }
            }
            return made
        }
    }

    private func programError(_ fault: TypedData.Fault, _ name: String) -> ProgramError {
        switch fault {
        case .misfit(let path, let message): typeError("\(name)\(path.reversed().joined()): \(message)")
        case .dana(let error): machine.programError(error)
        case .program(let error): error
        }
    }

    private func programError(_ fault: TypeSchema.Fault) -> ProgramError {
        switch fault {
        case .type(let path, let message): typeError(path.isEmpty ? message : "\(path): \(message)")
        case .dana(let error): machine.programError(error)
        }
    }

    private func typeError(_ message: String) -> ProgramError {
        machine.programError(machine.heap.typeError(message))
    }
}
