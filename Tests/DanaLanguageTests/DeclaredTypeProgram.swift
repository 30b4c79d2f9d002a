import DanaData

@testable import DanaLanguage

/// A program that asks a host which wants to know what types it declares.
struct DeclaredTypeProgram {
    let interpreter: Interpreter

    /// Starts a program; the host has the functions `reason` and `model`, which gives a handle.
    init(_ program: String, isStrict: Bool = false, limits: Limits = Limits()) throws {
        interpreter = try Interpreter(limits: limits, seed: 3)
        try interpreter.register(hostFunction: "reason")
        try interpreter.register(hostFunction: "model")
        try interpreter.start(
            Compiler.compile(SourceText(program, name: "test.na"), isStrict: isStrict), module: "main")
    }

    /// Runs until the program asks something else than for a model, which it may enter: that call.
    func question() throws -> HostCall? {
        while case .waiting(let calls) = interpreter.run(), let call = calls.first {
            switch call.request {
            case .function(_, "model"), .operation(_, .enter), .operation(_, .exit): break
            default: return call
            }
            interpreter.answer(call.identifier, with: try interpreter.makeHandle(1, typeName: "Model"))
        }
        return nil
    }

    /// The types that a program declares for what it asks, as errors spell them; each question is answered with null.
    static func expected(in program: String, isStrict: Bool = false) throws -> [String] {
        let host = try DeclaredTypeProgram(program, isStrict: isStrict)
        var names: [String] = []
        while let call = try host.question() {
            names.append(host.interpreter.expectedType(of: call).map { host.interpreter.name(ofType: $0) } ?? "nothing")
            host.interpreter.answer(call.identifier, with: .null)
        }
        return names
    }

    /// Runs definitions to their end.
    static func run(_ definitions: String) throws -> DeclaredTypeProgram {
        let host = try DeclaredTypeProgram(definitions)
        switch host.interpreter.run() {
        case .finished: return host
        case .failed(let error): throw error
        default: throw ProgramError(cause: .cancelled, message: "the definitions do not end", stack: [])
        }
    }

    func variable(_ name: String) throws -> Value {
        let module = interpreter.module("main") ?? .null
        return try interpreter.variable(name, ofModule: module) ?? .null
    }

    /// The JSON Schema of the type that a variable holds.
    func schema(of name: String) throws -> String {
        try JSONWriter.string(interpreter.jsonSchema(ofType: try variable(name)).root)
    }

    /// What JSON becomes as a value of a variable's type, or the error's text.
    func value(_ json: String, of name: String) throws -> String {
        let data = try JSONReader.read(json)
        do {
            let value = try interpreter.value(of: data.root, ofType: try variable(name), named: "plan")
            defer { interpreter.release(value) }
            return try interpreter.text(of: value)
        } catch let error as ProgramError {
            return "\(error.kind): \(error.message)"
        }
    }
}
