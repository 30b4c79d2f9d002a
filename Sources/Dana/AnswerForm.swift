import DanaData
import DanaLanguage
import DanaModels

/// The type that a program wants an answer to be of, and how a model is told.
final class AnswerForm: Sendable {
    let schema: ReplySchema
    private let type: ValueReference

    /// Nil for a type of which every text is; with the lock held.
    init?(_ type: Value, _ core: ContextCore, _ interpreter: Interpreter) throws {
        let schema = try interpreter.jsonSchema(ofType: type)
        guard let pairs = schema.root.pairs, pairs.count > 0 else { return nil }
        if pairs.count == 1, schema.root["type"]?.string == "string" { return nil }
        self.schema = ReplySchema(answer: schema)
        interpreter.retain(type)
        self.type = ValueReference(owning: type, in: core)
    }

    /// Of the type that the program declares for what the call gives, if it declares one.
    convenience init?(expectedBy call: HostCall, _ core: ContextCore, _ interpreter: Interpreter) throws {
        guard let type = interpreter.expectedType(of: call) else { return nil }
        try self.init(type, core, interpreter)
    }

    /// The answer as a value of the type; with the lock held.
    func value(_ answer: Tape, _ interpreter: Interpreter) throws -> Value {
        try interpreter.value(of: answer.root, ofType: type.value)
    }
}
